/** What the scenarios about neighbours and about overload claim, in smaller worlds. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";

function rehearsed(file: string, plan: string, scale: number, sets: readonly string[] = []) {
  const path = `scenarios/${file}.yaml`;
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const found = scenario.plans.find(({ name }) => name === plan);
  if (found === undefined) throw new Error(`no plan ${plan}`);
  const rehearsal = rehearse({ plan: found, seed: "side-by-side" });
  const of = (name: string) => rehearsal.metrics[name] ?? Number.NaN;
  expect(rehearsal.broken).toEqual([]);
  return { rehearsal, of };
}

describe("a noisy neighbour", () => {
  const beside = (plan: string, sets: readonly string[] = []) =>
    rehearsed("noisy-neighbour", plan, 0.25, sets);
  const apart = beside("bulkheads");
  const moved = "sellers.other.latency.p95.moved";
  const latency = "sellers.other.latency.p95";

  it("moves the others by less than 5 % with bulkheads, and visibly without", () => {
    const shared = beside("bulkheads", ["platform.bulkheads.kind=none"]);
    const quiet = beside("quiet-day");
    expect(apart.of(moved)).toBeLessThan(0.05);
    expect(apart.of(latency) / quiet.of(latency)).toBeLessThan(1.05);
    expect(shared.of(moved)).toBeGreaterThan(0.5);
    expect(shared.of(latency) / quiet.of(latency)).toBeGreaterThan(1.25);
    expect(apart.of("sellers.other.errors")).toBe(0);
    expect(shared.of("sellers.other.errors")).toBeGreaterThan(0);
    // The same requests of theirs in each.
    const pages = [apart, shared, quiet].map(({ of }) => of("sellers.other.pages"));
    expect(new Set(pages).size).toBe(1);
  });

  it("is the same to the byte when it is rehearsed again", () => {
    expect(beside("bulkheads").rehearsal).toEqual(apart.rehearsal);
  });

  it("has its other sellers in no figure of a scenario without them", () => {
    const { rehearsal } = beside("bulkheads", ["neighbours=[]", "platform.bulkheads.kind=none"]);
    const theirs = Object.entries(rehearsal.metrics).filter(([name]) => name.includes("other"));
    expect(theirs.length).toBeGreaterThan(4);
    for (const [, value] of theirs) expect(value).toBeNaN();
  });
});

describe("an overload that outlives its trigger", () => {
  const MINUTE = 60_000;
  // Half an hour after the trigger is long enough, and half of the servers.
  const short = ["lasts=52min", "traffic.steps=[{ at: +0s, rate: 38/s }]"];
  const overloaded = (plan: string, sets: readonly string[] = []) =>
    rehearsed("metastable-overload", plan, 0.5, [...short, ...sets]);
  const shedding = overloaded("shedding");

  it("goes on for as long as reloads keep it alive", () => {
    const collapse = overloaded("collapse");
    // The trigger ends at 21 minutes, the rehearsal at 52: never recovered.
    expect(collapse.of("recovery.time")).toBe(31 * MINUTE);
    expect(collapse.of("pages.wasted")).toBeGreaterThan(10_000);
    expect(collapse.of("orders")).toBeLessThan(shedding.of("orders") / 1.5);
    expect(overloaded("no-reloads").of("recovery.time")).toBeLessThan(5 * MINUTE);
  });

  it("is over with its trigger where the servers refuse early", () => {
    expect(shedding.of("recovery.time")).toBeLessThanOrEqual(2 * MINUTE);
    expect(shedding.of("downtime")).toBe(0);
    const limit = overloaded("shedding", ["plans.shedding.platform.shedding.kind=gradient2"]);
    expect(limit.of("recovery.time")).toBeLessThanOrEqual(3 * MINUTE);
  });

  it("counts what was refused by page, all of it among the errors", () => {
    const { metrics, series } = shedding.rehearsal;
    const shed = shedding.of("pages.shed");
    const byPage = Object.entries(metrics).filter(([name]) => name.startsWith("pages.shed{"));
    expect(shed).toBeGreaterThan(100);
    expect(byPage.reduce((sum, [, count]) => sum + count, 0)).toBe(shed);
    expect(shedding.of("errors{shed}")).toBe(shed);
    const kinds = ["refused", "failed", "shed"].map((kind) => shedding.of(`errors{${kind}}`));
    expect(kinds.reduce((sum, count) => sum + count, 0)).toBe(shedding.of("errors"));
    expect(series["pages.shed"]?.reduce((sum, count) => sum + count, 0)).toBe(shed);
    expect(metrics["pages.shed{payment}"]).toBeLessThanOrEqual(shed / 100);
  });

  it("brings back at once those who do not obey Retry-After, and later those who do", () => {
    const retryAfter = "plans.shedding.platform.shedding.retry-after={ from: 60s, to: 60s }";
    const once = [retryAfter, "shoppers.retry={ limit: 1, share: 100%, delay: { constant: 1s } }"];
    const shedIn = (obeys: string) =>
      overloaded("shedding", [...once, `shoppers.retry.obeys=${obeys}`]).of("pages.shed");
    // Who comes back a second later meets the same fault; a minute later it is over.
    expect(shedIn("0%")).toBeGreaterThan(1.2 * shedIn("100%"));
  });
});
