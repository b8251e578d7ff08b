/**
 * What the screen Live shows, as plain data: its title, its figures, its charts and its lists.
 * The figures are those of `rehearse follow`.
 */
import { durationText, plainNumber } from "../report/quantity.ts";
import type { Severity } from "../theme/severity.ts";
import { forecastWatch } from "./forecast-watch.ts";
import { foreignText } from "./foreign-text.ts";
import { type AlertEntry, alertSeverity, alertWord, isOpen } from "./live-alerts.ts";
import { type ChartMoment, LIVE_CHARTS, type LiveChart, liveChart } from "./live-charts.ts";
import {
  clockText,
  figureTexts,
  type LiveFigureText,
  nextText,
  sinceStart,
} from "./live-record.ts";
import type { LiveWatch } from "./live-watch.ts";
import type { Status } from "./status.ts";

/** What the watcher did on the screen. */
export interface LiveChoices {
  readonly entries: readonly AlertEntry[];
  /** The place of the alert that a key would change. */
  readonly selected: number;
  /** Whether the selected alert is told in full. */
  readonly isOpened: boolean;
  readonly bell: boolean;
  /** Words that shown events and items have in them; empty shows all. */
  readonly filter: string;
}

export interface LiveLine {
  readonly severity: Severity | null;
  readonly text: string;
  readonly isSelected?: boolean;
  /** True for what is told of the line above, in as many lines as it takes. */
  readonly isDetail?: boolean;
}

export interface LiveView {
  readonly title: string;
  /** Where the figures come from, and the sale log beside it; how old they are. */
  readonly source: string;
  readonly saleLog: string;
  readonly age: string;
  /** The line below the title. */
  readonly notice: Status;
  /** True where the figures are the last of a store that is away. */
  readonly isStale: boolean;
  readonly figures: readonly LiveFigureText[];
  readonly charts: readonly LiveChart[];
  readonly alerts: readonly LiveLine[];
  readonly alertRemark: string;
  readonly items: readonly LiveLine[];
  /** Null where no sale log is followed. The newest first. */
  readonly events: readonly LiveLine[] | null;
}

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: "CRIT",
  warning: "WARN",
  info: "INFO",
  ok: "OK",
};

export function liveView(watch: LiveWatch, choices: LiveChoices, moment: ChartMoment): LiveView {
  const { now, zoneMinutes } = moment;
  const { connection, sale, figures } = watch;
  const clock = clockText(now, zoneMinutes);
  const since = sinceStart(watch, now);
  const isStale = connection.kind === "away" && figures !== null;
  return {
    title: `Live · ${sale?.name ?? "no sale"}   ${clock}${since === "" ? "" : `   ${since}`}`,
    source: watch.target.replace(/^http:\/\//, ""),
    saleLog: foreignText(watch.saleLog?.path.split(/[\\/]/).at(-1)),
    age: figures === null ? "" : `${ageText(now - figures.at)} old`,
    notice: noticeOf(watch, now),
    isStale,
    figures: figureTexts(watch),
    charts: figures === null ? [] : LIVE_CHARTS.map((name) => liveChart(name, watch, moment)),
    alerts: [...forecastLines(watch, now), ...alertLines(choices, moment)],
    alertRemark: `bell ${choices.bell ? "on" : "off"}`,
    items: itemLines(watch, choices.filter),
    events: eventLines(watch, { filter: choices.filter, moment }),
  };
}

/** In whole seconds: nobody reads more of what changes every second. */
function ageText(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1_000));
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1_000);
}

function noticeOf(watch: LiveWatch, now: number): Status {
  const { connection, target, sale, figures, saleLog } = watch;
  if (connection.kind === "connecting") {
    return { severity: "info", text: `asking ${target} for its figures` };
  }
  if (connection.kind === "away") {
    const since = ageText(now - connection.since);
    return {
      severity: "critical",
      text: `no figures from ${target} for ${since}: ${connection.reason}`,
    };
  }
  if (figures?.ready === false) return { severity: "critical", text: "the store cannot serve" };
  if (saleLog !== null && saleLog.problem !== null) {
    return { severity: "warning", text: `sale log ${saleLog.path}: ${saleLog.problem}` };
  }
  if (sale === null) return { severity: "info", text: "the store has not said which sale it is" };
  const left = sale.closesAt - now - sale.clockAheadMillis;
  const closes = left > 0 ? `, closes in ${durationText(left)}` : "";
  const workers = figures === null || figures.workers < 2 ? "" : ` · ${figures.workers} workers`;
  const rate = figures?.requestsPerSecond ?? null;
  const requests = rate === null ? "" : ` · ${plainNumber(rate, 1)} requests/s`;
  return { severity: "ok", text: `${sale.phase}${closes}${requests}${workers} · read only` };
}

