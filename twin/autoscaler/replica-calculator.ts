/**
 * The arithmetic of the Kubernetes Horizontal Pod Autoscaler, version 2, for a CPU target, as plain
 * functions (replica_calculator.go and horizontal.go; parameters.md section 3.1): how many pods the
 * metric asks for, what the stabilisation windows make of that, and how far the rate limits let the
 * number move at once. Utilisation is of the pod's CPU request, which in the twin is all its cores.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import type { AutoscalerSpec, RatePolicy } from "../scenario/scenario.ts";
import { rounded } from "./policy.ts";

export type PodAutoscalerSpec = Extract<AutoscalerSpec, { kind: "hpa" }>;

/** One pod as the metric sees it; who is gone, or leaves, is not counted at all. */
export type PodMetric =
  | { readonly kind: "ready"; readonly utilisation: number }
  /** Not ready yet: left out, and counted as idle where the others ask for more. */
  | { readonly kind: "ignored" }
  /** No metric: counted against the direction in which the others point. */
  | { readonly kind: "missing" };

/** Something that happened to the number of pods, or was recommended for it. */
export interface Dated {
  readonly at: Ticks;
  readonly pods: number;
}

/** How many pods a metric asks for; null where it has failed, for no pod has a value. */
export function podsAskedForBy(
  spec: { readonly target: number; readonly tolerance: number },
  pods: readonly PodMetric[],
  current: number,
): number | null {
  return pods.some(({ kind }) => kind === "ready") ? podsAskedFor(spec, pods, current) : null;
}

/** Of several metrics the one that asks for most; while one has failed, never fewer than there are. */
export function mostAskedFor(asked: readonly (number | null)[], current: number): number {
  const known = asked.filter((pods) => pods !== null);
  if (known.length === 0) return current;
  const most = Math.max(...known);
  return known.length < asked.length ? Math.max(most, current) : most;
}

/** How many pods the metric asks for; the current number where it says nothing. */
export function podsAskedFor(
  spec: { readonly target: number; readonly tolerance: number },
  pods: readonly PodMetric[],
  current: number,
): number {
  const uses: number[] = [];
  let missing = 0;
  let ignored = 0;
  for (const pod of pods) {
    if (pod.kind === "ready") uses.push(pod.utilisation);
    else if (pod.kind === "missing") missing += 1;
    else ignored += 1;
  }
  if (uses.length === 0) return current;
  const ratio = mean(uses) / spec.target;
  const rebalance = ignored > 0 && ratio > 1;
  if (!rebalance && missing === 0)
    return isWithin(ratio, spec.tolerance) ? current : Math.ceil(rounded(ratio * uses.length));
  const full = ratio < 1 ? Math.max(1, spec.target) : 0;
  const all = [
    ...uses,
    ...(ratio === 1 ? [] : new Array<number>(missing).fill(full)),
    ...(rebalance ? new Array<number>(ignored).fill(0) : []),
  ];
  const ratioOfAll = mean(all) / spec.target;
  const turned = (ratio < 1 && ratioOfAll > 1) || (ratio > 1 && ratioOfAll < 1);
  if (isWithin(ratioOfAll, spec.tolerance) || turned) return current;
  const asked = Math.ceil(rounded(ratioOfAll * all.length));
  const against = ratioOfAll < 1 ? asked > current : asked < current;
  return against ? current : asked;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Whether a ratio is so near to 1 that nothing is done. */
function isWithin(ratio: number, tolerance: number): boolean {
  return rounded(Math.abs(1 - ratio)) <= tolerance;
}

/**
 * The recommendation after the stabilisation windows: up to the least that was recommended in the
 * window for scaling up, down to the most in the window for scaling down, the new one included.
 * `earlier` are the recommendations before, as they were asked for.
 */
export function stabilised(
  spec: PodAutoscalerSpec,
  earlier: readonly Dated[],
  state: { readonly now: Ticks; readonly current: number; readonly asked: number },
): number {
  const { now, current, asked } = state;
  let up = asked;
  let down = asked;
  for (const { at, pods } of earlier) {
    if (at > now - spec.up.window) up = Math.min(up, pods);
    if (at > now - spec.down.window) down = Math.max(down, pods);
  }
  return Math.min(down, Math.max(up, current));
}

/** The number of pods to set: what is recommended, within the rate limits and then the bounds. */
export function rateLimited(
  spec: PodAutoscalerSpec,
  changes: readonly Dated[],
  state: {
    readonly now: Ticks;
    readonly current: number;
    readonly recommended: number;
    readonly min: number;
    readonly max: number;
  },
): number {
  const { now, current, recommended, min, max } = state;
  assert(min <= max, "a fleet's bounds are in order");
  const begin = (every: Ticks) => current - changedIn(changes, now - every);
  if (recommended > current) {
    const most = Math.max(...spec.up.policies.map((policy) => upTo(policy, begin(policy.every))));
    return Math.min(recommended, max, Math.max(current, most));
  }
  if (recommended < current) {
    const least = Math.min(
      ...spec.down.policies.map((policy) => downTo(policy, begin(policy.every))),
    );
    return Math.max(recommended, min, Math.min(current, least));
  }
  return Math.min(max, Math.max(min, current));
}

/** Pods added less pods removed after a time. */
function changedIn(changes: readonly Dated[], since: Ticks): number {
  return changes.reduce((sum, { at, pods }) => (at > since ? sum + pods : sum), 0);
}

function upTo(policy: RatePolicy, begin: number): number {
  if (policy.unit === "pods") return begin + policy.by;
  return Math.ceil(rounded(begin * (1 + policy.by / 100)));
}

function downTo(policy: RatePolicy, begin: number): number {
  if (policy.unit === "pods") return begin - policy.by;
  return Math.trunc(rounded(begin * (1 - policy.by / 100)));
}
