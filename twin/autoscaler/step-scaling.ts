/**
 * The rules of EC2 step and simple scaling as plain functions (EC2 Auto Scaling user guide;
 * parameters.md section 3.3). Both act on an alarm. Step scaling chooses the size of a change by
 * the distance of the metric from the threshold and counts what still warms up as already there;
 * simple scaling knows one change and then waits until it is done, and a cooldown more.
 */
import { assert } from "../../engine/assert.ts";
import type { AdjustmentSpec, AutoscalerSpec, ScalingStep } from "../scenario/scenario.ts";
import {
  allOf,
  type Datapoint,
  type Decision,
  type FleetView,
  inTo,
  outTo,
  rounded,
} from "./policy.ts";

export type StepScalingSpec = Extract<AutoscalerSpec, { kind: "step" }>;
export type SimpleScalingSpec = Extract<AutoscalerSpec, { kind: "simple" }>;

/** What step scaling does after a new datapoint. `recent`: the datapoints so far, the newest last. */
export function scaleBySteps(
  spec: StepScalingSpec,
  recent: readonly Datapoint[],
  fleet: FleetView,
): Decision {
  const newest = recent.at(-1);
  const alarm = alarmOf(spec, recent);
  if (newest === undefined || alarm === null) return { kind: "stay", why: "no-alarm" };
  if (alarm === "high") {
    const by = stepAt(spec.out, newest.utilisation - spec.high);
    return outTo(adjusted(spec, fleet.desired - fleet.warming, by), fleet);
  }
  if (fleet.warming > 0) return { kind: "stay", why: "warming" };
  const by = stepAt(spec.in, spec.low - newest.utilisation);
  return inTo(adjusted(spec, fleet.desired, -by), fleet);
}

/** What simple scaling does after a new datapoint. `recent`: the datapoints so far, the newest last. */
export function scaleSimply(
  spec: SimpleScalingSpec,
  recent: readonly Datapoint[],
  fleet: FleetView,
): Decision {
  const alarm = alarmOf(spec, recent);
  if (alarm === null) return { kind: "stay", why: "no-alarm" };
  if (fleet.settledFor === null || fleet.settledFor < spec.cooldown)
    return { kind: "stay", why: "cooling-down" };
  if (alarm === "high") return outTo(adjusted(spec, fleet.desired, spec.out), fleet);
  return inTo(adjusted(spec, fleet.desired, -spec.in), fleet);
}

function alarmOf(
  spec: StepScalingSpec | SimpleScalingSpec,
  recent: readonly Datapoint[],
): "high" | "low" | null {
  assert(spec.low < spec.high, "the thresholds of an alarm are in order");
  if (allOf(recent, spec.datapointsHigh, (point) => point.utilisation > spec.high)) return "high";
  if (allOf(recent, spec.datapointsLow, (point) => point.utilisation < spec.low)) return "low";
  return null;
}

/** The adjustment for a distance beyond the threshold: a step holds from its lower bound to below its upper. */
function stepAt(steps: readonly ScalingStep[], distance: number): number {
  const exact = rounded(distance);
  const step = steps.find(({ from, to }) => exact >= from && (to === null || exact < to));
  assert(step !== undefined, "steps cover every distance from the threshold");
  return step.by;
}

/** The number of instances after an adjustment, before the fleet's bounds. */
export function adjusted(spec: AdjustmentSpec, from: number, by: number): number {
  if (spec.adjustment === "exact") return Math.abs(by);
  if (spec.adjustment === "change") return from + by;
  const change = wholeChange(rounded((from * by) / 100));
  return from + Math.sign(change) * Math.max(Math.abs(change), by === 0 ? 0 : spec.minimum);
}

/** EC2's rounding: 12.7 is 12, 0.67 is 1, -0.58 is -1, -6.67 is -6. */
function wholeChange(change: number): number {
  if (change === 0) return 0;
  return Math.sign(change) * Math.max(1, Math.floor(Math.abs(change)));
}
