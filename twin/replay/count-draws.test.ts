import { expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import { poissonDraw } from "./count-draws.ts";

const DRAWS = 20_000;

function momentsOf(draw: () => number): { readonly mean: number; readonly variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAWS - 1);
  return { mean, variance };
}

it.each([0.2, 3, 60, 1_200])("Poisson counts of mean %d have it as their variance too", (mean) => {
  const random = new RandomStream("counts/1", "poisson");
  const found = momentsOf(() => poissonDraw(mean, random));
  const error = Math.sqrt(mean / DRAWS);
  expect(Math.abs(found.mean - mean)).toBeLessThan(4 * error);
  expect(found.variance / mean).toBeCloseTo(1, 1);
});

it("no mean gives no count", () => {
  expect(poissonDraw(0, new RandomStream("counts/1", "none"))).toBe(0);
});
