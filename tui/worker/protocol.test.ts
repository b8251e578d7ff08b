import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assert } from "../../engine/assert.ts";
import { decodeScenario } from "../../twin/scenario/decode.ts";

const FILES = ["small-drop", "webstore-black-friday", "webstore-after-christmas"];

describe("what travels to a worker", () => {
  it.each(FILES)("has the plans of %s arrive as they were sent", (name) => {
    const path = `scenarios/${name}.yaml`;
    const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, scale: 0.02 });
    assert(!Array.isArray(scenario), "a scenario of this project has no problem");
    expect(scenario.plans.length).toBeGreaterThan(0);
    for (const plan of scenario.plans) expect(structuredClone(plan)).toStrictEqual(plan);
  });
});
