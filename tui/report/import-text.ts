/** What was imported, for people. */
import type { ColumnsTaken } from "../../twin/recordings/order-columns.ts";
import { ORDER_AGAIN, type ReadingReport } from "../../twin/recordings/reading.ts";
import { printable } from "../../twin/scenario/problem.ts";
import { plainNumber } from "./quantity.ts";

export interface Imported {
  readonly file: string;
  /** What kind of file it is, in words. */
  readonly words: string;
  readonly zone: string;
  readonly recording: string | null;
  /** The file of what was left out; null where nothing was. */
  readonly leftOut: string | null;
  readonly report: ReadingReport;
}

export const IMPORT_SCHEMA = "scenarios/import.schema.json";

/** As it is printed for other programs: times as ISO 8601, durations in milliseconds. */
export interface ImportResult
  extends Omit<Imported, "words" | "report">,
    Omit<ReadingReport, "leftOut" | "from" | "to" | "longestGap"> {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "import";
  readonly version: string;
  /** As `--as` names it. */
  readonly format: string;
  readonly linesLeftOut: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly longestGap: { readonly millis: number; readonly from: string } | null;
}

/** A gap in a sale's record that is longer is worth a word, milliseconds. */
const GAP_MILLIS = 3_600_000;

/** No shop sold anything on line before; times up to here count from a start of their own. */
const EARLIEST_MILLIS = Date.UTC(1990, 0);

export function importText({ file, words, zone, recording, leftOut, report }: Imported): string {
  const { lines, kept, from, to, backward, longestGap, clockChanges, withoutOffset } = report;
  const { columns, currencies } = report;
  const many = (count: number, one: string, more = `${one}s`) =>
    `${plainNumber(count, 0)} ${count === 1 ? one : more}`;
  const told = [
    `${file}: ${words}`,
    `  read      ${many(lines, "line")}, ${plainNumber(kept, 0)} kept, ${plainNumber(report.leftOut, 0)} left out`,
    ...report.reasons.map(
      ({ why, lines: count, first }) =>
        `            ${many(count, "line")}: ${why} (line ${first.join(", ")}${count > first.length ? ", …" : ""})`,
    ),
    isOfArticles(report)
      ? "            more rows than orders: a table with a row for each article has to be summed up by order first"
      : "",
    columns === null ? "" : `  columns   ${columnsText(columns)}`,
    currencies.length < 2
      ? ""
      : `  values    of several currencies: ${currencies.map(({ currency, orders }) => `${currency} ${plainNumber(orders, 0)}`).join(", ")}; fit and replay take those of the most`,
    from === null || to === null ? "" : `  from      ${timeText(from)} to ${timeText(to)} UTC`,
    to === null || to > EARLIEST_MILLIS
      ? ""
      : "  start     times count from a start that the file does not tell; since: in a columns file says it",
    withoutOffset === 0
      ? ""
      : `  zone      ${many(withoutOffset, "time")} without an offset, read as ${zone}`,
    clockChanges.twice + clockChanges.never === 0
      ? ""
      : `            ${clockChanges.twice} shown twice by the clocks (the first taken), ${clockChanges.never} never shown (put forward)`,
    backward.events === 0
      ? ""
      : `  order     ${many(backward.events, "event")} earlier than one above, by up to ${spanText(backward.millis)}`,
    longestGap === null || longestGap.millis < GAP_MILLIS
      ? ""
      : `  gap       nothing for ${spanText(longestGap.millis)} after ${timeText(longestGap.from)}`,
    kept === 0 ? "  It holds no event: there is nothing to replay." : "",
    recording === null ? "" : `  written   ${recording}`,
    leftOut === null ? "" : `  left out  ${leftOut}: line, why, and the line itself`,
  ];
  return `${told.filter((line) => line !== "").join("\n")}\n`;
}

function isOfArticles({ reasons, kept }: ReadingReport): boolean {
  return reasons.some(({ why, lines }) => why === ORDER_AGAIN && lines > kept);
}

function columnsText({ taken, missing }: ColumnsTaken): string {
  const told = Object.entries(taken).map(([field, name]) => `${field}: ${printable(name)}`);
  const lacks =
    missing.length === 0 ? "" : `; none for ${missing.join(", ")}: a columns file names it`;
  return `${told.join(", ")}${lacks}`;
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}

function spanText(millis: number): string {
  const [size, unit] =
    millis < 1_000
      ? [millis, "ms"]
      : millis < 120_000
        ? [millis / 1_000, "s"]
        : millis < 7_200_000
          ? [millis / 60_000, "min"]
          : millis < 172_800_000
            ? [millis / 3_600_000, "h"]
            : [millis / 86_400_000, "days"];
  return `${plainNumber(size, size < 10 ? 1 : 0)} ${unit}`;
}
