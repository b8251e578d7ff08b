/**
 * Visits at times that are known beforehand: those of a recording, or drawn from what was fitted to
 * one. A visit may have a wish, the article that it comes for, and belongs to a shopper who may
 * come again. One event is pending at a time, however many visits there are.
 */
import { assert } from "../../engine/assert.ts";
import type { EventKind, Simulation } from "../../engine/simulation.ts";
import { shopperName } from "../shoppers/shopper-name.ts";

/** The columns of the list: all are as long as there are visits. */
export interface VisitList {
  /** Ticks since the start, ascending. */
  readonly at: Float64Array;
  /** The visit with which the shopper came first: its own place for who has not come before. */
  readonly firstVisit: Uint32Array;
  /** The item wished for, by its place in the store's list; {@link NO_WISH} for whoever looks around. */
  readonly wish: Int32Array;
}

export const NO_WISH = -1;

export interface ListedVisitsOptions {
  readonly list: VisitList;
  /** The number of the first visitor. */
  readonly first: number;
  /** Called at the tick of each visit with the visitor's number. */
  readonly visit: (visitor: number) => void;
}

/** Who the visitors of a list are and what they want, by their numbers. */
export class ListedVisitors {
  readonly #list: VisitList;
  readonly #first: number;

  constructor(list: VisitList, first: number) {
    this.#list = list;
    this.#first = first;
  }

  /** The item that a visitor comes for; {@link NO_WISH} where there is none. */
  wishOf(visitor: number): number {
    return this.#list.wish[visitor - this.#first] ?? NO_WISH;
  }

  /** What the store calls the visitor: the same name at each of their visits. */
  nameOf(visitor: number): string {
    const firstVisit = this.#list.firstVisit[visitor - this.#first];
    return shopperName(firstVisit === undefined ? visitor : this.#first + firstVisit);
  }
}

/** Starts by itself. */
export class ListedVisits {
  readonly #simulation: Simulation;
  readonly #options: ListedVisitsOptions;
  readonly #arrived: EventKind;
  #next = 0;

  constructor(simulation: Simulation, options: ListedVisitsOptions) {
    this.#simulation = simulation;
    this.#options = options;
    this.#arrived = simulation.defineEvent("traffic.listed", (place) => this.#arrive(place));
    this.#scheduleNext();
  }

  /** Visits so far. */
  get visited(): number {
    return this.#next;
  }

  #arrive(place: number): void {
    assert(place === this.#next, "visits come in the order of their list");
    this.#next += 1;
    this.#scheduleNext();
    this.#options.visit(this.#options.first + place);
  }

  #scheduleNext(): void {
    const at = this.#options.list.at[this.#next];
    if (at !== undefined) this.#simulation.schedule(at, this.#arrived, this.#next);
  }
}
