/**
 * The figures of a live store as both the screen and `rehearse follow` give them: once as plain
 * values for JSON, once as words with the goal beside them. The goals are the thresholds of the
 * store's own alerts.
 */
import { durationText, moneyText, percentText, plainNumber } from "../report/quantity.ts";
import { type ForecastWatch, forecastWatch } from "./forecast-watch.ts";
import type { FiringAlert } from "./live-answers.ts";
import type { LiveFigures } from "./live-history.ts";
import type { LiveWatch } from "./live-watch.ts";

const MINUTE = 60_000;

/** The bound that each of these is to stay below; null where the store names none. */
export interface LiveGoals {
  readonly p95Millis: number | null;
  /** Share of requests. */
  readonly errorRate: number | null;
  /** Shoppers more in the waiting room than a minute ago. */
  readonly queueRise: number | null;
  readonly loopLateMillis: number | null;
}

export function goalsOf({ rules }: LiveWatch): LiveGoals {
  const threshold = (name: string) => rules.find((rule) => rule.name === name)?.threshold ?? null;
  const millis = (seconds: number | null) => (seconds === null ? null : seconds * 1_000);
  return {
    p95Millis: millis(threshold("slow-requests")),
    errorRate: threshold("error-rate"),
    queueRise: threshold("queue-rising"),
    loopLateMillis: millis(threshold("event-loop-late")),
  };
}

export interface LiveFigureText {
  readonly name: "orders" | "revenue" | "queue" | "p95" | "errors" | "loop" | "stock";
  readonly label: string;
  readonly value: string;
  /** What stands beside it: its rate, its goal. */
  readonly remark: string;
  /** Whether its goal is kept; null where it has none, or nothing can be said. */
  readonly isKept: boolean | null;
}

const NOT_KNOWN = "—";

/** Seven figures, in their order. */
export function figureTexts(watch: LiveWatch): readonly LiveFigureText[] {
  const { figures } = watch;
  if (figures === null) return [];
  const goals = goalsOf(watch);
  return [
    {
      ...{ name: "orders", label: "orders", value: plainNumber(figures.orders, 0) },
      ...{ remark: `${plainNumber(figures.ordersPerMinute, 0)}/min`, isKept: null },
    },
    revenueText(figures),
    queueText(figures, goals),
    {
      ...{ name: "p95", label: "p95", value: millisText(figures.p95Millis) },
      ...goalText(figures.p95Millis, goals.p95Millis, durationText),
    },
    {
      ...{ name: "errors", label: "errors" },
      value: figures.errorRate === null ? NOT_KNOWN : percentText(figures.errorRate),
      ...goalText(figures.errorRate, goals.errorRate, percentText),
    },
    {
      ...{ name: "loop", label: "event loop", value: millisText(figures.loopLateMillis) },
      ...goalText(figures.loopLateMillis, goals.loopLateMillis, durationText),
    },
    stockText(figures),
  ];
}

function revenueText({ revenue, revenuePerMinute }: LiveFigures): LiveFigureText {
  const [first, ...others] = revenue;
  const of = { name: "revenue", label: "revenue", isKept: null } as const;
  if (first === undefined) return { ...of, value: "0", remark: "0/min" };
  const more = others.length === 0 ? "" : ` +${others.length} currencies`;
  return {
    ...of,
    value: moneyText(first.minor, first.currency),
    remark: `${moneyText(revenuePerMinute, first.currency)}/min${more}`,
  };
}

function queueText({ queue, queueRise }: LiveFigures, goals: LiveGoals): LiveFigureText {
  const of = { name: "queue", label: "queue" } as const;
  if (queue === null) return { ...of, value: NOT_KNOWN, remark: "no waiting", isKept: null };
  const { isKept } = goalText(queueRise, goals.queueRise, String);
  const sign = (queueRise ?? 0) > 0 ? "+" : "";
  const rise = queueRise === null ? "" : `${sign}${plainNumber(queueRise, 0)}/min`;
  return { ...of, value: plainNumber(queue, 0), remark: rise, isKept };
}

function stockText({ stockLeft, soldOut, itemsAll }: LiveFigures): LiveFigureText {
  return {
    ...{ name: "stock", label: "stock left", isKept: null },
    value: stockLeft === null ? NOT_KNOWN : plainNumber(stockLeft, 0),
    remark:
      soldOut === null || itemsAll === null
        ? ""
        : `${plainNumber(soldOut, 0)}/${plainNumber(itemsAll, 0)} sold out`,
  };
}

function millisText(millis: number | null): string {
  return millis === null ? NOT_KNOWN : durationText(millis);
}

function goalText(value: number | null, goal: number | null, words: (value: number) => string) {
  if (goal === null) return { remark: "", isKept: null };
  return { remark: `goal < ${words(goal)}`, isKept: value === null ? null : value < goal };
}

/** How long the sale has been open, or until it opens: `T+31 min`, `T−5 min`; else empty. */
export function sinceStart({ sale }: LiveWatch, now: number): string {
  if (sale === null) return "";
  const minutes = (now + sale.clockAheadMillis - sale.publicAt) / MINUTE;
  const size = Math.abs(minutes);
  const sign = minutes < 0 ? "−" : "+";
  if (size < 120) return `T${sign}${Math.floor(size)} min`;
  return `T${sign}${Math.floor(size / 60)} h ${Math.floor(size % 60)} min`;
}

