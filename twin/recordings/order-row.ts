/** A row of a table of orders as an event of a recording. */
import { decimalsOf } from "../../store/core/money.ts";
import type { OrderColumns, OrderField } from "./order-columns.ts";
import type { RecordedOrder } from "./recorded-event.ts";
import { dateAndClock, readTime, type TimeReading, type TimeRule } from "./recorded-time.ts";
import { amountOf, currencyOf } from "./written-amount.ts";

export type OrderReading =
  | { readonly event: RecordedOrder; readonly time: Exclude<TimeReading, { why: string }> }
  | { readonly why: string };

export interface OrderRules {
  readonly columns: OrderColumns;
  readonly times: TimeRule;
  /** Whether a comma begins the decimals where an amount alone does not tell. */
  readonly decimalComma: boolean;
}

const WHOLE_MAX = Number.MAX_SAFE_INTEGER;

type Cell = (field: OrderField) => string | null;

export function readOrder(row: readonly string[], rules: OrderRules): OrderReading {
  const { columns, times } = rules;
  const cell: Cell = (field) => {
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
  const time = readTime(timeTold(cell), { ...times, unit });
  if ("why" in time) return time;
  const value = valueTold(cell, rules);
  if (value !== null && "why" in value) return value;
  const units = whole(cell("units"), rules);
  const lines = whole(cell("lines"), rules);
  if (units === "none" || lines === "none") return { why: "its units or lines are no number" };
  const [order, shopper, slot] = [cell("order"), cell("shopper"), cell("slot")];
  const event: RecordedOrder = {
    kind: "OrderConfirmed",
    at: time.at,
    ...(order === null ? {} : { order }),
    ...(shopper === null ? {} : { shopper }),
    ...(value ?? {}),
    ...(units === null ? {} : { units }),
    ...(lines === null ? {} : { lines }),
    ...(slot === null ? {} : { slot }),
  };
  return { event, time };
}

/** A date and, where a column of its own has it, the time of day. */
function timeTold(cell: Cell): string {
  return dateAndClock(cell("at") ?? "", cell("clock") ?? "");
}

/** Minor units and of which currency they are; null where no value is told. */
function valueTold(
  cell: Cell,
  { columns, decimalComma }: OrderRules,
): Required<Pick<RecordedOrder, "total" | "currency">> | { readonly why: string } | null {
  const written = cell("total");
  if (written === null) return null;
  const amount = amountOf(written, decimalComma);
  if (Number.isNaN(amount)) return { why: "its value is no number" };
  if (!(amount > 0)) return { why: "its value is not above 0" };
  const told = /^[A-Za-z]{3}$/u.exec(cell("currency") ?? "")?.[0].toUpperCase();
  const isOpen = columns.places.currency !== undefined || !columns.currencyTold;
  const currency = told ?? (isOpen ? currencyOf(written) : null) ?? columns.currency;
  const total = Math.round(amount * Number(`1e${decimalsOf(currency)}`));
  return total > WHOLE_MAX ? { why: "its value is too great" } : { total, currency };
}

function whole(text: string | null, { decimalComma }: OrderRules): number | null | "none" {
  if (text === null) return null;
  const value = amountOf(text, decimalComma);
  return Number.isNaN(value) ? "none" : Math.round(value);
}
