/** The JSON Schema of demand sheets; `twin/forecast/demand-sheet.ts` is the contract it describes. */
import { JSONSchema, Schema } from "effect";
import { EstimateForm, Measured, told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const Row = Schema.Struct({
  name: told(Schema.String, "The figure's one name; that of a metric where a rehearsal has it."),
  unit: told(
    Schema.Literal("count", "money", "ms", "share", "hours", "perSecond", "times"),
    "Money is in minor units of the currency, shares are ratios.",
  ),
  about: Schema.String,
  forecast: told(
    Measured,
    "Expected value in closed form; null where there is nothing to compute it from.",
  ),
  simulated: told(
    Schema.NullOr(EstimateForm),
    "The same of the rehearsals; null where they have no such figure or none was asked for.",
  ),
  difference: told(Measured, "(simulated - forecast) / forecast."),
  tolerance: told(
    Measured,
    "2 % for the model and 3 standard deviations of the rehearsals' chance; a larger difference needs a reason.",
  ),
  within: told(Schema.NullOr(Schema.Boolean), "Whether the difference is within the tolerance."),
  why: told(Schema.String, "What explains a larger difference; empty where nothing does."),
});

const Step = Schema.Struct({
  share: told(Schema.Number, "Of the forecast peak."),
  concurrentShoppers: told(Schema.Number, "Sessions within the idle time-out."),
  virtualUsers: told(Schema.Number, "Of these, sessions that will ask for another page."),
  pagesPerSecond: Schema.Number,
  requestsPerSecond: told(Schema.Number, "Pages that the edge does not answer."),
  ordersPerSecond: Schema.Number,
  servers: told(Schema.Number, "At the target utilisation."),
  hold: told(Schema.Number, "How long to hold the step, ms."),
});

const Values = Schema.Array(Schema.Number);

/** A demand sheet as it is read back from a file. */
export const DemandSheetForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("forecast"),
  scenario: Schema.String,
  plan: Schema.String,
  version: Schema.String,
  currency: told(Schema.String, "ISO 4217."),
  scale: told(Schema.Number, "Size of the world; counts are those of the scaled world."),
  inputs: told(Schema.String, "16 hexadecimal digits over the decoded plan, as in a result."),
  seeds: told(Schema.Array(Schema.String), "Of the rehearsals; empty for the closed form alone."),
  digest: told(Schema.Array(Schema.String), "16 hexadecimal digits over every event, per seed."),
  figures: told(
    Schema.Array(Row),
    "The demand sheet, from the list to the multiple of a normal day.",
  ),
  given: told(
    Schema.Struct({
      servers: told(Schema.Number, "At the start."),
      serversMax: told(Schema.Number, "At most."),
      cores: told(Schema.Number, "Of one server."),
      target: told(Schema.Number, "CPU utilisation that servers are counted for."),
      units: told(Schema.Number, "On stock, of all articles."),
    }),
    "What the plan has to meet the demand with.",
  ),
  loadTest: told(Schema.Array(Step), "Steps of a load test for the forecast peak."),
  series: told(
    Schema.Struct({
      every: Schema.String,
      "shoppers.concurrent": Values,
      sessions: Values,
      pages: Values,
      orders: Values,
    }),
    "The closed form per interval of `every`; shoppers.concurrent at its end.",
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
    "Invariants of the rehearsals that did not hold.",
  ),
  events: told(Schema.Number, "Of the rehearsals; 0 for the closed form alone."),
  partial: told(Schema.Boolean, "True where a rehearsal was interrupted and is left out."),
  repeat: told(Schema.String, "The command that gives this sheet again."),
  exit: Schema.Struct({
    code: told(
      Schema.Number,
      "0 done, 1 an invariant broken, 4 a difference that nothing explains, 130 interrupted.",
    ),
    reason: Schema.String,
  }),
});

export function forecastJsonSchema(): string {
  return canonicalJson(JSONSchema.make(DemandSheetForm));
}
