/**
 * Double-entry bookkeeping over the payment rows: every movement of money is one entry whose
 * amounts sum to zero, so money can neither appear nor vanish between two accounts.
 * Amounts are integer minor units of the entry's currency.
 */
import { assert } from "./assert.ts";
import type { PaymentRow } from "./order.ts";

/** `gateway:<name>` is what a gateway owes the shop; `sales` is what the shop has sold. */
export type Account = `gateway:${string}` | "sales";

export interface Posting {
  readonly account: Account;
  /** Above zero a debit, below zero a credit. */
  readonly amount: number;
}

export interface JournalEntry {
  readonly kind: "capture" | "refund";
  readonly order: string;
  readonly gateway: string;
  readonly key: string;
  readonly reference: string;
  readonly currency: string;
  readonly at: number;
  readonly postings: readonly Posting[];
}

/** The entry of a payment row, or null for an attempt, which moves nothing. */
export function journalEntry(row: PaymentRow): JournalEntry | null {
  assert(
    Number.isSafeInteger(row.amount) && row.amount > 0,
    "a payment row has a whole amount above zero",
  );
  if (row.kind === "attempt") return null;
  const amount = row.kind === "capture" ? row.amount : -row.amount;
  return {
    kind: row.kind,
    order: row.order,
    gateway: row.gateway,
    key: row.key,
    reference: row.reference,
    currency: row.currency,
    at: row.at,
    postings: [
      { account: `gateway:${row.gateway}`, amount },
      { account: "sales", amount: -amount },
    ],
  };
}

/** What each account stands at; the sum over all accounts of a currency is zero. */
export function balances(entries: Iterable<JournalEntry>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const entry of entries) {
    for (const posting of entry.postings) {
      const account = `${entry.currency} ${posting.account}`;
      sums.set(account, (sums.get(account) ?? 0) + posting.amount);
    }
  }
  return sums;
}
