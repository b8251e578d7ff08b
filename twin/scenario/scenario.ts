/**
 * A scenario as the twin sees it: every value decoded, every default filled in, every unit the
 * kernel's own. Times are ticks (whole microseconds), money is integer minor units, shares are
 * ratios from 0 to 1, rates are events per second. `schema.ts` says how a file spells each of
 * them; nothing here knows YAML.
 */
import type { Ticks } from "../../engine/time.ts";
import type { Tier } from "../../store/core/tier.ts";
import type { LimitsSpec, RaidSpec, WhereaboutsSpec } from "./bots-spec.ts";
import type { DatabaseSpec } from "./database.ts";
import type { FeedbackSpec } from "./feedback-spec.ts";
import type {
  AlarmedSpec,
  AutoscalerSpec,
  NodesSpec,
  PredictiveSpec,
  PriceSpec,
  ScheduleSpec,
  WarmPoolSpec,
} from "./fleet-size.ts";
import type { Brownout, NetworkName, PaymentsSpec } from "./payments-spec.ts";
import type { PromotionsSpec } from "./promotions.ts";
import type { SideBySideSpec } from "./side-by-side.ts";
import type { WaitingRoomSpec } from "./waiting-room-spec.ts";

export type * from "./bots-spec.ts";
export type * from "./database.ts";
export type * from "./feedback-spec.ts";
export type * from "./fleet-size.ts";
export type * from "./payments-spec.ts";
export type * from "./promotions.ts";
export type * from "./serverless.ts";
export type * from "./side-by-side.ts";

/** A probability distribution as a value; `unit` of its parameters is that of the field it stands in. */
export type DistributionSpec =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "exponential"; readonly mean: number; readonly cap?: number }
  | {
      readonly kind: "lognormal";
      readonly median: number;
      readonly sigma: number;
      readonly cap?: number;
    }
  | {
      readonly kind: "log-logistic";
      readonly median: number;
      readonly shape: number;
      readonly cap?: number;
    }
  | {
      readonly kind: "weibull";
      readonly median: number;
      readonly shape: number;
      readonly cap?: number;
    }
  | {
      readonly kind: "mixture";
      readonly parts: readonly { readonly weight: number; readonly of: DistributionSpec }[];
    };

/** A listed item: one product, one SKU. */
export interface ItemSpec {
  readonly sku: string;
  readonly name: string;
  /** Price outside the sale, minor units. */
  readonly price: number;
  /** Price during the sale, minor units. */
  readonly salePrice: number;
  readonly units: number;
  /** Relative demand; the shares of all items are the weights over their sum. */
  readonly weight: number;
}

export interface SellerSpec {
  readonly name: string;
  /** Every item, whether the file listed it or described it by a rule (see `catalog.ts`). */
  readonly items: readonly ItemSpec[];
  /** The most units of one SKU that one shopper may buy in the sale. */
  readonly limitPerShopper: number;
  /** How long a hold lasts before its units go back on sale. */
  readonly holdFor: Ticks;
  /** Share of the sale price under which no promotion sells a unit. */
  readonly floor: number;
}

/** When the sale admits whom, as ticks since the scenario's start. */
export interface SaleSpec {
  readonly earlyAccessAt: Ticks;
  /** Tiers whose invitations hold; an invitation is a mail, or a link that was passed on. */
  readonly earlyAccessFor: readonly Tier[];
  readonly publicAt: Ticks;
  readonly closesAt: Ticks;
}

export interface AudienceSpec {
  /** Addresses on the mailing list. */
  readonly recipients: number;
  /** Share of delivered mails that lead to a visit. */
  readonly visitRate: number;
  /** From delivery to click, ticks. */
  readonly clickDelay: DistributionSpec;
  /** From the sender's hand-over to the inbox, ticks. */
  readonly deliveryDelay: DistributionSpec;
  /** The sender's throughput limit, mails per second. */
  readonly senderRate: number;
  readonly segments: SegmentsSpec;
}

/** Who is in neither segment is regular. */
export interface SegmentsSpec {
  readonly vip: SegmentSpec;
  readonly loyal: SegmentSpec;
}

export interface SegmentSpec {
  /** Share of all who may come, mailed or not. */
  readonly share: number;
  /** Share of their delivered mails that lead to a visit. */
  readonly visitRate: number;
  /** How long before the rest they are mailed. */
  readonly mailedBefore: Ticks;
}

/** A constant rate from a tick until the next step or the end. */
export interface TrafficStep {
  readonly at: Ticks;
  /** Sessions per second. */
  readonly rate: number;
}

