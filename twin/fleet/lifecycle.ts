/**
 * Orders, boots, drains, crashes and removes the instances of a fleet. The states and what may
 * follow what are those of `instance.machine.ts`; here stand the times they take and what each
 * change means for the load balancer. Times are drawn by instance, so the third instance ordered
 * boots as long in every plan. Instances go round the zones in turn. A lost zone takes its
 * instances for good: those that take their place boot anew, in the zones that are up.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import type { FleetSpec } from "../scenario/scenario.ts";
import type { FleetFigures } from "./fleet-figures.ts";
import {
  BOOTING,
  CRASH,
  DRAINING,
  ELAPSED,
  EMPTIED,
  GONE,
  LOSE,
  nextInstanceState,
  PARK,
  POOLED,
  REMOVE,
  RESTARTING,
  SERVING,
  START,
  STARTING,
  WARMING,
} from "./instance-table.ts";
import { Instances, LONG_SINCE, NOT_YET } from "./instances.ts";
import { NONE } from "./jobs.ts";
import { LoadBalancer } from "./load-balancer.ts";
import { Nodes } from "./nodes.ts";
import { Zones } from "./zones.ts";

/** Purposes of the draws of one instance; warm-ups and restarts add the number of crashes before. */
const DRAW_BOOT = 0;
const DRAWS_PER_CRASH = 2;
const DRAW_WARM_UP = 1;
const DRAW_RESTART = 2;
/** Purpose of the draw of one instance that is called out of the pool. */
const DRAW_START = 0;

export class Lifecycle {
  readonly instances = new Instances();
  readonly balancer: LoadBalancer;
  /** Instances wanted in the fleet: {@link held} once every order is placed and every zone is up. */
  desired: number;
  /** The bounds of that number; scheduled actions move them. */
  min: number;
  max: number;
  /** Since when all instances wanted have served and all removed are gone; null while they do not. */
  #settledSince: Ticks | null = LONG_SINCE;
  readonly #zones: Zones;
  readonly #simulation: Simulation;
  readonly #spec: FleetSpec;
  readonly #figures: FleetFigures;
  /** Ends every request inside an instance. */
  readonly #failAll: (instance: number) => void;
  readonly #elapsed: EventKind;
  readonly #draws: RandomStream;
  readonly #boot: Distribution;
  readonly #warmUp: Distribution;
  readonly #restart: Distribution;
  readonly #poolStart: Distribution;
  readonly #poolDraws: RandomStream;
  /** Null where instances are machines themselves. */
  readonly #nodes: Nodes | null;

