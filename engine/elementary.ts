/**
 * Logarithm, exponential, power and sine of our own. ECMAScript leaves the last bits of `Math.log`,
 * `Math.exp`, `Math.pow` and `Math.sin` to the engine, and a digest must be the same on every one
 * of them. Here is nothing but `+ - * /` and the square root, which IEEE 754 rounds in one way, and
 * the bits of a double, whose two words are found whatever the byte order of the machine.
 *
 * Every function is within two units in the last place of the true value (the test holds
 * them to it). Method: argument reduction by parts, series, and two-double products; see
 * J.-M. Muller, Elementary Functions, 3rd ed. (Birkhäuser 2016), chapters 2 and 11.
 */
import { assert } from "./assert.ts";
import { nearestWhole } from "./nearest-whole.ts";

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
/** Which of the two words holds sign and exponent: of -0, only the sign's bit is set. */
double[0] = -0;
const HEAD = words[0] === 0 ? 1 : 0;
const FOOT = 1 - HEAD;

/** ln 2 in two parts: the first has 32 bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const LN2_INVERSE = Math.LOG2E;
/** π/2 in three parts; the first two have 32 bits or less. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_MIDDLE = 6.077100506303966e-11;
const HALF_PI_LOW = 2.0222662487959506e-21;
const HALF_PI_INVERSE = 0.6366197723675814;
/** What the double 2/3 lacks. */
const TWO_THIRDS_LOW = 3.700743415417188e-17;
const TWO_54 = 18_014_398_509_481_984;
const SUBNORMAL_BELOW = 2.2250738585072014e-308;
/** From here to its negative, the exponential is neither infinite nor zero. */
const EXP_ARGUMENT_MAX = 709.782712893384;
const EXP_ARGUMENT_MIN = -745.1332191019412;
/** Below it in size, an exponential is far from both ends of the doubles. */
const EXP_SHORT = 700;
/** Beyond it the whole multiples of π/2 would no longer be exact. */
const SIN_ARGUMENT_MAX = 1_000_000;

/** The exponent and the second double of the last `splitExponent` or `logTwoDoubles`. */
let exponent = 0;
let low = 0;

/** x = m · 2^exponent, m in [√½, √2); x is positive and finite. Returns m. */
function splitExponent(x: number): number {
  const scaled = x < SUBNORMAL_BELOW ? x * TWO_54 : x;
  double[0] = scaled;
  const head = words[HEAD];
  const power = (head >> 20) - 1023;
  exponent = power - (scaled === x ? 0 : 54);
  // A product is faster than new bits, which would be written as two words and read as one.
  const m = power < 1023 ? scaled * scales[-power - SCALE_LEAST] : scaled * 0.5 * scales[0];
  if (m < Math.SQRT2) return m;
  exponent++;
  return m * 0.5;
}

/** 2 to a whole power from -1022 to 1023. */
function powerOfTwo(power: number): number {
  words[HEAD] = (power + 1023) << 20;
  words[FOOT] = 0;
  return double[0];
}

/**
 * 2·(z/5 + z²/7 + …), the series of the inverse hyperbolic tangent after its second term; z < 0.03.
 * Odd and even powers are summed apart, so that the processor works on both at once.
 */
function atanhTail(z: number): number {
  const w = z * z;
  const odd = 2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21 + w * (2 / 25)))));
  const even = 2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19 + w * (2 / 23))));
  return z * odd + w * even;
}

/** Natural logarithm. -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  const f = splitExponent(x) - 1;
  const s = f / (2 + f);
  const z = s * s;
  const half = 0.5 * f * f;
  // ln(1+f) = 2·atanh(s) = f - (f²/2 - s·(f²/2 + series)): the large term f enters without an error.
  const correction = s * (half + z * (2 / 3 + atanhTail(z)));
  return exponent * LN2_HIGH - (half - (correction + exponent * LN2_LOW) - f);
}

/** ln(1 + x) without the loss of digits that `log(1 + x)` has near 0. */
export function log1p(x: number): number {
  const sum = 1 + x;
  if (!(sum > 0 && sum < Infinity)) return log(sum);
  // What rounding took from the sum comes back to first order.
  const lost = sum >= 2 ? 1 - (sum - x) : x - (sum - 1);
  return sum === 1 ? x : log(sum) + lost / sum;
}

