/**
 * The measured cumulative curve itself, for measurements that no family fits. It has the mean of
 * the measurements, and their shares at every point that is not a knee.
 */
import type { CurvePoint } from "../../engine/distribution.ts";
import { nearestWhole } from "../../engine/nearest-whole.ts";

/** Equal steps of the share; the last of them is halved until it holds one measurement. */
const STEPS = 100;
/** Values all alike become a rise over this part of the way to them. */
const RISE = 1e-9;

/**
 * Rising points of ascending measurements that are not all the same. The first share is that of
 * the least measurement. Between two shares a knee at the mean of what lies between keeps that
 * mean: a straight line there would say the middle, far too much where the tail is heavy.
 */
export function measuredCurve(sorted: Float64Array): readonly CurvePoint[] {
  const size = sorted.length;
  let from = countThrough(sorted, 1);
  let low = sorted[0] ?? 0;
  const points: CurvePoint[] = [{ value: low, share: from / size }];
  for (const count of countsOf(size)) {
    if (count <= from) continue;
    const to = countThrough(sorted, count);
    const high = sorted[to - 1] ?? low;
    const knee = kneeBetween({ low, high, mean: meanOf(sorted.subarray(from, to)) });
    if (knee.value > low && knee.value < high)
      points.push({ value: knee.value, share: (from + knee.part * (to - from)) / size });
    points.push({ value: high, share: to / size });
    from = to;
    low = high;
  }
  return points;
}

/** How many measurements lie at or below each point. */
function countsOf(size: number): readonly number[] {
  const counts: number[] = [];
  for (let step = 1; step < STEPS; step += 1)
    counts.push(Math.max(1, nearestWhole((step / STEPS) * size)));
  for (let above = size / STEPS / 2; above >= 1; above /= 2)
    counts.push(size - nearestWhole(above));
  counts.push(size);
  return counts;
}

/** The count with all measurements that are the same as its last one. */
function countThrough(sorted: Float64Array, count: number): number {
  const last = sorted[count - 1];
  let through = count;
  while (through < sorted.length && sorted[through] === last) through += 1;
  return through;
}

/** Where the line bends, and the part of the measurements below, so that their mean is kept. */
function kneeBetween({ low, high, mean }: { low: number; high: number; mean: number }): {
  readonly value: number;
  readonly part: number;
} {
  const width = high - low;
  const value = Math.min(mean, high - RISE * width);
  return { value, part: Math.max(0, (high + value - 2 * mean) / width) };
}

function meanOf(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total / values.length;
}
