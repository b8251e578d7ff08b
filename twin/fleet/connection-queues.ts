/**
 * Who waits for a connection to the database: one line per instance, first come first served, as
 * rows of the fleet's jobs linked both ways, so that a request can leave from the middle.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import { NONE } from "./jobs.ts";
import { lengthened } from "./rows.ts";

const JOBS_AT_FIRST = 1024;
const INSTANCES_AT_FIRST = 16;

export class ConnectionQueues {
  /** By instance: the line's first and last job, NONE where nobody waits. */
  #first = new Int32Array(INSTANCES_AT_FIRST).fill(NONE);
  #last = new Int32Array(INSTANCES_AT_FIRST).fill(NONE);
  #instances = 0;
  /** By job. */
  #next = new Int32Array(JOBS_AT_FIRST);
  #before = new Int32Array(JOBS_AT_FIRST);
  #since = new Float64Array(JOBS_AT_FIRST);

  /** The one who has waited longest at an instance, or NONE. */
  first(instance: number): number {
    return instance < this.#instances ? this.#first[instance] : NONE;
  }

  /** Since when a job has waited. */
  since(job: number): Ticks {
    return this.#since[job];
  }

  join(job: number, instance: number, now: Ticks): void {
    this.#makeRoom(job, instance);
    const last = this.#last[instance];
    this.#next[job] = NONE;
    this.#before[job] = last;
    this.#since[job] = now;
    if (last === NONE) this.#first[instance] = job;
    else this.#next[last] = job;
    this.#last[instance] = job;
  }

  leave(job: number, instance: number): void {
    const next = this.#next[job];
    const before = this.#before[job];
    if (before === NONE) {
      assert(this.#first[instance] === job, "who leaves a line stood in it");
      this.#first[instance] = next;
    } else this.#next[before] = next;
    if (next === NONE) this.#last[instance] = before;
    else this.#before[next] = before;
  }

  /** The instance whose first has waited longest among those that `may` be served; NONE for nobody. */
  longestWaiting(may: (instance: number) => boolean): number {
    let longest = NONE;
    for (let instance = 0; instance < this.#instances; instance += 1) {
      const first = this.#first[instance];
      if (first === NONE || !may(instance)) continue;
      if (longest === NONE || this.#since[first] < this.#since[this.#first[longest]])
        longest = instance;
    }
    return longest;
  }

  #makeRoom(job: number, instance: number): void {
    if (job >= this.#next.length) {
      const length = Math.max(job + 1, this.#next.length * 2);
      this.#next = lengthened(this.#next, length);
      this.#before = lengthened(this.#before, length);
      this.#since = lengthened(this.#since, length);
    }
    if (instance >= this.#first.length) {
      const length = Math.max(instance + 1, this.#first.length * 2);
      const known = this.#first.length;
      this.#first = lengthened(this.#first, length).fill(NONE, known);
      this.#last = lengthened(this.#last, length).fill(NONE, known);
    }
    this.#instances = Math.max(this.#instances, instance + 1);
  }
}
