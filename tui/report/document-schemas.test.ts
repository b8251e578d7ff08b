/** What the verbs print with `--json`; the tests of the verbs take what they print by these forms. */
import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { FitResult } from "../../twin/fitting/fit-result.ts";
import type { ReplayResult } from "../../twin/replay/replay-result.ts";
import { type AccuracyForm, accuracyJsonSchema } from "./accuracy-schema.ts";
import type { AccuracyResult } from "./accuracy-text.ts";
import { type FitForm, fitJsonSchema } from "./fit-schema.ts";
import { type ImportForm, importJsonSchema } from "./import-schema.ts";
import type { ImportResult } from "./import-text.ts";
import type { LedgersResult } from "./ledger-text.ts";
import { type LoadForm, loadJsonSchema } from "./load-schema.ts";
import type { LoadResult } from "./load-text.ts";
import {
  type LedgersResultForm,
  type ReplayResultForm,
  replayJsonSchema,
} from "./replay-schema.ts";
import type { KeptInJson } from "./testing/held-to-form.ts";

const SCHEMAS = [
  ["fit", fitJsonSchema],
  ["replay", replayJsonSchema],
  ["load", loadJsonSchema],
  ["accuracy", accuracyJsonSchema],
  ["import", importJsonSchema],
] as const;

describe("the JSON Schema of what a verb prints", () => {
  it.each(SCHEMAS)("is the one that is committed: `rehearse schema %s` writes it", (name, made) => {
    expect(made()).toBe(readFileSync(`scenarios/${name}.schema.json`, "utf8"));
  });

  it("has the keys of the types that the program builds, all the way down", () => {
    type Fit = typeof FitForm.Type;
    expectTypeOf<KeptInJson<Fit>>().toEqualTypeOf<KeptInJson<FitResult>>();
    type Replay = typeof ReplayResultForm.Type;
    expectTypeOf<KeptInJson<Replay>>().toEqualTypeOf<KeptInJson<ReplayResult>>();
    type Ledgers = typeof LedgersResultForm.Type;
    expectTypeOf<KeptInJson<Ledgers>>().toEqualTypeOf<KeptInJson<LedgersResult>>();
    type Load = typeof LoadForm.Type;
    expectTypeOf<KeptInJson<Load>>().toEqualTypeOf<KeptInJson<LoadResult>>();
    type Accuracy = typeof AccuracyForm.Type;
    expectTypeOf<KeptInJson<Accuracy>>().toEqualTypeOf<KeptInJson<AccuracyResult>>();
    type Import = typeof ImportForm.Type;
    expectTypeOf<KeptInJson<Import>>().toEqualTypeOf<KeptInJson<ImportResult>>();
  });

  it("takes every value of those types", () => {
    expectTypeOf<FitResult>().toExtend<typeof FitForm.Type>();
    expectTypeOf<ReplayResult>().toExtend<typeof ReplayResultForm.Type>();
    expectTypeOf<LedgersResult>().toExtend<typeof LedgersResultForm.Type>();
    expectTypeOf<LoadResult>().toExtend<typeof LoadForm.Type>();
    expectTypeOf<AccuracyResult>().toExtend<typeof AccuracyForm.Type>();
    expectTypeOf<ImportResult>().toExtend<typeof ImportForm.Type>();
  });
});
