import { describe, expect, it } from "vitest";
import { gammaDraw } from "../../engine/gamma-distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { poissonDraw } from "../replay/count-draws.ts";
import { chiSquareOfClasses, chiSquareTail } from "./chi-square.ts";
import { areSmallWholes, rankWholes } from "./whole-number-fits.ts";

function draws(extra: (random: RandomStream) => number, size = 3_000): Float64Array {
  const random = new RandomStream("wholes", "test");
  return Float64Array.from({ length: size }, () => 1 + extra(random)).sort();
}

describe("small whole numbers", () => {
  it("are told to be a geometric's, a Poisson's or a negative binomial's, with its mean", () => {
    const geometric = rankWholes(
      draws((random) => {
        let more = 0;
        while (random.next() < 0.4) more += 1;
        return more;
      }),
    );
    expect(geometric.chosen?.kind).toBe("geometric");
    expect(geometric.chosen?.parameters.mean?.value).toBeCloseTo(1 / 0.6, 1);
    const poisson = rankWholes(draws((random) => poissonDraw(2, random)));
    expect(poisson.chosen?.kind).toBe("1 + Poisson");
    const mixed = rankWholes(draws((random) => poissonDraw(gammaDraw(0.4, random) * 5, random)));
    expect(mixed.chosen?.kind).toBe("1 + negative binomial");
    const { shape } = mixed.chosen?.parameters ?? {};
    expect(Math.abs((shape?.value ?? 0) - 0.4)).toBeLessThan(4 * (shape?.error ?? 0));
    expect(shape?.error).toBeLessThan(0.1);
  });

  it("are of none of them where they are two and nine", () => {
    const values = draws((random) => (random.next() < 0.5 ? 1 : 8));
    expect(areSmallWholes(values)).toBe(true);
    const { chosen, measured } = rankWholes(values);
    expect(chosen).toBeNull();
    expect(measured.map(({ value }) => value)).toEqual([2, 9]);
  });

  it("are neither great nor fractions", () => {
    expect(areSmallWholes(Float64Array.of(1, 2, 2.5))).toBe(false);
    expect(areSmallWholes(Float64Array.from({ length: 100 }, (_none, at) => at + 1))).toBe(false);
  });
});

describe("chi-square", () => {
  it("has the chances of the tables", () => {
    expect(chiSquareTail(3.841459, 1)).toBeCloseTo(0.05, 7);
    expect(chiSquareTail(18.30704, 10)).toBeCloseTo(0.05, 7);
    expect(chiSquareTail(0.2, 10)).toBeCloseTo(1, 5);
    expect(chiSquareTail(149.4493, 100)).toBeCloseTo(0.001, 6);
  });

  it("joins classes of which too little is expected", () => {
    const classes = [
      { counted: 40, expected: 50 },
      { counted: 55, expected: 45 },
      { counted: 3, expected: 3 },
      { counted: 2, expected: 2 },
    ];
    expect(chiSquareOfClasses(classes, 0)).toMatchObject({ degreesOfFreedom: 2 });
    expect(chiSquareOfClasses(classes.slice(2), 0)).toBeNull();
  });
});
