/** What scaling policies see and say, and the alarm that the policies of EC2 share. */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";

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
  /** How long all ordered instances serve and all removed ones are gone; null while they do not. */
  readonly settledFor: Ticks | null;
}

export type Decision =
  | {
      readonly kind: "stay";
      readonly why: "no-alarm" | "enough" | "warming" | "cooling-down" | "at-limit";
    }
  | { readonly kind: "out"; readonly desired: number }
  | { readonly kind: "in"; readonly desired: number };

/** An alarm: whether the last `count` datapoints are all there and all breach. */
export function allOf(
  recent: readonly Datapoint[],
  count: number,
  breaches: (point: Datapoint) => boolean,
): boolean {
  assert(count >= 1, "an alarm looks at one datapoint at least");
  if (recent.length < count) return false;
  return recent.slice(-count).every((point) => point.instances > 0 && breaches(point));
}

/** Digits after the point that a count or a share keeps: below them stands arithmetic, not load. */
const PRECISION = 1e9;

/** A number without the last bits, so that 10 * 0.6 / 0.5 is 12 and not 13 when rounded up. */
export function rounded(count: number): number {
  return Math.round(count * PRECISION) / PRECISION;
}

/** Grows to what is wanted, within the bounds; never shrinks. */
export function outTo(wanted: number, fleet: FleetView): Decision {
  if (wanted <= fleet.desired) return { kind: "stay", why: "enough" };
  const desired = Math.min(fleet.max, wanted);
  if (desired <= fleet.desired) return { kind: "stay", why: "at-limit" };
  return { kind: "out", desired };
}

/** Shrinks to what is kept, within the bounds; never grows. */
export function inTo(kept: number, fleet: FleetView): Decision {
  if (kept >= fleet.desired) return { kind: "stay", why: "enough" };
  const desired = Math.max(fleet.min, kept);
  if (desired >= fleet.desired) return { kind: "stay", why: "at-limit" };
  return { kind: "in", desired };
}

/**
 * Several policies on one fleet, as EC2 has it: it grows if any asks, to the largest size asked
 * for, and shrinks only if all ask, to the largest of theirs and not below `floor`.
 */
export function combined(
  decisions: readonly Decision[],
  { desired, floor = 0 }: { readonly desired: number; readonly floor?: number },
): Decision {
  const [first] = decisions;
  assert(first !== undefined, "a fleet that is scaled has a policy");
  const sizes = (kind: "out" | "in") =>
    decisions.flatMap((decision) => (decision.kind === kind ? [decision.desired] : []));
  const out = sizes("out");
  if (out.length > 0) return { kind: "out", desired: Math.max(...out) };
  const shrunk = sizes("in");
  if (shrunk.length < decisions.length)
    return decisions.find(({ kind }) => kind === "stay") ?? first;
  const kept = Math.max(floor, ...shrunk);
  return kept < desired ? { kind: "in", desired: kept } : { kind: "stay", why: "enough" };
}
