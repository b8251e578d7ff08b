/**
 * The rules of EC2 target tracking as plain functions. AlarmHigh fires when the last 3 of 3
 * datapoints lie above the target, AlarmLow when the last 15 of 15 lie below some 90 % of it
 * (public sources, parameters.md section 3.3). Scaling out follows every datapoint while AlarmHigh
 * stands; scaling in is held back until nothing warms up.
 */
import { assert } from "../../engine/assert.ts";
import type { AutoscalerSpec } from "../scenario/scenario.ts";
import {
  allOf,
  type Datapoint,
  type Decision,
  type FleetView,
  inTo,
  outTo,
  rounded,
} from "./policy.ts";

export type TargetTrackingSpec = Extract<AutoscalerSpec, { kind: "target-tracking" }>;

/** What to do after a new datapoint. `recent`: the datapoints so far, the newest last. */
export function trackTarget(
  spec: TargetTrackingSpec,
  recent: readonly Datapoint[],
  fleet: FleetView,
): Decision {
  assert(spec.target > 0 && spec.target <= 1, "a target is a share of the CPU above 0");
  assert(fleet.min <= fleet.max, "a fleet's bounds are in order");
  const newest = recent.at(-1);
  if (newest === undefined) return { kind: "stay", why: "no-alarm" };
  const low = spec.target * spec.lowShare;
  if (allOf(recent, spec.datapointsHigh, (point) => point.utilisation > spec.target))
    return scaleOut(spec, newest, fleet);
  if (allOf(recent, spec.datapointsLow, (point) => point.utilisation < low))
    return scaleIn(spec, newest, fleet);
  return { kind: "stay", why: "no-alarm" };
}

/** Wanted: as many as the measured load needs at the target; those that warm up already count. */
function scaleOut(spec: TargetTrackingSpec, newest: Datapoint, fleet: FleetView): Decision {
  const needed = Math.ceil(rounded((newest.instances * newest.utilisation) / spec.target));
  return outTo(needed, fleet);
}

/**
 * Gone: what the measured load does not need, rounded down, counted from the instances that were
 * measured, so that a datapoint from before the last removal does not remove twice.
 */
function scaleIn(spec: TargetTrackingSpec, newest: Datapoint, fleet: FleetView): Decision {
  const measured = newest.instances;
  // An instance that the datapoint does not know carries load that the datapoint does not show.
  if (fleet.warming > 0 || measured < fleet.desired) return { kind: "stay", why: "warming" };
  const spare = measured - (measured * newest.utilisation) / spec.target;
  return inTo(measured - Math.floor(rounded(spare)), fleet);
}
