/**
 * Least squares in which nothing is negative (Lawson and Hanson 1974), for a handful of unknowns:
 * what each request and each second costs, from runs of which only the whole cost is known.
 */
import { assert } from "../../engine/assert.ts";

const SWEEPS_MAX = 20_000;
const CHANGE_LEAST = 1e-12;

export interface Observation {
  /** How much of each unknown the observation holds. */
  readonly amounts: readonly number[];
  readonly total: number;
  /** How much it counts; above 0. */
  readonly weight: number;
}

/** The unknowns, none below 0, by coordinate descent, which ends at the one least of a convex sum. */
export function nonNegativeLeastSquares(observations: readonly Observation[]): readonly number[] {
  assert(observations.length > 0, "unknowns are found from observations");
  const unknowns = observations[0].amounts.length;
  const products = Array.from({ length: unknowns }, (_, row) =>
    Array.from({ length: unknowns }, (_, column) =>
      sumOver(observations, ({ amounts, weight }) => weight * amounts[row] * amounts[column]),
    ),
  );
  const targets = Array.from({ length: unknowns }, (_, row) =>
    sumOver(observations, ({ amounts, total, weight }) => weight * amounts[row] * total),
  );
  const found = new Array<number>(unknowns).fill(0);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep += 1) {
    let changed = 0;
    for (let row = 0; row < unknowns; row += 1) {
      const own = products[row][row];
      if (own === 0) continue;
      const others = products[row].reduce(
        (sum, product, column) => (column === row ? sum : sum + product * found[column]),
        0,
      );
      const next = Math.max(0, (targets[row] - others) / own);
      changed = Math.max(changed, Math.abs(next - found[row]) / Math.max(1e-9, next));
      found[row] = next;
    }
    if (changed < CHANGE_LEAST) break;
  }
  return found;
}

function sumOver(observations: readonly Observation[], of: (one: Observation) => number): number {
  return observations.reduce((sum, one) => sum + of(one), 0);
}
