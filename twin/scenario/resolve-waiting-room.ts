/** From the waiting room as a file says it, every default filled in, to the twin's own shape. */
import type { Tier } from "../../store/core/tier.ts";
import { ticksSince } from "./date.ts";
import { toDistribution } from "./quantity.ts";
import type { World } from "./schema.ts";
import type { LaneSpec, WaitingRoomSpec } from "./waiting-room-spec.ts";

/** Null where there is none. */
export function toWaitingRoom(world: World): WaitingRoomSpec | null {
  const room = world["waiting-room"];
  if (room.mode === "off") return null;
  const { capacity, rate, from, above, adaptive } = room;
  return {
    capacity: capacity === 0 ? null : capacity,
    rate: rate === 0 ? null : rate,
    from: from === undefined ? null : ticksSince(world.starts, from),
    above: Math.round(capacity * above),
    lanes: toLanes(world),
    pass: room.pass,
    session: room.session,
    poll: room.poll,
    placeKept: room["place-kept"],
    patience: toDistribution(room.patience),
    noShow: room["no-show"],
    reload: room.reload,
    adaptive:
      adaptive.mode === "off"
        ? null
        : {
            least: Math.max(1, Math.round(capacity * adaptive.least)),
            target: adaptive.target,
            interval: adaptive.interval,
          },
  };
}

/** A tier without a share stands in the lane of everybody. */
export function toLanes(world: World): readonly LaneSpec[] {
  const { lanes, doors } = world["waiting-room"];
  const opensAt = (tier: Tier) => {
    const door = doors[tier];
    return door === undefined ? null : ticksSince(world.starts, door);
  };
  const own = (["vip", "loyal"] as const).filter((tier) => lanes[tier] > 0);
  const rest = (["regular", "loyal", "vip"] as const).filter(
    (tier) => !own.some((one) => one === tier),
  );
  return [
    ...own.map((tier) => ({
      name: tier,
      tiers: [tier],
      share: lanes[tier],
      opensAt: opensAt(tier),
    })),
    {
      name: "regular",
      tiers: rest,
      share: 1 - lanes.vip - lanes.loyal,
      opensAt: opensAt("regular"),
    },
  ];
}
