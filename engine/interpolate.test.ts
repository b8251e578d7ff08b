import { expect, it } from "vitest";
import { interpolate } from "./interpolate.ts";

const xs = Float64Array.of(0, 1, 3, 10);
const ys = Float64Array.of(5, 7, 7, 0);

it("goes through the points and straight between them", () => {
  for (const [index, x] of xs.entries()) expect(interpolate(xs, ys, x)).toBe(ys[index]);
  expect(interpolate(xs, ys, 0.5)).toBe(6);
  expect(interpolate(xs, ys, 2)).toBe(7);
  expect(interpolate(xs, ys, 6.5)).toBe(3.5);
});

it("is held at its ends", () => {
  expect(interpolate(xs, ys, -1)).toBe(5);
  expect(interpolate(xs, ys, 11)).toBe(0);
});
