/** The sections of the scenario file about machines and payment networks; see `schema.ts`. */
import { ParseResult, Schema } from "effect";
import {
  Count,
  CountFromOne,
  DistributionForm,
  Duration,
  Factor,
  key,
  PositiveDuration,
  Share,
  Size,
  SUGGESTION_MARK,
} from "./quantity.ts";
import { Authentication } from "./schema-authentication.ts";
import { Database } from "./schema-database.ts";
import { Autoscaler, Nodes, Price, WarmPool } from "./schema-scaling.ts";
import { Bulkheads, Shedding } from "./schema-side-by-side.ts";

const Demand = Schema.Struct({
  cpu: key(Duration, "Mean CPU time of one page."),
  cv: key(Factor, "Coefficient of variation of the CPU time (lognormal)."),
  io: key(Duration, "Time spent waiting on databases and disks, off the CPU."),
  memory: key(Size, "Memory held while the request is in the instance."),
});

const Page = Schema.Literal("landing", "list", "product", "cart", "checkout", "payment");

const Fleet = Schema.Struct({
  zones: key(
    CountFromOne,
    "Zones that fail apart from each other; instances go round them in turn.",
  ),
  initial: key(CountFromOne, "Instances that serve at the start."),
  min: key(CountFromOne, "The fewest instances."),
  max: key(CountFromOne, "The most instances."),
  cores: key(CountFromOne, "CPU cores of one instance."),
  backlog: key(Count, "Requests of one instance that may wait for a core; one more is refused."),
  memory: key(
    Schema.Struct({
      total: key(Size, "Memory of one instance; past it, it crashes."),
      base: key(Size, "Memory an idle instance takes."),
    }),
    "Memory of one instance.",
  ),
  boot: key(DistributionForm, "From the order of an instance to its operating system being up."),
  "warm-up": key(DistributionForm, "From there to the application serving."),
  restart: key(DistributionForm, "From a crash to the application starting again."),
  draining: key(Duration, "An instance may finish its requests this long before it goes."),
  refusal: key(Duration, "Time for a refusal or an error page to reach the shopper."),
});

const Cdn = Schema.Struct({
  pages: key(Schema.Array(Page), "Pages that have static versions."),
  "hit-ratio": key(Share, "Share of their requests that the network answers itself."),
  "serve-stale": key(
    Share,
    "Share of their requests that get an old copy when the origin refuses or loses them; 0%: none.",
  ),
  hit: key(DistributionForm, "Load time of a hit."),
  miss: key(
    DistributionForm,
    "Network time of what goes to the origin, added to the origin's own.",
  ),
});

export const Platform = Schema.Struct({
  fleet: key(Fleet, "The instances."),
  autoscaler: key(Autoscaler, "What changes their number."),
  "warm-pool": key(WarmPool, "Instances that wait, prepared, to join the fleet."),
  price: key(Price, "What an hour of an instance costs."),
  nodes: key(Nodes, "Machines under the instances where these are pods."),
  database: key(Database, "The database behind the instances, where it has limits."),
  cdn: key(Cdn, "The content delivery network in front."),
  bulkheads: key(Bulkheads, "What keeps sellers on the same servers apart."),
  shedding: key(Shedding, "What servers refuse first when they are asked too much."),
  "service-level": key(
    Schema.Struct({
      latency: key(PositiveDuration, "The 95th percentile of 5 minutes stays within this."),
      errors: key(Share, "The share of errors in 5 minutes stays within this."),
    }),
    "What the store wants to hold; shoppers.concurrent.knee is where it first does not.",
  ),
  profile: key(
    Schema.Struct({
      landing: key(Demand, "The landing page."),
      list: key(Demand, "A list page."),
      product: key(Demand, "A product page."),
      cart: key(Demand, "The cart."),
      checkout: key(Demand, "The checkout."),
      payment: key(Demand, "The payment page."),
    }),
    "What each page asks of an instance.",
  ),
});

export const Gateway = Schema.Struct({
  latency: key(DistributionForm, "From the charge to its answer."),
  decline: key(Share, "Share of charges that are declined."),
  "soft-share": key(Share, "Share of declines where another try or card may pass."),
  error: key(Share, "Share of calls that fail at once with an error of the network."),
  "time-out-before-capture": key(Share, "Share of calls without an answer and without a charge."),
  "time-out-after-capture": key(Share, "Share of calls without an answer although charged."),
});

export type GatewayForm = typeof Gateway.Type;

const isNone = Schema.is(Schema.Literal("none"));
const decodeGateway = ParseResult.decodeUnknown(Gateway);
const isGatewayOrNone = (value: unknown): value is typeof Gateway.Encoded | "none" =>
  isNone(value) || (typeof value === "object" && value !== null && !Array.isArray(value));

/** A gateway, or `none`: decoded by what is there, so that an error names the one key at fault. */
const Fallback = Schema.transformOrFail(
  Schema.declare(isGatewayOrNone, {
    message: () => ({
      message: `must be a section, or none${SUGGESTION_MARK}write fallback: none, or give it keys`,
      override: true,
    }),
  }),
  Schema.declare((_: unknown): _ is GatewayForm | null => true),
  {
    strict: true,
    decode: (written, options) =>
      written === "none" ? ParseResult.succeed(null) : decodeGateway(written, options),
    encode: () => ParseResult.succeed("none" as const),
  },
).annotations({ jsonSchema: { type: "string", enum: ["none"] } });

export const Payments = Schema.Struct({
  primary: key(Gateway, "The payment network that is asked first."),
  fallback: key(Fallback, "The network behind the circuit breaker, or none. Default: none."),
  "three-d-secure": key(Authentication, "3-D Secure: the card's bank may ask who is paying."),
  policy: key(
    Schema.Struct({
      attempts: key(CountFromOne, "The most charges tried for one order at each network."),
      "time-limit": key(PositiveDuration, "How long one charge is waited for."),
      backoff: key(
        Schema.Struct({
          initial: key(Duration, "Wait before the second try; doubled for each further."),
          max: key(Duration, "The longest wait."),
        }),
        "Waits between tries.",
      ),
      breaker: key(
        Schema.Struct({
          failures: key(CountFromOne, "Failures in a row that open the breaker."),
          "open-for": key(Duration, "How long it stays open before one charge is let through."),
        }),
        "The circuit breaker in front of the primary network.",
      ),
      "reconcile-every": key(PositiveDuration, "How often orders in doubt are looked up."),
    }),
    "How the store treats its payment networks.",
  ),
});
