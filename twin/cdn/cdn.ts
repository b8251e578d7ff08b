/**
 * The content delivery network in front of the shop: static versions of some pages are answered
 * near the shopper, everything else travels to the origin. Draws are keyed by (session, page
 * number), so a page is a hit or a miss for the same shopper in every plan. One place in the stream
 * decides a page: first whether it is a hit, then how long the hit takes.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { type CdnSpec, PAGE_CLASSES } from "../scenario/scenario.ts";

export class Cdn {
  /** Pages answered from the edge. */
  hits = 0;
  /** Pages that could have been, but went to the origin. */
  misses = 0;
  /** Pages without a static version. */
  passes = 0;
  readonly #cacheable: Uint8Array;
  readonly #hitRatio: number;
  readonly #hitLatency: Distribution;
  readonly #missLatency: Distribution;
  readonly #hitDraws: RandomStream;
  readonly #missDraws: RandomStream;
  /** The page that was served last, at whose place `hitDraws` stands. */
  #session = -1;
  #n = -1;

  constructor(simulation: Simulation, spec: CdnSpec) {
    assert(spec.hitRatio >= 0 && spec.hitRatio <= 1, "a hit ratio is a share");
    this.#cacheable = Uint8Array.from(PAGE_CLASSES, (page) => (spec.pages.includes(page) ? 1 : 0));
    this.#hitRatio = spec.hitRatio;
    this.#hitLatency = distributionOf(spec.hit);
    this.#missLatency = distributionOf(spec.miss);
    this.#hitDraws = simulation.random("cdn.hit");
    this.#missDraws = simulation.random("cdn.miss");
  }

  /** Whether the edge answers the `n`th page of a session; counts it. `page` indexes PAGE_CLASSES. */
  serves(page: number, session: number, n: number): boolean {
    assert(page < this.#cacheable.length, "a page belongs to a known class");
    if (this.#cacheable[page] === 0) {
      this.passes += 1;
      return false;
    }
    this.#session = session;
    this.#n = n;
    const hit = this.#hitDraws.at(session, n).chance(this.#hitRatio);
    if (hit) this.hits += 1;
    else this.misses += 1;
    return hit;
  }

  /** How long the edge takes, whole ticks, to answer the page that `serves` was asked about last. */
  hitLatency(session: number, n: number): Ticks {
    const last = session === this.#session && n === this.#n;
    assert(last, "the edge's time is asked once, right after whether it serves");
    this.#n = -1;
    return this.#hitLatency.whole(this.#hitDraws);
  }

  /** What the network adds to the origin's own time, whole ticks. */
  missLatency(session: number, n: number): Ticks {
    return this.#missLatency.whole(this.#missDraws.at(session, n));
  }

  /** Hits over pages that have a static version; 0 before the first of them. */
  get hitRatio(): number {
    const cacheable = this.hits + this.misses;
    return cacheable === 0 ? 0 : this.hits / cacheable;
  }
}
