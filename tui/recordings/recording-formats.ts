/** What kind of file a recording is in, told or recognised by its first lines. */

import { readAccessLine } from "../../twin/recordings/access-line.ts";
import { extendedFields } from "../../twin/recordings/extended-log.ts";
import { figureTable } from "../../twin/recordings/figure-row.ts";
import { readJsonLine } from "../../twin/recordings/json-line.ts";
import { orderColumns } from "../../twin/recordings/order-columns.ts";
import { PLAIN_TIMES } from "../../twin/recordings/recorded-time.ts";
import { saleLogLine } from "../../twin/recordings/sale-log-line.ts";
import { delimiterOf, isDelimiterNote } from "./table-rows.ts";

export const RECORDING_FORMATS = ["sale-log", "orders", "counts", "targets", "access-log"] as const;
export type RecordingFormat = (typeof RECORDING_FORMATS)[number];

/** In words, for people. */
export const FORMAT_WORDS: Readonly<Record<RecordingFormat, string>> = {
  "sale-log": "a sale log, one event of JSON a line",
  orders: "a table of orders",
  counts: "a table of counts per interval",
  targets: "a table of published figures",
  "access-log": "the access log of a web server",
};

/** A column of how many there were. */
const COUNTS =
  /^(?:num_?|n_|count_?|total_?)?(?:orders|visits|visitors|sessions|requests|clicks|checkouts|pageviews|carts|bestellungen|besucher|besuche|commandes|visites|pedidos)(?:_?count)?$/iu;

/** Null where the first lines are none of them. */
export function recognised(lines: readonly string[]): RecordingFormat | null {
  const filled = lines.filter((line) => line.trim() !== "");
  const most = (is: (line: string) => boolean) =>
    filled.length > 0 && filled.filter(is).length * 2 > filled.length;
  if (most((line) => saleLogLine(line, PLAIN_TIMES).kind === "event")) return "sale-log";
  const isRequest = (line: string) =>
    "event" in readAccessLine(line, PLAIN_TIMES) || "event" in readJsonLine(line, PLAIN_TIMES);
  if (most(isRequest) || filled.some((line) => extendedFields(line) !== null)) return "access-log";
  const header = filled.find((line) => !isDelimiterNote(line));
  if (header === undefined) return null;
  const names = header.split(delimiterOf(header)).map((name) => name.replaceAll('"', "").trim());
  const table = figureTable(names);
  if (table?.kind === "targets" || table?.kind === "milestones") return "targets";
  const columns = orderColumns(names);
  if (!("why" in columns)) {
    const { order, shopper, total } = columns.places;
    const isOne = order !== undefined || shopper !== undefined;
    // Revenue beside a number of orders is that of an interval.
    if (isOne || (total !== undefined && !names.some((name) => COUNTS.test(name)))) return "orders";
  }
  return table === null ? null : "counts";
}
