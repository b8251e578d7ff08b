/** A row of a table of orders as an event of a recording. */
import { decimalsOf } from "../../store/core/money.ts";
import type { OrderColumns, OrderField } from "./order-columns.ts";
import type { RecordedOrder } from "./recorded-event.ts";
import { readTime, type TimeReading, type TimeRule } from "./recorded-time.ts";

export type OrderReading =
  | { readonly event: RecordedOrder; readonly time: Exclude<TimeReading, { why: string }> }
  | { readonly why: string };

const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

export function readOrder(
  row: readonly string[],
  columns: OrderColumns,
  times: TimeRule,
): OrderReading {
  const cell = (field: OrderField): string | null => {
    const place = columns.places[field];
    const text = place === undefined ? "" : (row[place] ?? "").trim();
    return text === "" ? null : text;
  };
  const kind = cell("kind");
  if (columns.orderKinds.length > 0 && !columns.orderKinds.includes((kind ?? "").toLowerCase()))
    return {
      why: `its kind is ${kind === null ? "not given" : kind.slice(0, 20)}, not an order's`,
    };
  const unit = columns.timeUnit ?? times.unit;
  const time = readTime(row[columns.places.at] ?? "", { ...times, unit });
  if ("why" in time) return time;
  const figures = { total: cell("total"), units: cell("units"), lines: cell("lines") };
  const total = figures.total === null ? null : amount(figures.total);
  if (total !== null && !(total > 0)) return { why: "its value is not above 0" };
  const minor =
    total === null ? null : Math.round(total * Number(`1e${decimalsOf(columns.currency)}`));
  if (minor !== null && minor > WHOLE_MAX) return { why: "its value is too great" };
  const units = whole(figures.units);
  const lines = whole(figures.lines);
  if (units === "none" || lines === "none") return { why: "its units or lines are no number" };
  const [order, shopper, slot] = [cell("order"), cell("shopper"), cell("slot")];
  const event: RecordedOrder = {
    kind: "OrderConfirmed",
    at: time.at,
    ...(order === null ? {} : { order }),
    ...(shopper === null ? {} : { shopper }),
    ...(minor === null ? {} : { total: minor, currency: columns.currency }),
    ...(units === null ? {} : { units }),
    ...(lines === null ? {} : { lines }),
    ...(slot === null ? {} : { slot }),
  };
  return { event, time };
}

/** `1,234.50`, `£12`, `12.5 EUR`; NaN where it is no number. */
function amount(text: string): number {
  const bare = text.replace(/^[^\d.+-]+|[^\d.]+$/gu, "").replaceAll(/,(?=\d{3})/gu, "");
  return bare === "" ? Number.NaN : Number(bare);
}

function whole(text: string | null): number | null | "none" {
  if (text === null) return null;
  const value = Number(text);
  return Number.isFinite(value) ? Math.round(value) : "none";
}
