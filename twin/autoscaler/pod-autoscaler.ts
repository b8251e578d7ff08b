/**
 * The Kubernetes Horizontal Pod Autoscaler at work on a fleet whose instances are pods: every
 * `sync` it reads the newest metric of each pod, asks `replica-calculator.ts` and sets the number.
 * A metric covers one window of the metrics server, and is read when it has arrived; a pod that was
 * not running all through the window has none. A pod whose application restarts after a crash
 * reports that it is idle, as its container does.
 */
import { assert } from "../../engine/assert.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { SERVING } from "../fleet/instance-table.ts";
import { NOT_YET } from "../fleet/instances.ts";
import type { Lifecycle } from "../fleet/lifecycle.ts";
import type { FleetSpec } from "../scenario/scenario.ts";
import {
  type Dated,
  mostAskedFor,
  type PodAutoscalerSpec,
  type PodMetric,
  podsAskedForBy,
  rateLimited,
  stabilised,
} from "./replica-calculator.ts";

/** Windows of the metric under way at once. */
const WINDOWS_UNDER_WAY_MAX = 1_000;

export interface PodAutoscalerOptions {
  readonly spec: PodAutoscalerSpec;
  readonly fleet: FleetSpec;
  readonly lifecycle: Lifecycle;
  /** Told of every change, with the number of pods wanted before. */
  readonly onChange?: (desired: number, before: number) => void;
}

/** One window of the metrics server. */
interface Window {
  readonly ends: Ticks;
  /** Utilisation by instance; NaN where the pod did not run all through it. */
  readonly utilisation: Float64Array;
}

/** Starts by itself: its first window and its first wait begin when it is made. */
export class PodAutoscaler {
  readonly #simulation: Simulation;
  readonly #options: PodAutoscalerOptions;
  /** Core-ticks of each instance at the start of the window. */
  #busyBefore = new Float64Array(0);
  readonly #underWay: Window[] = [];
  #newest: Window | null = null;
  /** What was asked for, the newest last; it begins with the number there was. */
  readonly #recommendations: Dated[];
  readonly #changes: Dated[] = [];
  /** Of the rate limits. */
  readonly #longestPeriod: Ticks;

  constructor(simulation: Simulation, options: PodAutoscalerOptions) {
    const { sync, period, metricDelay } = options.spec;
    assert(sync > 0 && period > 0, "a pod autoscaler looks at a metric now and then");
    assert(metricDelay / period < WINDOWS_UNDER_WAY_MAX, "a metric arrives within its limit");
    this.#simulation = simulation;
    this.#options = options;
    const { up, down } = options.spec;
    this.#longestPeriod = Math.max(...[...up.policies, ...down.policies].map(({ every }) => every));
    this.#recommendations = [{ at: simulation.now, pods: options.lifecycle.desired }];
    const windowEnded = simulation.defineEvent("autoscaler.window", () => {
      this.#underWay.push(this.#measured());
      simulation.scheduleAfter(metricDelay, arrived, 0);
      this.#beginWindow();
      simulation.scheduleAfter(period, windowEnded, 0);
    });
    const arrived = simulation.defineEvent("autoscaler.metric", () => {
      this.#newest = this.#underWay.shift() ?? null;
    });
    const synced = simulation.defineEvent("autoscaler.sync", () => {
      this.#sync();
      simulation.scheduleAfter(sync, synced, 0);
    });
    this.#beginWindow();
    simulation.scheduleAfter(period, windowEnded, 0);
    simulation.scheduleAfter(sync, synced, 0);
  }

  /** Who runs at the beginning of a window; who boots then has no metric for it. */
  #beginWindow(): void {
    const { instances } = this.#options.lifecycle;
    const { now } = this.#simulation;
    const { count, startedAt } = instances;
    if (this.#busyBefore.length !== count) this.#busyBefore = new Float64Array(count);
    for (let pod = 0; pod < count; pod += 1) {
      const runs = startedAt[pod] !== NOT_YET;
      this.#busyBefore[pod] = runs ? instances.busyTicks(pod, now) : Number.NaN;
    }
  }

