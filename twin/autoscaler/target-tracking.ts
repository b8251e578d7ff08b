/**
 * The rules of EC2 target tracking as plain functions. AlarmHigh fires when the last 3 of 3
 * datapoints lie above the target, AlarmLow when the last 15 of 15 lie below some 90 % of it
 * (public sources, parameters.md section 3.3). Scaling out follows every datapoint while AlarmHigh
 * stands; scaling in is held back until nothing warms up.
 */
import { assert } from "../../engine/assert.ts";
import type { AutoscalerSpec } from "../scenario/scenario.ts";

export type TargetTrackingSpec = Extract<AutoscalerSpec, { kind: "target-tracking" }>;

/** One period of the metric, as the alarms see it. */
export interface Datapoint {
  /** Mean CPU utilisation of the instances that were warm, 0 to 1. */
  readonly utilisation: number;
  /** How many they were: 0 means that the period has no datapoint, and `utilisation` says nothing. */
  readonly instances: number;
}

/** The fleet at the moment of the decision. */
export interface FleetView {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** Instances ordered that do not count in the metric yet. */
  readonly warming: number;
}

export type Decision =
  | { readonly kind: "stay"; readonly why: "no-alarm" | "enough" | "warming" | "at-limit" }
  | { readonly kind: "out"; readonly desired: number }
  | { readonly kind: "in"; readonly desired: number };

/** What to do after a new datapoint. `recent`: the datapoints so far, the newest last. */
export function decide(
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

/** Whether the last `count` datapoints are all there and all breach. */
function allOf(
  recent: readonly Datapoint[],
  count: number,
  breaches: (point: Datapoint) => boolean,
): boolean {
  assert(count >= 1, "an alarm looks at one datapoint at least");
  if (recent.length < count) return false;
  return recent.slice(-count).every((point) => point.instances > 0 && breaches(point));
}

/** Wanted: as many as the measured load needs at the target; those that warm up already count. */
function scaleOut(spec: TargetTrackingSpec, newest: Datapoint, fleet: FleetView): Decision {
  const needed = Math.ceil(rounded((newest.instances * newest.utilisation) / spec.target));
  if (needed <= fleet.desired) return { kind: "stay", why: "enough" };
  const desired = Math.min(fleet.max, needed);
  if (desired <= fleet.desired) return { kind: "stay", why: "at-limit" };
  return { kind: "out", desired };
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
  const kept = measured - Math.floor(rounded(spare));
  if (kept >= fleet.desired) return { kind: "stay", why: "enough" };
  const desired = Math.max(fleet.min, kept);
  if (desired >= fleet.desired) return { kind: "stay", why: "at-limit" };
  return { kind: "in", desired };
}

/** Digits after the point that an instance count keeps: below them stands arithmetic, not load. */
const COUNT_PRECISION = 1e9;

/** A count of instances without the last bits, so that 10 * 0.6 / 0.5 is 12 and not 13 when rounded up. */
function rounded(count: number): number {
  return Math.round(count * COUNT_PRECISION) / COUNT_PRECISION;
}
