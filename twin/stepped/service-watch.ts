/**
 * Whether the service level is kept, judged minute by minute: missed in the first minute whose 95th
 * percentile of latency or share of errors is above its bound, kept again after three minutes in a
 * row within both. A minute with few pages proves nothing, so it is joined to the next.
 */
import { Histogram } from "../../engine/statistics/histogram.ts";
import { MINUTE, type Ticks } from "../../engine/time.ts";
import type { ServiceLevelSpec } from "../scenario/scenario.ts";
import { missedText } from "./happening-text.ts";
import type { Happening } from "./snapshot.ts";

/** Below so many pages the 95th percentile is the slowest two or three. */
const PAGES_MIN = 50;
const MINUTES_KEPT = 3;

interface PageCounts {
  readonly at: Ticks;
  readonly pages: number;
  readonly errors: number;
}

export class ServiceWatch {
  readonly #spec: ServiceLevelSpec;
  readonly #latency = new Histogram();
  #before: PageCounts = { at: 0, pages: 0, errors: 0 };
  #missed = false;
  #keptInARow = 0;

  constructor(spec: ServiceLevelSpec) {
    this.#spec = spec;
  }

  /** With the latencies since it was asked last; what there is to tell, or null. */
  look(counts: PageCounts, latency: Histogram): Omit<Happening, "at"> | null {
    this.#latency.merge(latency);
    const pages = counts.pages - this.#before.pages;
    if (counts.at - this.#before.at < MINUTE || pages < PAGES_MIN) return null;
    const errors = (counts.errors - this.#before.errors) / pages;
    const minute = { latency: this.#latency.quantile(0.95), errors };
    this.#before = counts;
    this.#latency.clear();
    return this.#judge(minute);
  }

  #judge(minute: { readonly latency: Ticks; readonly errors: number }) {
    const { latency, errors } = this.#spec;
    const misses = minute.latency > latency || minute.errors > errors;
    this.#keptInARow = misses ? 0 : this.#keptInARow + 1;
    if (misses && !this.#missed) {
      this.#missed = true;
      const text = missedText(minute, this.#spec);
      return { kind: "service-level", severity: "critical", text } as const;
    }
    if (!this.#missed || this.#keptInARow < MINUTES_KEPT) return null;
    this.#missed = false;
    return { kind: "service-level", severity: "info", text: "service level kept again" } as const;
  }
}
