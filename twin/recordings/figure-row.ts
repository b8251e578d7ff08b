/**
 * Rows of figures as events of a recording: counts per interval, what had come together by a time
 * of a sale, and targets that were published.
 */
import type { RecordedCount, RecordedMilestone, RecordedTarget } from "./recorded-event.ts";
import { dateAndClock, readTime, type TimeReading, type TimeRule } from "./recorded-time.ts";
import type { Rows } from "./table-habits.ts";
import { amountOf } from "./written-amount.ts";

/** A table of figures by its header: what its rows are, and which columns hold the figures. */
export type FigureTable =
  | {
      readonly kind: "counts";
      readonly at: number;
      /** The column of times of day, where that of times has dates alone; null where none has. */
      readonly clock: number | null;
      readonly unit: number | null;
      readonly metrics: readonly Column[];
    }
  | {
      readonly kind: "milestones";
      readonly sale: number | null;
      readonly after: number;
      /** Milliseconds that the column of times counts. */
      readonly unit: number;
      /** The column that says what the figures of a row are of; null where columns alone do. */
      readonly metric: number | null;
      readonly metrics: readonly Column[];
    }
  | {
      readonly kind: "targets";
      readonly metric: number;
      readonly value: number;
      readonly tolerance: number | null;
      readonly source: number | null;
    };

interface Column {
  readonly metric: string;
  readonly place: number;
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  hours: 3_600_000,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
/** Columns that say where a figure is from, or what kind of row it is, and are no figures. */
const WORDS = /^(?:source|note|kind|url|comment)$/u;

const DATES = /^(?:date|day|datum|tag|jour|fecha|data)$/u;

/** Null where the header is none of a table of figures. */
export function figureTable(header: readonly string[]): FigureTable | null {
  const names = header.map((name) => name.trim().toLowerCase());
  const placeOf = (pattern: RegExp) => {
    const place = names.findIndex((name) => pattern.test(name));
    return place < 0 ? null : place;
  };
  const metric = placeOf(/^(?:metric|measure)$/u);
  const value = placeOf(/^value$/u);
  if (metric !== null && value !== null)
    return {
      kind: "targets",
      metric,
      value,
      tolerance: placeOf(/^tolerance$/u),
      source: placeOf(/^source$/u),
    };
  const sale = placeOf(/^(?:year|sale|name|campaign|study)$/u) ?? placeOf(/^source$/u);
  const after = placeOf(/^(?:t|after|elapsed)_(?:ms|s|min|h)$|^hours$/u);
  const at =
    placeOf(/^(?:at|t|t_.+|timestamp|date_?time|zeitpunkt|zeitstempel)$/u) ??
    placeOf(DATES) ??
    placeOf(/^(?:time|second|minute|hour|interval|from|start|zeit|uhrzeit|stunde|heure|hora)$/u);
  const isDate = at !== null && DATES.test(names[at] ?? "");
  const clock = isDate ? placeOf(/^(?:time|hour|zeit|uhrzeit|stunde|heure|hora)$/u) : null;
  const others = (...taken: readonly (number | null)[]) =>
    names.flatMap((name, place) =>
      taken.includes(place) || WORDS.test(name) ? [] : [{ metric: name, place }],
    );
  if (sale !== null && after !== null) {
    const unit = UNITS[/(?:_|^)(ms|s|min|h|hours)$/u.exec(names[after] ?? "")?.[1] ?? ""] ?? 1_000;
    return { kind: "milestones", sale, after, unit, metric, metrics: others(sale, after, metric) };
  }
  if (at === null) return null;
  const unit =
    UNITS[/(?:_|^)(ms|s|min|h|second|minute|hour|day)$/u.exec(names[at] ?? "")?.[1] ?? ""] ?? null;
  const metrics = others(at, clock);
  return metrics.length === 0 ? null : { kind: "counts", at, clock, unit, metrics };
}

/** Without the columns that hold words in all of these rows, such as the day of the week. */
export function withoutWords(table: FigureTable, rows: Rows, decimalComma: boolean): FigureTable {
  if (table.kind === "targets") return table;
  const told = (place: number) =>
    rows.map((row) => row[place] ?? "").filter((text) => text.trim() !== "");
  const metrics = table.metrics.filter(({ place }) => {
    const cells = told(place);
    return cells.length === 0 || cells.some((text) => !Number.isNaN(amountOf(text, decimalComma)));
  });
  return metrics.length === 0 ? table : { ...table, metrics };
}

export type FigureReading =
  | {
      readonly events: readonly (RecordedCount | RecordedMilestone | RecordedTarget)[];
      readonly time: Exclude<TimeReading, { why: string }> | null;
    }
  | { readonly why: string };

export interface FigureRules {
  readonly table: FigureTable;
  readonly times: TimeRule;
  /** Whether a comma begins the decimals where a figure alone does not tell. */
  readonly decimalComma: boolean;
}

export function readFigures(
  row: readonly string[],
  { table, times, decimalComma }: FigureRules,
): FigureReading {
  const cell = (place: number | null) => (place === null ? "" : (row[place] ?? "").trim());
  const figure = (text: string) => amountOf(text, decimalComma);
  if (table.kind === "targets") {
    const value = figure(cell(table.value));
    const metric = cell(table.metric);
    if (metric === "") return { why: "its metric is missing" };
    if (!Number.isFinite(value)) return { why: "its value is no number" };
    const [tolerance, source] = [cell(table.tolerance), cell(table.source)];
    const event: RecordedTarget = {
      kind: "Target",
      metric,
      value,
      tolerance: tolerance === "" ? null : tolerance,
      ...(source === "" ? {} : { source }),
    };
    return { events: [event], time: null };
  }
  const figures = table.metrics.flatMap(({ metric, place }) => {
    const text = cell(place);
    return text === "" ? [] : [{ metric, value: figure(text) }];
  });
  if (figures.length === 0) return { why: "it holds no figure" };
  if (figures.some(({ value }) => !Number.isFinite(value)))
    return { why: "one of its figures is no number" };
  if (table.kind === "milestones") {
    const after = figure(cell(table.after)) * table.unit;
    if (!(after >= 0)) return { why: "its time is not a time" };
    const sale = cell(table.sale);
    const of = cell(table.metric);
    const events = figures.map(({ metric, value }) => {
      const told = of === "" ? metric : `${of} ${metric}`;
      return { kind: "Milestone", sale, after, metric: told, value } as const;
    });
    return { events, time: null };
  }
  const written = dateAndClock(cell(table.at), cell(table.clock));
  const time = readTime(written, { ...times, unit: table.unit ?? times.unit });
  if ("why" in time) return time;
  const { at } = time;
  return {
    events: figures.map((figure) => ({ kind: "Count", at, lasts: null, ...figure }) as const),
    time,
  };
}
