import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { log } from "./elementary.ts";
import {
  digamma,
  gamma,
  incompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
  trigamma,
  upperGammaShare,
} from "./special-functions.ts";

/** Relative distance to a printed value of as many digits as its table has. */
function isWithin(actual: number, expected: number, relative: number): void {
  expect(Math.abs(actual - expected) / Math.abs(expected)).toBeLessThan(relative);
}

describe("the gamma function", () => {
  it("is the factorial at whole numbers", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n++) {
      isWithin(gamma(n), factorial, 1e-12);
      factorial *= n;
    }
  });

  it("is the root of pi at one half, and reflects below it", () => {
    isWithin(gamma(0.5), Math.sqrt(Math.PI), 1e-13);
    isWithin(gamma(0.25) * gamma(0.75), Math.PI * Math.SQRT2, 1e-12);
  });

  it("grows by its argument from one to the next", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 150, noNaN: true }), (x) => {
        expect(Math.abs(logGamma(x + 1) - logGamma(x) - log(x))).toBeLessThan(1e-10);
      }),
      { seed: 1 },
    );
  });
});

describe("the incomplete beta function", () => {
  it("is a power where one parameter is 1", () => {
    for (const x of [0.01, 0.3, 0.5, 0.9]) {
      isWithin(incompleteBeta(x, 3, 1), x ** 3, 1e-13);
      isWithin(incompleteBeta(x, 1, 4), 1 - (1 - x) ** 4, 1e-12);
    }
  });

  it("gives the binomial tail: at least 3 heads in 10 throws", () => {
    isWithin(incompleteBeta(0.5, 3, 8), 968 / 1024, 1e-12);
  });

  it("mirrors itself", () => {
    const parameter = fc.double({ min: 0.1, max: 200, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_024 }), parameter, parameter, (steps, a, b) => {
        const x = steps / 1_024;
        expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 9);
      }),
      { seed: 2 },
    );
  });
});

describe("the normal distribution", () => {
  it("has the printed quantiles (Abramowitz & Stegun table 26.1)", () => {
    isWithin(normalQuantile(0.975), 1.959963984540054, 1e-14);
    isWithin(normalQuantile(0.995), 2.5758293035489, 1e-13);
    expect(Math.abs(normalQuantile(0.5))).toBeLessThan(1e-15);
  });

  it("keeps relative accuracy in the tail", () => {
    isWithin(normalCdf(-6), 9.865876450376946e-10, 1e-12);
    isWithin(normalCdf(-2.999), 0.0013543, 1e-4);
    expect(normalCdf(40)).toBe(1);
  });

  it("has no step where its two methods meet", () => {
    expect(normalCdf(3 - 1e-12) - normalCdf(3)).toBeCloseTo(0, 13);
    expect(normalCdf(-3 + 1e-12) - normalCdf(-3)).toBeCloseTo(0, 13);
  });
});

describe("Student's t", () => {
  it("has the printed quantiles (any table of t: 95 % and 99 %, two-sided)", () => {
    isWithin(studentQuantile(0.975, 1), 12.7062047362, 1e-10);
    isWithin(studentQuantile(0.975, 2), 4.30265272991, 1e-10);
    isWithin(studentQuantile(0.975, 9), 2.26215716274, 1e-10);
    isWithin(studentQuantile(0.995, 4), 4.60409487142, 1e-10);
    isWithin(studentQuantile(0.975, 1_000), 1.96233908082, 1e-9);
  });

  it("is Cauchy's with one degree of freedom", () => {
    for (const [x, share] of [
      [-1, 0.25],
      [0, 0.5],
      [1, 0.75],
      [Math.sqrt(3), 5 / 6],
    ]) {
      expect(studentCdf(x, 1)).toBeCloseTo(share, 12);
    }
  });

  it("undoes its own quantile", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (share, degrees) => {
          expect(studentCdf(studentQuantile(share, degrees), degrees)).toBeCloseTo(share, 10);
        },
      ),
      { seed: 3 },
    );
  });
});

describe("the incomplete gamma function", () => {
  it("is e^-x for a of 1, and the sum of Poisson shares for a whole a", () => {
    for (const x of [0.01, 1, 2, 10, 40]) {
      isWithin(upperGammaShare(1, x), Math.exp(-x), 1e-12);
      const shares = [0, 1, 2, 3].map((n) => (Math.exp(-x) * x ** n) / gamma(n + 1));
      const sum = shares.reduce((total, share) => total + share, 0);
      isWithin(upperGammaShare(4, x), sum, 1e-11);
    }
  });

  it("is 1 at 0 and 0 without end", () => {
    expect([upperGammaShare(2, 0), upperGammaShare(2, Number.POSITIVE_INFINITY)]).toEqual([1, 0]);
  });
});

describe("digamma and trigamma", () => {
  const EULER = 0.577_215_664_901_532_9;

  it("have their known values at 1 and 1/2", () => {
    isWithin(digamma(1), -EULER, 1e-12);
    isWithin(digamma(0.5), -EULER - 2 * Math.LN2, 1e-12);
    isWithin(trigamma(1), (Math.PI * Math.PI) / 6, 1e-12);
    isWithin(trigamma(0.5), (Math.PI * Math.PI) / 2, 1e-12);
  });

  it("are the slopes of the logarithm of the gamma function and of digamma", () => {
    for (const x of [0.1, 0.7, 3, 11.9, 12.1, 400]) {
      const step = 1e-4 * x;
      isWithin(digamma(x), (logGamma(x + step) - logGamma(x - step)) / (2 * step), 1e-6);
      isWithin(trigamma(x), (digamma(x + step) - digamma(x - step)) / (2 * step), 1e-6);
    }
  });
});
