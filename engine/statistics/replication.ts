/**
 * When to stop replicating: after each seed, whether the interval of a figure is narrow enough. A
 * plain decision over the values so far, in the order of their seeds, so that it is the same for
 * any number of workers. (Sequential procedure of Law, Simulation Modeling and Analysis, section
 * 9.4.)
 */
import { assert } from "../assert.ts";
import { type MeanInterval, meanInterval } from "./interval.ts";

export interface StoppingRule {
  /** The half-width wanted, as a share of the mean's size (0.02 for 2 %). */
  readonly relativeHalfWidth?: number;
  /**
   * The half-width wanted, in the unit of the figure. Where both are given, either one is enough.
   */
  readonly halfWidth?: number;
  /** 0.95 where nothing is said. */
  readonly confidence?: number;
  /** Replications before the interval is believed; 3 where nothing is said, never below 2. */
  readonly replicationsMin?: number;
  /** Replications after which the answer is what it is. */
  readonly replicationsMax: number;
}

export type StoppingAnswer =
  | { readonly kind: "enough"; readonly interval: MeanInterval }
  /**
   * Go on; `expected` is how many replications it will take in all if the spread stays as it is.
   */
  | { readonly kind: "more"; readonly interval: MeanInterval | null; readonly expected: number }
  /** The limit is reached and the interval is still too wide. */
  | { readonly kind: "limit"; readonly interval: MeanInterval };

/** Decides from the values so far whether another replication is worth its time. */
export function enoughReplications(values: readonly number[], rule: StoppingRule): StoppingAnswer {
  const { confidence = 0.95, replicationsMin = 3, replicationsMax } = rule;
  const wanted = rule.halfWidth ?? 0;
  const wantedShare = rule.relativeHalfWidth ?? 0;
  assert(wanted > 0 || wantedShare > 0, "a stopping rule wants a half-width");
  assert(replicationsMin >= 2, "an interval needs two replications");
  assert(replicationsMax >= replicationsMin, "a stopping rule's limit is not below its minimum");
  if (values.length < 2) return { kind: "more", interval: null, expected: replicationsMin };
  const interval = meanInterval(values, confidence);
  const half = interval.high - interval.mean;
  const target = Math.max(wanted, wantedShare * Math.abs(interval.mean));
  if (values.length >= replicationsMin && half <= target) return { kind: "enough", interval };
  if (values.length >= replicationsMax) return { kind: "limit", interval };
  const ratio = target > 0 ? half / target : Number.POSITIVE_INFINITY;
  const estimate = Math.ceil(values.length * ratio * ratio);
  const atLeast = Math.max(values.length + 1, replicationsMin);
  return {
    kind: "more",
    interval,
    expected: Math.min(replicationsMax, Math.max(atLeast, estimate)),
  };
}
