import { describe, expect, it } from "vitest";
import { exp, expm1, log, log1p, pow, sin } from "./elementary.ts";
import { RandomStream } from "./random.ts";

/** Two units in the last place; the platform's own functions are themselves off by up to one. */
const TWO_UNITS = 4.5e-16;
const SAMPLES = 200_000;

/** The largest relative error against the platform's function over random arguments. */
function worstError(
  ours: (...x: number[]) => number,
  platform: (...x: number[]) => number,
  argument: (random: RandomStream) => number[],
): number {
  const random = new RandomStream("elementary", ours.name);
  let worst = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const x = argument(random);
    const expected = platform(...x);
    const error = ours(...x) === expected ? 0 : Math.abs(ours(...x) / expected - 1);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

const between = (low: number, high: number) => (random: RandomStream) => [
  low + (high - low) * random.next(),
];

describe("the elementary functions are within two units in the last place", () => {
  it("logarithm, over all magnitudes and near 1", () => {
    const anyMagnitude = (random: RandomStream) => [Math.exp(-700 + 1_400 * random.next())];
    expect(worstError(log, Math.log, anyMagnitude)).toBeLessThan(TWO_UNITS);
    expect(worstError(log, Math.log, between(0.5, 2))).toBeLessThan(TWO_UNITS);
    expect(worstError(log, Math.log, between(1 - 1e-6, 1 + 1e-6))).toBeLessThan(TWO_UNITS);
  });

  it("logarithm of 1 + x, down to the smallest x", () => {
    const small = (random: RandomStream) => [Math.exp(-60 * random.next())];
    expect(worstError(log1p, Math.log1p, small)).toBeLessThan(TWO_UNITS);
    expect(worstError(log1p, Math.log1p, between(-0.999, 0))).toBeLessThan(TWO_UNITS);
  });

  it("exponential, over its whole range", () => {
    expect(worstError(exp, Math.exp, between(-700, 709))).toBeLessThan(TWO_UNITS);
    expect(worstError(exp, Math.exp, between(-1, 1))).toBeLessThan(TWO_UNITS);
  });

  it("exponential less 1, to five units", () => {
    expect(worstError(expm1, Math.expm1, between(-1e-3, 1e-3))).toBeLessThan(TWO_UNITS);
    expect(worstError(expm1, Math.expm1, between(-30, 30))).toBeLessThan(2.5 * TWO_UNITS);
  });

  it("power, up to results near the largest double", () => {
    const usual = (random: RandomStream) => [0.05 + 20 * random.next(), 10 * random.next() - 5];
    const extreme = (random: RandomStream) => [0.5 + random.next(), 1_200 * random.next() - 600];
    expect(worstError(pow, Math.pow, usual)).toBeLessThan(TWO_UNITS);
    expect(worstError(pow, Math.pow, extreme)).toBeLessThan(TWO_UNITS);
  });

  it("sine, far from its zeros and near them", () => {
    expect(worstError(sin, Math.sin, between(-10, 10))).toBeLessThan(TWO_UNITS);
    expect(worstError(sin, Math.sin, between(-1e6, 1e6))).toBeLessThan(TWO_UNITS);
    expect(sin(Math.PI)).toBe(Math.sin(Math.PI));
  });
});

describe("the elementary functions at the ends of their ranges", () => {
  it("are exact where the answer is", () => {
    expect([log(1), exp(0), log1p(0), expm1(0), sin(0)]).toEqual([0, 1, 0, 0, 0]);
    expect([pow(2, 10), pow(10, 3), pow(2, -1_074), pow(9, 0.5)]).toEqual([
      1_024, 1_000, 5e-324, 3,
    ]);
    expect([pow(0, 2), pow(0, -1), pow(7, 0), pow(7, 1)]).toEqual([0, Infinity, 1, 7]);
  });

  it("go to infinity, to zero and to NaN as they should", () => {
    expect([log(0), log(Infinity), exp(-Infinity), exp(Infinity)]).toEqual([
      -Infinity,
      Infinity,
      0,
      Infinity,
    ]);
    expect([log(-1), log(NaN), exp(NaN), pow(2, NaN), log1p(-2)]).toEqual([
      NaN,
      NaN,
      NaN,
      NaN,
      NaN,
    ]);
    expect([exp(-745), exp(-746), exp(709.7), exp(709.8)]).toEqual([
      5e-324,
      0,
      Math.exp(709.7),
      Infinity,
    ]);
    expect([log(5e-324), log(Number.MAX_VALUE)]).toEqual([
      Math.log(5e-324),
      Math.log(Number.MAX_VALUE),
    ]);
    expect([pow(10, 400), pow(10, -400)]).toEqual([Infinity, 0]);
  });

  it("refuse what they do not promise", () => {
    expect(() => pow(-1, 2)).toThrow("the base of a power is not negative");
    expect(() => sin(1e7)).toThrow("the sine's argument is in range");
  });
});

/** Bits written down once: they hold on every engine and every machine. */
it("the elementary functions have the same bits everywhere", () => {
  const view = new DataView(new ArrayBuffer(8));
  const bits = (value: number): string => {
    view.setFloat64(0, value);
    return view.getBigUint64(0).toString(16);
  };
  const values = [log(3), log(1e-9), exp(1), exp(-13.7), pow(3.3, 1.7), pow(1e-5, 0.31)];
  expect(values.map(bits)).toEqual([
    "3ff193ea7aad030a",
    "c034b927f32bffb8",
    "4005bf0a8b145769",
    "3eb2d4ded4836777",
    "401e723ce37c1e40",
    "3f9cdc38c4b206e7",
  ]);
  expect([sin(1), sin(12_345), log1p(1e-3), expm1(-0.2)].map(bits)).toEqual([
    "3feaed548f090cee",
    "bfefccfa2cc8a02b",
    "3f5060354f8c3ebf",
    "bfc733d4a7a67a9b",
  ]);
});
