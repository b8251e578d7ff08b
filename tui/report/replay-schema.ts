/**
 * The JSON Schema of replays, those of shoppers and those of a store's own log;
 * `twin/replay/replay-result.ts` and `ledger-text.ts` are the contracts it describes.
 */
import { JSONSchema, Schema } from "effect";
import { EstimateForm, exitForm, Measured, told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const Counts = Schema.Array(Schema.Number);

const Figure = Schema.Struct({
  metric: told(Schema.String, "Money is in minor units, durations are milliseconds."),
  recorded: told(Measured, "Null where it was not recorded."),
  simulated: EstimateForm,
  changed: told(Schema.NullOr(EstimateForm), "With the change; null where there is none."),
  difference: told(
    Measured,
    "Simulated minus recorded, relative where the goal is; null where there is nothing to compare.",
  ),
  goal: told(
    Schema.NullOr(
      Schema.Struct({
        off: told(Schema.Number, "How far it may be off."),
        relative: told(Schema.Boolean, "Whether that is a share of what was recorded."),
      }),
    ),
    "Null where nothing is judged.",
  ),
  met: Schema.NullOr(Schema.Boolean),
  byChance: told(
    Schema.Boolean,
    "True where it is met only because one more draw of the fitted process would be as far off.",
  ),
  mark: told(Measured, "1 minus the difference, at least 0; null where there is none."),
});

const Agreement = Schema.Struct({
  mape: told(
    Measured,
    "Mean absolute error, relative to what was recorded in each interval that had any.",
  ),
  wape: told(Measured, "The same relative to all that was recorded."),
  wapeOfChance: told(Measured, "The weighted error that chance alone leaves."),
  bias: told(Measured, "All that was simulated over all that was recorded, minus 1."),
  distance: told(Schema.Number, "Greatest distance of the two cumulative curves, 0 to 1."),
  mark: told(Measured, "1 minus the weighted error beyond chance, 0 to 1."),
});

const Series = Schema.Struct({
  recorded: Counts,
  simulated: told(Counts, "Means over the seeds."),
  changed: told(Schema.NullOr(Counts), "With the change; null where there is none."),
  agreement: Agreement,
});

/** A replay of shoppers, or of published figures, as it is read back from a file. */
export const ReplayResultForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("replay"),
  recording: told(Schema.String, "The file as it was named."),
  version: Schema.String,
  process: told(
    Schema.Literal("recorded", "fitted"),
    "Whether the visits are the recorded ones, or drawn anew from what was fitted to them.",
  ),
  basis: told(
    Schema.Literal("orders", "requests", "counts", "targets"),
    "What stands for a visit; targets are published figures, beside which a scenario was rehearsed.",
  ),
  currency: told(Schema.String, "ISO 4217."),
  from: told(Schema.String, "When the recording began, ISO 8601 in UTC."),
  lasts: told(Schema.Number, "Milliseconds."),
  visits: told(Schema.Number, "That were replayed; 0 beside published figures."),
  share: told(
    Schema.Number,
    "Of the recording's shoppers, the part that was replayed; beside published figures the size of the world.",
  ),
  playing: Schema.Struct({
    speed: told(Schema.Number, "2 plays twice as fast."),
    loops: told(Schema.Number, "How often it is played, one time after the other."),
    gapMillisMax: told(
      Measured,
      "Longer times without a visit are cut to this, milliseconds; null leaves them.",
    ),
  }),
  seeds: Schema.Array(Schema.String),
  digest: told(Schema.Array(Schema.String), "16 hexadecimal digits over every event, per seed."),
  changes: told(Schema.Array(Schema.String), "What was changed, as PATH=VALUE."),
  figures: Schema.Array(Figure),
  every: told(Schema.Number, "Milliseconds of an interval of the series; 0 where there is none."),
  series: Schema.Record({ key: Schema.String, value: Series }),
  mark: told(Measured, "The mean of all marks; null where there is none."),
  broken: told(
    Schema.Array(
      Schema.Struct({
        id: Schema.String,
        what: Schema.String,
        at: told(Schema.Number, "Microseconds since the start."),
        seed: Schema.String,
        plan: Schema.optionalWith(
          told(Schema.String, "Of the scenario beside published figures."),
          { exact: true },
        ),
      }),
    ),
    "Invariants that did not hold.",
  ),
  events: told(Schema.Number, "Of all replays."),
  repeat: told(Schema.String, "The command that gives this result again."),
  exit: exitForm("0 done, 1 an invariant broken, 4 a figure further off than its goal."),
});

const Ledger = Schema.Struct({
  plan: told(Schema.NullOr(Schema.String), "Of a rehearsal's log; null of a live sale's."),
  seed: told(Schema.NullOr(Schema.String), "Of a rehearsal's log; null of a live sale's."),
  events: Schema.Number,
  placed: told(Schema.Number, "All orders that were placed."),
  confirmed: told(Schema.Number, "Of them, those that were confirmed."),
  open: told(Schema.Number, "Orders that the log leaves without an end."),
  revenue: told(
    Schema.Record({ key: Schema.String, value: Schema.Number }),
    "Minor units of confirmed orders, by currency.",
  ),
  unitsSold: Schema.Number,
  digest: told(Schema.String, "16 hexadecimal digits over the orders, as the store itself has it."),
  findings: told(
    Schema.Array(
      Schema.Struct({
        line: told(Schema.Number, "Of the file, from 1; 0 for what is found at its end."),
        what: Schema.String,
      }),
    ),
    "Where the rules answer otherwise than the log, the first hundred.",
  ),
  found: told(Schema.Number, "All that were found."),
});

/** A store's own log put to its rules again, as it is read back from a file. */
export const LedgersResultForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("replay"),
  version: Schema.String,
  recording: told(Schema.String, "The file as it was named."),
  ledgers: told(Schema.Array(Ledger), "One of a live sale, one for each rehearsal of the log."),
  unreadable: told(Schema.Number, "Lines that are no events, without one that is cut off."),
  unreadableLines: told(Schema.Array(Schema.Number), "The first of them, from 1."),
  isCut: told(Schema.Boolean, "Whether the last line is cut off."),
  exit: exitForm("0 the rules answer everything as the log has it, 1 they do not."),
  repeat: told(Schema.String, "The command that gives this result again."),
});

/** A replay as it is read back from a file. */
export const ReplayForm = Schema.Union(ReplayResultForm, LedgersResultForm);

export function replayJsonSchema(): string {
  return canonicalJson(JSONSchema.make(ReplayForm));
}
