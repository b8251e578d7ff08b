/** The stock ledger on SQLite. */
import { assert } from "../../core/assert.ts";
import type {
  EndedHold,
  HoldRequest,
  ReacquireRequest,
  SellRequest,
  StockItem,
  StockLine,
  WriteOffRequest,
} from "../../core/hold.ts";
import type { StockOptions } from "../../core/stock.ts";
import type { StockLedgerService } from "../../ports/stock-ledger.ts";
import type { GroupCommit } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";
import type { Counters } from "./row-image.ts";
import { StockRules } from "./stock-rules.ts";
import { StockTables } from "./stock-tables.ts";

export interface SqliteStockOptions extends StockOptions {
  /** A hold beyond this many live ones is refused as unavailable. */
  readonly liveHoldsMax?: number;
}

/** Assumed, as in memory: a sale of a few days, and ten times the shoppers of the largest one. */
const ENDED_HOLDS_MAX = 1_000_000;
const LIVE_HOLDS_MAX = 2_000_000;

type Release = Parameters<StockLedgerService["release"]>[0];
type Due = Parameters<StockLedgerService["expireDue"]>[0];

export function sqliteStockLedger(
  group: GroupCommit,
  counters: Counters,
  options: SqliteStockOptions,
): StockLedgerService {
  const { endedHoldsMax = ENDED_HOLDS_MAX, liveHoldsMax = LIVE_HOLDS_MAX } = options;
  assert(liveHoldsMax > 0, "a stock ledger has room for a hold");
  const tables = new StockTables(group, counters);
  tables.stock(options.items);
  const rules = new StockRules(tables, { endedHoldsMax, holdLimits: options.holdLimits ?? null });
  const steps = new PortSteps(group, "store/StockLedger");
  const full = steps.refused("too many live holds");
  return {
    hold: steps.write((request: HoldRequest) =>
      rules.liveHolds >= liveHoldsMax ? full : rules.hold(request),
    ),
    release: steps.write((request: Release) => rules.release(request)),
    reacquire: steps.write((request: ReacquireRequest) => rules.reacquire(request)),
    sell: steps.write((request: SellRequest) => rules.sell(request)),
    expireDue: steps.write((request: Due) => expireDue(rules, request)),
    nextExpiry: steps.readNow(() => rules.nextExpiry()),
    open: steps.write((item: StockItem) => rules.open(item)),
    restock: steps.write((line: StockLine) => rules.restock(line)),
    quarantine: steps.write((line: StockLine) => rules.quarantine(line)),
    readmit: steps.write((line: StockLine) => rules.readmit(line)),
    writeOff: steps.write((request: WriteOffRequest) => rules.writeOff(request)),
    find: steps.read((hold: string) => rules.find(hold)),
    level: steps.read((sku: string) => rules.level(sku)),
    snapshot: steps.snapshot(() => rules.snapshot()),
  };
}

function expireDue(rules: StockRules, { now, limit }: Due) {
  assert(limit > 0, "a sweep may expire at least one hold");
  const expired: EndedHold[] = [];
  while (expired.length < limit) {
    const ended = rules.expireNext(now);
    if (ended === null) {
      rules.clear(now);
      return { expired, more: false };
    }
    expired.push(ended);
  }
  const next = rules.nextExpiry();
  return { expired, more: next !== null && next <= now };
}
