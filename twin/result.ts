/**
 * What a run yields. One `RunResult` feeds the terminal, the reports, CI and the goldens; its
 * canonical JSON is a contract (docs: README, "Result"). Nothing in it depends on the machine,
 * the clock or the number of workers.
 */

import type { Explanation } from "./experiments/explain/explanation.ts";

/** One seeded run of one plan. */
export interface Rehearsal {
  readonly seed: string;
  /** 16 hexadecimal digits over every event of the kernel. */
  readonly digest: string;
  readonly events: number;
  /** False where the run was interrupted before its end. */
  readonly complete: boolean;
  /**
   * One number per metric name; `metrics.ts` lists every name with its unit. A latency that nothing
   * was measured of, and a recovery from no fault, is not a number.
   */
  readonly metrics: Readonly<Record<string, number>>;
  readonly series: Readonly<Record<string, readonly number[]>>;
  /** Invariants that did not hold at the end, by id; empty in a sound run. */
  readonly broken: readonly BrokenInvariant[];
  /** What became of each shopper, by their number (`shoppers/outcomes.ts`); only where asked for. */
  readonly outcomes?: Uint8Array;
}

export interface BrokenInvariant {
  /** As in the list of invariants, for example "I01". */
  readonly id: string;
  readonly what: string;
  /** Ticks since the start. */
  readonly at: number;
}

/**
 * Mean over the seeds that measured it, `n`, with the bounds of its 95 % Student-t interval; low =
 * high = mean where n = 1. Where no seed measured anything n is 0 and the three are not numbers:
 * JSON has null there, reports a dash.
 */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

export interface PlanResult {
  readonly seeds: readonly string[];
  readonly digest: readonly string[];
  /** 16 hexadecimal digits over the decoded plan, every default included: same inputs, same text. */
  readonly inputs: string;
  readonly metrics: Readonly<Record<string, Estimate>>;
  /** Means over seeds, per interval; `every` is the length of an interval. */
  readonly series: { readonly every: string; readonly [name: string]: readonly number[] | string };
  /** How far the charted series spread over the seeds; not there where nothing spreads. */
  readonly bands?: SeriesBands;
  /** What a chart of the sale marks; not there in goldens. */
  readonly marks?: PlanMarks;
}

/** By name of a series, per interval; where nothing was measured, not a number. */
export interface SeriesBands {
  /** `percentiles`: the 5th and the 95th; `extremes`: the lowest and the highest of few seeds. */
  readonly of: "percentiles" | "extremes";
  readonly low: Readonly<Record<string, readonly number[]>>;
  readonly high: Readonly<Record<string, readonly number[]>>;
}

/** Moments of a plan; all but `starts` are milliseconds since the start. */
export interface PlanMarks {
  /** The start by the wall clock of the sale, ISO 8601 with its offset. */
  readonly starts: string;
  readonly lasts: number;
  /** When each batch begins to be handed to the sender, and how many mails it has. */
  readonly batches: readonly { readonly at: number; readonly mails: number }[];
  /** Faults by their kind; `ends` is `at` where it is a matter of a moment. */
  readonly faults: readonly { readonly kind: string; readonly at: number; readonly ends: number }[];
  /** When latency or errors, as means over the seeds, were beyond the service level. */
  readonly missed: readonly { readonly at: number; readonly ends: number }[];
  /** When the first article was gone, mean over the seeds in which one was; null where none was. */
  readonly soldOut: number | null;
}

/**
 * First plan minus second, paired by seed. `sure`: 1 - the two-sided p of the paired t test, 0
 * where there is no pair.
 */
export interface Difference extends Estimate {
  /** The plan that does better, or null where the metric has no better direction or nothing differs. */
  readonly better: string | null;
  readonly sure: number;
}

/** The first plan minus another; only where an experiment has more than two plans. */
export interface Comparison {
  readonly first: string;
  readonly second: string;
  readonly differences: Readonly<Record<string, Difference>>;
}

export interface ExpectationResult {
  readonly plan: string;
  readonly metric: string;
  readonly expect: string;
  readonly value: number | null;
  /** Null where it cannot be judged at the scale of the run; that is no miss. */
  readonly met: boolean | null;
  /** Why not, or what was compared; plain words. */
  readonly why: string;
}

export interface RunResult {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "run" | "compare" | "check";
  readonly scenario: string;
  readonly version: string;
  readonly currency: string;
  readonly scale: number;
  readonly plans: Readonly<Record<string, PlanResult>>;
  readonly differences?: Readonly<Record<string, Difference>>;
  /** The first plan against each other one; only where there are more than two plans. */
  readonly comparisons?: readonly Comparison[];
  readonly expectations: readonly ExpectationResult[];
  readonly broken: readonly (BrokenInvariant & { readonly plan: string; readonly seed: string })[];
  /** Why it went as it did; only where it was asked for. */
  readonly explanation?: Explanation;
  readonly events: number;
  /** True where the run was interrupted and holds only what had finished. */
  readonly partial: boolean;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
}
