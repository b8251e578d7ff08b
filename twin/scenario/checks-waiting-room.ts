/** Waiting rooms that are well written and yet cannot be: of nothing, for nobody, never open. */
import { DAY, SECOND } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import { ticksSince } from "./date.ts";
import type { Finding } from "./problem.ts";
import { toSale } from "./resolve.ts";
import type { World } from "./schema.ts";
import { writeDuration } from "./units.ts";

const AT = "waiting-room";
/** Shoppers in the shop at once. */
export const CAPACITY_MAX = 10_000_000;
/** Fewer would keep everybody waiting for ever. */
const RATE_MIN = 1 / 3_600;
const DURATION_MAX = DAY;
/** A page that asks more often is an attack, and a rehearsal of it would take as long. */
const POLL_MIN = SECOND;

export function checkWaitingRoom(world: World): Finding[] {
  if (world[AT].mode === "off") return [];
  return [
    ...checkLimits(world),
    ...checkLanes(world),
    ...checkDoors(world),
    ...checkTimes(world),
    ...checkAdaptive(world),
  ];
}

function checkLimits(world: World): Finding[] {
  const { capacity, rate, above, from } = world[AT];
  return where(
    capacity === 0 &&
      rate === 0 &&
      finding(`${AT}.mode`, "holds nobody back", "give it a capacity, a rate, or both"),
    capacity > CAPACITY_MAX &&
      finding(`${AT}.capacity`, `more than ${CAPACITY_MAX}`, "check the number", capacity),
    rate > 0 &&
      rate < RATE_MIN &&
      finding(`${AT}.rate`, "lets in less than one shopper an hour", "write it like 30/s"),
    above > 0 &&
      capacity === 0 &&
      finding(`${AT}.above`, "is a share of no capacity", "give it a capacity as well"),
    above >= 1 &&
      finding(`${AT}.above`, "begins when the shop is full", "below 100%, or leave it out"),
    from !== undefined &&
      ticksSince(world.starts, from) < 0 &&
      finding(`${AT}.from`, "lies before the scenario starts", "starts is the earliest"),
    from !== undefined &&
      ticksSince(world.starts, from) >= toSale(world).closesAt &&
      finding(`${AT}.from`, "begins when the sale is over", "put it before the sale closes"),
  );
}

function checkLanes(world: World): Finding[] {
  const { lanes } = world[AT];
  const { segments } = world.audience;
  const shares = lanes.vip + lanes.loyal;
  return where(
    shares >= 1 &&
      finding(`${AT}.lanes`, "leaves nothing to everybody else", "less than 100% together", shares),
    ...(["vip", "loyal"] as const).map(
      (tier) =>
        lanes[tier] > 0 &&
        segments[tier].share === 0 &&
        finding(
          `${AT}.lanes.${tier}`,
          "is a lane for nobody",
          `say who they are: audience.segments.${tier}.share`,
        ),
    ),
  );
}

function checkDoors(world: World): Finding[] {
  const { doors, lanes, above } = world[AT];
  const { closesAt } = toSale(world);
  const named = (["vip", "loyal", "regular"] as const).flatMap((tier) => {
    const door = doors[tier];
    return door === undefined ? [] : [{ tier, at: ticksSince(world.starts, door) }];
  });
  return where(
    ...named.map(
      ({ tier, at }) =>
        (at < 0 || at >= closesAt) &&
        finding(
          `${AT}.doors.${tier}`,
          "opens outside the sale's time",
          `from the start to the sale's end, ${writeDuration(closesAt)} later`,
        ),
    ),
    ...named.map(
      ({ tier }) =>
        tier !== "regular" &&
        lanes[tier] === 0 &&
        finding(
          `${AT}.doors.${tier}`,
          "is the door of a lane that there is not",
          `give it a share: ${AT}.lanes.${tier}`,
        ),
    ),
    named.length > 0 &&
      above > 0 &&
      finding(
        `${AT}.above`,
        "lets everybody walk in where a door is shut",
        "leave out one of the two",
      ),
  );
}

function checkTimes(world: World): Finding[] {
  const room = world[AT];
  const { pass, poll, session, "place-kept": kept } = room;
  const named = [
    ["pass", pass],
    ["poll", poll],
    ["session", session],
    ["place-kept", kept],
  ] as const;
  return where(
    ...named.map(
      ([name, time]) =>
        time > DURATION_MAX && finding(`${AT}.${name}`, "is longer than a day", "such as 5min"),
    ),
    poll < POLL_MIN && finding(`${AT}.poll`, "asks more than once a second", "such as 20s"),
    session < SECOND && finding(`${AT}.session`, "is over before a page is read", "such as 5min"),
    pass < poll &&
      finding(
        `${AT}.pass`,
        "runs out before the shopper's page asks again",
        `longer than poll, ${writeDuration(poll)}`,
      ),
    kept < 2 * poll &&
      finding(
        `${AT}.place-kept`,
        "gives places away that are still asked for",
        `at least twice poll, ${writeDuration(2 * poll)}`,
      ),
  );
}

function checkAdaptive(world: World): Finding[] {
  const { adaptive, capacity } = world[AT];
  if (adaptive.mode === "off") return [];
  return where(
    capacity === 0 &&
      finding(`${AT}.adaptive.mode`, "has no capacity to go down from", "give it a capacity"),
    adaptive.least === 0 &&
      finding(`${AT}.adaptive.least`, "could shut everybody out", "such as 50%"),
    adaptive.interval < SECOND &&
      finding(`${AT}.adaptive.interval`, "is shorter than a round of admissions", "such as 5s"),
    adaptive.target > DURATION_MAX &&
      finding(`${AT}.adaptive.target`, "is longer than a day", "such as 2s"),
  );
}
