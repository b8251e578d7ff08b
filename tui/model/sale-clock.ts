/** Times of a sale as its planner reads them: the local time of day where it takes place. */
import { DAY, HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import type { WorldSpec } from "../../twin/scenario/scenario.ts";

/** Where the sale's clock begins and how long it runs. */
export type SaleClock = Pick<WorldSpec, "starts" | "lasts">;

export type Precision = "minute" | "second";

const WEEKDAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const SECONDS_PER_DAY = DAY / SECOND;

/** `20:27:41`, with the day of the week before it where a sale lasts longer than a day. */
export function clockText(clock: SaleClock, at: Ticks, precision: Precision = "second"): string {
  const seconds = localSeconds(clock, at);
  const ofDay = seconds - Math.floor(seconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  const parts = [Math.floor(ofDay / 3_600), Math.floor(ofDay / 60) % 60, ofDay % 60];
  const shown = parts.slice(0, precision === "second" ? 3 : 2);
  const time = shown.map((part) => String(part).padStart(2, "0")).join(":");
  return clock.lasts > DAY ? `${weekday(seconds)} ${time}` : time;
}

/** The tick of a time of day from the start on (`20:47`, `20:47:30`) or of minutes after it (`+47`). */
export function tickOf(clock: SaleClock, written: string): Ticks | null {
  const after = /^\+(\d{1,5})(?:\s*min)?$/u.exec(written.trim());
  if (after !== null) return within(clock, Number(after[1]) * MINUTE);
  const found = /^(?:([A-Z][a-z]{2})\s+)?(\d{1,2}):(\d\d)(?::(\d\d))?$/u.exec(written.trim());
  if (found === null) return null;
  const [, day, hour, minute, second = "0"] = found;
  const ofDay = Number(hour) * 3_600 + Number(minute) * 60 + Number(second);
  const first = localSeconds(clock, 0);
  const midnight = Math.floor(first / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  const days = Math.ceil(clock.lasts / DAY) + 1;
  for (let later = 0; later <= days; later += 1) {
    const seconds = midnight + later * SECONDS_PER_DAY + ofDay;
    if (seconds < first || (day !== undefined && weekday(seconds) !== day)) continue;
    return within(clock, (seconds - first) * SECOND);
  }
  return null;
}

function within({ lasts }: SaleClock, at: Ticks): Ticks | null {
  return at >= 0 && at <= lasts ? at : null;
}

function localSeconds({ starts }: SaleClock, at: Ticks): number {
  return (
    Math.floor(starts.epochMillis / 1_000) + starts.offsetMinutes * 60 + Math.floor(at / SECOND)
  );
}

function weekday(seconds: number): string {
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  return WEEKDAYS[((days % 7) + 7) % 7] ?? "";
}

export interface TimeLabel {
  /** Share of the span, from 0 to 1. */
  readonly at: number;
  readonly text: string;
}

const STEPS: readonly Ticks[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 30].map((days) => days * DAY),
];
/** Cells between two times below a chart, at least. */
const LABEL_CELLS = 11;

/** Times below a chart that begins at `from`, is `span` long and has so many columns. */
export function timeLabels(
  clock: SaleClock,
  {
    from = 0,
    span,
    columns,
  }: { readonly from?: Ticks; readonly span: Ticks; readonly columns: number },
): readonly TimeLabel[] {
  const most = Math.max(1, Math.floor(columns / LABEL_CELLS));
  const step = STEPS.find((one) => span / one <= most) ?? span;
  const count = Math.floor(span / step);
  return Array.from({ length: count + 1 }, (_, place) => ({
    at: (place * step) / span,
    text: clockText(clock, from + place * step, "minute"),
  }));
}
