/**
 * One replay with one seed: the visits of a course meet the real store engine in the shop of a
 * plan. It is advanced a slice at a time, so that whoever runs it can show how far it is, and stop.
 */
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { sealed } from "../adapters/sealed-globals.ts";
import type { Rehearsal } from "../result.ts";
import { shopperNumber } from "../shoppers/shopper-name.ts";
import { World } from "../world.ts";
import type { Orders } from "./order-course.ts";
import type { Course } from "./recorded-course.ts";
import type { ReplayPlan } from "./replay-shop.ts";

export interface Replayed {
  /** What it was a replay of: the recorded course, or one drawn from its fit. */
  readonly course: Course;
  readonly orders: Orders;
  readonly rehearsal: Rehearsal;
}

export class ReplayRun {
  readonly #course: Course;
  readonly #world: World;
  readonly #lasts: Ticks;
  readonly #epochMillis: number;
  readonly #at: number[] = [];
  readonly #totals: number[] = [];
  readonly #buyers: number[] = [];
  #over = false;

  constructor(course: Course, { plan, wish }: ReplayPlan, seed: string) {
    const { at, firstVisit } = course;
    this.#course = course;
    const visits = { at, firstVisit, wish };
    this.#lasts = plan.world.lasts;
    this.#epochMillis = plan.world.starts.epochMillis;
    const onSaleEvent = (event: SaleEvent) => this.#read(event);
    this.#world = sealed(() => new World({ plan, seed, visits, onSaleEvent }));
  }

  /** Goes on for some ten milliseconds; true when the sale is over. */
  advance(): boolean {
    if (!this.#over) this.#over = sealed(() => this.#world.advance()) === "over";
    return this.#over;
  }

  /** How much of the sale's time has passed, 0 to 1. */
  get done(): number {
    return Math.min(1, this.#world.simulation.now / this.#lasts);
  }

  /** Visits that have begun. */
  get visited(): number {
    return this.#world.visits.counts.traffic;
  }

  get events(): number {
    return this.#world.simulation.events;
  }

  result(): Replayed {
    const rehearsal = sealed(() => this.#world.result(this.#over));
    const orders = { at: this.#at, totals: this.#totals, buyers: this.#buyers };
    return { course: this.#course, rehearsal, orders };
  }

  #read(event: SaleEvent): void {
    if (event.kind !== "OrderConfirmed") return;
    this.#at.push((event.at - this.#epochMillis) * MILLISECOND);
    this.#totals.push(event.total);
    this.#buyers.push(shopperNumber(event.shopper));
  }
}
