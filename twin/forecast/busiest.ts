/**
 * The busiest of many intervals is busier than the interval with the greatest mean, because counts
 * scatter: with 19 orders expected at best, the busiest of 800 intervals sees 30 of them.
 */
import { exp, log } from "../../engine/elementary.ts";
import { logGamma } from "../../engine/special-functions.ts";

/** Standard deviations beyond which a Poisson count is not expected. */
const REACH = 10;

/** The expected greatest of independent Poisson counts with these means. */
export function busiestOf(means: Float64Array): number {
  const most = means.reduce((one, other) => Math.max(one, other), 0);
  if (most === 0) return 0;
  const low = Math.max(0, Math.floor(most - REACH * Math.sqrt(most)) - REACH);
  const high = Math.ceil(most + REACH * Math.sqrt(most)) + REACH;
  // The chance that no count is above low, low + 1 …
  const none = new Float64Array(high - low + 1).fill(1);
  for (const mean of means) {
    if (mean > 0 && mean + REACH * (Math.sqrt(mean) + 1) >= low) multiply(none, mean, low);
  }
  return none.reduce((sum, chance) => sum + 1 - chance, low);
}

function multiply(none: Float64Array, mean: number, low: number): void {
  let cumulated = 0;
  const first = Math.max(0, Math.floor(mean - REACH * (Math.sqrt(mean) + 1)));
  let share = exp(first * log(mean) - mean - logGamma(first + 1));
  for (let count = first; count < low + none.length; count += 1) {
    cumulated += share;
    if (count >= low) none[count - low] *= Math.min(1, cumulated);
    share *= mean / (count + 1);
  }
  // Below its reach a count never falls.
  for (let count = low; count < first; count += 1) none[count - low] = 0;
}