/** What has left the band, and the lever that repairs it; that all is within is a line as well. */
function forecastLines(watch: LiveWatch, now: number): readonly LiveLine[] {
  const found = watch.rehearsed === null ? null : forecastWatch(watch, watch.rehearsed, now);
  if (found === null) return [];
  const next = nextText(found).map((text) => `: ${text}`);
  if (found.warnings.length === 0)
    return [{ severity: "ok", text: `FORE as rehearsed${next.join("")}` }];
  return found.warnings.flatMap(({ text, lever }): readonly LiveLine[] => {
    const line: LiveLine = { severity: "warning", text: `FORE ${text}` };
    if (lever === null) return [line];
    return [line, { severity: null, text: `${lever.why}: ${lever.change}`, isDetail: true }];
  });
}

function alertLines(choices: LiveChoices, { now, zoneMinutes }: ChartMoment): readonly LiveLine[] {
  const { entries, selected, isOpened } = choices;
  if (entries.length === 0)
    return [{ severity: "ok", text: "no alert since this store is followed" }];
  return entries.flatMap((entry, place) => {
    const severity = alertSeverity(entry);
    const clock = clockText(entry.endedAt ?? entry.since ?? entry.firstSeenAt, zoneMinutes);
    const word = SEVERITY_WORDS[severity].padEnd(4);
    const note = entry.note === "" ? "" : ` · ${entry.note}`;
    const why = entry.why === "" ? "" : `: ${entry.why}`;
    const state = alertWord(entry, now);
    const text = `${word} ${clock} ${entry.name} · ${state}${note}${why}`;
    const isSelected = place === selected;
    const line: LiveLine = { severity, text, isSelected };
    return isSelected && isOpened ? [line, ...alertDetails(entry)] : [line];
  });
}

function alertDetails({ about, todo, why, note }: AlertEntry): readonly LiveLine[] {
  const known = [
    about,
    why,
    todo === "" ? "" : `To do: ${todo}`,
    note === "" ? "" : `Note: ${note}`,
  ];
  const told = known.filter((text) => text !== "");
  const texts = told.length === 0 ? ["another worker of the store knows why"] : told;
  return texts.map((text) => ({ severity: null, text, isDetail: true }));
}

function itemLines({ figures }: LiveWatch, filter: string): readonly LiveLine[] {
  const items = figures?.items ?? [];
  const most = Math.max(0, ...items.map(({ units }) => plainNumber(units, 0).length));
  return items
    .filter(({ sku }) => hasWords(sku, filter))
    .map(({ sku, units }) => ({
      severity: units > 0 ? null : "warning",
      text: `${plainNumber(units, 0).padStart(most)} ${sku}${units > 0 ? "" : " sold out"}`,
    }));
}

function eventLines(
  { saleLog, sale }: LiveWatch,
  { filter, moment }: { readonly filter: string; readonly moment: ChartMoment },
): readonly LiveLine[] | null {
  if (saleLog === null) return null;
  const ahead = sale?.clockAheadMillis ?? 0;
  const found = saleLog.log.events.filter(({ text }) => hasWords(text, filter));
  const lines = found.map(({ at, severity, text }): LiveLine => {
    return { severity, text: `${clockText(at - ahead, moment.zoneMinutes)} ${text}` };
  });
  return lines.reverse();
}

function hasWords(text: string, filter: string): boolean {
  return text.toLowerCase().includes(filter.toLowerCase());
}

/** The worst state in a few words. */
export function liveStatus(watch: LiveWatch, choices: LiveChoices, now: number): Status {
  const { connection, sale } = watch;
  if (connection.kind === "connecting") return { severity: "info", text: "connecting" };
  if (connection.kind === "away") return { severity: "critical", text: "the store is away" };
  const open = choices.entries.filter((entry) => isOpen(entry, now));
  const worst = open.find(({ severity }) => severity === "critical") ?? open[0];
  if (worst === undefined) return { severity: "ok", text: sale?.name ?? "live" };
  const count = `${open.length} ${open.length === 1 ? "alert" : "alerts"}`;
  return { severity: worst.severity, text: `${count}: ${worst.name}` };
}

/** For a screen reader: the state, then the figures, then the alerts. */
export function liveSpoken(view: LiveView): readonly string[] {
  const figures = view.figures.map(({ label, value, remark, isKept }) => {
    const kept = isKept === null ? "" : isKept ? ", goal kept" : ", goal missed";
    return `${label} ${value}${remark === "" ? "" : `, ${remark}`}${kept}`;
  });
  const stale = view.isStale ? ["The figures are the last that are known."] : [];
  return [view.notice.text, ...stale, ...figures, ...view.alerts.map(({ text }) => text)];
}
