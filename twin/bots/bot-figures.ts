/**
 * What bots got of a sale and what the limits against them cost, from the store's own sale log and
 * ledgers. Who is a bot is the twin's knowledge; `units.people.share` does without it and counts
 * from the marks of people that orders carry, as a shop could after a real sale.
 */
import { assert } from "../../engine/assert.ts";
import type { Order } from "../../store/core/order.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { type Metric, metricOfPart } from "../metric.ts";
import type { SellerSpec } from "../scenario/scenario.ts";
import { shopperNumber } from "../shoppers/shopper-name.ts";
import { isBot } from "./numbers.ts";
import { unitsOfPeople } from "./people.ts";

/** The metrics of a world with bots, or with limits against them. */
export const BOT_METRICS: readonly Metric[] = [
  metricOfPart(
    "units.people.share",
    "share",
    "more",
    "Share of the units sold that went to distinct people, each up to the limit: one payment instrument or delivery address is one person",
  ),
  metricOfPart(
    "honest.success{shared}",
    "share",
    "more",
    "Of shoppers behind an address that many use: orders over the checkouts they tried",
  ),
  metricOfPart(
    "honest.success{own}",
    "share",
    "more",
    "Of shoppers with an address of their own: orders over the checkouts they tried",
  ),
  metricOfPart("bots.requests", "count", null, "Pages that bots asked for"),
  metricOfPart("bots.orders", "count", "less", "Orders of bots, among all that were confirmed"),
  metricOfPart("bots.units", "count", "less", "Units that bots bought"),
  metricOfPart("bots.units.share", "share", "less", "Share of the units sold that bots bought"),
  metricOfPart("bots.holds", "count", "less", "Holds that bots took"),
  metricOfPart("bots.holds.expired", "count", "less", "Holds of bots that lapsed unpaid"),
  metricOfPart("bots.limited", "count", null, "Requests of bots that a limit turned away"),
  metricOfPart(
    "bots.codes.tried",
    "count",
    "less",
    "Discount codes that bots guessed at the store",
  ),
  metricOfPart("bots.codes.found", "count", "less", "Of these, the ones that are live codes"),
];

export interface BotFigureSources {
  readonly orders: readonly Order[];
  readonly sellers: readonly SellerSpec[];
  readonly perPerson: number | null;
  /** Zero in a world with limits alone. */
  readonly requests: number;
  readonly limited: number;
  /** Null in a world where no bot cracks codes. */
  readonly codes: { readonly tried: number; readonly found: number } | null;
}

/** Checkouts that shoppers tried, and their orders. */
interface Tries {
  checkouts: number;
  orders: number;
}

export class BotFigures {
  readonly #isShared: (shopper: number) => boolean;
  readonly #shared: Tries = { checkouts: 0, orders: 0 };
  readonly #own: Tries = { checkouts: 0, orders: 0 };
  #holds = 0;
  #lapsed = 0;
  #orders = 0;

  /** `isShared`: whether a shopper is behind an address that many use. */
  constructor(isShared: (shopper: number) => boolean) {
    this.#isShared = isShared;
  }

  /** A shopper, not a bot, tries to check out, for the first time in a visit. */
  triesCheckout(shopper: number): void {
    this.#triesOf(shopper).checkouts += 1;
  }

  /** Reads an event of the sale log. */
  read(event: SaleEvent): void {
    if (event.kind === "HoldPlaced") this.#holds += one(event.shopper);
    else if (event.kind === "HoldExpired") this.#lapsed += one(event.shopper);
    else if (event.kind === "OrderConfirmed") this.#ordered(shopperNumber(event.shopper));
  }

  #ordered(shopper: number): void {
    if (isBot(shopper)) this.#orders += 1;
    else this.#triesOf(shopper).orders += 1;
  }

  #triesOf(shopper: number): Tries {
    return this.#isShared(shopper) ? this.#shared : this.#own;
  }

  get orders(): number {
    return this.#orders;
  }

  figures(sources: BotFigureSources): Record<string, number> {
    const { orders, sellers, perPerson, requests, limited, codes } = sources;
    const limits = new Map<string, number>();
    for (const { items, limitPerShopper } of sellers) {
      for (const { sku } of items) limits.set(sku, perPerson ?? limitPerShopper);
    }
    const { sold, toPeople } = unitsOfPeople(orders, (sku) => limits.get(sku) ?? 0);
    const units = unitsOfBots(orders);
    assert(units <= sold && this.#orders <= orders.length, "bots buy a part of what is sold");
    return {
      // Of no unit no share is anybody's.
      "units.people.share": sold === 0 ? Number.NaN : toPeople / sold,
      "honest.success{shared}": successOf(this.#shared),
      "honest.success{own}": successOf(this.#own),
      "bots.requests": requests,
      "bots.orders": this.#orders,
      "bots.units": units,
      "bots.units.share": sold === 0 ? Number.NaN : units / sold,
      "bots.holds": this.#holds,
      "bots.holds.expired": this.#lapsed,
      "bots.limited": limited,
      "bots.codes.tried": codes?.tried ?? Number.NaN,
      "bots.codes.found": codes?.found ?? Number.NaN,
    };
  }
}

/** Not a number where nobody tried. */
function successOf({ checkouts, orders }: Tries): number {
  return checkouts === 0 ? Number.NaN : orders / checkouts;
}

function one(shopper: string): 0 | 1 {
  return isBot(shopperNumber(shopper)) ? 1 : 0;
}

function unitsOfBots(orders: readonly Order[]): number {
  let units = 0;
  for (const { state, shopper, lines } of orders) {
    if (state !== "confirmed" || one(shopper) === 0) continue;
    for (const line of lines) units += line.units;
  }
  return units;
}
