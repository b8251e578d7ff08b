/** The JSON Schema of loads; `LoadResult` of `load-text.ts` is the contract it describes. */
import { JSONSchema, Schema } from "effect";
import { exitForm, Measured, told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const CountsByName = Schema.Record({ key: Schema.String, value: Schema.Number });
const CountsBySecond = Schema.Array(Schema.Number);

const Times = Schema.Struct({
  mean: Measured,
  p50: Measured,
  p95: Measured,
  p99: Measured,
  max: Measured,
});

const Route = Schema.Struct({
  route: Schema.String,
  sent: told(Schema.Number, "Requests."),
  answered: told(Schema.Number, "With any status."),
  statuses: told(CountsByName, "Answers by status."),
  refused: told(Schema.Number, "Answered with 429 or 503."),
  errors: told(CountsByName, "Not answered, by kind."),
  response: told(
    Times,
    "Milliseconds from the time at which a request was due; null where nothing was measured.",
  ),
  service: told(Times, "Milliseconds from the time at which it went out."),
});

const Histogram = Schema.Struct({
  buckets: told(
    Schema.Array(Schema.Tuple(Schema.Number, Schema.Number)),
    "Pairs of bucket and count, of microseconds: one a value below 2048, then 1024 to a doubling.",
  ),
  sumMicros: told(Schema.Number, "Microseconds."),
  maxMicros: told(Schema.Number, "Microseconds."),
});

/** A load as it is read back from a file. */
export const LoadForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("load"),
  scenario: Schema.String,
  plan: Schema.String,
  seed: Schema.String,
  scale: told(Schema.Number, "Size of the world; counts are those of the scaled world."),
  target: told(Schema.String, "Address of the store."),
  version: Schema.String,
  complete: told(Schema.Boolean, "False where it was broken off."),
  repeat: told(Schema.String, "The command that sends this load again."),
  exit: exitForm("0 done, 1 an expectation missed or nothing answered, 130 interrupted."),
  saleStoodAt: told(
    Schema.Number,
    "Where the store's own sale stood when the load began, milliseconds since its start.",
  ),
  window: Schema.Struct({
    from: told(Schema.Number, "Where in the rehearsal it begins, milliseconds."),
    for: told(Schema.Number, "How long it is sent, milliseconds."),
    speed: told(Schema.Number, "2 sends twice as fast as the rehearsal's shoppers come."),
  }),
  processes: told(Schema.Number, "That sent it."),
  signed: told(Schema.Boolean, "Whether shoppers came with an invitation and a tier."),
  lasted: told(Schema.Number, "Milliseconds."),
  currency: told(Schema.String, "ISO 4217."),
  total: told(Route, "All routes as one."),
  routes: Schema.Array(Route),
  atEdge: told(Schema.Number, "Pages that the scenario's CDN answers: they were not sent."),
  orders: told(
    Schema.Array(
      Schema.Struct({
        end: Schema.String,
        store: told(Schema.Number, "How often the store answered so."),
        rehearsal: told(Schema.Number, "How often the rehearsal did."),
      }),
    ),
    "What became of orders.",
  ),
  revenue: told(Schema.Number, "Minor units of the orders that were sold."),
  problems: told(CountsByName, "Problems that the store told, by kind."),
  goals: told(
    Schema.Array(
      Schema.Struct({
        metric: Schema.String,
        expect: Schema.String,
        met: Schema.Boolean,
        why: Schema.String,
      }),
    ),
    "The scenario's expectations that a load can be held against.",
  ),
  sender: told(
    Schema.Struct({
      lag: told(Times, "Milliseconds that requests went out late."),
      loopLate: told(Schema.Number, "Lateness of the event loop, 99th percentile, milliseconds."),
      processorShares: told(Schema.Array(Schema.Number), "Of a core, of each process."),
      connectionsPeak: told(Schema.Number, "At most open at once."),
      heldBack: told(Schema.Number, "Requests that waited for the one before them."),
      skipped: told(Schema.Number, "Requests that earlier answers left nothing to ask for."),
      withoutConnection: told(Schema.Number, "Requests that waited for a connection."),
      dropped: told(Schema.Number, "Requests that were not sent because too many waited."),
      wasLimit: told(
        Schema.Array(Schema.String),
        "Why the machine, not the store, was the limit; empty where it was not.",
      ),
    }),
    "How the machine that sent did.",
  ),
  seconds: told(
    Schema.Struct({
      due: CountsBySecond,
      sent: CountsBySecond,
      answered: CountsBySecond,
      refused: CountsBySecond,
      failed: CountsBySecond,
    }),
    "Requests by second of the load.",
  ),
  histograms: told(
    Schema.Record({ key: Schema.String, value: Histogram }),
    "The response times of each route.",
  ),
});

export function loadJsonSchema(): string {
  return canonicalJson(JSONSchema.make(LoadForm));
}
