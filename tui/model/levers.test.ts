import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "../../twin/scenario/decode.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { whatIfScenario } from "../../twin/scenario/what-if.ts";
import { LeverChanges } from "./lever-changes.ts";
import { changeOf, LeverBoard, moved } from "./levers.ts";

const FILES = ["small-drop", "webstore-black-friday", "vip-early-access", "pods-for-a-mailing"];

function read(name: string): { text: string; path: string; sets: string[]; plan: PlanSpec } {
  const path = `scenarios/${name}.yaml`;
  const text = readFileSync(path, "utf8");
  const scenario = decodeScenario({ text, path });
  if (Array.isArray(scenario) || scenario.plans[0] === undefined) throw new Error(`${path} broken`);
  return { text, path, sets: [], plan: scenario.plans[0] };
}

describe("the levers of a plan", () => {
  it("have the plan's own values, written as people read them", () => {
    const { levers } = new LeverBoard(read("webstore-black-friday"));
    const shown = Object.fromEntries(
      levers.map(({ label, kind, base }) => [label, kind.show(base)]),
    );
    expect(shown).toMatchObject({
      Batches: "4",
      "Gap between batches": "14.8min",
      "Mailing list": "5,270,000",
      "Visits per mail": "16.2 %",
      "Other visits": "20.4/s",
      "Instances at start": "12",
      "Instances at most": "60",
      "Payment time limit": "10s",
      Stock: "120,000",
    });
  });

  it("are those of what the scenario has and no others", () => {
    const paths = (name: string) => new LeverBoard(read(name)).levers.map(({ path }) => path);
    expect(paths("small-drop")).not.toContain("waiting-room.capacity");
    expect(paths("small-drop")).toContain("traffic.rate");
    const sets = ["waiting-room.mode=on", "waiting-room.capacity=300"];
    const input = read("small-drop");
    const scenario = decodeScenario({ ...input, sets });
    const [plan] = Array.isArray(scenario) ? [] : scenario.plans;
    const withRoom = new LeverBoard({ ...input, sets, plan: plan ?? input.plan });
    expect(withRoom.levers.map(({ path }) => path)).toContain("waiting-room.capacity");
  });

  it("take every step that a slider offers, in every scenario", () => {
    for (const name of FILES) {
      const input = read(name);
      const { levers } = new LeverBoard(input);
      expect(levers.length).toBeGreaterThan(10);
      for (const lever of levers) {
        const next = moved(lever, lever.base, lever.base >= lever.most ? -1 : 1);
        expect(next, lever.path).not.toBe(lever.base);
        const changes = [changeOf(lever, next)];
        const scenario = whatIfScenario({ ...input, plan: input.plan.name, changes });
        const problems = Array.isArray(scenario) ? scenario.map(({ message }) => message) : [];
        // A fleet's least, first and most bound one another, as batches do with their gaps.
        const bounded = /than|before|outside min and max|need a time between/u;
        expect(
          problems.filter((one) => !bounded.test(one)),
          lever.path,
        ).toEqual([]);
        expect(lever.about).not.toBe("");
      }
    }
  });

  it("stay within their bounds and come back to where they were", () => {
    const { levers } = new LeverBoard(read("small-drop"));
    for (const lever of levers) {
      expect(moved(lever, lever.base, 0)).toBe(lever.base);
      expect(moved(lever, lever.base, -1_000)).toBe(lever.least);
      expect(moved(lever, lever.base, 1_000)).toBe(Math.max(lever.most, lever.base));
    }
  });

  it("can be made of any number of the scenario, by its path", () => {
    const board = new LeverBoard(read("small-drop"));
    const lever = board.leverAt("shoppers.patience");
    expect(lever?.path).toBe("shoppers.patience.lognormal.median");
    expect(lever?.kind.show(lever.base)).toBe("12s");
    expect(board.leverAt("shoppers.retry.limit")?.base).toBe(5);
    expect(board.leverAt("platform.fleet")).toBeNull();
    expect(board.leverAt("nothing.there")).toBeNull();
    expect(board.paths).toContain("shoppers.retry.limit");
    expect(board.paths.length).toBeGreaterThan(80);
  });

  it("give batches a gap where the plan has one batch and none, and take it back", () => {
    const file = read("webstore-black-friday");
    const scenario = decodeScenario(file);
    if (Array.isArray(scenario)) throw new Error("a broken scenario");
    const plan = scenario.plans.find(({ name }) => name === "simultaneous");
    if (plan === undefined) throw new Error("no plan");
    const { levers } = new LeverBoard({ ...file, plan });
    const [batches] = levers;
    if (batches === undefined) throw new Error("no lever");
    const two = LeverChanges.none(levers).turned(batches, 2);
    expect(two.written).toEqual(["launch.batches=2", "launch.every=10min"]);
    const found = whatIfScenario({ ...file, plan: "simultaneous", changes: two.written });
    expect(found).toMatchObject({ name: "webstore-black-friday" });
    expect(two.turned(batches, 1).written).toEqual([]);
    expect(two.undone()?.written).toEqual([]);
  });
});
