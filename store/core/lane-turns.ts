/**
 * Whose turn is next among lanes: each gets its share of the admissions while it waits, and what a
 * lane that is empty does not take goes to the others. It is the smooth weighted round robin of
 * nginx: of any `k` admissions in a row during which a lane waited, it gets at least its share of
 * them less one for every lane, so that nobody starves.
 */
import { assert } from "./assert.ts";

export class LaneTurns {
  readonly #shares: readonly number[];
  readonly #credit: Float64Array;

  constructor(shares: readonly number[]) {
    assert(shares.length > 0 && shares.every((share) => share > 0), "every lane gets a share");
    this.#shares = shares;
    this.#credit = new Float64Array(shares.length);
  }

  /** The lane to admit from, or -1 where nobody waits. A lane that does not wait saves nothing up. */
  next(waits: (lane: number) => boolean): number {
    let chosen = -1;
    let all = 0;
    for (let lane = 0; lane < this.#shares.length; lane += 1) {
      if (!waits(lane)) {
        this.#credit[lane] = 0;
        continue;
      }
      const share = this.#shares[lane] as number;
      all += share;
      this.#credit[lane] = (this.#credit[lane] as number) + share;
      const isMore = chosen === -1 || this.#credit[lane] > (this.#credit[chosen] as number);
      if (isMore) chosen = lane;
    }
    if (chosen !== -1) this.#credit[chosen] = (this.#credit[chosen] as number) - all;
    return chosen;
  }
}
