/**
 * What Replay shows of a result: the verb's own figures and series, and where the play head stands
 * in them. Nothing here is computed again.
 */
import type { MetricUnit } from "../../twin/metric.ts";
import type { ReplayFigure, ReplaySeries } from "../../twin/replay/replay-figures.ts";
import type { ReplayResult } from "../../twin/replay/replay-result.ts";
import { type LedgersResult, ledgersText } from "../report/ledger-text.ts";
import { percentText, unitText } from "../report/quantity.ts";

/** A sale log that was put to the store's rules has no course to play. */
export type ShownResult = ReplayResult | LedgersResult;

export function hasLedgers(result: ShownResult): result is LedgersResult {
  return "ledgers" in result;
}

export interface ReplayChart {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly recorded: readonly number[];
  readonly simulated: readonly number[];
  readonly changed: readonly number[] | null;
  /** How far simulated is from recorded in each interval. */
  readonly difference: readonly number[];
  /** MAPE and mark, as the verb prints them. */
  readonly agreement: string;
}

/** At most as many as there are places for, in the order of the result. */
export function chartsOf(result: ReplayResult, most: number): readonly ReplayChart[] {
  return Object.entries(result.series)
    .slice(0, most)
    .map(([name, series]) => chartOf(name, series));
}

function chartOf(name: string, { recorded, simulated, changed, agreement }: ReplaySeries) {
  return {
    ...{ name, recorded, simulated, changed },
    unit: name === "revenue" ? ("money" as const) : ("count" as const),
    difference: recorded.map((value, place) => Math.abs((simulated[place] ?? 0) - value)),
    agreement: `MAPE ${percentText(agreement.mape)} · mark ${agreement.mark.toFixed(2)}`,
  };
}

/** Intervals of the series; 0 where there is none. */
export function intervalsOf(result: ReplayResult): number {
  return Math.max(0, ...Object.values(result.series).map(({ recorded }) => recorded.length));
}

/** The places at which the first series are furthest apart, from early to late. */
export function furthestApart(result: ReplayResult, most = 5): readonly number[] {
  const [first] = chartsOf(result, 1);
  if (first === undefined) return [];
  return first.difference
    .map((value, place) => ({ value, place }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value || one.place - other.place)
    .slice(0, most)
    .map(({ place }) => place)
    .sort((one, other) => one - other);
}

/** When an interval begins, UTC: the day too where the recording is longer than one. */
export function intervalTime({ from, every, lasts }: ReplayResult, place: number): string {
  const time = new Date(Date.parse(from) + place * every).toISOString();
  const clock = time.slice(11, every % MINUTE_MILLIS === 0 ? 16 : 19);
  return lasts > DAY_MILLIS ? `${time.slice(5, 10)} ${clock}` : clock;
}

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

/** Below the charts, a few times of the course. */
export function timesBelow(result: ReplayResult, columns: number) {
  const count = Math.max(2, Math.min(7, Math.floor(columns / 16)));
  const intervals = Math.max(1, intervalsOf(result) - 1);
  return Array.from({ length: count }, (_, place) => {
    const at = place / (count - 1);
    return { at, text: intervalTime(result, Math.round(at * intervals)) };
  });
}

/** What both sides had in the interval of the play head, series by series. */
export function momentLines(result: ReplayResult, head: number): readonly string[] {
  return chartsOf(result, Number.POSITIVE_INFINITY).flatMap((chart) => {
    const value = (values: readonly number[] | null) => {
      const one = values?.[head];
      return one === undefined || !Number.isFinite(one)
        ? "–"
        : unitText(chart.unit, one, result.currency);
    };
    const [recorded, simulated] = [chart.recorded[head] ?? 0, chart.simulated[head] ?? 0];
    const off = recorded === 0 ? "" : ` (${signed(simulated / recorded - 1)})`;
    const changed = chart.changed === null ? [] : [`  changed    ${value(chart.changed)}`];
    return [
      chart.name,
      `  recorded   ${value(chart.recorded)}`,
      `  simulated  ${value(chart.simulated)}${off}`,
      ...changed,
    ];
  });
}

function signed(share: number): string {
  return `${share > 0 ? "+" : share < 0 ? "−" : ""}${percentText(Math.abs(share))}`;
}

/** How many figures are further off than their goals. */
export function missedOf(figures: readonly ReplayFigure[]): number {
  return figures.filter(({ met }) => met === false).length;
}

/** The verb's own words, line by line. */
export function ledgerLines(result: LedgersResult): readonly string[] {
  return ledgersText(result, { colour: false }).trimEnd().split("\n");
}

const BLOCKS = { fine: " ▁▂▃▄▅▆▇█", ascii: " .:-=+*#@" } as const;

/** Values as one row of cells, each the largest of its neighbours. */
export function blockRow(
  values: readonly number[],
  { cells, ascii }: { readonly cells: number; readonly ascii: boolean },
): string {
  const most = Math.max(0, ...values);
  const blocks = ascii ? BLOCKS.ascii : BLOCKS.fine;
  if (most === 0 || values.length === 0) return " ".repeat(cells);
  return Array.from({ length: cells }, (_, cell) => {
    const from = Math.floor((cell / cells) * values.length);
    const to = Math.max(from + 1, Math.floor(((cell + 1) / cells) * values.length));
    const value = Math.max(...values.slice(from, to));
    return blocks[Math.ceil((value / most) * (blocks.length - 1))] ?? "";
  }).join("");
}
