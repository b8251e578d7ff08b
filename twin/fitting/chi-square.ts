/**
 * Pearson's chi-square of measurements against a fitted distribution, with the chance of a value as
 * great where the distribution is the right one.
 */
import { exp, log, pow } from "../../engine/elementary.ts";
import { logGamma } from "../../engine/special-functions.ts";

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

const TERMS_MAX = 10_000;
const PRECISION = 1e-14;

/** Share of a chi-square above `value`: the upper incomplete gamma function. */
export function chiSquareTail(value: number, degreesOfFreedom: number): number {
  const a = degreesOfFreedom / 2;
  const x = value / 2;
  if (!(x > 0)) return 1;
  const front = exp(a * log(x) - x - logGamma(a));
  return x < a + 1 ? Math.max(0, 1 - front * series(a, x)) : front * fraction(a, x);
}

/** Abramowitz & Stegun 6.5.29. */
function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < TERMS_MAX && term > PRECISION * sum; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Abramowitz & Stegun 6.5.31, by Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < TERMS_MAX; n += 1) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return value;
}
