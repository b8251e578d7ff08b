/** Figures as people read them, without the machine's locale: the same text everywhere. */
import { decimalsOf } from "../../store/core/money.ts";
import type { ForecastUnit } from "../../twin/forecast/figures.ts";
import type { MetricUnit } from "../../twin/metric.ts";
import { METRICS } from "../../twin/metrics.ts";
import { durationText, plainNumber } from "../../twin/plain-figures.ts";

export { durationText, plainNumber };

const UNITS: ReadonlyMap<string, MetricUnit> = new Map(
  METRICS.map(({ name, unit }) => [name, unit]),
);

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["USD", "$"],
  ["EUR", "€"],
  ["GBP", "£"],
  ["JPY", "¥"],
]);

export interface FigureContext {
  /** ISO 4217. */
  readonly currency: string;
}

/** A metric's value with its unit: `$4,512,345`, `1.47 %`, `412 ms`, `110,023`. */
export function figureText(metric: string, value: number, { currency }: FigureContext): string {
  return unitText(UNITS.get(metric) ?? "count", value, currency);
}

/** A figure in its unit; money in the given currency. */
export function unitText(unit: ForecastUnit, value: number, currency: string): string {
  switch (unit) {
    case "money":
      return moneyText(value, currency);
    case "ms":
      return durationText(value);
    case "share":
      return `${plainNumber(value * 100, 2)} %`;
    case "hours":
      return `${plainNumber(value, 1)} h`;
    case "count":
      return plainNumber(value, 1);
    case "perSecond":
      return `${plainNumber(value, Math.abs(value) < 10 ? 2 : 1)}/s`;
    case "times":
      return `${plainNumber(value, 1)} ×`;
  }
}

/** Minor units as money; cents only where they matter. */
export function moneyText(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const major = minor / tenTo(decimals);
  const amount = plainNumber(Math.abs(major), Math.abs(major) < 1000 ? decimals : 0);
  const sign = SIGNS.get(currency);
  const minus = major < 0 ? "-" : "";
  return sign === undefined ? `${minus}${amount} ${currency}` : `${minus}${sign}${amount}`;
}

/** Money in few cells: `$2.5M`, `€250k`, `1.2M CHF`. */
export function briefMoneyText(minor: number, currency: string): string {
  const amount = briefNumber(Math.abs(minor) / tenTo(decimalsOf(currency)));
  const sign = SIGNS.get(currency);
  const minus = minor < 0 ? "-" : "";
  return sign === undefined ? `${minus}${amount} ${currency}` : `${minus}${sign}${amount}`;
}

/** From what value on, what it is counted in. */
const LETTERS: readonly (readonly [number, number, string])[] = [
  [999_950_000, 1_000_000_000, "B"],
  [999_950, 1_000_000, "M"],
  [1_000, 1_000, "k"],
];

/** A number in few cells: `2.5M`, `250k`, `12.3`. */
export function briefNumber(value: number): string {
  const [, size, letter] = LETTERS.find(([least]) => Math.abs(value) >= least) ?? [0, 1, ""];
  return `${plainNumber(value / size, 1)}${letter}`;
}

function tenTo(digits: number): number {
  return Number(`1e${digits}`);
}

/** A share as a percentage with as many places as it takes to say something. */
export function percentText(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const size = Math.abs(share);
  const decimals = size >= 0.1 ? 1 : size >= 0.001 ? 2 : 4;
  return `${plainNumber(share * 100, decimals)} %`;
}

/** How sure a difference is: never more than the test can say. */
export function sureText(sure: number): string {
  if (sure >= 0.9995) return "more than 99.9 %";
  return `${plainNumber(Math.floor(sure * 1000) / 10, 1)} %`;
}
