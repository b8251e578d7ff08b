import { describe, expect, it } from "vitest";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";
import { ROOM_METRICS } from "./room-figures.ts";

/** Six thousand come in five minutes to a shop for a few hundred. */
const RUSH = `name: rush
seed: rush/1
starts: 2024-11-29T19:00+00:00
lasts: 90min
sellers: [ { name: bags, items: [ { sku: A, sale-price: $50, units: 100k, weight: 1 } ] } ]
sale: { public: +10min }
audience:
  recipients: 12k
  visits: 50%
  click-delay: { constant: 1min }
  delivery-delay: { constant: 1s }
  segments: { vip: { share: 10% } }
traffic: { rate: 1/s, ramp: 0s }
platform: { fleet: { initial: 8, min: 8, cores: 8 }, autoscaler: { kind: none } }
plans:
  only: { launch: { at: +10min, each-over: 5min } }
waiting-room: { mode: on, rate: 5/s }
`;

interface Run extends Rehearsal {
  readonly log: readonly SaleEvent[];
}

function run(...sets: readonly string[]): Run {
  const scenario = decodeScenario({ text: RUSH, path: "rush.yaml", sets });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const log: SaleEvent[] = [];
  const rehearsal = rehearse({ plan, seed: "rush/1", onSaleEvent: (event) => log.push(event) });
  // Little's law of the room and of the shop is asserted within.
  expect(rehearsal.complete).toBe(true);
  expect(rehearsal.broken).toEqual([]);
  return { ...rehearsal, log };
}

const figure = (of: Rehearsal, name: string): number => of.metrics[name] ?? Number.NaN;
const told = (of: Run, kind: SaleEvent["kind"]) =>
  of.log.filter((event) => event.kind === kind) as Extract<SaleEvent, { kind: "TicketAdmitted" }>[];

/** When each shopper came in who did not have to wait; the open door tells of many at a time. */
const cameUnasked = (of: Run): number[] =>
  of.log.flatMap((event) => {
    if (event.kind === "WalkedIn") return [event.at];
    return event.kind === "DoorPassed" ? new Array<number>(event.shoppers).fill(event.at) : [];
  });

