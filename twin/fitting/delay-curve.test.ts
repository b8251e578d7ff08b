import { expect, it } from "vitest";
import { logLogistic } from "../../engine/distribution.ts";
import { fitDelayCurve } from "./delay-curve.ts";

const HOUR = 3_600;
const truth = logLogistic({ median: 4 * HOUR, shape: 0.9 });

it("finds the law and the median that published shares were made of", () => {
  const points = [1, 2, 6, 12, 24, 72].map((hours, index) => ({
    seconds: hours * HOUR,
    share: truth.cdf(hours * HOUR) + (index % 2 === 0 ? 0.002 : -0.002),
  }));
  const [best, ...others] = fitDelayCurve(points);
  expect(best?.family).toBe("log-logistic");
  expect((best?.parameters.median?.value ?? 0) / HOUR).toBeCloseTo(4, 1);
  expect(best?.parameters.shape?.value).toBeCloseTo(0.9, 1);
  expect(best?.distance).toBeLessThan(0.005);
  expect(others.at(-1)?.family).toBe("exponential");
});

it("says nothing of two points", () => {
  expect(fitDelayCurve([{ seconds: 60, share: 0.1 }])).toEqual([]);
});
