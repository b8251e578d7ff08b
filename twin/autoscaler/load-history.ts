/**
 * What predictive scaling knows of a shop: the mean load of each hour of the day over the last
 * fortnight. AWS does not publish how it forecasts; this is the plainest rule that has the published
 * inputs, and for a shop whose days are alike it is the best there is.
 */
import { assert } from "../../engine/assert.ts";
import { rounded } from "./policy.ts";

/** Days of history that a forecast looks at. */
export const HISTORY_DAYS = 14;
export const HOURS_PER_DAY = 24;

export class LoadHistory {
  /** By hour of the day: the busy cores of that hour on each of the last days, the newest last. */
  readonly #days: number[][];

  /** `normal`: the busy cores of each hour of a day, as they were on every day of the fortnight. */
  constructor(normal: readonly number[]) {
    assert(normal.length === HOURS_PER_DAY, "a day has 24 hours");
    this.#days = normal.map((load) => Array.from({ length: HISTORY_DAYS }, () => load));
  }

  /** An hour is over; the same hour of the oldest day is forgotten. */
  record(hour: number, load: number): void {
    assert(load >= 0, "a load is not negative");
    const days = this.#days[hour];
    assert(days !== undefined, "an hour of the day is one of 24");
    days.push(load);
    days.shift();
  }

  /** The load to expect in each hour of a day. */
  forecast(): readonly number[] {
    return this.#days.map((days) => days.reduce((sum, load) => sum + load, 0) / HISTORY_DAYS);
  }
}

/** Instances that hold the target under so many busy cores. */
export function instancesFor(
  load: number,
  { target, cores }: { readonly target: number; readonly cores: number },
): number {
  assert(target > 0 && cores >= 1, "an instance takes some load");
  return Math.ceil(rounded(load / (cores * target)));
}
