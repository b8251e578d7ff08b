/**
 * The content delivery network in front of the shop: static versions of some pages are answered
 * near the shopper, everything else travels to the origin. Draws are keyed by (session, page
 * number), so a page is a hit or a miss for the same shopper in every plan.
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
  readonly #latencyDraws: RandomStream;

  constructor(simulation: Simulation, spec: CdnSpec) {
    assert(spec.hitRatio >= 0 && spec.hitRatio <= 1, "a hit ratio is a share");
    this.#cacheable = Uint8Array.from(PAGE_CLASSES, (page) => (spec.pages.includes(page) ? 1 : 0));
    this.#hitRatio = spec.hitRatio;
    this.#hitLatency = distributionOf(spec.hit);
    this.#missLatency = distributionOf(spec.miss);
    this.#hitDraws = simulation.random("cdn.hit");
    this.#latencyDraws = simulation.random("cdn.latency");
  }

  /** Whether the edge answers the `n`th page of a session; counts it. `page` indexes PAGE_CLASSES. */
  serves(page: number, session: number, n: number): boolean {
    assert(page < this.#cacheable.length, "a page belongs to a known class");
    if (this.#cacheable[page] === 0) {
      this.passes += 1;
      return false;
    }
    const hit = this.#hitDraws.at(session, n).chance(this.#hitRatio);
    if (hit) this.hits += 1;
    else this.misses += 1;
    return hit;
  }

  /** How long an edge answer takes, whole ticks. */
  hitLatency(session: number, n: number): Ticks {
    return Math.round(this.#hitLatency.at(this.#latencyDraws, session, n));
  }

  /** What the network adds to the origin's own time, whole ticks. */
  missLatency(session: number, n: number): Ticks {
    return Math.round(this.#missLatency.at(this.#latencyDraws, session, n));
  }

  /** Hits over pages that have a static version; 0 before the first of them. */
  get hitRatio(): number {
    const cacheable = this.hits + this.misses;
    return cacheable === 0 ? 0 : this.hits / cacheable;
  }
}
