/** Throws of a die that come the same again under the same name. */
import { finished, fnv1a } from "../../../core/fnv.ts";

export class Dice {
  readonly #seed: number;
  #throws = 0;

  constructor(name: string) {
    this.#seed = fnv1a(name);
  }

  /** A whole number from 0 and below `limit`. */
  below(limit: number): number {
    this.#throws += 1;
    return finished(this.#seed + Math.imul(this.#throws, 0x9e3779b1)) % limit;
  }

  /** True in so many of a hundred throws. */
  percent(share: number): boolean {
    return this.below(100) < share;
  }

  of<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.below(choices.length)] as Choice;
  }
}