/** The time of day, of a zone that is so many minutes ahead of UTC. */
export function clockText(at: number, zoneMinutes: number): string {
  return new Date(at + zoneMinutes * MINUTE).toISOString().slice(11, 19);
}

/** One line of `rehearse follow`. */
export function followLine(watch: LiveWatch, at: number, zoneMinutes: number): string {
  const clock = clockText(at, zoneMinutes);
  const { connection } = watch;
  if (connection.kind === "away") {
    return `${clock}  away for ${durationText(at - connection.since)}: ${connection.reason}`;
  }
  const figures = figureTexts(watch).map(({ label, value, remark, isKept }) => {
    const kept = isKept === null ? "" : isKept ? " ✓" : " ✗";
    return `${label} ${value}${kept}${remark === "" ? "" : ` (${remark})`}`;
  });
  const alerts = watch.firing.map(({ name, severity }) => `${severity.toUpperCase()} ${name}`);
  const state = watch.figures?.ready === false ? ["✗ the store cannot serve"] : [];
  const forecast = forecastParts(watch, at);
  return [clock, sinceStart(watch, at), ...figures, ...forecast, ...state, ...alerts]
    .filter((part) => part !== "")
    .join("  ");
}

/** Where the figures lie in their bands, and what the next while brings. */
function forecastParts(watch: LiveWatch, at: number): readonly string[] {
  const found = watch.rehearsed === null ? null : forecastWatch(watch, watch.rehearsed, at);
  if (found === null) return [];
  const outside = found.figures.filter(({ lies }) => lies !== "within");
  const bands =
    outside.length === 0
      ? "in the forecast band ✓"
      : outside.map(({ figure, lies }) => `${figure} ${lies} its band ✗`).join(", ");
  return [bands, ...nextText(found)];
}

export function nextText({ next }: ForecastWatch): readonly string[] {
  if (next === null) return [];
  const { low, high } = next.orders;
  const minutes = Math.round(next.ticks / 60_000_000);
  return [`next ${minutes} min ${plainNumber(low, 0)} to ${plainNumber(high, 0)} orders`];
}

/** The lines of `rehearse follow` for what has left its band, with the lever that repairs it. */
export function warningLines(watch: LiveWatch, at: number): readonly string[] {
  const found = watch.rehearsed === null ? null : forecastWatch(watch, watch.rehearsed, at);
  return (found?.warnings ?? []).flatMap(({ text, lever }) => [
    `          ▲ ${text}`,
    ...(lever === null ? [] : [`            ${lever.why}: ${lever.command}`]),
  ]);
}

/** Which figures have left their bands, and to which side. */
export function warningNames(watch: LiveWatch, at: number): string {
  const found = watch.rehearsed === null ? null : forecastWatch(watch, watch.rehearsed, at);
  const outside = found?.figures.filter(({ lies }) => lies !== "within") ?? [];
  return outside.map(({ figure, lies }) => `${figure} ${lies}`).join();
}

/** The forecast as values: durations in milliseconds, money in minor units. */
function forecastRecord(watch: LiveWatch, at: number) {
  const found = watch.rehearsed === null ? null : forecastWatch(watch, watch.rehearsed, at);
  if (found === null) return null;
  const { elapsed, figures, next, warnings } = found;
  return {
    elapsed: elapsed / 1_000,
    figures,
    next: next === null ? null : { millis: next.ticks / 1_000, orders: next.orders },
    warnings,
  };
}

/**
 * The same as values: times as UTC, money in minor units, durations in milliseconds, rates as
 * shares; null is what cannot be said.
 */
export function followRecord(watch: LiveWatch, at: number) {
  const { target, connection, sale, figures, firing, saleLog } = watch;
  const isAway = connection.kind === "away";
  return {
    at: timeText(at),
    target,
    state: isAway ? "away" : "up",
    reason: isAway ? connection.reason : null,
    sale: sale === null ? null : saleRecord(sale),
    figures: figures === null ? null : { ...figures, at: timeText(figures.at) },
    goals: goalsOf(watch),
    forecast: forecastRecord(watch, at),
    alerts: firing.map(alertRecord),
    saleLog: saleLog === null ? null : saleLogRecord(saleLog),
  };
}

function saleRecord({ clockAheadMillis, ...sale }: NonNullable<LiveWatch["sale"]>) {
  return {
    ...sale,
    earlyAccessAt: timeText(sale.earlyAccessAt),
    publicAt: timeText(sale.publicAt),
    closesAt: timeText(sale.closesAt),
    clockAheadMillis,
  };
}

function alertRecord({ since, ...alert }: FiringAlert) {
  return { ...alert, since: since === null ? null : timeText(since) };
}

function saleLogRecord({ path, problem, log }: NonNullable<LiveWatch["saleLog"]>) {
  const { lines, wrong, lastAt } = log;
  return { path, problem, lines, wrong, lastAt: lastAt === null ? null : timeText(lastAt) };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
