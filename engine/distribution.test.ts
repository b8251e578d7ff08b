import { describe, expect, it } from "vitest";
import {
  capped,
  constant,
  type Distribution,
  empirical,
  exponential,
  logLogistic,
  lognormal,
  lognormalFromMean,
  mixture,
  paretoTail,
  uniform,
  weibull,
} from "./distribution.ts";
import { exp, log } from "./elementary.ts";
import { RandomStream } from "./random.ts";
import { DAY, HOUR, MINUTE, SECOND } from "./time.ts";

const DRAWS = 20_000;

/** Opens and clicks after a mail, GetResponse 2019-20 (5.5 bn mails): the default click delay. */
const clickDelay = logLogistic({ median: 2.761 * HOUR, shape: 0.671, cap: 14 * DAY });
/** The default think time between pages: 446 s over 7.14 gaps. */
const thinkTime = lognormal({ median: 34 * SECOND, sigma: 1.1 });

const families: readonly (readonly [name: string, of: Distribution])[] = [
  ["uniform", uniform({ low: -3, high: 5 })],
  ["exponential", exponential({ mean: 7 })],
  ["exponential with a cap", exponential({ mean: 15, cap: 20 })],
  ["lognormal", thinkTime],
  ["lognormal from its mean", lognormalFromMean({ mean: 50, cv: 1.1 })],
  ["log-logistic", logLogistic({ median: 6, shape: 2.5 })],
  ["log-logistic with a cap", clickDelay],
  ["Weibull", weibull({ scale: 2, shape: 1.7 })],
  ["Weibull by its median", weibull({ median: 25 * MINUTE, shape: 0.8, cap: 90 * MINUTE })],
  ["Pareto tail", paretoTail({ body: exponential({ mean: 10 }), threshold: 25, alpha: 2.5 })],
  [
    "empirical",
    empirical({
      points: [
        { value: 1, share: 0.2 },
        { value: 2, share: 0.5 },
        { value: 10, share: 0.5 },
        { value: 12, share: 1 },
      ],
    }),
  ],
  [
    "mixture",
    mixture({
      parts: [
        { weight: 33.1, of: constant({ value: 0 }) },
        { weight: 66.9, of: lognormal({ median: 376, sigma: 1.086, cap: 7_200 }) },
      ],
    }),
  ],
  ["capped", capped({ of: uniform({ low: 0, high: 10 }), cap: 4 })],
];

function draws(of: Distribution, count = DRAWS): Float64Array {
  const random = new RandomStream("distribution.test", "draws");
  return Float64Array.from({ length: count }, () => of.sample(random)).sort();
}

/**
 * The greatest distance between the share of draws and the cdf, both sides of each step
 * (Kolmogorov-Smirnov).
 */
function distanceFromCdf(sorted: Float64Array, of: Distribution): number {
  let worst = 0;
  for (let index = 0; index < sorted.length; ) {
    const value = sorted[index];
    let next = index;
    while (next < sorted.length && sorted[next] === value) next++;
    worst = Math.max(worst, Math.abs(next / sorted.length - of.cdf(value)));
    worst = Math.max(
      worst,
      Math.abs(index / sorted.length - of.cdf(value - 1e-9 * Math.max(1, Math.abs(value)))),
    );
    index = next;
  }
  return worst;
}

describe.each(families)("%s", (_name, of) => {
  const sorted = draws(of);

  it("draws what its cdf says (Kolmogorov-Smirnov, 1 % level)", () => {
    expect(distanceFromCdf(sorted, of)).toBeLessThan(1.628 / Math.sqrt(DRAWS));
  });

  it("has the mean of its draws, within four standard errors", () => {
    const mean = sorted.reduce((sum, value) => sum + value, 0) / DRAWS;
    const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(Math.abs(mean - of.mean)).toBeLessThan(
      (4 * Math.sqrt(squares / DRAWS)) / Math.sqrt(DRAWS),
    );
  });

  it("has a limited mean that is the integral of what its cdf leaves", () => {
    const low = Math.min(0, sorted[0]);
    for (const limit of [sorted[DRAWS * 0.1], sorted[DRAWS * 0.6], sorted[DRAWS * 0.95]]) {
      const steps = 200_000;
      const width = (limit - low) / steps;
      let integral = low;
      for (let step = 0; step < steps; step++) {
        integral += width * (1 - of.cdf(low + (step + 0.5) * width));
      }
      expect(Math.abs(of.limitedMean(limit) - integral)).toBeLessThan(
        1e-4 * (1 + Math.abs(integral)),
      );
    }
    expect(of.limitedMean(Number.POSITIVE_INFINITY)).toBe(of.mean);
  });

  it("draws to the nearest whole number what it draws at all", () => {
    const random = new RandomStream("distribution.test", "whole");
    for (let entity = 0; entity < 1_000; entity++) {
      const drawn = of.at(random, entity);
      expect(of.whole(random.at(entity))).toBe(Math.floor(drawn + 0.5));
    }
  });

  it("gives an entity the same draw whenever and however often it is asked", () => {
    const random = new RandomStream("distribution.test", "keyed");
    const first = of.at(random, 17, 3);
    of.at(random, 99);
    of.sample(random);
    expect(of.at(random, 17, 3)).toBe(first);
  });
});

