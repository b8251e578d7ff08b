/**
 * The special functions that intervals and distributions stand on, computed from the kernel's own
 * elementary functions: the same bits on every JavaScript engine. Relative accuracy is about 1e-13
 * in the ranges that statistics use; none of them is meant for a hot path.
 */
import { assert } from "./assert.ts";
import { exp, log, sin } from "./elementary.ts";

/** Terms after which a series or a continued fraction is declared not to converge. */
const TERMS_MAX = 1_000;
/** Halvings of an interval of doubles, from the widest range to a single spacing. */
const HALVINGS_MAX = 1_100;
const SMALLEST_TERM = 1e-300;
const RELATIVE_ERROR = 1e-15;

/** Lanczos coefficients for g = 7 and nine terms (Godfrey's table; relative error below 1e-15). */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/**
 * The logarithm of the gamma function for positive x (Lanczos 1964, with the reflection formula
 * below 1/2).
 */
export function logGamma(x: number): number {
  assert(x > 0, "logGamma is asked for a positive number");
  if (x < 0.5) return log(Math.PI / sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0];
  for (let term = 1; term < LANCZOS.length; term++) sum += LANCZOS[term] / (x - 1 + term);
  const base = x + 6.5;
  return 0.5 * log(2 * Math.PI) + (x - 0.5) * log(base) - base + log(sum);
}

/** The gamma function for positive x. */
export function gamma(x: number): number {
  return exp(logGamma(x));
}

/** Terms of the incomplete gamma function: as many as shapes of ten thousand need. */
const GAMMA_TERMS_MAX = 10_000;
const GAMMA_PRECISION = 1e-14;

/** The regularized upper incomplete gamma function Q(a, x) for a > 0: 1 for x up to 0. */
export function upperGammaShare(a: number, x: number): number {
  assert(a > 0, "the incomplete gamma function has a positive parameter");
  if (!(x > 0)) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const front = exp(a * log(x) - x - logGamma(a));
  return x < a + 1 ? Math.max(0, 1 - front * gammaSeries(a, x)) : front * gammaFraction(a, x);
}

/** Abramowitz & Stegun 6.5.29. */
function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < GAMMA_TERMS_MAX && term > GAMMA_PRECISION * sum; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Abramowitz & Stegun 6.5.31, by Lentz's method. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < GAMMA_TERMS_MAX; n += 1) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < GAMMA_PRECISION) break;
  }
  return value;
}

/** From here on the asymptotic series of the two functions below are exact to 1e-13. */
const ASYMPTOTIC_FROM = 12;

/** The derivative of the logarithm of the gamma function, x > 0 (Abramowitz & Stegun 6.3.5, 6.3.18). */
export function digamma(x: number): number {
  assert(x > 0, "digamma is asked for a positive number");
  let below = 0;
  let at = x;
  for (; at < ASYMPTOTIC_FROM; at += 1) below += 1 / at;
  const y = 1 / (at * at);
  const series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y / 132))));
  return log(at) - 0.5 / at - series - below;
}

/** The derivative of digamma, x > 0 (Abramowitz & Stegun 6.4.6, 6.4.12). */
export function trigamma(x: number): number {
  assert(x > 0, "trigamma is asked for a positive number");
  let below = 0;
  let at = x;
  for (; at < ASYMPTOTIC_FROM; at += 1) below += 1 / (at * at);
  const y = 1 / (at * at);
  const series = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - (5 * y) / 66))));
  return (1 + 0.5 / at + series) / at + below;
}

