import { describe, expect, it } from "vitest";
import { lognormal } from "../../engine/distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { valueShape } from "./value-shape.ts";

describe("the shape of order values", () => {
  it("of a lognormal has its sigma and its spread", () => {
    const random = new RandomStream("shape", "values");
    const values = lognormal({ median: 300, sigma: 0.8 });
    const shape = valueShape(Array.from({ length: 40_000 }, () => values.sample(random)));
    if ("why" in shape) throw new Error(shape.why);
    expect(Math.abs(shape.median / 300 - 1)).toBeLessThan(0.03);
    expect(Math.abs(shape.bodySigma / 0.8 - 1)).toBeLessThan(0.03);
    expect(Math.abs(shape.cv / Math.sqrt(Math.exp(0.64) - 1) - 1)).toBeLessThan(0.06);
    expect(Math.abs(shape.p99OverMedian / Math.exp(0.8 * 2.326) - 1)).toBeLessThan(0.06);
    const { densityExponent = 0, survivalExponent = 0 } = shape.tail ?? {};
    expect(densityExponent - survivalExponent).toBeCloseTo(1, 12);
  });

  it("of a handful is not told", () => {
    const few = [1, 2, 3];
    expect(valueShape(few)).toEqual({
      size: 3,
      why: "3 measurements are too few: 30 are needed",
    });
  });
});
