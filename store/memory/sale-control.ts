/** The control of a sale in memory; one thread owns the book, so every call is one atomic step. */
import { Layer } from "effect";
import type { SaleTimes } from "../core/sale.ts";
import { type AuditEntry, type ControlChange, SaleControlBook } from "../core/sale-control.ts";
import { atOnce, readAtOnce } from "../ports/at-once.ts";
import { SaleControl, type SaleControlService } from "../ports/sale-control.ts";

type Reading = Parameters<SaleControlService["entries"]>[0];

function make(times: SaleTimes): SaleControlService {
  const book = new SaleControlBook(times);
  return {
    read: readAtOnce(() => book.read()),
    change: atOnce((change: ControlChange) => book.change(change)),
    note: atOnce((entry: AuditEntry) => book.note(entry)),
    entries: atOnce((request: Reading) => book.entries(request)),
  };
}

export const MemorySaleControl = {
  make,
  layer: (times: SaleTimes) => Layer.sync(SaleControl, () => make(times)),
} as const;