describe("a rehearsal with a waiting room", () => {
  const busy = run();

  it("lets shoppers in at the rate, in the order of their tickets, and forgets nobody", () => {
    const starts = busy.log[0]?.at ?? 0;
    const came = [...cameUnasked(busy), ...told(busy, "TicketAdmitted").map(({ at }) => at)];
    for (let from = starts; from < starts + 5_400_000; from += 60_000) {
      // What is saved up for five seconds, and what the door tells of the ten seconds before.
      const within = came.filter((at) => at >= from && at < from + 60_000).length;
      expect(within).toBeLessThanOrEqual(5 * 60 + 25 + 10);
    }
    const order = told(busy, "TicketTaken").map(({ ticket }) => ticket);
    const place = new Map(order.map((ticket, index) => [ticket, index]));
    const places = told(busy, "TicketAdmitted").map(({ ticket }) => place.get(ticket) ?? -1);
    expect(places.length).toBeGreaterThan(3_000);
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(figure(busy, "queue.inversions")).toBe(0);
    expect(figure(busy, "queue.tickets")).toBeGreaterThan(4_000);
    expect(figure(busy, "queue.abandoned")).toBeGreaterThan(figure(busy, "queue.tickets") * 0.15);
    expect(figure(busy, "queue.noShows")).toBeGreaterThan(0);
    expect(Math.max(...(busy.series["queue.length"] ?? []))).toBeLessThanOrEqual(
      figure(busy, "queue.length.peak"),
    );
  });

  it("tells an honest wait: within a fifth for nine of ten in steady admission", () => {
    expect(figure(busy, "queue.eta.within20{steady}")).toBeGreaterThan(0.9);
    const scored = told(busy, "TicketAdmitted").filter(
      ({ steady, waitedMillis }) => steady && waitedMillis > 30_000,
    );
    expect(scored.length).toBeGreaterThan(1_000);
  });

  it("tells it also where places are given on, and three of four leave the line", () => {
    const limits = ["waiting-room.rate=0/s", "waiting-room.capacity=500", "traffic.rate=3/s"];
    const full = run(...limits);
    expect(figure(full, "queue.abandoned")).toBeGreaterThan(0.75 * figure(full, "queue.tickets"));
    expect(figure(full, "queue.eta.within20{steady}")).toBeGreaterThanOrEqual(0.9);
    const scored = told(full, "TicketAdmitted").filter(
      ({ steady, waitedMillis }) => steady && waitedMillis >= 30_000,
    );
    expect(scored.length).toBeGreaterThan(1_000);
  });

  it("tells it in a small room, where nearly all leave and the longer they wait the sooner", () => {
    const limits = ["waiting-room.rate=0/s", "waiting-room.capacity=200", "traffic.rate=3/s"];
    const rising = ["median=15min", "shape=2"].map((set) => `waiting-room.patience.weibull.${set}`);
    const small = run(...limits, ...rising);
    expect(figure(small, "queue.abandoned")).toBeGreaterThan(0.9 * figure(small, "queue.tickets"));
    expect(figure(small, "queue.eta.within20{steady}")).toBeGreaterThanOrEqual(0.9);
    const scored = told(small, "TicketAdmitted").filter(
      ({ steady, waitedMillis }) => steady && waitedMillis >= 30_000,
    );
    expect(scored.length).toBeGreaterThan(500);
  });

  it("gives the same bytes again", () => {
    expect(run().digest).toBe(busy.digest);
  });

  it("changes nothing but the door where nobody has to wait", () => {
    const without = run("waiting-room.mode=off");
    const open = run("waiting-room.rate=1000/s", "waiting-room.session=3h");
    for (const [name, value] of Object.entries(without.metrics)) {
      if (name.startsWith("queue.")) expect([name, value]).toEqual([name, Number.NaN]);
      else expect([name, open.metrics[name]]).toEqual([name, value]);
    }
    expect(ROOM_METRICS.every(({ name }) => name in without.metrics)).toBe(true);
    expect(figure(open, "queue.tickets")).toBe(0);
    expect(cameUnasked(open).length).toBe(figure(open, "sessions"));
  });

  it("keeps no more inside than its capacity, and gives places on when sessions end", () => {
    const full = run("waiting-room.rate=0/s", "waiting-room.capacity=500");
    expect(figure(full, "shoppers.concurrent.peak")).toBeLessThan(
      figure(busy, "shoppers.concurrent.peak"),
    );
    expect(told(full, "TicketAdmitted").length).toBeGreaterThan(500);
  });

  it("lets VIPs in early and first, and the others get their share", () => {
    const doors = ["waiting-room.doors.vip=+5min", "waiting-room.doors.regular=+10min"];
    const early = run("waiting-room.lanes.vip=40%", "traffic.rate=2/s", ...doors);
    const starts = Date.UTC(2024, 10, 29, 19);
    const first = (lane: string) =>
      Math.min(
        ...[...told(early, "WalkedIn"), ...told(early, "TicketAdmitted")]
          .filter((event) => event.lane === lane)
          .map(({ at }) => at),
      );
    expect(first("vip")).toBeGreaterThanOrEqual(starts + 5 * 60_000);
    expect(first("regular")).toBeGreaterThanOrEqual(starts + 10 * 60_000);
    expect(told(early, "LotDrawn").map(({ lane }) => lane)).toEqual(["vip", "regular"]);
    const waitOf = (lane: string) => {
      const waits = told(early, "TicketAdmitted").filter((event) => event.lane === lane);
      return waits.reduce((sum, { waitedMillis }) => sum + waitedMillis, 0) / waits.length;
    };
    expect(waitOf("vip")).toBeLessThan(0.2 * waitOf("regular"));
  });

  it("sends everybody home when all is sold, and when the sale is over", () => {
    const soldOut = run("sellers.0.items.0.units=3");
    const why = soldOut.log.flatMap((event) => (event.kind === "TicketEnded" ? [event.why] : []));
    expect(why.filter((one) => one === "soldOut").length).toBeGreaterThan(1_000);
    const over = run("sale.closes=+20min");
    const last = Math.max(...told(over, "TicketAdmitted").map(({ at }) => at));
    expect(last).toBeLessThan(Date.UTC(2024, 10, 29, 19, 21));
  });

  it("follows the servers' health where it is told to", () => {
    const weak = ["initial=1", "min=1", "cores=1"].map((set) => `platform.fleet.${set}`);
    const slow = "platform.profile.product.cpu=300ms";
    const limits = [...weak, slow, "waiting-room.rate=0/s", "waiting-room.capacity=8000"];
    const fixed = run(...limits);
    const follows = ["mode=on", "least=5%"].map((set) => `waiting-room.adaptive.${set}`);
    const adaptive = run(...limits, ...follows);
    expect(figure(fixed, "queue.tickets")).toBe(0);
    expect(figure(adaptive, "queue.tickets")).toBeGreaterThan(1_000);
  });
});
