/**
 * The rules of serverless concurrency as plain classes: how fast new execution environments may
 * come, and which of those that rest is used next.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";

export interface RampSpec {
  /** New environments at once, after a rest. */
  readonly burst: number;
  /** And so many more each `every`, up to the burst again. */
  readonly by: number;
  readonly every: Ticks;
}

/**
 * How many environments a function may add: a burst, refilled in steps. AWS Lambda since November
 * 2023 adds 1,000 every 10 s; before, 500 to 3,000 at once and then 500 a minute.
 */
export class ConcurrencyRamp {
  readonly #spec: RampSpec;
  #left: number;
  #refilledAt: Ticks = 0;

  constructor(spec: RampSpec) {
    assert(spec.burst >= 1 && spec.by >= 1 && spec.every > 0, "environments can be added");
    this.#spec = spec;
    this.#left = spec.burst;
  }

  /** Whether one more environment may be added now; if so, it is counted. */
  admits(now: Ticks): boolean {
    const { burst, by, every } = this.#spec;
    // A burst that is whole again counts its steps anew from the next environment on.
    if (this.#left === burst) this.#refilledAt = now;
    const steps = Math.floor((now - this.#refilledAt) / every);
    this.#left = Math.min(burst, this.#left + steps * by);
    this.#refilledAt += steps * every;
    if (this.#left === burst) this.#refilledAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Environments at rest: the one that rested last is used next, so that those in surplus grow old. */
export class RestingEnvironments {
  /** Since when each rests, in order; those before `#first` are gone. */
  readonly #since: Ticks[] = [];
  #first = 0;

  get count(): number {
    return this.#since.length - this.#first;
  }

  /** Since when the one rests that has rested longest, or null. */
  get longest(): Ticks | null {
    return this.#since[this.#first] ?? null;
  }

  rest(now: Ticks): void {
    assert(now >= (this.#since.at(-1) ?? 0), "time does not run backwards");
    this.#since.push(now);
  }

  /** Takes the one that rested last; false where none rests. */
  take(): boolean {
    if (this.count === 0) return false;
    this.#since.pop();
    if (this.count === 0) this.#clear();
    return true;
  }

  /** Ends those that have rested since a tick or longer; how many. */
  end(since: Ticks): number {
    let ended = 0;
    for (; this.count > 0 && (this.#since[this.#first] ?? 0) <= since; ended += 1) this.#first += 1;
    if (this.count === 0) this.#clear();
    return ended;
  }

  #clear(): void {
    this.#since.length = 0;
    this.#first = 0;
  }
}
