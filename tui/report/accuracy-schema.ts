/**
 * The JSON Schema of accuracies, what `calibrate --validate` prints; `AccuracyResult` of
 * `accuracy-text.ts` is the contract it describes. The profile in it has a schema of its own.
 */
import { JSONSchema, Schema } from "effect";
import { CapacityProfile, FIGURES } from "../../twin/calibration/capacity-profile.ts";
import { ROUTES } from "../../twin/calibration/load-cell.ts";
import { told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const FigureFields = {
  name: told(
    Schema.Literal(...FIGURES),
    "Throughput is answers a second, utilisation cores of the store, the others microseconds.",
  ),
  route: told(Schema.NullOr(Schema.Literal(...ROUTES)), "Null for all routes together."),
};

const IntervalFields = {
  low: told(Schema.Number, "Lower bound of the 90 % interval."),
  high: told(Schema.Number, "Upper bound of that interval."),
};

const MomentFields = {
  decisions: told(
    Schema.Struct({ sold: Schema.Number, declined: Schema.Number, refused: Schema.Number }),
    "Orders by what became of them.",
  ),
  openMost: told(Schema.Number, "The most requests that were open at once."),
  recovery: told(Schema.Number, "Seconds from then until a tenth of them was left."),
  scalesAt: told(
    Schema.NullOr(Schema.Number),
    "When an autoscaler would ask for an instance, seconds; null where it would not.",
  ),
};

const Cell = Schema.Struct({
  name: Schema.String,
  kind: told(
    Schema.Literal(
      "calibration",
      "rate",
      "mix",
      "instances",
      "payments",
      "step",
      "batch",
      "late",
      "sell-out",
    ),
    "What it asks of the model that the calibration has not shown it.",
  ),
  requests: Schema.Number,
  forecast: told(
    Schema.Struct({
      figures: Schema.Array(
        Schema.Struct({ ...FigureFields, value: Schema.Number, ...IntervalFields }),
      ),
      ...MomentFields,
    }),
    "Made before it was measured.",
  ),
  runs: told(
    Schema.Array(
      Schema.Struct({
        figures: Schema.Array(Schema.Struct({ ...FigureFields, value: Schema.Number })),
        ...MomentFields,
        foreign: told(Schema.Number, "Share of the machine that others used beside it."),
      }),
    ),
    "Each time that it was measured.",
  ),
});

const Score = Schema.Struct({
  ...FigureFields,
  predicted: Schema.Number,
  ...IntervalFields,
  measured: told(Schema.Number, "The middle one of the repeats."),
  error: told(Schema.Number, "Predicted over measured, less 1."),
  floor: told(Schema.Number, "The middle one of the relative differences between two repeats."),
  inside: told(Schema.Number, "Runs inside the interval."),
  runs: Schema.Number,
});

/** An accuracy as it is read back from a file. */
export const AccuracyForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("calibrate"),
  reports: told(
    Schema.Array(
      Schema.Struct({
        profile: CapacityProfile,
        cells: told(
          Schema.Array(
            Schema.Struct({
              cell: Cell,
              scores: Schema.Array(Score),
              sameDecisions: told(
                Schema.Boolean,
                "Whether every run sold, declined and refused what was predicted.",
              ),
            }),
          ),
          "Loads that the calibration had not seen.",
        ),
        disturbed: told(
          Schema.Number,
          "Runs beside which others used much of the machine, also when they were made again.",
        ),
        minutes: told(Schema.Number, "That it took."),
      }),
    ),
    "One for each ledger.",
  ),
  repeat: told(Schema.String, "The command that measures this again."),
});

export function accuracyJsonSchema(): string {
  return canonicalJson(JSONSchema.make(AccuracyForm));
}