/** Visits that no mail explains: rate(t) = rate * profile(hour of day) * exp(-decayPerDay * days). */
export interface TrafficSpec {
  /** Sessions per second where the profile is 1, on the first day. */
  readonly rate: number;
  /** 24 factors, one per local hour of the day, linear in between (the value stands at mid-hour). */
  readonly dailyProfile: readonly number[];
  readonly decayPerDay: number;
  /** Linear ramp from zero after the start. */
  readonly ramp: Ticks;
  /** Where there are any, the rate is theirs from each one on and none before the first. */
  readonly steps: readonly TrafficStep[];
  /** Share of these visitors who hold an early-access link. */
  readonly invited: number;
}

/** The pages of the shop, each a class of work with its own demand. */
export type PageClass = "landing" | "list" | "product" | "cart" | "checkout" | "payment";
export const PAGE_CLASSES: readonly PageClass[] = [
  "landing",
  "list",
  "product",
  "cart",
  "checkout",
  "payment",
];

/** Where a shopper goes next; what is left to 1 leaves the shop. */
export interface JourneySpec {
  readonly landing: { readonly list: number; readonly product: number };
  readonly list: { readonly list: number; readonly product: number };
  readonly product: { readonly list: number; readonly product: number; readonly cart: number };
  readonly cart: { readonly list: number; readonly checkout: number };
  readonly checkout: { readonly payment: number };
  /** Share of shoppers on the payment page who submit it. */
  readonly payment: { readonly submit: number };
}

export interface ShoppersSpec {
  /** How long after the last request a session still counts as concurrent. */
  readonly idleTimeout: Ticks;
  readonly thinkTime: DistributionSpec;
  readonly journey: JourneySpec;
  /** How long a shopper waits for a page before leaving, ticks. */
  readonly patience: DistributionSpec;
  /**
   * Bounce against page load time: relative = 1 + rise * (s(t) - s(1 s)),
   * s(t) = 1 / (1 + exp(-(t - middle) * steepness)); journey.landing holds at `reference`.
   */
  readonly bounce: {
    readonly rise: number;
    readonly steepness: number;
    readonly middle: Ticks;
    readonly reference: Ticks;
  };
  /** After an error page: whether, how often and how soon the shopper tries again. */
  readonly retry: {
    readonly share: number;
    readonly limit: number;
    readonly delay: DistributionSpec;
    /** Share who load a page again that took longer than their patience; the others leave. */
    readonly reload: number;
    /** Of those who try again after a refusal with Retry-After, the share who wait so long. */
    readonly obeys: number;
  };
  /** After a declined payment: share who try once more with another card. */
  readonly otherCard: number;
  /** Units of a line: 1 + geometric with this mean excess. */
  readonly extraUnitsMean: number;
  readonly whereabouts: WhereaboutsSpec;
}

/** CPU and I/O that one page asks of an instance. */
export interface Demand {
  /** Mean CPU time, ticks. */
  readonly cpu: Ticks;
  /** Coefficient of variation of the CPU time (lognormal). */
  readonly cv: number;
  /** Time spent waiting on databases and disks, off the CPU, ticks. */
  readonly io: Ticks;
  /** Memory held while the request is in the instance, bytes. */
  readonly memory: number;
}

export interface FleetSpec {
  /** Parts of the data centre that fail apart from each other; instances go round them in turn. */
  readonly zones: number;
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  readonly cores: number;
  /** Requests that may wait for a core; one more is refused (503). */
  readonly backlog: number;
  readonly memory: { readonly total: number; readonly base: number };
  /** From the order of an instance to its operating system being up. */
  readonly boot: DistributionSpec;
  /** From there to the application serving. */
  readonly warmUp: DistributionSpec;
  /** From a crash to serving again, on top of the warm-up. */
  readonly restart: DistributionSpec;
  /** The load balancer lets an instance finish its requests this long before it goes. */
  readonly draining: Ticks;
  /** Time for a refused connection or an error page to reach the shopper. */
  readonly refusal: Ticks;
  readonly demands: Readonly<Record<PageClass, Demand>>;
  readonly nodes: NodesSpec;
  readonly warmPool: WarmPoolSpec;
}

export interface CdnSpec {
  /** Pages with static versions. */
  readonly pages: readonly PageClass[];
  readonly hitRatio: number;
  /** Share of the pages with static versions of which an old copy is there when the origin fails. */
  readonly serveStale: number;
  readonly hit: DistributionSpec;
  /** Network time of what goes to the origin, added to the origin's own. */
  readonly miss: DistributionSpec;
}