  #measured(): Window {
    const { spec, fleet, lifecycle } = this.#options;
    const { now } = this.#simulation;
    const available = fleet.cores * spec.period;
    const before = this.#busyBefore;
    const utilisation = new Float64Array(before.length);
    for (let pod = 0; pod < before.length; pod += 1)
      utilisation[pod] = (lifecycle.instances.busyTicks(pod, now) - before[pod]) / available;
    return { ends: now, utilisation };
  }

  #sync(): void {
    const { spec, lifecycle, onChange } = this.#options;
    const { now } = this.#simulation;
    const current = lifecycle.desired;
    const asked = mostAskedFor(this.#askedFor(current), current);
    const recommended = stabilised(spec, this.#recommendations, { now, current, asked });
    const { min, max } = lifecycle;
    const state = { now, current, recommended, min, max };
    const desired = rateLimited(spec, this.#changes, state);
    forget(this.#recommendations, now - Math.max(spec.up.window, spec.down.window));
    this.#recommendations.push({ at: now, pods: asked });
    forget(this.#changes, now - this.#longestPeriod);
    if (desired === current) return;
    this.#changes.push({ at: now, pods: desired - current });
    lifecycle.resize(desired);
    onChange?.(desired, current);
  }

  /** What each metric asks for: the CPU's, and the requests inside where the scenario has a target. */
  #askedFor(current: number): readonly (number | null)[] {
    const { spec } = this.#options;
    const cpu = podsAskedForBy(
      spec,
      this.#pods((pod) => this.#podMetric(pod)),
      current,
    );
    if (spec.inFlight === 0) return [cpu];
    const inside = this.#pods((pod) => this.#requestsInside(pod));
    const { tolerance, inFlight: target } = spec;
    return [cpu, podsAskedForBy({ target, tolerance }, inside, current)];
  }

  #pods(metricOf: (pod: number) => PodMetric): PodMetric[] {
    const { lifecycle } = this.#options;
    const pods: PodMetric[] = [];
    for (let pod = 0; pod < lifecycle.instances.count; pod += 1) {
      if (lifecycle.isHeld(pod)) pods.push(metricOf(pod));
    }
    return pods;
  }

  /** A metric of the application has a value as soon as the pod runs. */
  #requestsInside(pod: number): PodMetric {
    const { instances } = this.#options.lifecycle;
    if (instances.startedAt[pod] === NOT_YET) return { kind: "ignored" };
    return { kind: "ready", utilisation: instances.inFlight(pod) };
  }

  /**
   * For its first minutes a pod counts only when it is ready and its window began after it was;
   * later, when it is ready or has once been so for longer than the delay.
   */
  #podMetric(pod: number): PodMetric {
    const { spec, lifecycle } = this.#options;
    const { instances } = lifecycle;
    const { now } = this.#simulation;
    if (instances.startedAt[pod] === NOT_YET) return { kind: "ignored" };
    const utilisation = this.#newest?.utilisation[pod];
    if (utilisation === undefined || Number.isNaN(utilisation)) return { kind: "missing" };
    const ready = instances.state[pod] === SERVING;
    const since = instances.startedAt[pod];
    const turned = instances.turnedAt[pod];
    const ends = this.#newest?.ends ?? 0;
    const ignored =
      now < since + spec.initialization
        ? !ready || ends < turned + spec.period
        : !ready && turned < since + spec.readinessDelay;
    return ignored ? { kind: "ignored" } : { kind: "ready", utilisation };
  }
}

/** Takes away what is not newer than `since`; the oldest stands first. */
function forget(dated: Dated[], since: Ticks): void {
  let old = 0;
  while (old < dated.length && dated[old].at <= since) old += 1;
  if (old > 0) dated.splice(0, old);
}
