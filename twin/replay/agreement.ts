/**
 * How near a simulated course comes to the recorded one: series by series and figure by figure,
 * each with a mark from 0 to 1.
 */

export interface SeriesAgreement {
  /**
   * Mean absolute error, relative to what was recorded in each interval that had any (MAPE), and
   * relative to all that was recorded (weighted: WAPE).
   */
  readonly mape: number;
  readonly wape: number;
  /**
   * The weighted error that chance alone leaves: between simulations of different seeds, relative
   * to what was recorded, and of one seed what Poisson counts leave; 0 where all seeds agree.
   */
  readonly wapeOfChance: number;
  /** All that was simulated over all that was recorded, minus 1. */
  readonly bias: number;
  /** The greatest distance between the two cumulative curves (Kolmogorov-Smirnov), 0 to 1. */
  readonly distance: number;
  /** 1 minus the weighted error beyond chance, at least 0. */
  readonly mark: number;
}

/**
 * The mean agreement of each simulated series with the recorded one; all are as long. `drawn` says
 * that their visits were drawn, not those recorded.
 */
export function seriesAgreement(
  recorded: ArrayLike<number>,
  simulated: readonly ArrayLike<number>[],
  { drawn }: { readonly drawn: boolean },
): SeriesAgreement {
  const each = simulated.map((one) => agreementOf(recorded, one));
  const mean = (of: (one: Errors) => number) =>
    each.reduce((sum, one) => sum + of(one), 0) / each.length;
  const wape = mean((one) => one.wape);
  const chance = drawn ? chanceOf(recorded, simulated) : 0;
  return {
    mape: mean((one) => one.mape),
    wape,
    wapeOfChance: chance,
    bias: mean((one) => one.bias),
    distance: mean((one) => one.distance),
    mark: Math.min(1, Math.max(0, 1 - (wape - chance))),
  };
}

type Errors = Pick<SeriesAgreement, "mape" | "wape" | "bias" | "distance">;

function agreementOf(recorded: ArrayLike<number>, simulated: ArrayLike<number>): Errors {
  let relative = 0;
  let compared = 0;
  let absolute = 0;
  for (let index = 0; index < recorded.length; index += 1) {
    const was = recorded[index] ?? 0;
    const error = Math.abs((simulated[index] ?? 0) - was);
    absolute += error;
    if (was <= 0) continue;
    relative += error / was;
    compared += 1;
  }
  const allRecorded = sumOf(recorded);
  const allSimulated = sumOf(simulated);
  return {
    mape: relative / compared,
    wape: absolute / allRecorded,
    bias: allSimulated / allRecorded - 1,
    distance: distanceOf(recorded, simulated),
  };
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] ?? 0;
  return sum;
}

function distanceOf(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const ofOne = sumOf(one);
  const ofOther = sumOf(other);
  if (ofOne === 0 || ofOther === 0) return ofOne === ofOther ? 0 : 1;
  let distance = 0;
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) {
    difference += (one[index] ?? 0) / ofOne - (other[index] ?? 0) / ofOther;
    distance = Math.max(distance, Math.abs(difference));
  }
  return distance;
}

function chanceOf(recorded: ArrayLike<number>, simulated: readonly ArrayLike<number>[]): number {
  if (simulated.length < 2) return chanceOfPoisson(recorded);
  let apart = 0;
  let pairs = 0;
  for (const [place, one] of simulated.entries()) {
    for (const other of simulated.slice(place + 1)) {
      for (let index = 0; index < one.length; index += 1)
        apart += Math.abs((one[index] ?? 0) - (other[index] ?? 0));
      pairs += 1;
    }
  }
  return apart / pairs / sumOf(recorded);
}

/**
 * E|X - Y| of two Poisson counts of mean m is near 2 sqrt(m / pi), and never above 2 m (normal
 * approximation of the Skellam distribution).
 */
function chanceOfPoisson(recorded: ArrayLike<number>): number {
  let apart = 0;
  for (let index = 0; index < recorded.length; index += 1) {
    const mean = recorded[index] ?? 0;
    apart += Math.min(2 * mean, 2 * Math.sqrt(mean / Math.PI));
  }
  return apart / sumOf(recorded);
}

/** How far a figure may be off, and whether that is relative to what was recorded. */
export interface FigureGoal {
  readonly off: number;
  readonly relative: boolean;
}

export interface FigureAgreement {
  /** Simulated minus recorded, relative where its goal is. */
  readonly difference: number;
  readonly met: boolean;
  /** 1 minus the difference, at least 0. */
  readonly mark: number;
}

/** Null where one of the two is not a number, so that there is nothing to compare. */
export function figureAgreement(
  recorded: number,
  simulated: number,
  { off, relative }: FigureGoal,
): FigureAgreement | null {
  if (!Number.isFinite(recorded) || !Number.isFinite(simulated)) return null;
  if (relative && recorded === 0) return null;
  const difference = relative ? simulated / recorded - 1 : simulated - recorded;
  const met = Math.abs(difference) <= off;
  return { difference, met, mark: Math.max(0, 1 - Math.abs(difference)) };
}
