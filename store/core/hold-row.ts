/** A hold as the stock in memory keeps it, through all of its lives. */
import type { HoldEnd, HoldRecord, SerialRange, StockLine } from "./hold.ts";

export interface HoldRow {
  readonly hold: string;
  readonly shopper: string;
  readonly network: string | null;
  readonly lines: readonly StockLine[];
  person: readonly string[];
  epoch: number;
  takenAt: number;
  expiresAt: number;
  state: "live" | HoldEnd;
  endedAt: number | null;
  order: string | null;
  serials: readonly SerialRange[];
  honoured: boolean;
}

export function holdRecord(row: HoldRow): HoldRecord {
  const { hold, epoch, shopper, person, lines, state, takenAt, expiresAt, endedAt } = row;
  const { order, serials } = row;
  const of = { hold, epoch, shopper, person, lines };
  return { ...of, state, takenAt, expiresAt, endedAt, order, serials };
}
