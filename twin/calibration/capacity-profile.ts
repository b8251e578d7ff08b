/**
 * The capacity profile: what a running store was measured to ask of its machine, route by route,
 * and how far predictions from it were off. Times are microseconds on the machine that it names, at
 * the speed that the reference loop had there.
 */
import { Either, JSONSchema, ParseResult, Schema } from "effect";
import { ROUTES, type RouteName } from "./load-cell.ts";

const note = (description: string) => ({ description });
const Micros = Schema.NonNegative.annotations(note("microseconds"));
const Share = Schema.Number.pipe(Schema.between(0, 1));

/** CPU time of one request, or of one second without any. */
const Spent = Schema.Struct({
  loop: Micros.annotations(note("on the event loop's thread, with its waits for a core")),
  store: Micros.annotations(note("of all threads and processes of the store")),
  machine: Micros.annotations(note("of the whole machine: store, databases, sender, kernel")),
});

/** The shares at which a curve of residuals is kept. */
export const RESIDUAL_SHARES = [
  0, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
  0.8, 0.85, 0.9, 0.925, 0.95, 0.965, 0.98, 0.99, 0.995, 1,
] as const;

const Level = Schema.Struct({
  busy: Share.annotations(note("share of the machine's cores that were busy")),
  requests: Schema.NonNegativeInt.annotations(note("that the curve stands on")),
  residual: Schema.Array(Schema.Number)
    .pipe(Schema.itemsCount(RESIDUAL_SHARES.length))
    .annotations(note("time beyond the loop, microseconds, at shares from 0 to 1")),
});

const Route = Schema.Struct({
  demand: Spent,
  low: Spent.annotations(note("5 % of the bootstrapped demands are below it")),
  high: Spent.annotations(note("5 % of the bootstrapped demands are above it")),
  writes: Schema.Boolean,
  turns: Schema.Int.pipe(Schema.between(1, 2)).annotations(note("turns of the loop")),
  levels: Schema.NonEmptyArray(Level),
});

const Width = Schema.Number.annotations(
  note("what is added to both ends of the simulated 90 % interval, as a logarithm"),
);

const StallRun = Schema.Struct({
  amount: Schema.Positive.annotations(note("requests of the loop, or seconds of the commits")),
  lengths: Schema.Array(Micros).annotations(note("of each stall, microseconds")),
});

const Stalls = Schema.Struct({
  loop: Schema.Array(StallRun).annotations(
    note("in which an event loop answers nobody, run by run"),
  ),
  commit: Schema.Array(StallRun).annotations(
    note("in which nothing that is written becomes durable, run by run"),
  ),
});

export const FIGURES = ["throughput", "utilisation", "mean", "p50", "p95", "p99"] as const;
export type FigureName = (typeof FIGURES)[number];

const Figures = Schema.Struct({
  throughput: Width,
  utilisation: Width,
  mean: Width,
  p50: Width,
  p95: Width,
  p99: Width,
});

export const CapacityProfile = Schema.Struct({
  schemaVersion: Schema.Literal(1),
  kind: Schema.Literal("capacity-profile"),
  version: Schema.NonEmptyString.annotations(note("of the product that was measured")),
  measuredAt: Schema.NonEmptyString.annotations(note("when, ISO 8601")),
  machine: Schema.Struct({
    processor: Schema.String,
    cores: Schema.Int.pipe(Schema.positive()),
    memoryBytes: Schema.NonNegativeInt,
    system: Schema.String,
    node: Schema.String,
  }),
  ledger: Schema.NonEmptyString.annotations(note("where the store kept its orders")),
  reference: Schema.Struct({
    loopMicros: Micros.annotations(note("of the fixed loop that tells the machine's speed")),
    requestMicros: Micros.annotations(note("of a request that does nothing, one at a time")),
  }),
  fixedPerSecond: Spent,
  commit: Schema.Struct({
    onLoop: Schema.Boolean.annotations(note("whether a commit holds the event loop up")),
    micros: Micros.annotations(note("wait for the disk at a light load, without the stalls")),
  }),
  held: Schema.Struct({
    perWrite: Schema.NonNegative.annotations(note("times, by a request that writes")),
    micros: Micros.annotations(note("mean time each")),
  }).annotations(note("the lock of the ledger's file, or a connection to its database")),
  routes: Schema.Struct({
    home: Route,
    product: Route,
    stock: Route,
    cart: Route,
    order: Route,
    declined: Route,
    refused: Route,
  }),
  stalls: Stalls,
  widths: Figures,
});

export type CapacityProfile = typeof CapacityProfile.Type;
export type SpentTimes = typeof Spent.Type;
export type ResidualLevel = typeof Level.Type;
export type Widths = typeof Figures.Type;
export type StallRun = typeof StallRun.Type;
export type Stalls = typeof Stalls.Type;

/** What the model needs of a profile, without where it was measured. */
export type DemandModel = Pick<
  CapacityProfile,
  "fixedPerSecond" | "commit" | "routes" | "stalls"
> & {
  readonly cores: number;
};

/** The profile that a JSON text holds, or in plain words what is wrong with it. */
export function readCapacityProfile(text: string): Either.Either<CapacityProfile, string> {
  return Either.mapLeft(
    Schema.decodeUnknownEither(Schema.parseJson(CapacityProfile))(text, {
      onExcessProperty: "error",
    }),
    (error) => ParseResult.TreeFormatter.formatErrorSync(error),
  );
}

export function capacityProfileJsonSchema(): string {
  return `${JSON.stringify(JSONSchema.make(CapacityProfile), null, 2)}\n`;
}

/** The pages of a rehearsal, each by the route that stands for it. */
const PAGES: Readonly<Record<string, RouteName>> = {
  landing: "home",
  list: "stock",
  product: "product",
  cart: "cart",
  checkout: "cart",
  payment: "order",
};

/**
 * The profile as a scenario's `platform.profile` takes it: CPU time and time off the CPU of each
 * page. Memory is not measured and left to the scenario's defaults.
 */
export function scenarioPages({ routes, commit }: CapacityProfile) {
  return Object.fromEntries(
    Object.entries(PAGES).map(([page, name]) => {
      const { demand, writes, turns, levels } = routes[name];
      const residual = levels[0].residual[RESIDUAL_SHARES.indexOf(0.5)];
      const waits = (writes ? turns * commit.micros : 0) + Math.max(0, residual);
      return [page, { cpu: micros(demand.store), io: micros(waits) }];
    }),
  );
}

function micros(value: number): string {
  return `${Math.max(1, Math.round(value))}us`;
}

export function routesOf<Value>(of: (route: RouteName) => Value): Record<RouteName, Value> {
  return Object.fromEntries(ROUTES.map((route) => [route, of(route)])) as Record<RouteName, Value>;
}
