/**
 * Two launch plans laid beside each other, shopper by shopper: who bought under one and not under
 * the other, and why not. Recipients and visitors have the same numbers, and so the same draws, in
 * every plan. Where one list is longer than the other, visitors without a mail are numbered apart
 * and are other people: then those who were mailed are counted alone.
 */
import { meanInterval } from "../../../engine/statistics/interval.ts";
import type { Estimate, Rehearsal } from "../../result.ts";
import type { PlanSpec } from "../../scenario/scenario.ts";
import {
  BOUGHT,
  NEVER_CAME,
  REASONS,
  type Reason,
  reasonIndexOf,
} from "../../shoppers/outcomes.ts";
import { bounded } from "../figures.ts";
import type { OneWay, ShopperComparison } from "./explanation.ts";
import { effectOf } from "./reruns.ts";

/** How many shoppers of one seed fared how under two plans. */
export interface ShopperCount {
  readonly both: number;
  /** By the reason's place in REASONS. */
  readonly onlyFirst: readonly number[];
  readonly onlySecond: readonly number[];
}

/** Counts one seed; `mailed` is how many recipients come first, null where everybody counts. */
export function countShoppers(
  first: Uint8Array,
  second: Uint8Array,
  mailed: number | null,
): ShopperCount {
  const onlyFirst = REASONS.map(() => 0);
  const onlySecond = REASONS.map(() => 0);
  const shoppers = Math.min(
    Math.max(first.length, second.length),
    mailed ?? Number.POSITIVE_INFINITY,
  );
  let both = 0;
  for (let shopper = 0; shopper < shoppers; shopper += 1) {
    const one = first[shopper] ?? NEVER_CAME;
    const other = second[shopper] ?? NEVER_CAME;
    if (one === BOUGHT && other === BOUGHT) both += 1;
    else if (one === BOUGHT) add(onlyFirst, reasonIndexOf(other));
    else if (other === BOUGHT) add(onlySecond, reasonIndexOf(one));
  }
  return { both, onlyFirst, onlySecond };
}

function add(counts: number[], place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}

/** How many recipients both plans have, or null where the lists are equally long. */
export function mailedIn(first: PlanSpec, second: PlanSpec): number | null {
  const [one, other] = [first.world.audience.recipients, second.world.audience.recipients];
  return one === other ? null : Math.min(one, other);
}

/** Counts a pair of rehearsals of one seed; null where one of them was not asked for outcomes. */
export function countPair(
  [first, second]: readonly [Rehearsal, Rehearsal],
  mailed: number | null,
): ShopperCount | null {
  const [one, other] = [first.outcomes, second.outcomes];
  return one === undefined || other === undefined ? null : countShoppers(one, other, mailed);
}

export interface ComparedPlans {
  readonly first: string;
  readonly second: string;
  readonly mailedOnly: boolean;
}

/** Means over the seeds with their intervals; null where no seed has both plans. */
export function shopperComparison(
  { first, second, mailedOnly }: ComparedPlans,
  counts: readonly ShopperCount[],
): ShopperComparison | null {
  if (counts.length === 0) return null;
  const onlyFirst = counts.map((count) => count.onlyFirst);
  const onlySecond = counts.map((count) => count.onlySecond);
  return {
    first,
    second,
    both: meanOf(counts.map(({ both }) => both)),
    onlyFirst: oneWay(onlyFirst),
    onlySecond: oneWay(onlySecond),
    net: effectOf(onlyFirst.map(sumOf), onlySecond.map(sumOf)),
    mailedOnly,
  };
}

function oneWay(counts: readonly (readonly number[])[]): OneWay {
  const by: Partial<Record<Reason, Estimate>> = {};
  for (const [place, reason] of REASONS.entries()) {
    const own = counts.map((count) => count[place] ?? 0);
    if (own.some((count) => count > 0)) by[reason] = meanOf(own);
  }
  return { all: meanOf(counts.map(sumOf)), by };
}

function meanOf(values: readonly number[]): Estimate {
  return bounded(meanInterval(values));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0);
}
