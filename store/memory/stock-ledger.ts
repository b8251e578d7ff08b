/**
 * The stock in memory: the ledger of a rehearsal and of a test, and what other adapters are
 * measured against. One thread owns the {@link Stock}, so every call of it is one atomic step.
 */
import { Effect, Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { EndedHold } from "../core/hold.ts";
import { Stock, type StockOptions } from "../core/stock.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";
import { StockLedger, type StockLedgerService } from "../ports/stock-ledger.ts";

export interface MemoryStockLedgerOptions extends StockOptions {
  /** A hold beyond this many live ones is refused as unavailable, so memory stays bounded. */
  readonly liveHoldsMax?: number;
}

export interface MemoryStockLedgerService extends StockLedgerService {
  /** The rules themselves, for whoever reads availability or audits within one event. */
  readonly stock: Stock;
}

/** Assumed: more than ten times the shoppers at once of the largest sale in the scenarios. */
const LIVE_HOLDS_MAX = 2_000_000;

const FULL = Effect.fail(
  new PortUnavailable({ port: "store/StockLedger", reason: "too many live holds" }),
);

function make(options: MemoryStockLedgerOptions): MemoryStockLedgerService {
  const stock = new Stock(options);
  const liveHoldsMax = options.liveHoldsMax ?? LIVE_HOLDS_MAX;
  assert(liveHoldsMax > 0, "a stock ledger has room for a hold");
  return {
    stock,
    hold: (request) =>
      Effect.suspend(() =>
        stock.liveHolds >= liveHoldsMax ? FULL : Effect.succeed(stock.hold(request)),
      ),
    release: (request) => Effect.sync(() => stock.release(request)),
    reacquire: (request) => Effect.sync(() => stock.reacquire(request)),
    sell: (request) => Effect.sync(() => stock.sell(request)),
    expireDue: (request) => Effect.sync(() => expireDue(stock, request)),
    nextExpiry: Effect.sync(() => stock.nextExpiry()),
    restock: (line) => Effect.sync(() => stock.restock(line)),
    quarantine: (line) => Effect.sync(() => stock.quarantine(line)),
    readmit: (line) => Effect.sync(() => stock.readmit(line)),
    writeOff: (request) => Effect.sync(() => stock.writeOff(request)),
    find: (hold) => Effect.sync(() => stock.find(hold)),
    level: (sku) => Effect.sync(() => stock.level(sku)),
    snapshot: Effect.sync(() => stock.snapshot()),
  };
}

function expireDue(stock: Stock, request: { readonly now: number; readonly limit: number }) {
  assert(request.limit > 0, "a sweep may expire at least one hold");
  const expired: EndedHold[] = [];
  while (expired.length < request.limit) {
    const ended = stock.expireNext(request.now);
    if (ended === null) return { expired, more: false };
    expired.push(ended);
  }
  const next = stock.nextExpiry();
  return { expired, more: next !== null && next <= request.now };
}

export const MemoryStockLedger = {
  make,
  layer: (options: MemoryStockLedgerOptions) => Layer.sync(StockLedger, () => make(options)),
} as const;
