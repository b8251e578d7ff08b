import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "./decode.ts";
import type { Scenario } from "./scenario.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

function decoded(sets: readonly string[], scale?: number): Scenario {
  const scenario = decodeScenario({ text, path, sets, ...(scale === undefined ? {} : { scale }) });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario;
}

function sideBySide(sets: readonly string[], scale?: number) {
  const [plan] = decoded(sets, scale).plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  return plan.world.sideBySide;
}

/** What is wrong, each as `path: message`. */
function wrong(...sets: string[]): readonly string[] {
  const found = decodeScenario({ text, path, sets });
  if (!Array.isArray(found)) return [];
  for (const { suggestion } of found) expect(suggestion).not.toBe("");
  return found.map((one) => `${one.path}: ${one.message}`);
}

const BOOKS = "neighbours=[{ name: books, rate: 30/s }]";

describe("sellers side by side in a scenario", () => {
  it("are none, and nothing is refused early, where the file does not say so", () => {
    expect(sideBySide([])).toEqual({ neighbours: [], bulkheads: null, shedding: null });
  });

  it("have pages and a part of the servers by default, and pages of their own whole", () => {
    expect(sideBySide([BOOKS]).neighbours).toEqual([
      {
        name: "books",
        rate: 30,
        share: 0.25,
        pages: { landing: 0, list: 0, product: 0.8, cart: 0.1, checkout: 0.06, payment: 0.04 },
      },
    ]);
    const own = "neighbours=[{ name: books, rate: 1/s, share: 5%, pages: { list: 100% } }]";
    const [books] = sideBySide([own]).neighbours;
    expect(books?.share).toBe(0.05);
    expect(books?.pages).toMatchObject({ list: 1, product: 0, cart: 0 });
  });

  it("shrink with a scale, and limits inside a server with its cores", () => {
    const rules = ["platform.fleet.cores=4", "platform.shedding={ kind: both }"];
    const whole = sideBySide([BOOKS, ...rules]);
    const tenth = sideBySide([BOOKS, ...rules], 0.1);
    expect(tenth.neighbours[0]?.rate).toBeCloseTo(3, 9);
    expect(whole.shedding?.gradient2).toEqual({ min: 20, max: 200 });
    expect(tenth.shedding?.gradient2).toEqual({ min: 5, max: 50 });
    expect(tenth.shedding?.codel).toEqual(whole.shedding?.codel);
  });

  it("refuse by the rules that are asked for, with whole seconds to stay away", () => {
    const rules = (kind: string) => {
      const { shedding } = sideBySide([
        `platform.shedding={ kind: ${kind}, retry-after: { from: 1500ms, to: 20s } }`,
      ]);
      expect(shedding?.retryAfter).toEqual({ minSeconds: 2, maxSeconds: 20 });
      return [shedding?.codel !== null, shedding?.gradient2 !== null];
    };
    expect([rules("codel"), rules("gradient2"), rules("both")]).toEqual([
      [true, false],
      [false, true],
      [true, true],
    ]);
  });
});

describe("what cannot be about sellers side by side", () => {
  const neighbours = (...list: string[]) => `neighbours=[${list.join(", ")}]`;
  const shedding = (keys: string) => `platform.shedding={ kind: both, ${keys} }`;

  it.each([
    [
      [neighbours("{ name: books, rate: 1/s }", "{ name: books, rate: 2/s }")],
      "neighbours.1.name: is another seller's name as well",
    ],
    [
      [neighbours("{ name: books, rate: 1/s, pages: { list: 60% } }")],
      "neighbours.0.pages: the shares add up to 60.00%",
    ],
    [
      [neighbours("{ name: books, rate: 1/s, share: 0% }")],
      "neighbours.0.share: leaves the seller nothing",
    ],
    [
      [neighbours("{ name: a, rate: 1/s, share: 60% }", "{ name: b, rate: 1/s, share: 40% }")],
      "neighbours: their shares add up to 100.00%, which leaves the sale nothing",
    ],
    [
      [neighbours("{ name: books, rate: 1M/s }")],
      "neighbours: 1800M requests in 30min are beyond any rehearsal",
    ],
    [
      ["platform.bulkheads.kind=guaranteed"],
      "platform.bulkheads.kind: keeps the sale apart from nobody: there are no neighbours",
    ],
    [
      [shedding("codel: { target: 2s }")],
      "platform.shedding.codel.target: is more than the interval",
    ],
    [
      [shedding("gradient2: { min: 30, max: 20 }")],
      "platform.shedding.gradient2.min: is more than max, 20",
    ],
    [
      [neighbours("{ name: books, rate: 1/s }"), "platform.autoscaler.kind=serverless"],
      "neighbours: share no servers with a shop on functions, which has an environment for every request",
    ],
    [
      [shedding("codel: { target: 1ms }"), "platform.autoscaler.kind=serverless"],
      "platform.shedding.kind: has no effect on functions, where nothing waits",
    ],
    [[shedding("gradient2: { max: 2M }")], "platform.shedding.gradient2.max: more than 1000000"],
    [
      [shedding("retry-after: { from: 40s }")],
      "platform.shedding.retry-after.from: is later than to",
    ],
    [
      [shedding("retry-after: { to: 2h }")],
      "platform.shedding.retry-after.to: is over an hour: nobody waits so long",
    ],
  ])("%s", (sets, problem) => {
    expect(wrong(...sets)).toContain(problem);
  });

  it("is no more than it says: the same with sound values has no problem", () => {
    expect(
      wrong(BOOKS, "platform.bulkheads.kind=guaranteed", shedding("codel: { target: 1ms }")),
    ).toEqual([]);
    expect(wrong(neighbours("{ name: books, rate: 0/s, share: 0.1% }"))).toEqual([]);
  });

  it("is a key that is not known, with the nearest one that is", () => {
    expect(wrong("platform.shedding.knd=codel").join()).toContain("knd");
    expect(wrong("neighbours=[{ name: books, rat: 1/s }]").join()).toContain("neighbours.0.rat");
    expect(wrong("neighbours=[{ name: books }]").join()).toContain("neighbours.0.rate");
  });
});
