/**
 * The sale log as text, NDJSON: one event a line. A rehearsal and the live store write the same
 * lines, so that either can be read, replayed or audited as the other.
 */
import type { SaleEvent } from "./sale-event.ts";

/** One event as a line: its time and kind first, the time as UTC with milliseconds. */
export function saleLogLine(event: SaleEvent, tail = "}\n"): string {
  const { at, kind, ...rest } = event;
  const fields = JSON.stringify(rest);
  // Put together as text: one more object with the fields in this order would cost as much again.
  const more = fields === "{}" ? "" : `,${fields.slice(1, -1)}`;
  return `{"at":"${new Date(at).toISOString()}","kind":"${kind}"${more}${tail}`;
}
