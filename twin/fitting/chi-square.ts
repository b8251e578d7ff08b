/**
 * Pearson's chi-square of measurements against a fitted distribution, with the chance of a value as
 * great where the distribution is the right one.
 */
import { pow } from "../../engine/elementary.ts";
import { upperGammaShare } from "../../engine/special-functions.ts";

export interface ChiSquare {
  readonly value: number;
  readonly degreesOfFreedom: number;
  /** Chance of this value or more; the parameters were fitted to the same measurements. */
  readonly p: number;
}

/** What each class holds and what is expected of it. */
export interface ExpectedClass {
  readonly counted: number;
  readonly expected: number;
}

const CLASSES_MAX = 50;
/** Fewer expected of a class make the sum no chi-square (Cochran 1954). */
const EXPECTED_MIN = 5;

/**
 * Classes that each hold as many measurements, 2 n^0.4 of them (Mann and Wald, Annals of
 * Mathematical Statistics 13, 1942), 50 at most; equal values stay together. `sorted` ascends;
 * `parameters` were fitted. Null where no degree of freedom is left.
 */
export function chiSquareOf(
  sorted: Float64Array,
  cdf: (x: number) => number,
  parameters: number,
): ChiSquare | null {
  const size = sorted.length;
  const wanted = Math.min(CLASSES_MAX, Math.max(3, Math.floor(2 * pow(size, 0.4))));
  const classes: ExpectedClass[] = [];
  let from = 0;
  let below = 0;
  for (let place = 1; place <= wanted && from < size; place += 1) {
    let to = Math.max(from + 1, Math.floor((place / wanted) * size));
    while (to < size && sorted[to] === sorted[to - 1]) to += 1;
    const share = to === size ? 1 : cdf(edgeBetween(sorted, to));
    classes.push({ counted: to - from, expected: (share - below) * size });
    below = share;
    from = to;
  }
  return chiSquareOfClasses(classes, parameters);
}

/** Half of the way between the last measurement of a class and the first of the next. */
function edgeBetween(sorted: Float64Array, to: number): number {
  return ((sorted[to - 1] ?? 0) + (sorted[to] ?? 0)) / 2;
}

/** Neighbours with too little expected are taken together. */
export function chiSquareOfClasses(
  classes: readonly ExpectedClass[],
  parameters: number,
): ChiSquare | null {
  const together: { counted: number; expected: number }[] = [];
  for (const { counted, expected } of classes) {
    const last = together.at(-1);
    if (last === undefined || last.expected >= EXPECTED_MIN) together.push({ counted, expected });
    else {
      last.counted += counted;
      last.expected += expected;
    }
  }
  const last = together.at(-1);
  const before = together.at(-2);
  if (last !== undefined && before !== undefined && last.expected < EXPECTED_MIN) {
    before.counted += last.counted;
    before.expected += last.expected;
    together.pop();
  }
  const degreesOfFreedom = together.length - 1 - parameters;
  if (degreesOfFreedom < 1) return null;
  const value = together.reduce((sum, { counted, expected }) => {
    const off = counted - expected;
    return sum + (off * off) / expected;
  }, 0);
  return { value, degreesOfFreedom, p: chiSquareTail(value, degreesOfFreedom) };
}

/** Share of a chi-square above `value`: the upper incomplete gamma function. */
export function chiSquareTail(value: number, degreesOfFreedom: number): number {
  return upperGammaShare(degreesOfFreedom / 2, value / 2);
}
