/**
 * The instances of a fleet, one row each for the whole run: a gone instance keeps its row. What
 * every request touches lies together in 64 bytes, a cache line; what is rare has a column each.
 */
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

/** Doubles of a row begin at `instance << DOUBLE_SHIFT`, its words at `instance << WORD_SHIFT`. */
const DOUBLE_SHIFT = 3;
const WORD_SHIFT = 4;
/** Double: bytes in use. */
const MEMORY = 0;
/** Double: ends less beginnings of all work on its cores; `busy * now` more is the time worked. */
const WORKED = 1;
/** Word: cores at work. */
const BUSY = 4;
/** Word: requests inside, on a core or waiting for one. */
const INSIDE = 5;
/** Words: the first and the last job of the backlog, or NONE. */
const HEAD = 6;
const TAIL = 7;

export class Instances {
  /** One of INSTANCE_STATES, by index. */
  state = new Uint8Array(INSTANCES_AT_FIRST);
  /** The event that ends the present state, or 0. */
  timer = new Float64Array(INSTANCES_AT_FIRST);
  /** When it served for the first time, or NOT_YET, or LONG_SINCE. */
  servedSince = new Float64Array(INSTANCES_AT_FIRST);
  /** When it left off booting; LONG_SINCE where that was before the sale. */
  startedAt = new Float64Array(INSTANCES_AT_FIRST);
  /** When it last began or ceased to serve, or began to start. */
  turnedAt = new Float64Array(INSTANCES_AT_FIRST);
  /** 1 while it belongs to the warm pool and not to the fleet. */
  inPool = new Uint8Array(INSTANCES_AT_FIRST);
  crashes = new Int32Array(INSTANCES_AT_FIRST);
  /** Where it stands, from 0. */
  zone = new Int32Array(INSTANCES_AT_FIRST);
  count = 0;
  #doubles = new Float64Array(INSTANCES_AT_FIRST << DOUBLE_SHIFT);
  #words = new Int32Array(this.#doubles.buffer);

  /** A new instance, booting, with nothing in it but its base memory. */
  add(baseMemory: number, zone: number): number {
    if (this.count === this.state.length) this.#grow();
    const instance = this.count;
    this.count += 1;
    this.state[instance] = BOOTING;
    this.zone[instance] = zone;
    this.servedSince[instance] = NOT_YET;
    this.startedAt[instance] = NOT_YET;
    this.turnedAt[instance] = NOT_YET;
    this.#clear(instance, baseMemory);
    return instance;
  }

  /** Cores at work. */
  busy(instance: number): number {
    return this.#words[(instance << WORD_SHIFT) + BUSY];
  }

  /** Requests inside: those on a core and those waiting for one. */
  inFlight(instance: number): number {
    return this.#words[(instance << WORD_SHIFT) + INSIDE];
  }

  /** Bytes in use. */
  memory(instance: number): number {
    return this.#doubles[(instance << DOUBLE_SHIFT) + MEMORY];
  }

  /** The last job of the backlog, or NONE where nothing waits. */
  lastInBacklog(instance: number): number {
    return this.#words[(instance << WORD_SHIFT) + TAIL];
  }

  /** The first job of the backlog, or NONE where nothing waits. */
  firstInBacklog(instance: number): number {
    return this.#words[(instance << WORD_SHIFT) + HEAD];
  }

  /** Core-ticks that an instance has worked until now: exact, not sampled. */
  busyTicks(instance: number, now: Ticks): number {
    return this.#doubles[(instance << DOUBLE_SHIFT) + WORKED] + this.busy(instance) * now;
  }

  /** A request comes in, with its memory; returns the bytes that are then in use. */
  enter(instance: number, bytes: number): number {
    this.#words[(instance << WORD_SHIFT) + INSIDE] += 1;
    const row = (instance << DOUBLE_SHIFT) + MEMORY;
    const memory = this.#doubles[row] + bytes;
    this.#doubles[row] = memory;
    return memory;
  }

  /** A request goes, with its memory. */
  leave(instance: number, bytes: number): void {
    const row = instance << WORD_SHIFT;
    this.#words[row + INSIDE] -= 1;
    assert(this.#words[row + INSIDE] >= 0, "no more requests leave than came");
    this.#doubles[(instance << DOUBLE_SHIFT) + MEMORY] -= bytes;
  }

  /** A core begins to work. */
  begin(instance: number, now: Ticks): void {
    this.#words[(instance << WORD_SHIFT) + BUSY] += 1;
    this.#doubles[(instance << DOUBLE_SHIFT) + WORKED] -= now;
  }

  /** A core has nothing more to do. */
  rest(instance: number, now: Ticks): void {
    const row = (instance << WORD_SHIFT) + BUSY;
    this.#words[row] -= 1;
    assert(this.#words[row] >= 0, "cores at work are not negative");
    this.#doubles[(instance << DOUBLE_SHIFT) + WORKED] += now;
  }

  /** The backlog's new last job; the caller has linked the one before it. */
  append(instance: number, job: number): void {
    const row = instance << WORD_SHIFT;
    if (this.#words[row + TAIL] === NONE) this.#words[row + HEAD] = job;
    this.#words[row + TAIL] = job;
  }

  /** The backlog begins with this job now, or is empty where it is NONE. */
  advance(instance: number, first: number): void {
    const row = instance << WORD_SHIFT;
    this.#words[row + HEAD] = first;
    if (first === NONE) this.#words[row + TAIL] = NONE;
  }

  /** Everything inside is lost: no core works, nothing waits, only the base memory is in use. */
  empty(instance: number, now: Ticks, baseMemory: number): void {
    const busy = this.busy(instance);
    this.#clear(instance, baseMemory);
    this.#doubles[(instance << DOUBLE_SHIFT) + WORKED] += busy * now;
  }

  #clear(instance: number, baseMemory: number): void {
    const row = instance << WORD_SHIFT;
    this.#words[row + BUSY] = 0;
    this.#words[row + INSIDE] = 0;
    this.#words[row + HEAD] = NONE;
    this.#words[row + TAIL] = NONE;
    this.#doubles[(instance << DOUBLE_SHIFT) + MEMORY] = baseMemory;
  }

  #grow(): void {
    const length = this.state.length * 2;
    assert(length <= INSTANCES_MAX, "instances ever ordered stay below their limit");
    this.state = lengthened(this.state, length);
    this.timer = lengthened(this.timer, length);
    this.servedSince = lengthened(this.servedSince, length);
    this.startedAt = lengthened(this.startedAt, length);
    this.turnedAt = lengthened(this.turnedAt, length);
    this.inPool = lengthened(this.inPool, length);
    this.crashes = lengthened(this.crashes, length);
    this.zone = lengthened(this.zone, length);
    this.#doubles = lengthened(this.#doubles, length << DOUBLE_SHIFT);
    this.#words = new Int32Array(this.#doubles.buffer);
  }
}
