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

/** One literal: a record that others are spread into takes four times the memory. */
export function holdRecord(row: HoldRow): HoldRecord {
  return {
    hold: row.hold,
    epoch: row.epoch,
    shopper: row.shopper,
    person: row.person,
    lines: row.lines,
    state: row.state,
    takenAt: row.takenAt,
    expiresAt: row.expiresAt,
    endedAt: row.endedAt,
    order: row.order,
    serials: row.serials,
  };
}
