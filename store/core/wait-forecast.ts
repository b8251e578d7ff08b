/**
 * When the turn comes of who stands in a line: those ahead are walked through from the front, and
 * of each who will still stand there when it is their turn takes an admission. The walk is done
 * once in a few seconds; an answer in between is a look into what it found.
 */
import { LeavingHabits, survivesOf } from "./leaving-habits.ts";
import { LineAges } from "./line-ages.ts";

/** How old the walk may be that is gone by. */
const WALK_EVERY_MILLIS = 5_000;
const PARTS = 512;

export class WaitForecast {
  readonly #habits: LeavingHabits;
  readonly #ages = new LineAges();
  /** From the front: how many stood ahead of a part, and admissions they will take. */
  readonly #ahead = new Float64Array(PARTS + 1);
  readonly #millis = new Float64Array(PARTS + 1);
  #parts = 0;
  #walkedAt = Number.NaN;
  #stoodAt = Number.NaN;

  constructor(keptMillis: number) {
    this.#habits = new LeavingHabits(keptMillis);
  }

  joined(since: number): void {
    this.#ages.join(since);
  }

  admitted(since: number): void {
    this.#ages.leave(since);
  }

  left(since: number, now: number): void {
    this.#ages.leave(since);
    this.#habits.left(now - since);
  }

  /** Takes in who has stood there since the last time. */
  note(now: number): void {
    const millis = now - this.#stoodAt;
    if (millis < WALK_EVERY_MILLIS) return;
    this.#stoodAt = now;
    if (Number.isNaN(millis)) return;
    const ages = this.#ages;
    for (let part = ages.first; part < ages.end; part += 1)
      this.#habits.stood(Math.max(0, now - ages.middleOf(part)), ages.countOf(part), millis);
    this.#habits.learn(millis);
  }

  /** Time until `ahead` others and oneself have had their turn, at a pace per millisecond. */
  millisOf(ahead: number, perMilli: number, now: number): number {
    const age = now - this.#walkedAt;
    if (!(age < WALK_EVERY_MILLIS)) this.#walk(now, perMilli);
    const last = this.#parts;
    const front = this.#ahead;
    const own = 1 / perMilli;
    if (ahead >= (front[last] as number)) {
      const until = this.#millis[last] as number;
      const stays = survivesOf(this.#habits.summedTo(until));
      return until + ((ahead - (front[last] as number)) * stays) / perMilli + own;
    }
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((front[middle] as number) <= ahead) low = middle;
      else high = middle;
    }
    const [from, to] = [front[low] as number, front[high] as number];
    const [soon, late] = [this.#millis[low] as number, this.#millis[high] as number];
    return soon + ((late - soon) * (ahead - from)) / (to - from) + own;
  }

  #walk(now: number, perMilli: number): void {
    this.#walkedAt = now;
    const [ages, habits] = [this.#ages, this.#habits];
    let [ahead, millis, parts] = [0, 0, 0];
    for (let part = ages.first; part < ages.end; part += 1) {
      const count = ages.countOf(part);
      if (count === 0) continue;
      const age = Math.max(0, now - ages.middleOf(part));
      const then = age + millis;
      const stay = count * survivesOf(habits.summedTo(then) - habits.summedTo(age));
      const takes = stay / perMilli;
      const leaving = takes * habits.hazardAt(then);
      ahead += count;
      millis += (takes * (6 + leaving)) / (6 + 4 * leaving);
      parts += 1;
      this.#ahead[parts] = ahead;
      this.#millis[parts] = millis;
    }
    this.#parts = parts;
  }
}