  constructor(
    simulation: Simulation,
    spec: FleetSpec,
    figures: FleetFigures,
    failAll: (instance: number) => void,
  ) {
    this.#zones = new Zones(spec.zones);
    this.#simulation = simulation;
    this.#spec = spec;
    this.#figures = figures;
    this.#failAll = failAll;
    this.#draws = simulation.random("fleet.lifecycle");
    this.#boot = distributionOf(spec.boot);
    this.#warmUp = distributionOf(spec.warmUp);
    this.#restart = distributionOf(spec.restart);
    this.#poolStart = distributionOf(spec.warmPool.start);
    this.#poolDraws = simulation.random("fleet.pool");
    this.#nodes = spec.nodes.pods === 0 ? null : new Nodes(simulation, spec.nodes);
    this.#elapsed = simulation.defineEvent("fleet.instance", (instance) => {
      const { inPool, state } = this.instances;
      const parks = inPool[instance] === 1 && state[instance] === WARMING;
      this.#change(instance, parks ? PARK : ELAPSED);
    });
    this.balancer = new LoadBalancer(simulation, this.instances);
    assert(
      spec.min <= spec.initial && spec.initial <= spec.max,
      "a fleet starts within its bounds",
    );
    this.desired = spec.initial;
    this.min = spec.min;
    this.max = spec.max;
    for (let ordered = 0; ordered < spec.initial; ordered += 1) this.#addServing();
    for (let pooled = 0; pooled < this.#poolSize(); pooled += 1) this.#addPooled();
    this.#publish();
  }

  /** Asks for a number of instances; outside the bounds of the fleet it is brought back into them. */
  resize(wanted: number): void {
    assert(Number.isSafeInteger(wanted), "a fleet has whole instances");
    this.desired = Math.min(this.max, Math.max(this.min, wanted));
    let held = this.held;
    for (; held > this.desired; held -= 1) this.#change(this.#leastUseful(), REMOVE);
    for (; held < this.desired; held += 1) if (!this.#callOrOrder()) return;
    this.#keepPool();
  }

  /** New bounds; the fleet comes within them with its next size. */
  rebound(bounds: { readonly min: number; readonly max: number }): void {
    assert(bounds.min >= 1 && bounds.min <= bounds.max, "a fleet's bounds are in order");
    this.min = bounds.min;
    this.max = bounds.max;
  }

  /** How long nothing has been coming or going; null while something is. */
  get settledFor(): Ticks | null {
    return this.#settledSince === null ? null : this.#simulation.now - this.#settledSince;
  }

  /** Orders instances in place of those that were lost, in the zones that are up. */
  replaceLost(): void {
    this.resize(this.desired);
  }

  /** A zone, counted from 0, is lost with every instance in it and everything inside those. */
  loseZone(zone: number): void {
    this.#zones.setUp(zone, false);
    const { count, state } = this.instances;
    for (let instance = 0; instance < count; instance += 1) {
      if (this.instances.zone[instance] !== zone || state[instance] === GONE) continue;
      this.#figures.lost += 1;
      this.#change(instance, LOSE);
    }
  }

  /** The zone is back, empty: what the fleet still lacks is ordered. */
  restoreZone(zone: number): void {
    this.#zones.setUp(zone, true);
    this.replaceLost();
  }

  /** Instances that belong to the fleet; those asleep in the warm pool do not. */
  get held(): number {
    let held = 0;
    for (let instance = 0; instance < this.instances.count; instance += 1) {
      if (this.isHeld(instance)) held += 1;
    }
    return held;
  }

  /** Whether an instance belongs to the fleet: not draining, not gone, not in the warm pool. */
  isHeld(instance: number): boolean {
    const state = this.instances.state[instance];
    return state !== DRAINING && state !== GONE && this.instances.inPool[instance] === 0;
  }

  /** The instance is out of memory: everything inside fails, and it starts again. */
  crash(instance: number): void {
    this.instances.crashes[instance] += 1;
    this.#figures.crashes += 1;
    this.#change(instance, CRASH);
  }

  /** The last request has left an instance; one that drains is then gone. */
  emptied(instance: number): void {
    if (this.instances.state[instance] === DRAINING) this.#change(instance, EMPTIED);
  }

  /** An instance of the start has booted and warmed up before the sale. */
  #addServing(): void {
    const instance = this.instances.add(this.#spec.memory.base, this.#zones.take());
    this.instances.state[instance] = SERVING;
    this.instances.servedSince[instance] = LONG_SINCE;
    this.instances.startedAt[instance] = LONG_SINCE;
    this.instances.turnedAt[instance] = LONG_SINCE;
  }

  /** An instance of the pool has been there before the sale, ready to start. */
  #addPooled(): void {
    const instance = this.instances.add(this.#spec.memory.base, this.#zones.take());
    this.instances.inPool[instance] = 1;
    this.instances.state[instance] = POOLED;
  }

  /** How many the pool should hold: what is prepared beyond the fleet, or its own minimum. */
  #poolSize(): number {
    const { prepared, min } = this.#spec.warmPool;
    return Math.max(min, prepared - this.desired);
  }

  /** Fills the pool with new instances, or sends the youngest away. */
  #keepPool(): void {
    const { instances } = this;
    const members: number[] = [];
    for (let instance = 0; instance < instances.count; instance += 1) {
      if (instances.inPool[instance] === 1 && instances.state[instance] !== GONE)
        members.push(instance);
    }
    const size = this.#poolSize();
    for (const instance of members.slice(size).reverse()) this.#change(instance, REMOVE);
    for (let missing = size - members.length; missing > 0; missing -= 1) {
      if (!this.#order(true)) return;
    }
  }

  /**
   * One instance more in the fleet: out of the pool where one is ready there, else a new one.
   * False where no zone is up.
   */
  #callOrOrder(): boolean {
    const { count, state } = this.instances;
    for (let instance = 0; instance < count; instance += 1) {
      if (state[instance] !== POOLED) continue;
      this.instances.inPool[instance] = 0;
      this.#change(instance, START);
      return true;
    }
    return this.#order(false);
  }

  /** False where no zone is up. */
  #order(forPool: boolean): boolean {
    const zone = this.#zones.take();
    if (zone === NONE) return false;
    const instance = this.instances.add(this.#spec.memory.base, zone);
    this.instances.inPool[instance] = forPool ? 1 : 0;
    assert(this.instances.state[instance] === BOOTING, "an ordered instance boots");
    this.#enter(instance);
    this.#publish();
    return true;
  }

  /** What goes first when the fleet shrinks: one that does not serve yet, then the youngest. */
  #leastUseful(): number {
    const { count, state } = this.instances;
    let serving = -1;
    for (let instance = count - 1; instance >= 0; instance -= 1) {
      if (!this.isHeld(instance)) continue;
      if (state[instance] !== SERVING) return instance;
      if (serving < 0) serving = instance;
    }
    assert(serving >= 0, "a fleet that shrinks has an instance");
    return serving;
  }

  #change(instance: number, event: number): void {
    const { instances } = this;
    const before = instances.state[instance];
    const timer = instances.timer[instance];
    if (event !== ELAPSED && event !== PARK && timer !== 0) this.#simulation.cancel(timer);
    instances.timer[instance] = 0;
    instances.state[instance] = nextInstanceState(before, event);
    this.#enter(instance);
    this.#note(instance, before);
    this.#publish();
    const drainedTooLong = before === DRAINING && event === ELAPSED;
    if (event === CRASH || event === LOSE || drainedTooLong) this.#failAll(instance);
    if (event === REMOVE && before === SERVING && instances.inFlight(instance) === 0)
      this.emptied(instance);
  }

  /** Writes down when an instance started and when it last turned ready or unready. */
  #note(instance: number, before: number): void {
    const { instances } = this;
    const state = instances.state[instance];
    const { now } = this.#simulation;
    if (before === BOOTING || before === STARTING) instances.startedAt[instance] = now;
    if (state === POOLED) instances.startedAt[instance] = NOT_YET;
    if (before === BOOTING || before === SERVING || state === SERVING)
      instances.turnedAt[instance] = now;
    if (state === GONE) this.#nodes?.release(instance);
  }

  /** Sets the time that a state takes. */
  #enter(instance: number): void {
    const { instances } = this;
    const state = instances.state[instance];
    const { now } = this.#simulation;
    if (state === SERVING && instances.servedSince[instance] === NOT_YET)
      instances.servedSince[instance] = now;
    if (state === SERVING || state === POOLED || state === GONE) return;
    const duration = this.#durationOf(instance, state);
    instances.timer[instance] = this.#simulation.scheduleAfter(duration, this.#elapsed, instance);
  }

  #durationOf(instance: number, state: number): Ticks {
    const purpose = this.instances.crashes[instance] * DRAWS_PER_CRASH;
    if (state === BOOTING)
      return (this.#nodes?.take(instance) ?? 0) + this.#draw(this.#boot, instance, DRAW_BOOT);
    if (state === WARMING) return this.#draw(this.#warmUp, instance, purpose + DRAW_WARM_UP);
    if (state === RESTARTING) return this.#draw(this.#restart, instance, purpose + DRAW_RESTART);
    if (state === STARTING)
      return Math.round(this.#poolStart.at(this.#poolDraws, instance, DRAW_START));
    assert(state === DRAINING, "only a passing state takes a time");
    return this.#spec.draining;
  }

  #draw(of: Distribution, instance: number, purpose: number): Ticks {
    return Math.round(of.at(this.#draws, instance, purpose));
  }

  /** Tells the load balancer and the figures who is there now. */
  #publish(): void {
    this.balancer.refresh();
    const { count, state } = this.instances;
    let paid = 0;
    let asleep = 0;
    let settled = true;
    const sleeps = this.#spec.warmPool.state !== "running";
    for (let instance = 0; instance < count; instance += 1) {
      if (sleeps && state[instance] === POOLED) asleep += 1;
      else if (state[instance] !== GONE) paid += 1;
      if (this.#isComingOrGoing(instance)) settled = false;
    }
    if (!settled) this.#settledSince = null;
    else if (this.#settledSince === null) this.#settledSince = this.#simulation.now;
    this.#figures.instances.update(this.#simulation.now, paid);
    this.#figures.asleep.update(this.#simulation.now, asleep);
    this.#figures.serving.update(this.#simulation.now, this.balancer.count);
  }

  /** Ordered and never in service yet, or draining; one that restarts after a crash is neither. */
  #isComingOrGoing(instance: number): boolean {
    const state = this.instances.state[instance];
    if (state === DRAINING) return true;
    return this.isHeld(instance) && this.instances.servedSince[instance] === NOT_YET;
  }
}
