import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";

const FILE = `name: queued
seed: queued/1
starts: 2011-11-25T06:00-05:00
lasts: 3h
sellers: [ { name: bags, items: [ { sku: A, sale-price: $5, units: 10, weight: 1 } ] } ]
audience: { recipients: 1k, segments: { vip: { share: 5% } } }
sale: { closes: +2h }
plans:
  only: { launch: { each-over: 5min } }
waiting-room: { mode: on, capacity: 1000, rate: 600/min, lanes: { vip: 30% } }
`;

const decode = (sets: readonly string[], scale = 1) =>
  decodeScenario({ text: FILE, path: "sale.yaml", sets, scale });

function roomOf(sets: readonly string[] = [], scale = 1) {
  const scenario = decode(sets, scale);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario.plans[0]?.world.waitingRoom;
}

/** The path and the words of the only problem. */
function problemOf(...sets: readonly string[]): string {
  const scenario = decode(sets.map((set) => `waiting-room.${set}`));
  if (!Array.isArray(scenario)) return "no problem";
  expect(scenario).toHaveLength(1);
  return `${scenario[0]?.path ?? ""}: ${scenario[0]?.message ?? ""}`;
}

describe("the waiting room of a scenario", () => {
  it("is not there unless it is asked for", () => {
    expect(roomOf(["waiting-room.mode=off"])).toBeNull();
  });

  it("has its limits, its lanes and its defaults in the twin's units", () => {
    expect(roomOf(["waiting-room.above=50%"])?.above).toBe(500);
    expect(roomOf(["waiting-room.doors.vip=+30min"])).toMatchObject({
      capacity: 1_000,
      rate: 10,
      above: 0,
      from: null,
      pass: 2 * MINUTE,
      adaptive: null,
      lanes: [
        { name: "vip", tiers: ["vip"], share: 0.3, opensAt: 30 * MINUTE },
        { name: "regular", tiers: ["regular", "loyal"], share: 0.7, opensAt: null },
      ],
    });
  });

  it("shrinks with the world, and never to nothing", () => {
    expect(roomOf(["waiting-room.adaptive.mode=on"], 0.1)).toMatchObject({
      capacity: 100,
      rate: 1,
      adaptive: { least: 50 },
    });
    expect(roomOf(["waiting-room.capacity=3"], 0.02)).toMatchObject({ capacity: 1, rate: 0.2 });
  });

  it.each([
    [["capacity=0", "rate=0/s"], "waiting-room.mode: holds nobody back"],
    [["capacity=99M"], "waiting-room.capacity: more than"],
    [["rate=0.5/h"], "waiting-room.rate: lets in less than one shopper an hour"],
    [["above=50%", "capacity=0"], "waiting-room.above: is a share of no capacity"],
    [["above=100%"], "waiting-room.above: begins when the shop is full"],
    [["from=+3h"], "waiting-room.from: begins when the sale is over"],
    [["lanes.vip=100%"], "waiting-room.lanes: leaves nothing to everybody else"],
    [["lanes.loyal=10%"], "waiting-room.lanes.loyal: is a lane for nobody"],
    [["doors.loyal=+5min"], "waiting-room.doors.loyal: is the door of a lane that there is not"],
    [["doors.regular=+2h"], "waiting-room.doors.regular: opens outside the sale's time"],
    [["doors.regular=+1h", "above=10%"], "waiting-room.above: lets everybody walk in"],
    [["poll=100ms"], "waiting-room.poll: asks more than once a second"],
    [["pass=10s"], "waiting-room.pass: runs out before"],
    [["place-kept=30s"], "waiting-room.place-kept: gives places away"],
    [["session=2d"], "waiting-room.session: is longer than a day"],
    [["adaptive.mode=on", "capacity=0"], "waiting-room.adaptive.mode: has no capacity"],
    [["adaptive.mode=on", "adaptive.least=0%"], "waiting-room.adaptive.least: could shut"],
    [["adaptive.mode=on", "adaptive.interval=1ms"], "waiting-room.adaptive.interval: is shorter"],
  ])("refuses %j", (sets, problem) => {
    expect(problemOf(...sets)).toContain(problem);
  });
});
