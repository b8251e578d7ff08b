/**
 * What an explanation says. Its canonical JSON is a contract, like that of a result: money is in
 * minor units, durations are milliseconds, every effect is paired over the same seeds and has the
 * bounds of its 95 % interval.
 */
import type { Estimate } from "../../result.ts";
import type { Reason } from "../../shoppers/outcomes.ts";

/** A difference paired by seed; `sure` is 1 - the two-sided p of the paired t test, 0 for one seed. */
export interface Effect extends Estimate {
  readonly sure: number;
}

/**
 * `cause`: more than chance, or the same for every seed. `noise`: within chance. `one-seed`: it
 * differs, and one seed cannot say whether by chance. `none`: no difference at all.
 */
export type Certainty = "cause" | "noise" | "one-seed" | "none";

/** What one part has to do with the revenue that was lost. */
export interface RevenueCause {
  readonly part: string;
  /**
   * What it adds after all the rows above it; with the rest these add up to the whole loss. Null
   * for a part of the rest.
   */
  readonly gain: Effect | null;
  /** Of the whole loss; null where nothing was lost, and for a part of the rest. */
  readonly share: number | null;
  /** Of the gain; for a part of the rest, of all that is left. */
  readonly certainty: Certainty;
  /** What it adds where it alone is perfect. */
  readonly alone: Effect;
  /** What is lost where everything but it is perfect. */
  readonly last: Effect;
}

/** How much less two parts bring together than the sum of what each brings alone; below 0: more. */
export interface Overlap {
  readonly parts: readonly [string, string];
  readonly overlap: Effect;
}

export interface RevenueExplanation {
  readonly actual: Estimate;
  /** With every part perfect. */
  readonly perfect: Estimate;
  readonly lost: Effect;
  readonly certainty: Certainty;
  readonly causes: readonly RevenueCause[];
  /** All that is left after the rows with a gain: little, and it may be chance; null for nothing. */
  readonly rest: Effect | null;
  /** Parts that changed no revenue, neither alone nor with all others perfect. */
  readonly inert: readonly string[];
  readonly overlaps: readonly Overlap[];
  /** What the store itself booked as carts left, by cause; a value of carts, not of orders. */
  readonly booked: Readonly<Record<string, Estimate>>;
}

/** A figure with a part, or several, made perfect. */
export interface MetWith {
  readonly parts: readonly string[];
  readonly value: number | null;
  readonly met: boolean;
  /** Share of the way to what was expected; below 0 further away, null where there is no way. */
  readonly closer: number | null;
}

export interface MissedExpectation {
  readonly metric: string;
  readonly expect: string;
  readonly value: number | null;
  readonly why: string;
  /** Every part alone, the one that brings it nearest first; parts that distort it are left out. */
  readonly alone: readonly MetWith[];
  /** Where no part alone suffices: the smallest set that was found, or the nearest to it. */
  readonly together: MetWith | null;
  readonly everything: MetWith | null;
}

export interface PlanExplanation {
  readonly seeds: readonly string[];
  readonly digest: readonly string[];
  readonly inputs: string;
  /** The parts of this plan, and what each has when it is perfect. */
  readonly parts: readonly { readonly name: string; readonly perfect: string }[];
  /** Null where the reruns it takes were interrupted. */
  readonly revenue: RevenueExplanation | null;
  readonly missed: readonly MissedExpectation[];
}

/** Shoppers who bought under one plan and not under the other, by why they did not. */
export interface OneWay {
  readonly all: Estimate;
  readonly by: Readonly<Partial<Record<Reason, Estimate>>>;
}

export interface ShopperComparison {
  readonly first: string;
  readonly second: string;
  readonly both: Estimate;
  /** Bought under the first plan, and why they did not under the second. */
  readonly onlyFirst: OneWay;
  readonly onlySecond: OneWay;
  /** Only under the first less only under the second. */
  readonly net: Effect;
  /** True where the lists differ in length, so that visitors without a mail are not the same people. */
  readonly mailedOnly: boolean;
}

export interface Explanation {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "explain";
  readonly scenario: string;
  readonly version: string;
  readonly currency: string;
  readonly scale: number;
  /** The command of the result that is explained. */
  readonly of: string;
  /** Whether the digests of these reruns were held against those of the result. */
  readonly verified: boolean;
  readonly plans: Readonly<Record<string, PlanExplanation>>;
  readonly shoppers: readonly ShopperComparison[];
  /** Rehearsals, those of the plans as they are left out. */
  readonly reruns: number;
  readonly events: number;
  readonly partial: boolean;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
}
