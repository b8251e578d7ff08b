/**
 * Which item a shopper wants: a draw by weight in constant time, by the alias method (Walker
 * 1977, table built as Vose 1991 does).
 */
import { assert } from "../../engine/assert.ts";
import type { RandomStream } from "../../engine/random.ts";

export class WeightedChoice {
  private readonly threshold: Float64Array;
  private readonly alias: Int32Array;

  /** `weights` need not sum to 1; at least one is above 0. */
  constructor(weights: readonly number[]) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    assert(weights.length > 0 && total > 0, "a choice has something to choose");
    assert(
      weights.every((weight) => weight >= 0),
      "no weight is negative",
    );
    const { length } = weights;
    this.threshold = new Float64Array(length).fill(1);
    this.alias = Int32Array.from(weights, (_, index) => index);
    const scaled = weights.map((weight) => (weight * length) / total);
    const small = scaled.flatMap((share, index) => (share < 1 ? [index] : []));
    const large = scaled.flatMap((share, index) => (share < 1 ? [] : [index]));
    while (small.length > 0 && large.length > 0) {
      const less = small.pop() as number;
      const more = large[large.length - 1] as number;
      this.threshold[less] = scaled[less] as number;
      this.alias[less] = more;
      scaled[more] = (scaled[more] as number) - (1 - (scaled[less] as number));
      if ((scaled[more] as number) < 1) small.push(large.pop() as number);
    }
  }

  /** An index into the weights. */
  draw(random: RandomStream): number {
    const index = random.below(this.threshold.length);
    return random.next() < (this.threshold[index] as number)
      ? index
      : (this.alias[index] as number);
  }
}
