import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { WorldSpec } from "./scenario.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

function decoded(sets: readonly string[], scale?: number) {
  return decodeScenario({ text, path, sets, ...(scale === undefined ? {} : { scale }) });
}

function world(sets: readonly string[], scale?: number): WorldSpec {
  const scenario = decoded(sets, scale);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  return plan.world;
}

/** What is wrong, as "path: message; suggestion". */
function problems(...sets: readonly string[]): readonly string[] {
  const scenario = decoded(sets);
  if (!Array.isArray(scenario)) return [];
  return scenario.map(({ path: at, message, suggestion }) => `${at}: ${message}; ${suggestion}`);
}

describe("bots of a scenario", () => {
  it("are none, and have no limits against them, where the file says nothing", () => {
    expect(world([]).bots).toEqual([]);
    expect(new Set(Object.values(world([]).limits))).toEqual(new Set([null]));
  });

  it("come with the sale and stay to its close, with the defaults of their kind", () => {
    const { bots, sale } = world([
      "bots=[{ kind: hoard }, { kind: refresh, at: +5min, for: 10min }]",
    ]);
    const whole = { at: sale.publicAt, ends: sale.closesAt };
    expect(bots[0]).toMatchObject({ name: "hoard", ...whole, rate: 50, identities: 1_000 });
    expect(bots[1]).toMatchObject({ at: 5 * MINUTE, ends: 15 * MINUTE, share: 0.18, programs: 1 });
  });

  it("shrink with the sale, and as many of them stand behind one network and one person", () => {
    const raid =
      "bots=[{ kind: buy, rate: 40/s, programs: 20, identities: 400, networks: 8, people: 4 }]";
    const [bot] = world([raid, "limits.per-network.requests=60/min"], 0.25).bots;
    expect(bot).toMatchObject({ rate: 10, programs: 5, identities: 100, networks: 2, people: 1 });
    expect(world([raid, "limits.per-network.requests=60/min"], 0.25).limits.perNetwork?.rate).toBe(
      1,
    );
  });

  it.each([
    ["{ kind: steal }", "bots.0.kind"],
    ["{ kind: refresh, identities: 9 }", "bots.0.identities: means nothing for refresh"],
    ["{ kind: crack, people: 9 }", "bots.0.people: means nothing for crack"],
    ["{ kind: crack }", "bots.0.kind: there are no codes to crack"],
    ["{ kind: buy, share: 5% }", "bots.0.share: means nothing for buy"],
    ["{ kind: buy, rate: 0/s }", "bots.0.rate: asks for nothing"],
    ["{ kind: buy, rate: 1M/s }", "bots.0.rate: comes to more than 100000000 requests"],
    ["{ kind: buy, programs: 1M }", "bots.0.programs: more than 100000"],
    ["{ kind: buy, identities: 5M }", "bots.0.identities: more than 1000000"],
    ["{ kind: buy, identities: 5 }", "bots.0.networks: are more than the identities"],
    ["{ kind: buy, programs: 0 }", "bots.0.programs: must be at least 1"],
    ["{ kind: refresh, share: 0% }", "bots.0.share: loads nothing"],
    ["{ kind: refresh, share: 99% }", "bots.0.share: leaves hardly a shopper"],
    ["{ kind: hoard, for: 90d }", "bots.0.for: outlasts the scenario"],
    ["{ kind: hoard, at: +80d }", "bots.0.at: begins when the sale is over"],
  ])("that cannot be are told with their place: %s", (raid, told) => {
    expect(problems(`bots=[${raid}]`).join("\n")).toContain(told);
  });
});

describe("limits of a scenario", () => {
  it("are read in the units of the store", () => {
    const { limits } = world([
      "limits.per-shopper={ requests: 20/min, burst: 5, holds: 2 }",
      "limits.per-person=3",
      "limits.after-lapse.first=5min",
    ]);
    expect(limits).toEqual({
      perShopper: { rate: 20 / 60, burst: 5 },
      perNetwork: null,
      perPerson: 3,
      holdsPerShopper: 2,
      holdsPerNetwork: null,
      afterLapse: { first: 5 * MINUTE, max: HOUR },
    });
  });

  it.each([
    ["limits.per-person=0", "must be at least 1; write 1 or more, or none"],
    ["limits.per-shopper.requests=0/s", "lets nobody through"],
    ["limits.per-shopper.requests=20", "a rate needs a unit of time"],
    ["limits.per-network.requests=9M/s", "limits nothing"],
    ["limits.per-network.burst=0", "must be at least 1"],
    ["limits.per-network.burst=1B", "more than 1000000"],
    ["limits.after-lapse={ first: 2h, max: 1h }", "is shorter than the first wait; at least 2h"],
    ["limits.after-lapse={ first: 2h, max: 3d }", "keeps a shopper out for over a day"],
    ["limits.per-identity=4", "per-identity"],
    ["shoppers.whereabouts.networks=0", "must be at least 1"],
  ])("that cannot be are told: %s", (set, told) => {
    expect(problems(set).join("\n")).toContain(told);
  });
});
