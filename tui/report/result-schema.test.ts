import { readFileSync } from "node:fs";
import { Schema } from "effect";
import { describe, expect, expectTypeOf, it } from "vitest";
import { resultOf } from "../../twin/experiments/experiment.ts";
import type { CheckResult } from "../../twin/experiments/golden.ts";
import { experimentOf, rehearsal, scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import type { RunResult } from "../../twin/result.ts";
import { canonicalJson } from "./json.ts";
import { ResultForm, resultJsonSchema } from "./result-schema.ts";

type Keys<Wide> = Wide extends unknown ? keyof Wide : never;

describe("the JSON Schema of results", () => {
  it("is the one that is committed; `rehearse schema result` writes it anew", () => {
    const committed = readFileSync("scenarios/result.schema.json", "utf8");
    expect(resultJsonSchema()).toBe(committed);
  });

  it("takes a result as it is written to a file, with nothing left over", () => {
    const scenario = scenarioWith(["a", "b", "c"], { orders: "> 5" });
    const broken = [{ id: "I01", what: "planted", at: 1 }];
    const series = { "latency.p95": [Number.NaN, 1] };
    const result = resultOf(experimentOf(scenario, ["s"]), [
      rehearsal("s", { broken, series }),
      rehearsal("s", { series }),
      rehearsal("s", { series }),
    ]);
    const json: unknown = JSON.parse(canonicalJson(result));
    const decode = Schema.decodeUnknownSync(ResultForm, { onExcessProperty: "error" });
    expect(JSON.parse(JSON.stringify(decode(json)))).toEqual(json);
  });

  it("has exactly the keys of the types that the program builds", () => {
    expectTypeOf<Keys<typeof ResultForm.Type>>().toEqualTypeOf<Keys<RunResult | CheckResult>>();
    const refuse = () => Schema.decodeUnknownSync(ResultForm)({ schemaVersion: 2 });
    expect(refuse).toThrow();
  });
});