/** What fails, and how much; `twin/faults` says what each does. */
export type FaultEffect =
  | {
      readonly kind: "gateway-outage";
      readonly network: NetworkName;
      /** Whether a call fails at once or is never answered. */
      readonly answer: "error" | "silence";
    }
  | Brownout
  | {
      readonly kind: "gateway-rate-limit";
      readonly network: NetworkName;
      /** Charges per second that the network takes. */
      readonly rate: number;
    }
  /** The hit ratio falls to a share, and climbs back evenly until the fault's end. */
  | { readonly kind: "cdn-cold"; readonly hitRatio: number }
  | { readonly kind: "cdn-outage" }
  /** A share of the instances in service, or a number of them. */
  | { readonly kind: "instances-lost"; readonly share: number }
  | { readonly kind: "instances-lost"; readonly instances: number }
  | {
      readonly kind: "zone-lost";
      /** Counted from 1. */
      readonly zone: number;
      /** How long until an autoscaled fleet orders others in the zones that are left. */
      readonly replacedAfter: Ticks;
    }
  | { readonly kind: "database-slow" | "fleet-slow"; readonly times: number };
export type FaultKind = FaultEffect["kind"];

/** A fault with its time, ticks since the start; `ends` is `at` where it is a matter of a moment. */
export type FaultSpec = { readonly at: Ticks; readonly ends: Ticks } & FaultEffect;

/** How the mailing goes out: the list in `batches` equal parts, `every` apart, each handed over evenly during `eachOver`. */
export interface LaunchSpec {
  readonly at: Ticks;
  readonly batches: number;
  readonly every: Ticks;
  readonly eachOver: Ticks;
}

/** One plan of a scenario, with whatever it overrides already applied. */
export interface PlanSpec {
  readonly name: string;
  readonly description: string;
  readonly launch: LaunchSpec;
  readonly world: WorldSpec;
  /** What this plan must meet, besides what the scenario expects of every plan. */
  readonly expect: readonly ExpectationSpec[];
}

/** What the store wants to hold; the first interval that misses it is the knee. */
export interface ServiceLevelSpec {
  /** Bound of the 95th percentile of an interval. */
  readonly latency: Ticks;
  /** Bound of the share of errors in an interval. */
  readonly errors: number;
}

/** Everything that one rehearsal needs besides its seed and its launch. */
export interface WorldSpec {
  /** Wall time of tick 0: milliseconds since 1970-01-01T00:00Z, and the local offset from UTC. */
  readonly starts: { readonly epochMillis: number; readonly offsetMinutes: number };
  readonly lasts: Ticks;
  /** ISO 4217. */
  readonly currency: string;
  readonly sellers: readonly SellerSpec[];
  readonly sale: SaleSpec;
  readonly audience: AudienceSpec;
  readonly traffic: TrafficSpec;
  readonly shoppers: ShoppersSpec;
  readonly fleet: FleetSpec;
  readonly autoscaler: AutoscalerSpec;
  /** Policies beside it. */
  readonly furtherPolicies: readonly AlarmedSpec[];
  /** Null where nothing is predicted. */
  readonly predictive: PredictiveSpec | null;
  readonly schedule: ScheduleSpec;
  readonly price: PriceSpec;
  readonly database: DatabaseSpec;
  readonly cdn: CdnSpec;
  readonly sideBySide: SideBySideSpec;
  readonly serviceLevel: ServiceLevelSpec;
  readonly payments: PaymentsSpec;
  /** Null where there is none. */
  readonly waitingRoom: WaitingRoomSpec | null;
  /** In the file's order. */
  readonly bots: readonly RaidSpec[];
  readonly limits: LimitsSpec;
  /** In the file's order. */
  readonly faults: readonly FaultSpec[];
  readonly promotions: PromotionsSpec;
  readonly feedback: FeedbackSpec;
}

export interface ExpectationSpec {
  /** As written, for messages and results. */
  readonly metric: string;
  readonly expect: string;
}

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly seed: string;
  /** Seeds a verb runs where the command does not say. */
  readonly seeds: number;
  /** 1 at full size; below, every count is that of a world so much smaller (see `scale.ts`). */
  readonly scale: number;
  /** In the file's order; the first is the one a verb takes where none is named. */
  readonly plans: readonly PlanSpec[];
  /** What every plan must meet. */
  readonly expect: readonly ExpectationSpec[];
}
