/**
 * The sale log of a live store as it grows, line by line: how many orders and how much money in
 * any minute of the last hour, and the events worth reading. A line that is none of a sale log is
 * counted and left out.
 */
import { moneyText, plainNumber } from "../report/quantity.ts";
import type { Severity } from "../theme/severity.ts";
import { foreignText } from "./foreign-text.ts";
import { TIME_MAX } from "./live-answers.ts";

export interface SaleLogEvent {
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  readonly severity: Severity;
  readonly text: string;
}

export interface SoldInMinute {
  readonly orders: number;
  /** Minor units of one currency. */
  readonly revenue: number;
}

interface Second {
  orders: number;
  readonly minor: Map<string, number>;
}

const EVENTS_MAX = 500;
const SECONDS_MAX = 3_720;
const MINUTE_SECONDS = 60;

type Fields = Readonly<Record<string, unknown>>;

export class LiveSaleLog {
  readonly #events: SaleLogEvent[] = [];
  readonly #seconds = new Map<number, Second>();
  #lines = 0;
  #wrong = 0;
  #lastAt: number | null = null;

  /** The newest last. */
  get events(): readonly SaleLogEvent[] {
    return this.#events;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Lines that were no event. */
  get wrong(): number {
    return this.#wrong;
  }

  /** The time of the newest event, by the store's clock. */
  get lastAt(): number | null {
    return this.#lastAt;
  }

  heed(line: string): void {
    const fields = fieldsIn(line);
    const at = typeof fields?.at === "string" ? Date.parse(fields.at) : Number.NaN;
    if (fields === null || !(at >= 0 && at <= TIME_MAX) || typeof fields.kind !== "string") {
      this.#wrong += 1;
      return;
    }
    this.#lines += 1;
    this.#lastAt = Math.max(this.#lastAt ?? at, at);
    if (fields.kind === "OrderConfirmed") this.#sold(Math.floor(at / 1_000), fields);
    const told = wordsFor(fields);
    if (told === null) return;
    this.#events.push({ at, ...told });
    if (this.#events.length > EVENTS_MAX) this.#events.shift();
  }

  /** Confirmed orders of the sixty seconds up to that of `at`, by the store's clock. */
  minuteUntil(at: number, currency: string): SoldInMinute {
    const last = Math.floor(at / 1_000);
    let orders = 0;
    let revenue = 0;
    for (let second = last - MINUTE_SECONDS + 1; second <= last; second += 1) {
      const sold = this.#seconds.get(second);
      orders += sold?.orders ?? 0;
      revenue += sold?.minor.get(currency) ?? 0;
    }
    return { orders, revenue };
  }

  #sold(second: number, { total, currency }: Fields): void {
    const sold = this.#seconds.get(second) ?? { orders: 0, minor: new Map<string, number>() };
    sold.orders += 1;
    if (typeof total === "number" && typeof currency === "string") {
      sold.minor.set(currency, (sold.minor.get(currency) ?? 0) + total);
    }
    this.#seconds.set(second, sold);
    if (this.#seconds.size <= SECONDS_MAX) return;
    for (const oldest of this.#seconds.keys()) {
      this.#seconds.delete(oldest);
      break;
    }
  }
}

function fieldsIn(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

type Told = Pick<SaleLogEvent, "severity" | "text">;
const told = (severity: Severity, text: string): Told => ({ severity, text });

/** What somebody who watches wants to read; null for what a chart says better. */
function wordsFor(fields: Fields): Told | null {
  const word = (name: string) => foreignText(fields[name]);
  const count = (name: string) => plainNumber(Number(fields[name] ?? 0), 0);
  const units = () => `${count("units")} unit${Number(fields.units) === 1 ? "" : "s"}`;
  const money = () => moneyText(Number(fields.total ?? 0), word("currency"));
  switch (fields.kind) {
    case "PhaseOpened":
      return told("info", `phase ${word("phase")}`);
    case "OrderConfirmed":
      return told("ok", `${money()} · order ${word("order")}`);
    case "OrderRefunded":
      return told("info", `${money()} refunded · order ${word("order")}`);
    case "OrderDeclined":
      return told("warning", `declined: ${word("reason")} · order ${word("order")}`);
    case "OrderInDoubt":
      return told("warning", `in doubt at ${word("gateway")} · order ${word("order")}`);
    case "StockAdded":
      return told("info", `${units()} of ${word("sku")} added`);
    case "StockWrittenOff":
      return told("warning", `${units()} of ${word("sku")} written off`);
    case "LotDrawn":
      return told("info", `places drawn for ${count("tickets")} of lane ${word("lane")}`);
    case "RequestLimited":
      return told("warning", `a ${word("by")} asks too often: ${word("step")}`);
    default:
      return null;
  }
}
