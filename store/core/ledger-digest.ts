/**
 * What the ledger of a sale holds, in 16 hexadecimal digits: every order with whose it is, where it
 * stands, what is in it and what it came to. Orders may be told in any order and in any pages:
 * equal ledgers have equal digests, on every adapter, in a rehearsal and from a replayed log. No
 * defence against a forger.
 */
import { FNV_BASIS, finished, fnv1a } from "./fnv.ts";
import type { Order } from "./order.ts";

/** Any number but the first lane's basis. */
const SECOND_BASIS = 0x050c5d1f;

export interface DigestedOrder
  extends Pick<Order, "id" | "shopper" | "state" | "lines" | "total" | "currency"> {
  /** What codes take off; null where the order has none. */
  readonly discount: { readonly amount: number } | null;
}

export class LedgerDigest {
  #first = 0;
  #second = 0;
  #orders = 0;

  get orders(): number {
    return this.#orders;
  }

  /** Each order once. */
  order({ id, shopper, state, lines, total, currency, discount }: DigestedOrder): void {
    this.#orders += 1;
    const of = lines.map(({ sku, units, unitPrice }) => `${sku} ${units} ${unitPrice}`).sort();
    const row = ["order", id, shopper, state, total, currency, discount?.amount ?? 0, ...of];
    this.#add(JSON.stringify(row));
  }

  hex(): string {
    return hex(this.#first) + hex(this.#second);
  }

  /** A sum, so that no order of the rows is better than another. */
  #add(row: string): void {
    this.#first = (this.#first + finished(fnv1a(row, FNV_BASIS))) >>> 0;
    this.#second = (this.#second + finished(fnv1a(row, SECOND_BASIS))) >>> 0;
  }
}

function hex(lane: number): string {
  return lane.toString(16).padStart(8, "0");
}
