/**
 * Judges a rehearsal by the intervals of its series: for how long the store was down, how long it
 * took to recover, and how many shoppers were in it when its service level was first missed.
 *
 * Down means that of the requests which reached the servers in an interval more than half were
 * refused, lost in a crash or given up by the shopper; what the content delivery network answers
 * does not hide it. The knee is the concurrency at the end of the first interval in which the 95th
 * percentile of latency or the share of errors is above its bound.
 */
import type { Ticks } from "../engine/time.ts";
import type { ServiceLevelSpec } from "./scenario/scenario.ts";

/** Of the requests to the servers, above this share without an answer the store is down. */
const DOWN_ABOVE = 0.5;

/** Totals since the start, and what stands at the end of an interval. */
export interface ServiceSample {
  /** Of the interval. */
  readonly length: Ticks;
  /** Pages asked for, of the network and of the servers. */
  readonly pages: number;
  /** Pages asked of the servers. */
  readonly asked: number;
  /** Requests refused or lost in a crash. */
  readonly errors: number;
  /** Requests given up by the shopper. */
  readonly givenUp: number;
  /** 95th percentile of the interval, ticks; not a number where no page came. */
  readonly latency: Ticks;
  readonly concurrent: number;
}

const NOTHING = { pages: 0, asked: 0, errors: 0, givenUp: 0 };

export class ServiceLevel {
  /** Length of all intervals in which the store was down. */
  downtime: Ticks = 0;
  /** Of the longest row of such intervals. */
  longestDowntime: Ticks = 0;
  /** Concurrent sessions when the service level was first missed; null where it never was. */
  knee: number | null = null;
  private readonly spec: ServiceLevelSpec;
  private before: Omit<ServiceSample, "length" | "latency" | "concurrent"> = NOTHING;
  private downSince: Ticks = 0;

  constructor(spec: ServiceLevelSpec) {
    this.spec = spec;
  }

  /** At the end of each interval, in order. */
  take(sample: ServiceSample): void {
    const { before, spec } = this;
    const errors = sample.errors - before.errors;
    const lost = errors + sample.givenUp - before.givenUp;
    if (lost > (sample.asked - before.asked) * DOWN_ABOVE) {
      this.downtime += sample.length;
      this.downSince += sample.length;
      this.longestDowntime = Math.max(this.longestDowntime, this.downSince);
    } else {
      this.downSince = 0;
    }
    const missed =
      sample.latency > spec.latency || errors > (sample.pages - before.pages) * spec.errors;
    if (missed) this.knee ??= sample.concurrent;
    this.before = sample;
  }
}
