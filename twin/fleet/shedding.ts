/**
 * What the instances refuse before they must, by the store's own rule: one judge an instance, or one
 * for each seller where bulkheads keep them apart, for a rush of one then says nothing about another.
 */

import type { Ticks } from "../../engine/time.ts";
import { GRADIENT2_LIMITS } from "../../store/core/gradient2.ts";
import { LoadShedding, type SheddingLimits } from "../../store/core/load-shedding.ts";
import type { SideBySideSpec } from "../scenario/scenario.ts";

export class Shedding {
  readonly #limits: SheddingLimits;
  readonly #lines: number;
  readonly #judges: LoadShedding[] = [];

  /** `lines`: how many lines an instance has, one or one for each seller. */
  constructor(limits: SheddingLimits, lines: number) {
    this.#limits = limits;
    this.#lines = lines;
  }

  /** The judge of a line of an instance. */
  of(instance: number, seller: number): LoadShedding {
    const place = this.#lines === 1 ? instance : instance * this.#lines + seller;
    const known = this.#judges[place];
    if (known !== undefined) return known;
    while (this.#judges.length <= place) this.#judges.push(new LoadShedding(this.#limits));
    return this.#judges[place];
  }

  /** A core takes a request up that came just now. */
  noteAtOnce(instance: number, seller: number, now: Ticks): void {
    this.of(instance, seller).refusesInLine(0, 0, now);
  }

  /** An instance starts anew. */
  restart(instance: number): void {
    for (let seller = 0; seller < this.#lines; seller += 1) this.of(instance, seller).restart();
  }
}

/** Null where nothing is refused before it must be. */
export function sheddingOf(sideBySide: SideBySideSpec | null): Shedding | null {
  if (sideBySide === null || sideBySide.shedding === null) return null;
  const { codel, gradient2 } = sideBySide.shedding;
  const limiter =
    gradient2 === null ? null : { ...GRADIENT2_LIMITS, initial: gradient2.min, ...gradient2 };
  const lines = sideBySide.bulkheads === null ? 1 : sideBySide.neighbours.length + 1;
  return new Shedding({ codel, gradient2: limiter }, lines);
}
