/** How units come and go without a shopper: the part of a stock ledger that a gate passes on. */
import type { StockLedgerService } from "../ports/stock-ledger.ts";

/**
 * Where restocks, quarantines and write-offs are kept for good; of its snapshot the levels count,
 * for holds are the gate's.
 */
export type StockMovements = Pick<
  StockLedgerService,
  "restock" | "quarantine" | "readmit" | "writeOff" | "level" | "snapshot"
>;
