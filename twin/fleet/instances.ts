/** The instances of a fleet, one row each for the whole run: a gone instance keeps its row. */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import { BOOTING } from "./instance-table.ts";
import { NONE } from "./jobs.ts";
import { lengthened } from "./rows.ts";

/** Instances ever ordered in one run. */
const INSTANCES_MAX = 2 ** 20;
const INSTANCES_AT_FIRST = 16;

/** Stands in `servedSince` until an instance serves for the first time. */
export const NOT_YET = Number.POSITIVE_INFINITY;
/** Stands in `servedSince` of the instances that were there, warm, before the sale. */
export const LONG_SINCE = Number.NEGATIVE_INFINITY;

export class Instances {
  /** One of INSTANCE_STATES, by index. */
  state = new Uint8Array(INSTANCES_AT_FIRST);
  /** The event that ends the present state, or 0. */
  timer = new Float64Array(INSTANCES_AT_FIRST);
  /** When it served for the first time, or NOT_YET, or LONG_SINCE. */
  servedSince = new Float64Array(INSTANCES_AT_FIRST);
  /** Cores at work. */
  busy = new Int32Array(INSTANCES_AT_FIRST);
  /** Requests that wait for a core. */
  queued = new Int32Array(INSTANCES_AT_FIRST);
  head = new Int32Array(INSTANCES_AT_FIRST);
  tail = new Int32Array(INSTANCES_AT_FIRST);
  /** Bytes in use. */
  memory = new Float64Array(INSTANCES_AT_FIRST);
  crashes = new Int32Array(INSTANCES_AT_FIRST);
  count = 0;
  /** Core-ticks spent at work up to `busySince`. */
  #busyTicks = new Float64Array(INSTANCES_AT_FIRST);
  #busySince = new Float64Array(INSTANCES_AT_FIRST);

  /** A new instance, booting, with nothing in it but its base memory. */
  add(now: Ticks, baseMemory: number): number {
    if (this.count === this.state.length) this.#grow();
    const instance = this.count;
    this.count += 1;
    this.state[instance] = BOOTING;
    this.servedSince[instance] = NOT_YET;
    this.head[instance] = NONE;
    this.tail[instance] = NONE;
    this.memory[instance] = baseMemory;
    this.#busySince[instance] = now;
    return instance;
  }

  /** Changes the number of cores at work, and books the time until now to the number before. */
  setBusy(instance: number, now: Ticks, busy: number): void {
    assert(busy >= 0, "cores at work are not negative");
    this.#busyTicks[instance] = this.busyTicks(instance, now);
    this.#busySince[instance] = now;
    this.busy[instance] = busy;
  }

  /** Core-ticks that an instance has worked until now: exact, not sampled. */
  busyTicks(instance: number, now: Ticks): number {
    const since = now - this.#busySince[instance];
    return this.#busyTicks[instance] + this.busy[instance] * since;
  }

  /** Requests inside: those on a core and those waiting for one. */
  inFlight(instance: number): number {
    return this.busy[instance] + this.queued[instance];
  }

  #grow(): void {
    const length = this.state.length * 2;
    assert(length <= INSTANCES_MAX, "instances ever ordered stay below their limit");
    this.state = lengthened(this.state, length);
    this.timer = lengthened(this.timer, length);
    this.servedSince = lengthened(this.servedSince, length);
    this.busy = lengthened(this.busy, length);
    this.queued = lengthened(this.queued, length);
    this.head = lengthened(this.head, length);
    this.tail = lengthened(this.tail, length);
    this.memory = lengthened(this.memory, length);
    this.crashes = lengthened(this.crashes, length);
    this.#busyTicks = lengthened(this.#busyTicks, length);
    this.#busySince = lengthened(this.#busySince, length);
  }
}
