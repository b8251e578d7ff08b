/** A figure at the axis of a chart, in at most five cells: `12k`, `1.5s`, `$80k`, `0.5%`. */
import { decimalsOf } from "../../store/core/money.ts";
import type { MetricUnit } from "../../twin/metric.ts";
import { moneyText, plainNumber } from "../report/quantity.ts";

export function axisWord(unit: MetricUnit, value: number, currency = "USD"): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  switch (unit) {
    case "ms":
      if (size < 1_000) return `${short(value)}ms`;
      if (size < 100_000) return `${short(value / 1_000)}s`;
      return size < 6_000_000 ? `${short(value / 60_000)}m` : `${short(value / 3_600_000)}h`;
    case "share":
      return `${short(value * 100)}%`;
    case "money": {
      const sign = moneyText(0, currency).replace(/[\d.,\s]/gu, "");
      const one = 10 ** decimalsOf(currency);
      return `${value < 0 ? "-" : ""}${sign.length === 1 ? sign : ""}${withLetter(size / one)}`;
    }
    default:
      return withLetter(value);
  }
}

/** Of a chart that counts. */
export function axisText(value: number): string {
  return axisWord("count", value);
}

/** Of a chart of milliseconds. */
export function axisMillis(value: number): string {
  return axisWord("ms", value);
}

function withLetter(value: number): string {
  const size = Math.abs(value);
  if (size >= 999.5e6) return `${short(value / 1e9)}B`;
  if (size >= 999.5e3) return `${short(value / 1e6)}M`;
  return size >= 1e3 ? `${short(value / 1e3)}k` : short(value);
}

/** Three figures at most. */
function short(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 99.5 || Number.isInteger(value) ? 0 : size >= 9.95 ? 1 : 2;
  const text = plainNumber(value, decimals).replaceAll(",", "");
  return text.includes(".") ? text.replace(/\.?0+$/u, "") : text;
}
