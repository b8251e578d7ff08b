/**
 * What a running rehearsal shows of itself. Looking changes nothing: the digest of a rehearsal is
 * the same however often it was looked at.
 */
import type { Ticks } from "../../engine/time.ts";
import type { Batch } from "../email/mailing.ts";
import type { Rehearsal } from "../result.ts";

/** The figures of one instant of virtual time; where nothing was measured, not a number. */
export interface Snapshot {
  /** Beyond `of` while the world comes to rest after the sale. */
  readonly now: Ticks;
  /** The sale's length. */
  readonly of: Ticks;
  /** Events of the kernel so far. */
  readonly events: number;
  /** Sessions within the idle time-out, and those that began in the last minute. */
  readonly shoppers: number;
  readonly arrivalsPerMinute: number;
  /** Tickets in the waiting room; 0 where there is none. */
  readonly queue: number;
  /** Of functions: environments, none of them warming, and the account's concurrency. */
  readonly instances: {
    readonly serving: number;
    /** Ordered and not yet serving. */
    readonly warming: number;
    readonly min: number;
    readonly max: number;
  };
  /** Since the start, and in the last minute. */
  readonly orders: number;
  readonly ordersPerMinute: number;
  /** Minor units. */
  readonly revenue: number;
  readonly revenuePerMinute: number;
  /** Errors over pages since the start; the same figure as `errors.rate`. */
  readonly errorsRate: number;
  /** Milliseconds over all pages since the start; the same figures as `latency.p50` and `.p95`. */
  readonly latencyP50: number;
  readonly latencyP95: number;
  readonly oversold: number;
}

/** One point of each live chart. */
export interface Sample {
  readonly at: Ticks;
  readonly shoppers: number;
  readonly queue: number;
  readonly instances: number;
  /** Requests that reached the servers, and what the serving instances could answer, per second. */
  readonly load: number;
  readonly capacity: number;
  /** In the interval that ends here. */
  readonly orders: number;
  readonly revenue: number;
  readonly errors: number;
  /** Milliseconds, of the interval that ends here. */
  readonly latencyP50: number;
  readonly latencyP95: number;
}

/** Something that happened and that a planner would want to be told of. */
export interface Happening {
  readonly at: Ticks;
  readonly kind:
    | "batch"
    | "scaling"
    | "waiting-room"
    | "sold-out"
    | "fault"
    | "service-level"
    | "intervention"
    | "end";
  readonly severity: "info" | "warning" | "critical";
  /** One sentence without its time, for example "autoscaler: 20 → 24 instances (utilisation 91 %)". */
  readonly text: string;
}

/** What came since the last look, with the state at its end. */
export interface Glimpse {
  readonly snapshot: Snapshot;
  readonly samples: readonly Sample[];
  readonly happenings: readonly Happening[];
  /** Every batch of the mailing, sent and planned, as it stands now, in the order of their times. */
  readonly batches: readonly Batch[];
  /** At the end of the sale, when all is at rest; null before. */
  readonly rehearsal: Rehearsal | null;
}
