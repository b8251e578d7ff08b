/** The JSON Schema of explanations; `twin/experiments/explain/explanation.ts` is its contract. */
import { JSONSchema, Schema } from "effect";
import { EstimateForm, Measured, told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const EffectForm = Schema.Struct({
  ...EstimateForm.fields,
  sure: told(Schema.Number, "1 minus the two-sided p of the paired t test; 0 for one seed."),
});

const Certainty = told(
  Schema.Literal("cause", "noise", "one-seed", "none"),
  "More than chance, within chance, one seed that cannot say, or no difference at all.",
);

const Cause = Schema.Struct({
  part: Schema.String,
  gain: told(
    Schema.NullOr(EffectForm),
    "What it adds to the rows above it; with the rest these add up to the loss. Null in the rest.",
  ),
  share: told(Measured, "Of the whole loss."),
  certainty: Certainty,
  alone: told(EffectForm, "What it adds where it alone is perfect."),
  last: told(EffectForm, "What is lost where everything but it is perfect."),
});

const Overlap = Schema.Struct({
  parts: Schema.Tuple(Schema.String, Schema.String),
  overlap: told(
    EffectForm,
    "How much less the two bring together than each alone in sum; below 0 they need each other.",
  ),
});

const Revenue = Schema.Struct({
  actual: EstimateForm,
  perfect: told(EstimateForm, "With every part perfect."),
  lost: told(EffectForm, "Perfect minus actual, paired by seed. Minor units."),
  certainty: Certainty,
  causes: told(Schema.Array(Cause), "In the order in which to mend."),
  rest: told(
    Schema.NullOr(EffectForm),
    "What is left after the rows with a gain: little, and it may be chance; null for nothing.",
  ),
  inert: told(
    Schema.Array(Schema.String),
    "Parts that changed no revenue, neither alone nor last.",
  ),
  overlaps: told(Schema.Array(Overlap), "Of the first cause with each other part."),
  booked: told(
    Schema.Record({ key: Schema.String, value: EstimateForm }),
    "What the store booked as carts left, by cause.",
  ),
});

const MetWith = Schema.Struct({
  parts: Schema.Array(Schema.String),
  value: Measured,
  met: Schema.Boolean,
  closer: told(Measured, "Share of the way to what was expected; below 0 it is further away."),
});

const Missed = Schema.Struct({
  metric: Schema.String,
  expect: Schema.String,
  value: Measured,
  why: Schema.String,
  alone: told(Schema.Array(MetWith), "Each part alone, the one that brings it nearest first."),
  together: told(
    Schema.NullOr(MetWith),
    "Where no part alone suffices: the smallest set found, or the nearest to it.",
  ),
  everything: told(Schema.NullOr(MetWith), "With every part perfect that does not distort it."),
});

const Plan = Schema.Struct({
  seeds: Schema.Array(Schema.String),
  digest: told(Schema.Array(Schema.String), "Of the plan as it is, per seed."),
  inputs: told(Schema.String, "16 hexadecimal digits over the decoded plan, as in a result."),
  parts: Schema.Array(
    Schema.Struct({ name: Schema.String, perfect: told(Schema.String, "What a rerun has of it.") }),
  ),
  revenue: told(Schema.NullOr(Revenue), "Null where its reruns were interrupted."),
  missed: told(Schema.Array(Missed), "Expectations that these seeds miss at this scale."),
});

const OneWay = Schema.Struct({
  all: EstimateForm,
  by: told(
    Schema.Record({ key: Schema.String, value: EstimateForm }),
    "By why they did not buy under the other plan.",
  ),
});

const Comparison = Schema.Struct({
  first: Schema.String,
  second: Schema.String,
  both: told(EstimateForm, "Shoppers who bought under both."),
  onlyFirst: OneWay,
  onlySecond: OneWay,
  net: told(EffectForm, "Only under the first less only under the second."),
  mailedOnly: told(
    Schema.Boolean,
    "True where the plans' lists differ in length: visitors without a mail are left out.",
  ),
});

/** An explanation as it is read back from a file. */
export const ExplanationForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("explain"),
  scenario: Schema.String,
  version: Schema.String,
  currency: told(Schema.String, "ISO 4217."),
  scale: told(Schema.Number, "Size of the world; counts are those of the scaled world."),
  of: told(Schema.String, "The command of the result that is explained."),
  verified: told(
    Schema.Boolean,
    "True where every digest was held against the result's; false at another scale.",
  ),
  plans: Schema.Record({ key: Schema.String, value: Plan }),
  shoppers: told(Schema.Array(Comparison), "The first plan with each other one."),
  reruns: told(Schema.Number, "Rehearsals, those of the plans as they are left out."),
  events: Schema.Number,
  partial: told(
    Schema.Boolean,
    "True where it was interrupted: what had not finished is left out.",
  ),
  repeat: told(Schema.String, "The command that gives this explanation again."),
  exit: Schema.Struct({
    code: told(Schema.Number, "0 explained, 1 an invariant broken, 130 interrupted."),
    reason: Schema.String,
  }),
});

export function explanationJsonSchema(): string {
  return canonicalJson(JSONSchema.make(ExplanationForm));
}