/** (e^r - 1 - r) / r² for |r| ≤ 0.35: the Taylor series. */
function expTail(r: number): number {
  const high =
    1 / 40_320 +
    r * (1 / 362_880 + r * (1 / 3_628_800 + r * (1 / 39_916_800 + r * (1 / 479_001_600))));
  const middle = 1 / 120 + r * (1 / 720 + r * (1 / 5_040 + r * high));
  return 0.5 + r * (1 / 6 + r * (1 / 24 + r * middle));
}

/** Steps between two powers of two in the table of the exponential, a power of two itself. */
const STEPS = 128;
const STEP_BITS = 7;
const STEPS_PER_UNIT = STEPS * LN2_INVERSE;
const STEP_HIGH = LN2_HIGH / STEPS;
const STEP_LOW = LN2_LOW / STEPS;
const SCALE_LEAST = -1022;
/** 2^(i / STEPS) in two doubles, and the powers of two from SCALE_LEAST to 1023. */
const stepHigh = new Float64Array(STEPS);
const stepLow = new Float64Array(STEPS);
const scales = Float64Array.from({ length: 2046 }, (_none, index) =>
  powerOfTwo(index + SCALE_LEAST),
);
fillSteps();

/** The STEPS-th root of 2 by square roots, then its powers, all in two doubles. */
function fillSteps(): void {
  let root = 2;
  let rootLow = 0;
  for (let halving = 0; halving < STEP_BITS; halving++) {
    const square = Math.sqrt(root);
    const product = square * square;
    const error = root - product - productError(square, square, product) + rootLow;
    rootLow = error / (2 * square);
    root = square;
  }
  stepHigh[0] = 1;
  for (let step = 1; step < STEPS; step++) {
    const high = stepHigh[step - 1];
    const product = high * root;
    const rest = productError(high, root, product) + high * rootLow + stepLow[step - 1] * root;
    stepHigh[step] = product + rest;
    stepLow[step] = product - stepHigh[step] + rest;
  }
}

/** 2^(k / STEPS) · e^r without the whole powers of two in it, for a small r. */
function expNear(k: number, r: number): number {
  const series = r + r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))));
  const step = k & (STEPS - 1);
  return stepHigh[step] + (stepLow[step] + stepHigh[step] * series);
}

/**
 * e^(x + rest), where |rest| is far below |x|'s last digit or at most a few units of it: the nearest
 * table entry times a short series (P. T. P. Tang, ACM TOMS 15(2), 1989).
 */
function expTwoDoubles(x: number, rest: number): number {
  if (x > EXP_ARGUMENT_MAX) return Infinity;
  if (x < EXP_ARGUMENT_MIN) return 0;
  const k = nearestWhole(x * STEPS_PER_UNIT);
  const r = x - k * STEP_HIGH + (rest - k * STEP_LOW);
  const value = expNear(k, r);
  const power = k >> STEP_BITS;
  if (power > 1023) return value * 2 * scales[1023 - SCALE_LEAST];
  if (power < SCALE_LEAST) return value * scales[power + 54 - SCALE_LEAST] * (1 / TWO_54);
  return value * scales[power - SCALE_LEAST];
}

/** e^x. */
export function exp(x: number): number {
  if (!(x < EXP_SHORT && x > -EXP_SHORT)) return Number.isNaN(x) ? x : expTwoDoubles(x, 0);
  const k = nearestWhole(x * STEPS_PER_UNIT);
  return expNear(k, x - k * STEP_HIGH - k * STEP_LOW) * scales[(k >> STEP_BITS) - SCALE_LEAST];
}

/** e^x - 1 without the loss of digits that `exp(x) - 1` has near 0; to some five units. */
export function expm1(x: number): number {
  if (x > -0.35 && x < 0.35) return x + x * x * expTail(x);
  return exp(x) - 1;
}

