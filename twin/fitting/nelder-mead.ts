/**
 * The least value of a smooth function of a few numbers, without its slope (Nelder and Mead, The
 * Computer Journal 7(4), 1965), and how far off its place may be.
 */
import { assert } from "../../engine/assert.ts";

type Point = readonly number[];
type Objective = (point: Point) => number;

const ROUNDS_MAX = 400;
const PRECISION = 1e-8;
const FIRST_STEP = 0.5;

interface Corner {
  readonly point: Point;
  readonly value: number;
}

/** Where the function is least, from a first guess on. Infinity forbids a point. */
export function leastOf(objective: Objective, start: Point): Corner {
  assert(start.length > 0, "something is varied");
  const cornerAt = (point: Point): Corner => ({ point, value: objective(point) });
  const corners = [cornerAt(start)];
  for (const index of start.keys())
    corners.push(cornerAt(start.map((x, axis) => (axis === index ? x + FIRST_STEP : x))));
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    corners.sort((one, other) => one.value - other.value);
    const best = at(corners, 0);
    const worst = at(corners, corners.length - 1);
    if (worst.value - best.value <= PRECISION * (Math.abs(best.value) + PRECISION)) break;
    const centre = start.map(
      (_none, axis) =>
        corners.slice(0, -1).reduce((sum, { point }) => sum + (point[axis] ?? 0), 0) / start.length,
    );
    const along = (part: number) => cornerAt(blend(centre, worst.point, part));
    const next = replacement({ along, best, worst, second: at(corners, corners.length - 2) });
    if (next !== null) corners[corners.length - 1] = next;
    else
      for (let index = 1; index < corners.length; index += 1)
        corners[index] = cornerAt(blend(best.point, at(corners, index).point, 0.5));
  }
  return corners.reduce((least, corner) => (corner.value < least.value ? corner : least));
}

/** What takes the worst corner's place: reflected, expanded, contracted; null shrinks all. */
function replacement(simplex: {
  readonly along: (part: number) => Corner;
  readonly best: Corner;
  readonly second: Corner;
  readonly worst: Corner;
}): Corner | null {
  const { along, best, second, worst } = simplex;
  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : null;
}

function blend(from: Point, to: Point, part: number): Point {
  return from.map((x, axis) => x + part * ((to[axis] ?? 0) - x));
}

function at(corners: readonly Corner[], index: number): Corner {
  const corner = corners[index];
  assert(corner !== undefined, "a simplex has its corners");
  return corner;
}

const CURVATURE_STEP = 1e-3;

/**
 * The diagonal of the inverse matrix of second derivatives: the variances of a maximum-likelihood
 * fit, where the objective is the negative log-likelihood. Infinite where the function is flat.
 */
export function inverseCurvature(objective: Objective, place: Point): readonly number[] {
  const moved = (steps: Readonly<Record<number, number>>) =>
    objective(place.map((x, axis) => x + (steps[axis] ?? 0)));
  const h = CURVATURE_STEP;
  const matrix = place.map((_row, i) =>
    place.map((_column, j) => {
      if (i === j) return (moved({ [i]: h }) - 2 * moved({}) + moved({ [i]: -h })) / (h * h);
      const same = moved({ [i]: h, [j]: h }) + moved({ [i]: -h, [j]: -h });
      return (same - moved({ [i]: h, [j]: -h }) - moved({ [i]: -h, [j]: h })) / (4 * h * h);
    }),
  );
  return place.map((_none, axis) => inverseDiagonal(matrix, axis));
}

/** One diagonal element of the inverse: the determinant without the axis over the determinant. */
function inverseDiagonal(matrix: readonly (readonly number[])[], axis: number): number {
  const without = matrix.filter((_row, i) => i !== axis).map((row) => row.toSpliced(axis, 1));
  const variance = determinant(without) / determinant(matrix);
  return variance > 0 ? variance : Number.POSITIVE_INFINITY;
}

function determinant(matrix: readonly (readonly number[])[]): number {
  const [first, ...rest] = matrix;
  if (first === undefined) return 1;
  return first.reduce((sum, value, column) => {
    const minor = rest.map((row) => row.toSpliced(column, 1));
    return sum + (column % 2 === 0 ? value : -value) * determinant(minor);
  }, 0);
}
