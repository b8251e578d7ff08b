/**
 * A live sale beside its rehearsal: whether its figures lie in the band in which they were rehearsed
 * to lie, what the next half hour will bring, and which lever repairs what has left the band.
 */
import { MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import type { ForecastBand, SaleForecast } from "../../twin/experiments/sale-forecast.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { durationText, moneyText, plainNumber } from "../report/quantity.ts";
import { leverFor, type RepairLever } from "./forecast-levers.ts";
import type { SaleFacts } from "./live-answers.ts";
import type { LiveFigures } from "./live-history.ts";
import type { LiveWatch } from "./live-watch.ts";

/** A rehearsed plan and what came of it. */
export interface Rehearsed {
  readonly plan: PlanSpec;
  readonly forecast: SaleForecast;
  /** As the command line names it, for the commands that are told. */
  readonly file: string;
}

export type BandFigure = "orders" | "revenue" | "queue" | "p95";

export interface FigureInBand {
  readonly figure: BandFigure;
  readonly value: number;
  readonly band: ForecastBand;
  /** Pages that are faster and queues that are shorter than rehearsed are within. */
  readonly lies: "within" | "below" | "above";
}

export interface ForecastWatch {
  /** Since the scenario's start. */
  readonly elapsed: Ticks;
  readonly figures: readonly FigureInBand[];
  /** Orders of the next half hour, or of what is left of the sale. */
  readonly next: { readonly ticks: Ticks; readonly orders: ForecastBand } | null;
  readonly warnings: readonly ForecastWarning[];
}

export interface ForecastWarning {
  readonly figure: BandFigure;
  readonly text: string;
  /** Null where no lever of the shop repairs it. */
  readonly lever: RepairLever | null;
}

/** How far ahead the sale is forecast again. */
export const NEXT: Ticks = 30 * MINUTE;
/** Before so much of the sale nothing is said of it: a handful of orders is chance. */
const SAID_FROM: Ticks = MINUTE / 2;

/** Null before the sale, after it, and while nothing is known of it. */
export function forecastWatch(
  watch: LiveWatch,
  rehearsed: Rehearsed,
  now: number,
): ForecastWatch | null {
  const { sale, figures } = watch;
  if (sale === null || figures === null) return null;
  const { forecast } = rehearsed;
  const startsAt = startOf(sale, rehearsed);
  const elapsed = Math.round((now + sale.clockAheadMillis - startsAt) * MILLISECOND);
  if (elapsed < SAID_FROM || elapsed > forecast.lasts) return null;
  const inBands = figuresInBands(figures, forecast, elapsed);
  const ticks = Math.min(NEXT, forecast.lasts - elapsed);
  const { orders, stockLeft } = figures;
  const next = { ticks, orders: forecast.next(elapsed, ticks, orders, stockLeft) };
  const warnings = inBands
    .filter(({ lies }) => lies !== "within")
    .map((one) => warningOf(one, { inBands, rehearsed, elapsed, currency: currencyOf(figures) }));
  return { elapsed, figures: inBands, next: ticks > 0 ? next : null, warnings };
}

/** When the scenario of a live sale started, by the store's clock, milliseconds since 1970. */
export function startOf({ publicAt }: SaleFacts, { plan }: Rehearsed): number {
  return publicAt - plan.world.sale.publicAt / MILLISECOND;
}

function currencyOf({ revenue }: LiveFigures): string {
  return revenue[0]?.currency ?? "";
}

function figuresInBands(
  { orders, revenue, queue, p95Millis }: LiveFigures,
  forecast: SaleForecast,
  at: Ticks,
): readonly FigureInBand[] {
  const found: readonly (readonly [BandFigure, number | null, ForecastBand | null])[] = [
    ["orders", orders, forecast.orders(at)],
    ["revenue", revenue[0]?.minor ?? 0, forecast.revenue(at)],
    ["queue", queue, forecast.queue(at)],
    ["p95", p95Millis, forecast.latency(at)],
  ];
  return found.flatMap(([figure, value, band]) =>
    value === null || band === null
      ? []
      : [{ figure, value, band, lies: liesOf(figure, value, band) }],
  );
}

/** The less of these the better. */
const LESS_IS_BETTER: ReadonlySet<BandFigure> = new Set(["queue", "p95"]);

function liesOf(
  figure: BandFigure,
  value: number,
  { low, high }: ForecastBand,
): FigureInBand["lies"] {
  if (value < low) return LESS_IS_BETTER.has(figure) ? "within" : "below";
  return value > high ? "above" : "within";
}

export function figureWords(figure: BandFigure, value: number, currency: string): string {
  if (figure === "revenue") return moneyText(value, currency);
  return figure === "p95" ? durationText(value) : plainNumber(value, 0);
}

interface Warned {
  readonly inBands: readonly FigureInBand[];
  readonly rehearsed: Rehearsed;
  readonly elapsed: Ticks;
  readonly currency: string;
}

function warningOf(
  { figure, value, band, lies }: FigureInBand,
  { inBands, rehearsed, elapsed, currency }: Warned,
): ForecastWarning {
  const words = (one: number) => figureWords(figure, one, currency);
  const off = band.mean === 0 ? "" : ` (${percentOff(value, band.mean)} of what was rehearsed)`;
  const text = `${figure} ${words(value)} ${lies} its band, ${words(band.low)} to ${words(band.high)}${off}`;
  return { figure, text, lever: leverFor({ figure, lies, inBands, rehearsed, elapsed }) };
}

function percentOff(value: number, mean: number): string {
  return `${plainNumber((value / mean) * 100, 0)} %`;
}