describe("the published figures", () => {
  it("33.6, 51.4, 81.0 % of clicks come within 1, 3, 24 hours (GetResponse 2019-20)", () => {
    expect(clickDelay.cdf(HOUR)).toBeCloseTo(0.336, 3);
    expect(clickDelay.cdf(3 * HOUR)).toBeCloseTo(0.514, 3);
    expect(clickDelay.cdf(24 * HOUR)).toBeCloseTo(0.81, 3);
  });

  it("the default think time is 62.5 s on average (IBM Coremetrics: 446 s over 7.14 gaps)", () => {
    expect(thinkTime.mean / SECOND).toBeCloseTo(62.3, 1);
    expect(Math.abs(thinkTime.mean / (62.5 * SECOND) - 1)).toBeLessThan(0.005);
  });

  it("TPC-W's think time is 6.9997 s and its session 14.73 min on average", () => {
    expect(exponential({ mean: 7, cap: 70 }).mean).toBeCloseTo(6.9997, 4);
    expect(exponential({ mean: 15, cap: 60 }).mean).toBeCloseTo(14.73, 2);
  });

  it("a session lasts 446 s on average, a third of them nothing", () => {
    const session = mixture({
      parts: [
        { weight: 0.331, of: constant({ value: 0 }) },
        { weight: 0.669, of: lognormal({ median: 376, sigma: 1.086, cap: 7_200 }) },
      ],
    });
    expect(Math.abs(session.mean / 446 - 1)).toBeLessThan(0.01);
  });
});

describe("means", () => {
  it("are exact where they have a closed form", () => {
    expect(weibull({ scale: 3, shape: 2 }).mean).toBeCloseTo((3 * Math.sqrt(Math.PI)) / 2, 12);
    expect(logLogistic({ median: 2, shape: 2 }).mean).toBeCloseTo(Math.PI, 12);
    expect(lognormalFromMean({ mean: 50, cv: 1.1 }).mean).toBeCloseTo(50, 12);
    expect(paretoTail({ body: constant({ value: 2 }), threshold: 1, alpha: 3 }).mean).toBeCloseTo(
      1.5,
      12,
    );
  });

  it("are infinite where the tail is that heavy, and finite again under a cap", () => {
    expect(logLogistic({ median: 1, shape: 0.671 }).mean).toBe(Number.POSITIVE_INFINITY);
    expect(Number.isFinite(clickDelay.mean)).toBe(true);
    // With shape 1 the capped mean has a closed form: median * ln(1 + cap / median).
    const capped = logLogistic({ median: 1, shape: 1, cap: 9 });
    expect(capped.mean).toBeCloseTo(log(10), 8);
  });

  it("of a capped Weibull agree with the exponential, which is one of shape 1", () => {
    const mean = weibull({ scale: 5, shape: 1, cap: 8 }).mean;
    expect(mean).toBeCloseTo(exponential({ mean: 5, cap: 8 }).mean, 8);
  });
});

describe("a cap", () => {
  it("is where greater draws are set to, so that it has a probability of its own", () => {
    const of = exponential({ mean: 1, cap: 2 });
    const sorted = draws(of);
    expect(sorted[DRAWS - 1]).toBe(2);
    const share = sorted.filter((value) => value === 2).length / DRAWS;
    expect(Math.abs(share - exp(-2))).toBeLessThan(0.01);
    expect([of.cdf(2), of.cdf(1.999_999) < 0.87]).toEqual([1, true]);
  });
});

describe("impossible parameters", () => {
  it("are refused, each with its reason", () => {
    expect(() => exponential({ mean: 0 })).toThrow("mean of an exponential");
    expect(() => lognormal({ median: 1, sigma: -1 })).toThrow("sigma");
    expect(() => uniform({ low: 2, high: 2 })).toThrow("range");
    expect(() => weibull({ scale: Number.NaN, shape: 1 })).toThrow("scale");
    expect(() => mixture({ parts: [] })).toThrow("bounded number of parts");
    expect(() => empirical({ points: [{ value: 1, share: 0.5 }] })).toThrow("last share");
  });
});
