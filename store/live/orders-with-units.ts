/**
 * The orders of a ledger that have units, or may still get those that are held for them: what a
 * gate of the stock is put together from. They come page by page, in the order in which they were
 * placed, so that a rebuild needs memory for a page however large the sale was.
 */
import { Effect } from "effect";
import type { Order, OrderState } from "../core/order.ts";
import type { OrderLedgerService } from "../ports/order-ledger.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";

/** What a gate has to know of an order. */
export type OrderWithUnits = Pick<
  Order,
  | "id"
  | "shopper"
  | "person"
  | "hold"
  | "epoch"
  | "holdUntil"
  | "lines"
  | "placedAt"
  | "changedAt"
  | "state"
>;

export interface OrdersPage {
  readonly orders: readonly OrderWithUnits[];
  /** What the next page comes after; null where this was the last. */
  readonly next: number | null;
}

/** The page after a place among the orders; the first comes after 0. */
export type OrdersWithUnits = (after: number) => Effect.Effect<OrdersPage, PortUnavailable>;

/** A ledger that a gate is rebuilt from. */
export interface GatedLedger {
  /** Made with the ledger, and no other's: a gate that belongs to another ledger is not touched. */
  readonly identity: string;
  readonly ordersWithUnits: OrdersWithUnits;
}

export const ORDERS_PER_PAGE = 1_000;

const STATES: readonly OrderState[] = ["authorising", "inDoubt", "authorised", "confirmed"];

/** The states of such orders, as SQL writes a list. */
export const STATES_WITH_UNITS = STATES.map((state) => `'${state}'`).join(", ");

/** A page out of rows that were asked for by `ORDERS_PER_PAGE`, each with its place. */
export function ordersPage<Row extends { readonly number: number }>(
  rows: readonly Row[],
  orderOf: (row: Row) => OrderWithUnits,
): OrdersPage {
  const next = rows.length < ORDERS_PER_PAGE ? null : (rows.at(-1)?.number ?? null);
  return { orders: rows.map(orderOf), next };
}

/** All in one page: for a ledger that is in memory anyway. */
export function ordersOfSnapshot({
  snapshot,
}: Pick<OrderLedgerService, "snapshot">): OrdersWithUnits {
  return () =>
    Effect.map(snapshot, ({ orders }) => ({
      orders: orders.filter(({ state }) => STATES.includes(state)),
      next: null,
    }));
}
