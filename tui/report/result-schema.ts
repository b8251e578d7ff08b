/**
 * The JSON Schema of results. The types of `twin/result.ts` and `twin/experiments/golden.ts` are
 * the contract; the schema here must describe exactly them, which its test holds them to.
 */
import { JSONSchema, Schema } from "effect";
import { EstimateForm, told } from "./estimate-form.ts";
import { ExplanationForm } from "./explanation-schema.ts";
import { canonicalJson } from "./json.ts";

const Difference = Schema.Struct({
  ...EstimateForm.fields,
  better: told(Schema.NullOr(Schema.String), "The plan that does better, or null."),
  sure: told(
    Schema.Number,
    "1 minus the two-sided p of the paired t test; 0 where there is no pair.",
  ),
});

const Differences = Schema.Record({ key: Schema.String, value: Difference });

const Numbers = Schema.Array(Schema.NullOr(Schema.Number));
const NumbersByName = Schema.Record({ key: Schema.String, value: Numbers });

const Bands = Schema.Struct({
  of: told(
    Schema.Literal("percentiles", "extremes"),
    "The 5th and the 95th percentile; of fewer than 20 seeds the lowest and the highest.",
  ),
  low: NumbersByName,
  high: NumbersByName,
});

const Span = Schema.Struct({ at: Schema.Number, ends: Schema.Number });

const Marks = Schema.Struct({
  starts: told(Schema.String, "The start by the clock of the sale, ISO 8601 with its offset."),
  lasts: Schema.Number,
  batches: told(
    Schema.Array(Schema.Struct({ at: Schema.Number, mails: Schema.Number })),
    "When each batch of mails begins to go out, and how many mails it has.",
  ),
  faults: Schema.Array(Schema.Struct({ kind: Schema.String, ...Span.fields })),
  missed: told(Schema.Array(Span), "When latency or errors were beyond the service level."),
  soldOut: told(
    Schema.NullOr(Schema.Number),
    "When the first article was gone, mean over the seeds in which one was.",
  ),
});

const PlanResult = Schema.Struct({
  seeds: Schema.Array(Schema.String),
  digest: told(Schema.Array(Schema.String), "16 hexadecimal digits over every event, per seed."),
  inputs: told(
    Schema.String,
    "16 hexadecimal digits over the decoded plan, every default included: same inputs, same digits.",
  ),
  metrics: told(
    Schema.Record({ key: Schema.String, value: EstimateForm }),
    "By name. Money is in minor units of the currency, durations are milliseconds, shares are ratios.",
  ),
  series: told(
    Schema.Struct(
      { every: Schema.String },
      {
        key: Schema.String,
        value: Schema.Union(Schema.String, Numbers),
      },
    ),
    "Means over the seeds, per interval of `every`; null where nothing was measured.",
  ),
  bands: Schema.optional(told(Bands, "How far series spread over the seeds, per interval.")),
  marks: Schema.optional(told(Marks, "What charts mark; milliseconds since the start.")),
});

const Exit = Schema.Struct({
  code: told(Schema.Number, "0 done, 1 missed or broken, 3 not deterministic, 130 interrupted."),
  reason: Schema.String,
});

/** The result of a run or a comparison, as it is read back from a file. */
export const RunResultForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("run", "compare"),
  scenario: Schema.String,
  version: Schema.String,
  currency: told(Schema.String, "ISO 4217."),
  scale: told(Schema.Number, "Size of the world; counts are those of the scaled world."),
  plans: Schema.Record({ key: Schema.String, value: PlanResult }),
  differences: Schema.optional(
    told(Differences, "The first plan minus the second, paired by seed."),
  ),
  comparisons: Schema.optional(
    Schema.Array(
      Schema.Struct({ first: Schema.String, second: Schema.String, differences: Differences }),
    ),
  ),
  expectations: Schema.Array(
    Schema.Struct({
      plan: Schema.String,
      metric: Schema.String,
      expect: Schema.String,
      value: Schema.NullOr(Schema.Number),
      met: told(
        Schema.NullOr(Schema.Boolean),
        "Null where the scale of the run allows no verdict.",
      ),
      why: Schema.String,
    }),
  ),
  broken: told(
    Schema.Array(
      Schema.Struct({
        id: Schema.String,
        what: Schema.String,
        at: told(Schema.Number, "Microseconds since the start."),
        plan: Schema.String,
        seed: Schema.String,
      }),
    ),
    "Invariants that did not hold.",
  ),
  explanation: Schema.optional(
    told(ExplanationForm, "Why it went as it did; only with --explain."),
  ),
  events: Schema.Number,
  partial: told(
    Schema.Boolean,
    "True where the run was interrupted: what had not finished is left out.",
  ),
  repeat: told(Schema.String, "The command that gives this result again."),
  exit: Exit,
});

const Figure = Schema.NullOr(Schema.Union(Schema.Number, Schema.String));

/** The result of a check, as it is read back from a file. */
export const CheckResultForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("check"),
  version: Schema.String,
  checks: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      scenario: Schema.String,
      scale: Schema.Number,
      status: Schema.Literal(
        "same",
        "different",
        "missing",
        "updated",
        "broken",
        "nondeterministic",
        "interrupted",
      ),
      reason: Schema.String,
      digest: Schema.Record({ key: Schema.String, value: Schema.Array(Schema.String) }),
      differences: Schema.Array(
        Schema.Struct({
          plan: Schema.String,
          what: Schema.String,
          golden: Figure,
          now: Figure,
          change: Schema.NullOr(Schema.Number),
        }),
      ),
    }),
  ),
  events: Schema.Number,
  partial: Schema.Boolean,
  repeat: Schema.String,
  exit: Exit,
});

/** A result as it is read back from a file. */
export const ResultForm = Schema.Union(RunResultForm, CheckResultForm);

export function resultJsonSchema(): string {
  return canonicalJson(JSONSchema.make(ResultForm));
}