/**
 * The regularized incomplete beta function I_x(a, b) for a, b > 0 and x in [0, 1], by its continued
 * fraction (Abramowitz & Stegun 26.5.8), evaluated on the side where that converges fast.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  assert(x >= 0 && x <= 1, "the incomplete beta function is asked for a point of [0, 1]");
  assert(a > 0 && b > 0, "the incomplete beta function has positive parameters");
  if (x === 0 || x === 1) return x;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log(1 - x);
  const front = exp(logFront);
  return x < (a + 1) / (a + b + 2)
    ? (front / a) * betaFraction(x, a, b)
    : 1 - (front / b) * betaFraction(1 - x, b, a);
}

/** The continued fraction of the incomplete beta function by the modified Lentz recurrence. */
function betaFraction(x: number, a: number, b: number): number {
  let denominator = reciprocal(1 - ((a + b) * x) / (a + 1));
  let numerator = 1;
  let value = denominator;
  for (let m = 1; m <= TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = reciprocal(1 + even * denominator);
    numerator = awayFromZero(1 + even / numerator);
    value *= denominator * numerator;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    denominator = reciprocal(1 + odd * denominator);
    numerator = awayFromZero(1 + odd / numerator);
    const step = denominator * numerator;
    value *= step;
    if (Math.abs(step - 1) < RELATIVE_ERROR) return value;
  }
  assert(false, "the continued fraction of the incomplete beta function converges");
}

function awayFromZero(x: number): number {
  return Math.abs(x) < SMALLEST_TERM ? SMALLEST_TERM : x;
}

function reciprocal(x: number): number {
  return 1 / awayFromZero(x);
}

/**
 * The share of a standard normal below x (absolute error below 1e-15, tails to full relative
 * accuracy).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const size = Math.abs(x);
  if (size > 39) return x > 0 ? 1 : 0;
  const density = exp(-0.5 * size * size) / Math.sqrt(2 * Math.PI);
  if (size < 3)
    return x > 0 ? 0.5 + density * normalSeries(size) : 0.5 - density * normalSeries(size);
  const tail = density / normalFraction(size);
  return x > 0 ? 1 - tail : tail;
}

/**
 * Sum of x^(2k+1) / (1 * 3 * ... * (2k+1)): (Phi(x) - 1/2) / phi(x), Abramowitz & Stegun 26.2.11.
 */
function normalSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k <= TERMS_MAX && term > RELATIVE_ERROR * sum * 0.1; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return sum;
}

/**
 * x + 1/(x + 2/(x + 3/(x + ...))): phi(x) / (1 - Phi(x)), Abramowitz & Stegun 26.2.14, from the
 * inside out.
 */
function normalFraction(x: number): number {
  let value = x;
  for (let k = 200; k >= 1; k--) value = x + k / value;
  return value;
}

/** The point below which a share p of a standard normal lies, 0 < p < 1. */
export function normalQuantile(p: number): number {
  assert(p > 0 && p < 1, "a normal quantile is asked for a share between 0 and 1");
  return rootOfIncreasing((x) => normalCdf(x) - p, -39, 39);
}

/** The share of Student's t with the given degrees of freedom that lies below x. */
export function studentCdf(x: number, degreesOfFreedom: number): number {
  assert(degreesOfFreedom > 0, "Student's t has positive degrees of freedom");
  if (x === 0) return 0.5;
  const square = x * x;
  if (square === Number.POSITIVE_INFINITY) return x > 0 ? 1 : 0;
  const rest = degreesOfFreedom / (degreesOfFreedom + square);
  const tail = 0.5 * incompleteBeta(rest, degreesOfFreedom / 2, 0.5);
  return x > 0 ? 1 - tail : tail;
}

/** The point below which a share p of Student's t lies, 0 < p < 1. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  assert(p > 0 && p < 1, "a Student quantile is asked for a share between 0 and 1");
  if (p === 0.5) return 0;
  if (p < 0.5) return -studentQuantile(1 - p, degreesOfFreedom);
  let high = 1;
  while (studentCdf(high, degreesOfFreedom) < p && high < 1e300) high *= 2;
  return rootOfIncreasing((x) => studentCdf(x, degreesOfFreedom) - p, 0, high);
}

/** Where an increasing function crosses zero, to the spacing of doubles, by halving. */
function rootOfIncreasing(f: (x: number) => number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let step = 0; step < HALVINGS_MAX; step++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return low + (high - low) / 2;
}
