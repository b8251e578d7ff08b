import { readFileSync } from "node:fs";
import { Schema } from "effect";
import { describe, expect, expectTypeOf, it } from "vitest";
import { scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import { type DemandSheet, demandSheetOf } from "../../twin/forecast/demand-sheet.ts";
import { scaleScenario } from "../../twin/scenario/scale.ts";
import { rehearse } from "../../twin/world.ts";
import { DemandSheetForm, forecastJsonSchema } from "./forecast-schema.ts";
import { forecastMarkdown, forecastText } from "./forecast-text.ts";
import { canonicalJson } from "./json.ts";

/** The starter scenario in small, its peak replaced by one that nothing explains. */
function sheet(): DemandSheet {
  const scenario = scaleScenario(scenarioWith(["a|b"]), 0.01);
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const rehearsal = rehearse({ plan, seed: "s" });
  const metrics = { ...rehearsal.metrics, "shoppers.concurrent.peak": 1e6 };
  return demandSheetOf({
    scenario,
    plan,
    scale: 0.01,
    version: "1.2.3",
    repeat: "rehearse forecast x.yaml",
    rehearsals: [{ ...rehearsal, metrics }],
  });
}

const made = sheet();

describe("the JSON Schema of demand sheets", () => {
  it("is the one that is committed; `rehearse schema forecast` writes it anew", () => {
    expect(forecastJsonSchema()).toBe(readFileSync("scenarios/forecast.schema.json", "utf8"));
  });

  it("takes a sheet as it is written to a file, with nothing left over", () => {
    const json: unknown = JSON.parse(canonicalJson(made));
    const decode = Schema.decodeUnknownSync(DemandSheetForm, { onExcessProperty: "error" });
    expect(JSON.parse(JSON.stringify(decode(json)))).toEqual(json);
    expectTypeOf<keyof typeof DemandSheetForm.Type>().toEqualTypeOf<keyof DemandSheet>();
  });
});

describe("a demand sheet as text", () => {
  const text = forecastText(made, { colour: false });
  const markdown = forecastMarkdown(made);

  it("marks the difference that nothing explains and says so in words, in both forms", () => {
    expect(text).toMatch(/^shoppers\.concurrent\.peak +\d.* 1,000,000 .*!/m);
    for (const told of [text, markdown]) {
      expect(told).toContain("nothing that is known explains it");
      expect(told.match(/nothing that is known/g)).toHaveLength(1);
    }
    expect(markdown).toContain("exit code 4");
  });

  it("is the same with colours and without, and escapes what Markdown would read", () => {
    const colour = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    expect(forecastText(made, { colour: true }).replace(colour, "")).toBe(text);
    expect(markdown).toContain("demand sheet of a\\|b");
  });

  it("has six steps of a load test, the last beyond the peak", () => {
    expect(text.match(/^\d+ % .* min$/gm)).toHaveLength(6);
    expect(text).toMatch(/^125 % /m);
  });
});
