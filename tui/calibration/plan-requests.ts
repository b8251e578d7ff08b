/** A plan's requests as they go out to a store: what each asks, and what its answer has to be. */
/// <reference types="node" />
import { type LoadPlan, type PlannedRequest, ROUTES } from "../../twin/calibration/load-cell.ts";
import type { Asking } from "../load/load-request.ts";
import type { KnownItem, KnownShopper, StoreUnderTest } from "./store-under-test.ts";

/** Items that one request for stock asks about, as a page of the shop does. */
const STOCK_ITEMS = 12;

/** Share of the shoppers known; the others have cards that are declined. */
const BUYERS = 0.5;

/** Statuses that a route answers with when it did what it was asked. */
export const GOOD: Readonly<Record<(typeof ROUTES)[number], readonly number[]>> = {
  home: [200],
  product: [200],
  stock: [200],
  cart: [200],
  // 409: sold out, which is an answer as good as another.
  order: [201, 409],
  declined: [402],
  // Orders that are under way together may be decided in another order than they were sent.
  refused: [409, 201],
};

export class PlanRequests {
  readonly #shoppers: readonly KnownShopper[];
  /** Whose cards are declined, each in their turn: who has tried too many is held back. */
  readonly #unlucky: readonly KnownShopper[];
  #declined = 0;
  readonly #plenty: readonly KnownItem[];
  readonly #stock: string;
  readonly #scarce: KnownItem[];
  /** Names the orders of one run apart from those of every other. */
  readonly #run: string;

  constructor(store: StoreUnderTest) {
    const buyers = Math.ceil(store.shoppers.length * BUYERS);
    this.#shoppers = store.shoppers.slice(0, buyers);
    this.#unlucky = store.shoppers.slice(buyers);
    this.#plenty = store.items.filter(({ seller }) => seller === "plenty");
    this.#scarce = store.items.filter(({ seller }) => seller === "scarce");
    const skus = this.#plenty.slice(0, STOCK_ITEMS).map(({ sku }) => sku);
    this.#stock = `/api/stock?sku=${skus.join(",")}`;
    this.#run = `${process.pid}-${Date.now()}`;
  }

  /** What a plan's requests ask in its `turn`-th run; a scarce item is sold out once. */
  of(plan: LoadPlan, turn: number): (request: PlannedRequest, place: number) => Asking {
    const scarce = plan.cell.scarceUnits === undefined ? null : this.#scarce.shift();
    if (scarce === undefined) throw new Error("no scarce item is left to sell out");
    return (request, place) => {
      const shopper = this.#shopperOf(request);
      // A shopper's cart has one line, so that it takes the same however often it is added to.
      const item =
        scarce ??
        this.#itemOf(
          ROUTES[request.route] === "cart" ? request.shopper % this.#shoppers.length : request.item,
        );
      const key = `${this.#run}-${plan.cell.name.replaceAll(/[^a-z0-9]+/gi, "-")}-${turn}-${place}`;
      return this.#asking(request, { shopper, item, key });
    };
  }

  #shopperOf({ route, shopper }: PlannedRequest): KnownShopper {
    const isDeclined = ROUTES[route] === "declined";
    if (isDeclined) this.#declined += 1;
    const of = isDeclined ? this.#unlucky : this.#shoppers;
    return of[(isDeclined ? this.#declined : shopper) % of.length] as KnownShopper;
  }

  #itemOf(number: number): KnownItem {
    return this.#plenty[number % this.#plenty.length] as KnownItem;
  }

  #asking(
    { route }: PlannedRequest,
    of: { readonly shopper: KnownShopper; readonly item: KnownItem; readonly key: string },
  ): Asking {
    const { shopper, item, key } = of;
    const { sku, price: unitPrice } = item;
    const known = {
      authorization: `Bearer ${shopper.token}`,
      "x-forwarded-for": shopper.address,
    };
    switch (ROUTES[route]) {
      case "home":
        return { method: "GET", path: "/" };
      case "product":
        return { method: "GET", path: `/product/${item.product}` };
      case "stock":
        return { method: "GET", path: this.#stock };
      case "cart":
        return { method: "POST", path: "/api/cart/lines", headers: known, body: { sku, units: 1 } };
      default:
        return {
          method: "POST",
          path: "/api/orders",
          headers: { ...known, "idempotency-key": key },
          body: {
            lines: [{ sku, units: 1, unitPrice }],
            paymentToken: ROUTES[route] === "declined" ? "card-declined" : "card-ok",
          },
        };
    }
  }
}