/** What a·b lacks when `product` is its rounded value (T. J. Dekker, Numer. Math. 18, 1971). */
function productError(a: number, b: number, product: number): number {
  const aHigh = a * 134_217_729 - (a * 134_217_729 - a);
  const bHigh = b * 134_217_729 - (b * 134_217_729 - b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** ln x to about 62 bits: returns the high double, leaves the rest in `low`. x is positive, finite. */
function logTwoDoubles(x: number): number {
  const f = splitExponent(x) - 1;
  const divisor = 2 + f;
  const s = f / divisor;
  const back = s * divisor;
  const divisorLow = f - (divisor - 2);
  const sLow = (f - back - productError(s, divisor, back) - s * divisorLow) / divisor;
  const z = s * s;
  const zLow = productError(s, s, z) + 2 * s * sLow;
  // The factor of 2s: 1 + z·(1/3 + …), its first two terms in two doubles.
  const third = 2 / 3;
  const sum = third + atanhTail(z);
  const sumLow = third - sum + atanhTail(z) + TWO_THIRDS_LOW;
  const inner = z * sum;
  const innerLow = productError(z, sum, inner) + z * sumLow + zLow * sum;
  const cubic = s * inner;
  const cubicLow = productError(s, inner, cubic) + s * innerLow + sLow * inner;
  const scale = exponent * LN2_HIGH;
  const tail = cubicLow + 2 * sLow;
  return sumOfThree(scale, 2 * s, cubic, tail + exponent * LN2_LOW);
}

/** a + b + c + rest for |a| ≥ |b| ≥ |c| ≫ |rest| (or a = 0), in two doubles. */
function sumOfThree(a: number, b: number, c: number, rest: number): number {
  const first = b + c;
  const firstLow = b - first + c;
  const total = a + first;
  const totalLow = a === 0 ? 0 : a - total + first;
  const lost = totalLow + firstLow + rest;
  const high = total + lost;
  low = total - high + lost;
  return high;
}

/** x to the power y, for x ≥ 0. */
export function pow(x: number, y: number): number {
  assert(x >= 0, "the base of a power is not negative");
  if (y === 0 || x === 1) return 1;
  if (y === 1) return x;
  if (Number.isNaN(y)) return y;
  if (x === 0) return y > 0 ? 0 : Infinity;
  if (x === Infinity) return y > 0 ? Infinity : 0;
  const high = logTwoDoubles(x);
  const rest = low;
  const product = y * high;
  if (!(product < 1_000 && product > -1_000)) return product > 0 ? Infinity : 0;
  return expTwoDoubles(product, productError(y, high, product) + y * rest);
}

/** The series of the sine for |r + rest| ≤ π/4. */
function sinNearZero(r: number, rest: number): number {
  const z = r * r;
  const high =
    1 / 362_880 + z * (-1 / 39_916_800 + z * (1 / 6_227_020_800 - z / 1_307_674_368_000));
  const series = -1 / 6 + z * (1 / 120 + z * (-1 / 5_040 + z * high));
  return r + (rest * (1 - 0.5 * z) + r * z * series);
}

/** The series of the cosine for |r + rest| ≤ π/4. */
function cosNearZero(r: number, rest: number): number {
  const z = r * r;
  const high =
    -1 / 3_628_800 + z * (1 / 479_001_600 + z * (-1 / 87_178_291_200 + z / 20_922_789_888_000));
  const series = 1 / 24 + z * (-1 / 720 + z * (1 / 40_320 + z * high));
  const half = 0.5 * z;
  const main = 1 - half;
  return main + (1 - main - half + (z * z * series - r * rest));
}

/** Sine of x radians, |x| ≤ {@link SIN_ARGUMENT_MAX}. */
export function sin(x: number): number {
  assert(x <= SIN_ARGUMENT_MAX && x >= -SIN_ARGUMENT_MAX, "the sine's argument is in range");
  const k = Math.round(x * HALF_PI_INVERSE);
  const high = x - k * HALF_PI_HIGH;
  const middle = k * HALF_PI_MIDDLE;
  const upper = high - middle;
  const below = high - upper - middle - k * HALF_PI_LOW;
  const r = upper + below;
  const rest = upper - r + below;
  const quadrant = k & 3;
  const value = quadrant & 1 ? cosNearZero(r, rest) : sinNearZero(r, rest);
  return quadrant & 2 ? -value : value;
}
