/**
 * A sale of which only cumulative shares at a few times are published, fitted by the shapes of a
 * launch; and one sale's milestones predicted from another's fit.
 */
import { assert } from "../../engine/assert.ts";
import { log } from "../../engine/elementary.ts";
import type { FittedParameter } from "./families.ts";
import {
  freedom,
  guesses,
  LAUNCH_SHAPES,
  type LaunchShape,
  launchCurve,
  launchParameters,
} from "./launch-curve.ts";
import { inverseCurvature, leastOf } from "./nelder-mead.ts";
import { square } from "./square.ts";

export interface Milestone {
  /** After the launch, in seconds. */
  readonly seconds: number;
  /** Of the whole sale's orders or value, above 0. */
  readonly share: number;
}

export interface MilestoneError extends Milestone {
  readonly fitted: number;
  /** (fitted - share) / share. */
  readonly error: number;
}

export interface MilestoneScore {
  readonly milestones: readonly MilestoneError[];
  /** Sum of the absolute errors over the sum of the shares. */
  readonly wmape: number;
}

export interface MilestoneFit extends LaunchShape, MilestoneScore {
  /** In seconds and shares. */
  readonly parameters: Readonly<Record<string, FittedParameter>>;
  /** n ln(mean squared relative error) + 2 k, Akaike's criterion for least squares. */
  readonly aic: number;
  /** Share of the whole by a time after the launch. */
  readonly curve: (seconds: number) => number;
}

/** Below this squared relative error a fit is exact, as far as published figures are rounded. */
const EXACT = 1e-8;

/**
 * Fits to milestones before the end of a sale of `lasts` seconds, best first: least squares of the
 * relative errors, as a mark of so many percent at every milestone asks. A shape with as many
 * free numbers as there are milestones says nothing and is left out.
 */
export function fitMilestones(
  milestones: readonly Milestone[],
  lasts: number,
): readonly MilestoneFit[] {
  const inside = milestones.filter(({ seconds }) => seconds < lasts);
  for (const { seconds, share } of inside)
    assert(seconds > 0 && share > 0 && share <= 1, "a milestone is a share after the launch");
  return LAUNCH_SHAPES.filter((shape) => freedom(shape) < inside.length)
    .flatMap((shape) => fitShape(shape, inside, lasts) ?? [])
    .sort((one, other) => one.aic - other.aic);
}

function fitShape(
  shape: LaunchShape,
  milestones: readonly Milestone[],
  lasts: number,
): MilestoneFit | null {
  const squares = (numbers: readonly number[]): number => {
    const curve = launchCurve(shape, numbers, lasts);
    if (curve === null) return Number.POSITIVE_INFINITY;
    return milestones.reduce(
      (sum, { seconds, share }) => sum + square(curve(seconds) / share - 1),
      0,
    );
  };
  const least = guesses(shape, lasts)
    .map((start) => leastOf(squares, start))
    .reduce((best, found) => (found.value < best.value ? found : best));
  const curve = launchCurve(shape, least.point, lasts);
  if (curve === null) return null;
  const size = milestones.length;
  const noise = least.value / (size - freedom(shape));
  const variances = inverseCurvature(squares, least.point).map((inverse) => 2 * noise * inverse);
  return {
    ...shape,
    ...scoreMilestones(milestones, curve),
    parameters: launchParameters(shape, least.point, variances),
    aic: size * log(Math.max(least.value / size, EXACT)) + 2 * freedom(shape),
    curve,
  };
}

/** How far a curve, of this sale or of another, lies off each milestone. */
export function scoreMilestones(
  milestones: readonly Milestone[],
  curve: (seconds: number) => number,
): MilestoneScore {
  const scored = milestones.map(({ seconds, share }) => {
    const fitted = curve(seconds);
    return { seconds, share, fitted, error: fitted / share - 1 };
  });
  const missed = scored.reduce((sum, { share, fitted }) => sum + Math.abs(fitted - share), 0);
  const total = scored.reduce((sum, { share }) => sum + share, 0);
  return { milestones: scored, wmape: missed / total };
}
