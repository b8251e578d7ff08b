/**
 * Servers of one event loop each. A loop takes whatever is ready, works on it first come, first
 * served, and when it has done so makes what was written durable in one commit for all (group
 * commit); whoever wrote is answered after that. An order writes twice, before its payment and
 * after it, and waits for the payment off the loop.
 *
 * The time that a request spends with the loop is what comes out; what the network, the sender and
 * the other server processes add stands in the residuals of the profile.
 */
import { assert } from "../../engine/assert.ts";
import { type EventKind, Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";

/** A request as the loop meets it. */
export interface LoopRequest {
  readonly at: Ticks;
  readonly instance: number;
  /** Time on the loop of each turn that the request needs. */
  readonly work: readonly Ticks[];
  /** Off the loop after each turn but the last. */
  readonly pauses: readonly Ticks[];
  /** What it writes in each turn is made durable before it goes on. */
  readonly writes: boolean;
}

export interface LoopModel {
  readonly instances: number;
  readonly requests: readonly LoopRequest[];
  /** The time that a commit which begins now holds the loop up; 0 where another process does it. */
  readonly commit: (now: Ticks) => Ticks;
}

export interface LoopRun {
  /** From arrival to answer, of each request in the order given. */
  readonly sojourns: Float64Array;
  /** The most requests that were inside at once. */
  readonly insideMost: number;
  /** Time that each loop has worked or was held up. */
  readonly busy: Float64Array;
}

export function simulateLoops(model: LoopModel): LoopRun {
  return new Loops(model).run();
}

class Loops {
  readonly #model: LoopModel;
  readonly #simulation = new Simulation({ seed: "event-loops" });
  readonly #sojourns: Float64Array;
  /** Turns that a request has had. */
  readonly #turns: Uint8Array;
  /** By instance: who waits for the next turn, and who wrote in the present one. */
  readonly #ready: number[][];
  readonly #wrote: number[][];
  readonly #working: Uint8Array;
  readonly #busy: Float64Array;
  readonly #begin: EventKind;
  readonly #turnDone: EventKind;
  readonly #committed: EventKind;
  readonly #left: EventKind;
  #inside = 0;
  #insideMost = 0;

  constructor(model: LoopModel) {
    assert(model.instances >= 1, "there is an instance");
    const { instances, requests } = model;
    this.#model = model;
    this.#sojourns = new Float64Array(requests.length);
    this.#turns = new Uint8Array(requests.length);
    this.#ready = Array.from({ length: instances }, () => []);
    this.#wrote = Array.from({ length: instances }, () => []);
    this.#working = new Uint8Array(instances);
    this.#busy = new Float64Array(instances);
    const simulation = this.#simulation;
    const arrive = simulation.defineEvent("loop.arrive", (request) => this.#enter(request));
    this.#begin = simulation.defineEvent("loop.ready", (request) => this.#join(request));
    this.#turnDone = simulation.defineEvent("loop.turn-done", (loop) => this.#commit(loop));
    this.#committed = simulation.defineEvent("loop.committed", (loop) => this.#endTurn(loop));
    this.#left = simulation.defineEvent("loop.left", () => {
      this.#inside -= 1;
    });
    requests.forEach(({ at }, request) => {
      simulation.schedule(at, arrive, request);
    });
  }

  run(): LoopRun {
    this.#simulation.run();
    assert(this.#inside === 0, "who came has left");
    return { sojourns: this.#sojourns, insideMost: this.#insideMost, busy: this.#busy };
  }

  #enter(request: number): void {
    this.#inside += 1;
    this.#insideMost = Math.max(this.#insideMost, this.#inside);
    this.#join(request);
  }

  #join(request: number): void {
    const { instance } = this.#model.requests[request];
    this.#ready[instance].push(request);
    if (this.#working[instance] === 0) this.#beginTurn(instance);
  }

  /** Takes all that is ready; whoever comes from now on waits for the next turn. */
  #beginTurn(loop: number): void {
    const taken = this.#ready[loop];
    if (taken.length === 0) return;
    this.#ready[loop] = [];
    this.#working[loop] = 1;
    const { now } = this.#simulation;
    let end = now;
    for (const request of taken) {
      const { work, writes } = this.#model.requests[request];
      end += work[this.#turns[request]];
      this.#turns[request] += 1;
      if (writes) this.#wrote[loop].push(request);
      else this.#goOn(request, end);
    }
    this.#busy[loop] += end - now;
    this.#simulation.schedule(end, this.#turnDone, loop);
  }

  #commit(loop: number): void {
    if (this.#wrote[loop].length === 0) {
      this.#endTurn(loop);
      return;
    }
    const held = this.#model.commit(this.#simulation.now);
    assert(held >= 0, "a commit takes a time");
    this.#busy[loop] += held;
    this.#simulation.scheduleAfter(held, this.#committed, loop);
  }

  #endTurn(loop: number): void {
    const { now } = this.#simulation;
    for (const request of this.#wrote[loop]) this.#goOn(request, now);
    this.#wrote[loop] = [];
    this.#working[loop] = 0;
    this.#beginTurn(loop);
  }

  /** Its turn is over at `at`: it leaves, or waits for its payment. */
  #goOn(request: number, at: Ticks): void {
    const { work, pauses, at: came } = this.#model.requests[request];
    const turns = this.#turns[request];
    if (turns < work.length) {
      this.#simulation.schedule(at + pauses[turns - 1], this.#begin, request);
      return;
    }
    this.#sojourns[request] = at - came;
    this.#simulation.schedule(at, this.#left, request);
  }
}
