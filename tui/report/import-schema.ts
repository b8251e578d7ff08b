/** The JSON Schema of imports; `ImportResult` of `import-text.ts` is the contract it describes. */
import { JSONSchema, Schema } from "effect";
import { ORDER_FIELDS } from "../../twin/recordings/order-columns.ts";
import { told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const OrderField = Schema.Literal(...ORDER_FIELDS);

/** What an import did, as it is read back from a file. */
export const ImportForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("import"),
  version: Schema.String,
  file: told(Schema.String, "What was read, as it was named."),
  format: told(Schema.String, "As `--as` names it."),
  zone: told(Schema.String, "Name of the zone in which local times were read."),
  recording: told(Schema.NullOr(Schema.String), "The file that was written; null for no event."),
  leftOut: told(
    Schema.NullOr(Schema.String),
    "The file of what was left out; null where nothing was.",
  ),
  lines: told(Schema.Number, "Lines that held something."),
  kept: told(Schema.Number, "Events that were written."),
  linesLeftOut: Schema.Number,
  reasons: told(
    Schema.Array(
      Schema.Struct({
        why: Schema.String,
        lines: Schema.Number,
        first: told(Schema.Array(Schema.Number), "The first lines left out for it, from 1."),
      }),
    ),
    "Why lines were left out, the most frequent first.",
  ),
  from: told(Schema.NullOr(Schema.String), "ISO 8601, UTC; null where no event has a time."),
  to: told(Schema.NullOr(Schema.String), "ISO 8601, UTC; null where no event has a time."),
  backward: told(
    Schema.Struct({ events: Schema.Number, millis: Schema.Number }),
    "Events before the latest of those above them, and by how many milliseconds at most.",
  ),
  longestGap: told(
    Schema.NullOr(
      Schema.Struct({ millis: Schema.Number, from: told(Schema.String, "ISO 8601, UTC.") }),
    ),
    "The longest time in which nothing was recorded, and when it began.",
  ),
  clockChanges: told(
    Schema.Struct({ twice: Schema.Number, never: Schema.Number }),
    "Local times that the clocks showed twice, and that they never showed.",
  ),
  withoutOffset: told(Schema.Number, "Times without an offset, read in the zone given."),
  columns: told(
    Schema.NullOr(
      Schema.Struct({
        taken: told(
          Schema.partialWith(Schema.Record({ key: OrderField, value: Schema.String }), {
            exact: true,
          }),
          "Which column was taken for what.",
        ),
        missing: told(Schema.Array(OrderField), "What no column was found for."),
      }),
    ),
    "Of a table of orders; null of what has no such columns.",
  ),
  currencies: told(
    Schema.Array(
      Schema.Struct({ currency: told(Schema.String, "ISO 4217."), orders: Schema.Number }),
    ),
    "How many values were of which currency, the most frequent first.",
  ),
});

export function importJsonSchema(): string {
  return canonicalJson(JSONSchema.make(ImportForm));
}
