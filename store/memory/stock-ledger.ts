/**
 * The stock in memory: the ledger of a rehearsal and of a test, and what other adapters are
 * measured against. One thread owns the {@link Stock}, so every call of it is one atomic step.
 */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import type {
  EndedHold,
  HoldRequest,
  ReacquireRequest,
  SellRequest,
  StockItem,
  StockLine,
  WriteOffRequest,
} from "../core/hold.ts";
import { Stock, type StockOptions } from "../core/stock.ts";
import { atOnce, Refused, readAtOnce } from "../ports/at-once.ts";
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

const FULL = new Refused(
  new PortUnavailable({ port: "store/StockLedger", reason: "too many live holds" }),
);

type Release = Parameters<StockLedgerService["release"]>[0];
type Due = Parameters<StockLedgerService["expireDue"]>[0];

function make(options: MemoryStockLedgerOptions): MemoryStockLedgerService {
  const stock = new Stock(options);
  const liveHoldsMax = options.liveHoldsMax ?? LIVE_HOLDS_MAX;
  assert(liveHoldsMax > 0, "a stock ledger has room for a hold");
  return {
    stock,
    hold: atOnce((request: HoldRequest) =>
      stock.liveHolds >= liveHoldsMax ? FULL : stock.hold(request),
    ),
    release: atOnce((request: Release) => stock.release(request)),
    reacquire: atOnce((request: ReacquireRequest) => stock.reacquire(request)),
    sell: atOnce((request: SellRequest) => stock.sell(request)),
    expireDue: atOnce((request: Due) => expireDue(stock, request)),
    nextExpiry: readAtOnce(() => stock.nextExpiry()),
    open: atOnce((item: StockItem) => stock.open(item)),
    restock: atOnce((line: StockLine) => stock.restock(line)),
    quarantine: atOnce((line: StockLine) => stock.quarantine(line)),
    readmit: atOnce((line: StockLine) => stock.readmit(line)),
    writeOff: atOnce((request: WriteOffRequest) => stock.writeOff(request)),
    find: atOnce((hold: string) => stock.find(hold)),
    level: atOnce((sku: string) => stock.level(sku)),
    snapshot: readAtOnce(() => stock.snapshot()),
  };
}

function expireDue(stock: Stock, request: Due) {
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
