/**
 * Other sellers whose pages come from the same servers: a Poisson stream of requests each, at an
 * even rate from the start to the end, with the pages that they are said to ask for. They have no
 * sessions, try nothing again and wait as long as it takes, so that what changes in their latency
 * is the servers' doing alone. Every request has its draws by its seller and its number, so the
 * same ones come at the same times with the same work under every plan.
 */
import { assert } from "../../engine/assert.ts";
import type { Distribution } from "../../engine/distribution.ts";
import type { RandomStream } from "../../engine/random.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { priorityOf } from "../../store/core/load-shedding.ts";
import { distributionOf } from "../distributions.ts";
import { type Fleet, OK } from "../fleet/fleet.ts";
import { askedFor } from "../fleet/jobs.ts";
import {
  type DistributionSpec,
  type NeighbourSpec,
  PAGE_CLASSES,
  type PageClass,
} from "../scenario/scenario.ts";
import type { NeighbourFigures } from "./neighbour-figures.ts";

export interface NeighboursOptions {
  readonly neighbours: readonly NeighbourSpec[];
  readonly fleet: Fleet;
  /** What the network adds to the servers' own time. */
  readonly network: DistributionSpec;
  /** No request begins from here on. */
  readonly lasts: Ticks;
  readonly figures: NeighbourFigures;
}

/** Starts by itself. One event of each seller is pending at a time. */
export class Neighbours {
  readonly #simulation: Simulation;
  readonly #options: NeighboursOptions;
  readonly #network: Distribution;
  readonly #arrivalDraws: RandomStream;
  readonly #pageDraws: RandomStream;
  readonly #networkDraws: RandomStream;
  readonly #requested: EventKind;
  /** By seller: requests so far. */
  readonly #counts: Int32Array;
  /** By seller: the share of requests for this page of PAGE_CLASSES or one before it. */
  readonly #upTo: readonly Float64Array[];

  constructor(simulation: Simulation, options: NeighboursOptions) {
    const { neighbours, fleet } = options;
    this.#simulation = simulation;
    this.#options = options;
    this.#network = distributionOf(options.network);
    this.#arrivalDraws = simulation.random("neighbours.arrival");
    this.#pageDraws = simulation.random("neighbours.page");
    this.#networkDraws = simulation.random("neighbours.network");
    this.#requested = simulation.defineEvent("neighbour.request", (seller) => this.#ask(seller));
    this.#counts = new Int32Array(neighbours.length);
    this.#upTo = neighbours.map(({ pages }) => cumulative(pages));
    fleet.tellOthers((seller, request, outcome, latency) =>
      this.#onOutcome(seller - 1, request, outcome, latency),
    );
    for (let seller = 0; seller < neighbours.length; seller += 1) this.#scheduleNext(seller);
  }

  #scheduleNext(seller: number): void {
    const { neighbours, lasts } = this.#options;
    const { rate } = neighbours[seller];
    if (rate === 0) return;
    const count = this.#counts[seller];
    const gap = (this.#arrivalDraws.at(seller, count).exponential() * SECOND) / rate;
    const at = this.#simulation.now + Math.round(gap);
    if (at < lasts) this.#simulation.schedule(at, this.#requested, seller);
  }

  #ask(seller: number): void {
    const request = this.#counts[seller];
    this.#counts[seller] = request + 1;
    this.#scheduleNext(seller);
    const draws = this.#pageDraws.at(seller, request);
    const page = this.#pageAt(seller, draws.next());
    this.#options.figures.pages += 1;
    const asked = askedFor(page, PRIORITY_OF_PAGE[page], seller + 1);
    this.#options.fleet.submitFor(seller + 1, request, asked, draws);
  }

  #pageAt(seller: number, draw: number): number {
    const upTo = this.#upTo[seller];
    for (let page = 0; page < upTo.length; page += 1) if (draw < upTo[page]) return page;
    return upTo.length - 1;
  }

  #onOutcome(seller: number, request: number, outcome: number, elapsed: Ticks): void {
    const { figures } = this.#options;
    if (outcome !== OK) {
      figures.errors += 1;
      return;
    }
    const network = this.#network.whole(this.#networkDraws.at(seller, request));
    figures.record(this.#simulation.now, elapsed + network);
  }
}

/** Their shoppers are known people; whether one has a cart is told by the page alone. */
const PRIORITY_OF_PAGE = PAGE_CLASSES.map((page) =>
  priorityOf({ known: true, hasCart: false, page }),
);

function cumulative(pages: Readonly<Record<PageClass, number>>): Float64Array {
  let sum = 0;
  const upTo = PAGE_CLASSES.map((page) => {
    sum += pages[page];
    return sum;
  });
  assert(Math.abs(sum - 1) < 1e-6, "the pages of a neighbour are all of their requests");
  // A share of nothing at the end is never drawn, whatever was lost in adding up.
  const last = PAGE_CLASSES.findLastIndex((page) => pages[page] > 0);
  return Float64Array.from(upTo, (share, page) => (page >= last ? 1 : share));
}
