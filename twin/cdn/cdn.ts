/**
 * The content delivery network in front of the shop: static versions of some pages are answered
 * near the shopper, everything else travels to the origin. Draws are keyed by (session, page
 * number), so a page is a hit or a miss for the same shopper in every plan. One place in the stream
 * decides a page: first whether it is a hit, then how long the hit takes.
 *
 * Where it may serve stale pages, it answers with an old copy what the origin failed to make.
 *
 * Two levers: a purge leaves the caches cold, and the hit ratio climbs back evenly while shoppers
 * fill them; in an outage every page goes to the origin.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { Simulation } from "../../engine/simulation.ts";
import type { Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import { type CdnSpec, PAGE_CLASSES } from "../scenario/scenario.ts";

/** A cache that fills again: from a hit ratio at one tick to the network's own at a later one. */
interface Refill {
  readonly from: Ticks;
  readonly until: Ticks;
  readonly hitRatio: number;
}

export class Cdn {
  /** Pages answered from the edge. */
  hits = 0;
  /** Pages that could have been, but went to the origin. */
  misses = 0;
  /** Pages without a static version. */
  passes = 0;
  /** Old copies given out because the origin had failed. */
  stale = 0;
  readonly #simulation: Simulation;
  #refill: Refill | null = null;
  #down = false;
  readonly #cacheable: Uint8Array;
  readonly #hitRatio: number;
  readonly #serveStale: number;
  /** Null where no old copy is ever given out. */
  readonly #staleDraws: RandomStream | null;
  readonly #hitLatency: Distribution;
  readonly #missLatency: Distribution;
  readonly #hitDraws: RandomStream;
  readonly #missDraws: RandomStream;
  /** The page that was served last, at whose place `hitDraws` stands. */
  #session = -1;
  #n = -1;

  constructor(simulation: Simulation, spec: CdnSpec) {
    assert(spec.hitRatio >= 0 && spec.hitRatio <= 1, "a hit ratio is a share");
    this.#simulation = simulation;
    this.#cacheable = Uint8Array.from(PAGE_CLASSES, (page) => (spec.pages.includes(page) ? 1 : 0));
    this.#hitRatio = spec.hitRatio;
    this.#serveStale = spec.serveStale;
    this.#staleDraws = spec.serveStale > 0 ? simulation.random("cdn.stale") : null;
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
    if (this.#down) {
      this.misses += 1;
      return false;
    }
    this.#session = session;
    this.#n = n;
    const ratio = this.#refill === null ? this.#hitRatio : this.#ratioDuring(this.#refill);
    const hit = this.#hitDraws.at(session, n).chance(ratio);
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

  /**
   * The origin has failed to make the `n`th page of a session: how long the edge takes to answer
   * with an old copy, or null where it has none. What a purge has emptied holds no old copies.
   */
  staleLatency(page: number, session: number, n: number): Ticks | null {
    if (this.#staleDraws === null || this.#down || this.#cacheable[page] === 0) return null;
    const random = this.#staleDraws.at(session, n);
    const full = this.#refill === null || this.#hitRatio === 0;
    const filled = full ? 1 : this.#ratioDuring(this.#refill as Refill) / this.#hitRatio;
    if (!random.chance(this.#serveStale * filled)) return null;
    this.stale += 1;
    return this.#hitLatency.whole(random);
  }

  /** What the network adds to the origin's own time, whole ticks. */
  missLatency(session: number, n: number): Ticks {
    return this.#missLatency.whole(this.#missDraws.at(session, n));
  }

  /** The caches lose their pages now: the hit ratio falls, and is what it was at `until`. */
  purge({ hitRatio, until }: { readonly hitRatio: number; readonly until: Ticks }): void {
    const from = this.#simulation.now;
    assert(hitRatio >= 0 && hitRatio <= this.#hitRatio, "a purge makes no hits");
    assert(until > from, "a cache fills in time");
    this.#refill = { from, until, hitRatio };
  }

  /** Begins or ends an outage: nothing is answered from the edge. */
  setDown(down: boolean): void {
    this.#down = down;
  }

  #ratioDuring({ from, until, hitRatio }: Refill): number {
    const { now } = this.#simulation;
    if (now >= until) {
      this.#refill = null;
      return this.#hitRatio;
    }
    return hitRatio + (this.#hitRatio - hitRatio) * ((now - from) / (until - from));
  }

  /** Hits over pages that have a static version; 0 before the first of them. */
  get hitRatio(): number {
    const cacheable = this.hits + this.misses;
    return cacheable === 0 ? 0 : this.hits / cacheable;
  }
}
