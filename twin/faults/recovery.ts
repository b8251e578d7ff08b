/**
 * How long after the last fault's end a sale is what it was before the first. Three figures are
 * looked at, of the ten minutes before the first fault (or what there is of them) and of each
 * minute after the last one's end:
 *
 * - the share of pages that ended in an error: at most {@link ERRORS_ABOVE} above the one before;
 * - the share of charges that the payment networks failed, by an error or by no answer: at most
 *   {@link FAILED_CHARGES_ABOVE} above, judged where a minute has {@link CHARGES_MIN} charges;
 * - the time in which 95 % of all pages came: at most {@link LATENCY_TIMES} the one before.
 *
 * The sale has recovered at the beginning of the first of {@link MINUTES_IN_A_ROW} minutes that
 * all keep these bounds. The bounds are modelling choices: wide enough for the noise of a minute
 * of a small sale, narrow enough for what a shopper would notice.
 */
import { assert } from "../../engine/assert.ts";
import { type EventKind, PRIORITY_MAX, type Simulation } from "../../engine/simulation.ts";
import { Histogram } from "../../engine/statistics/histogram.ts";
import { MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import { type Metric, metricOfPart } from "../metric.ts";
import type { FaultSpec } from "../scenario/scenario.ts";

const BEFORE: Ticks = 10 * MINUTE;
const ERRORS_ABOVE = 0.01;
const FAILED_CHARGES_ABOVE = 0.1;
const CHARGES_MIN = 10;
const LATENCY_TIMES = 1.5;
const MINUTES_IN_A_ROW = 3;

/** What has been counted since the start of the rehearsal. */
export interface RecoveryCounts {
  readonly pages: number;
  /** Pages that ended in an error. */
  readonly errors: number;
  readonly charges: number;
  /** Charges that ended in an error or without an answer. */
  readonly failedCharges: number;
}

export interface RecoveryOptions {
  /** At least one. */
  readonly faults: readonly FaultSpec[];
  /** The scenario's end. */
  readonly lasts: Ticks;
  readonly counts: () => RecoveryCounts;
}

interface Figures {
  readonly pages: number;
  readonly errors: number;
  readonly charges: number;
  readonly failedCharges: number;
  /** Ticks; not a number where no page came. */
  readonly latency: number;
}

/** The metrics of a world with faults. */
export const RECOVERY_METRICS: readonly Metric[] = [
  metricOfPart(
    "recovery.time",
    "ms",
    "less",
    "From the last fault's end until errors and latency are back near what they were before the first; the rest of the scenario where they never are, nothing without a fault",
  ),
];

export class RecoveryWatch {
  /** The latency of every page, as it comes; emptied from minute to minute. */
  readonly latency = new Histogram();
  readonly #simulation: Simulation;
  readonly #options: RecoveryOptions;
  readonly #lastEnd: Ticks;
  readonly #minuteEnds: EventKind;
  #countsBefore: RecoveryCounts;
  #before: Figures | null = null;
  /** Minutes in a row, up to the last one, that keep the bounds. */
  #inARow = 0;
  #recoveredAt: Ticks | null = null;

  constructor(simulation: Simulation, options: RecoveryOptions) {
    const { faults, lasts } = options;
    assert(faults.length > 0, "a sale recovers from a fault");
    this.#simulation = simulation;
    this.#options = options;
    this.#countsBefore = options.counts();
    const firstAt = Math.min(...faults.map(({ at }) => at));
    this.#lastEnd = Math.max(...faults.map(({ ends }) => ends));
    assert(this.#lastEnd <= lasts, "the last fault ends within the scenario");
    const last = { priority: PRIORITY_MAX };
    const begin = simulation.defineEvent("recovery.begin", () => void this.#take(), last);
    const before = simulation.defineEvent("recovery.before", () => this.#keepBefore(), {
      priority: -PRIORITY_MAX,
    });
    this.#minuteEnds = simulation.defineEvent("recovery.minute", () => this.#judge(), last);
    if (firstAt === 0) return;
    simulation.schedule(Math.max(0, firstAt - BEFORE), begin, 0);
    simulation.schedule(firstAt, before, 0);
    simulation.schedule(this.#lastEnd, begin, 0);
    this.#scheduleMinute(this.#lastEnd);
  }

  /** Its metrics by name. */
  figures(): Record<string, number> {
    return { "recovery.time": (this.time ?? Number.NaN) / MILLISECOND };
  }

  /**
   * Ticks from the last fault's end until the recovery; until the scenario's end, a lower bound,
   * where it had not come by then; null where no page came before the first fault.
   */
  get time(): Ticks | null {
    if (this.#before === null || this.#before.pages === 0) return null;
    return (this.#recoveredAt ?? this.#options.lasts) - this.#lastEnd;
  }

  #scheduleMinute(begins: Ticks): void {
    const ends = begins + MINUTE;
    if (ends <= this.#options.lasts) this.#simulation.schedule(ends, this.#minuteEnds, 0);
  }

  #keepBefore(): void {
    this.#before = this.#take();
  }

  #judge(): void {
    const { now } = this.#simulation;
    this.#inARow = this.#isBack(this.#take()) ? this.#inARow + 1 : 0;
    if (this.#inARow === MINUTES_IN_A_ROW) this.#recoveredAt = now - MINUTES_IN_A_ROW * MINUTE;
    else this.#scheduleMinute(now);
  }

  /** A minute without a page shows nothing, and so no recovery. */
  #isBack(minute: Figures): boolean {
    const before = this.#before;
    assert(before !== null, "a minute after the faults is compared with the time before them");
    const errors = minute.errors / minute.pages;
    const failed = share(minute.failedCharges, minute.charges);
    const failedBefore = share(before.failedCharges, before.charges);
    return (
      errors <= share(before.errors, before.pages) + ERRORS_ABOVE &&
      minute.latency <= before.latency * LATENCY_TIMES &&
      (minute.charges < CHARGES_MIN || failed <= failedBefore + FAILED_CHARGES_ABOVE)
    );
  }

  /** What came since this was asked last. */
  #take(): Figures {
    const counts = this.#options.counts();
    const before = this.#countsBefore;
    const taken = {
      pages: counts.pages - before.pages,
      errors: counts.errors - before.errors,
      charges: counts.charges - before.charges,
      failedCharges: counts.failedCharges - before.failedCharges,
      latency: this.latency.quantile(0.95),
    };
    this.#countsBefore = counts;
    this.latency.clear();
    return taken;
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
