/**
 * What offers brought and what they cost, read from the store's sale log. Which orders would not
 * have been without an offer no log can tell: that is what the model of the shoppers knows.
 */
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { type Metric, metricOfPart } from "../metric.ts";

/** The metrics of a world with offers. */
export const PROMOTION_METRICS: readonly Metric[] = [
  metricOfPart("offers.made", "count", null, "Shoppers who were given a code, once per offer"),
  metricOfPart("offers.taken", "count", null, "Of these, who went on with the code in hand"),
  metricOfPart("offers.returned", "count", "more", "Visits that a mail about a cart brought back"),
  metricOfPart("offers.redeemed", "count", null, "Codes that made an order cheaper"),
  metricOfPart("offers.refused", "count", "less", "Codes that the store refused at the checkout"),
  metricOfPart("discounts", "money", "less", "Money given away by codes in confirmed orders"),
  metricOfPart(
    "discounts.anyway",
    "money",
    "less",
    "Of that, what shoppers got who were on their way to the checkout as it was",
  ),
  metricOfPart("orders.won", "count", "more", "Orders of shoppers whom an offer turned round"),
  metricOfPart("revenue.won", "money", "more", "What these orders were charged"),
];

export interface OfferFiguresOptions {
  /** Whether the code turned its shopper round. */
  readonly won: (code: string) => boolean;
  /** What a confirmed order was charged, and the code that it counts by. */
  readonly chargedBy: (order: string) => { readonly total: number; readonly code: string };
}

/** What the model of the shoppers counts itself. */
export interface OfferCounts {
  readonly taken: number;
  readonly returned: number;
  readonly refused: number;
}

export class OfferFigures {
  readonly #options: OfferFiguresOptions;
  #made = 0;
  #redeemed = 0;
  #discounts = 0;
  #anyway = 0;
  #ordersWon = 0;
  #revenueWon = 0;

  constructor(options: OfferFiguresOptions) {
    this.#options = options;
  }

  read(event: SaleEvent): void {
    if (event.kind === "OfferMade") this.#made += 1;
    if (event.kind !== "CodeRedeemed") return;
    const { code, amount, order } = event;
    this.#redeemed += 1;
    this.#discounts += amount;
    if (!this.#options.won(code)) {
      this.#anyway += amount;
      return;
    }
    // An order with two codes is one order.
    const charged = this.#options.chargedBy(order);
    if (charged.code !== code) return;
    this.#ordersWon += 1;
    this.#revenueWon += charged.total;
  }

  /** The metrics by name. */
  figures(counts: OfferCounts): Record<string, number> {
    return {
      "offers.made": this.#made,
      "offers.taken": counts.taken,
      "offers.returned": counts.returned,
      "offers.redeemed": this.#redeemed,
      "offers.refused": counts.refused,
      discounts: this.#discounts,
      "discounts.anyway": this.#anyway,
      "orders.won": this.#ordersWon,
      "revenue.won": this.#revenueWon,
    };
  }
}
