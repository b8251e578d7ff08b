/**
 * A policy on alarms (target tracking, step or simple scaling) at work on a fleet: once a period it
 * takes the mean CPU utilisation of the instances that are warm, learns of it some time later, and
 * then decides. The delay between load and capacity is the sum of these waits and of the boot,
 * which is what a flash sale runs into.
 */
import { assert } from "../../engine/assert.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { DRAINING, GONE, RESTARTING } from "../fleet/instance-table.ts";
import type { Lifecycle } from "../fleet/lifecycle.ts";
import type { AlarmedSpec, FleetSpec } from "../scenario/scenario.ts";
import { combined, type Datapoint, type Decision, type FleetView } from "./policy.ts";
import { scaleBySteps, scaleSimply } from "./step-scaling.ts";
import { trackTarget } from "./target-tracking.ts";

/** Datapoints under way at once: a delay of more periods than this is a mistake. */
const DATAPOINTS_UNDER_WAY_MAX = 1_000;

export interface AutoscalerOptions {
  readonly spec: AlarmedSpec;
  /** Policies beside it, on the same metric. */
  readonly further?: readonly AlarmedSpec[];
  /** Instances that another policy holds the fleet at. */
  readonly floor?: () => number;
  readonly fleet: FleetSpec;
  readonly lifecycle: Lifecycle;
  /** Told of every decision, for logs and tests. */
  readonly onDecision?: (decision: Decision, datapoint: Datapoint) => void;
}

/** Starts by itself: its first period begins when it is made. */
export class Autoscaler {
  /** Changes of the desired number so far. */
  scaleOuts = 0;
  scaleIns = 0;
  readonly #simulation: Simulation;
  readonly #options: AutoscalerOptions;
  readonly #policies: readonly AlarmedSpec[];
  readonly #keep: number;
  readonly #periodEnded: EventKind;
  readonly #datapointArrived: EventKind;
  /** Datapoints measured that have not arrived yet, the oldest first. */
  readonly #underWay: Datapoint[] = [];
  /** Datapoints that the alarms look at, the newest last. */
  readonly #recent: Datapoint[] = [];
  /** Core-ticks of each instance at the start of the period. */
  #busyBefore: Float64Array = new Float64Array(0);

  constructor(simulation: Simulation, options: AutoscalerOptions) {
    const { spec } = options;
    assert(spec.period > 0 && spec.metricDelay >= 0, "a metric has a period");
    assert(
      spec.metricDelay / spec.period < DATAPOINTS_UNDER_WAY_MAX,
      "a metric arrives within its limit of periods",
    );
    this.#simulation = simulation;
    this.#options = options;
    this.#policies = [spec, ...(options.further ?? [])];
    this.#keep = Math.max(
      ...this.#policies.flatMap((one) => [one.datapointsHigh, one.datapointsLow]),
    );
    this.#periodEnded = simulation.defineEvent("autoscaler.period", () => this.#endPeriod());
    this.#datapointArrived = simulation.defineEvent("autoscaler.datapoint", () => this.#act());
    this.#beginPeriod();
  }

  #beginPeriod(): void {
    const { instances } = this.#options.lifecycle;
    const { now } = this.#simulation;
    this.#busyBefore = Float64Array.from({ length: instances.count }, (_none, instance) =>
      instances.busyTicks(instance, now),
    );
    this.#simulation.scheduleAfter(this.#options.spec.period, this.#periodEnded, 0);
  }

  #endPeriod(): void {
    this.#underWay.push(this.#measure());
    assert(this.#underWay.length <= DATAPOINTS_UNDER_WAY_MAX, "datapoints arrive in the end");
    this.#simulation.scheduleAfter(this.#options.spec.metricDelay, this.#datapointArrived, 0);
    this.#beginPeriod();
  }

  /** The datapoint of the period that ends now, over the instances that were warm all through it. */
  #measure(): Datapoint {
    const { spec, fleet, lifecycle } = this.#options;
    const { now } = this.#simulation;
    let warm = 0;
    let worked: Ticks = 0;
    for (let instance = 0; instance < this.#busyBefore.length; instance += 1) {
      if (!this.#isWarm(instance, now - spec.period)) continue;
      warm += 1;
      worked += lifecycle.instances.busyTicks(instance, now) - this.#busyBefore[instance];
    }
    const available = warm * fleet.cores * spec.period;
    return { utilisation: warm === 0 ? 0 : worked / available, instances: warm };
  }

  /**
   * Whether an instance counts in the metric at a tick. One that restarts after a crash still
   * counts: its machine reports, and what it reports is idle.
   */
  #isWarm(instance: number, at: Ticks): boolean {
    const { instances } = this.#options.lifecycle;
    const state = instances.state[instance];
    if (state === DRAINING || state === GONE) return false;
    return instances.servedSince[instance] + this.#options.spec.instanceWarmUp <= at;
  }

  #act(): void {
    const datapoint = this.#underWay.shift();
    assert(datapoint !== undefined, "a datapoint arrives after it was measured");
    this.#recent.push(datapoint);
    if (this.#recent.length > this.#keep) this.#recent.shift();
    const { lifecycle, floor } = this.#options;
    const view: FleetView = {
      desired: lifecycle.desired,
      min: lifecycle.min,
      max: lifecycle.max,
      warming: this.#warming(),
      settledFor: lifecycle.settledFor,
    };
    const decisions = this.#policies.map((policy) => decide(policy, this.#recent, view));
    const decision = combined(decisions, { desired: view.desired, floor: floor?.() ?? 0 });
    if (decision.kind === "out") this.scaleOuts += 1;
    if (decision.kind === "in") this.scaleIns += 1;
    this.#options.onDecision?.(decision, datapoint);
    if (decision.kind !== "stay") lifecycle.resize(decision.desired);
  }

  /** Instances ordered and not warm: they boot, start, or have served for too short a time. */
  #warming(): number {
    const { lifecycle } = this.#options;
    const { instances } = lifecycle;
    let warming = 0;
    for (let instance = 0; instance < instances.count; instance += 1) {
      const coming = lifecycle.isHeld(instance) && instances.state[instance] !== RESTARTING;
      if (coming && !this.#isWarm(instance, this.#simulation.now)) warming += 1;
    }
    return warming;
  }
}

function decide(spec: AlarmedSpec, recent: readonly Datapoint[], fleet: FleetView): Decision {
  if (spec.kind === "step") return scaleBySteps(spec, recent, fleet);
  if (spec.kind === "simple") return scaleSimply(spec, recent, fleet);
  return trackTarget(spec, recent, fleet);
}
