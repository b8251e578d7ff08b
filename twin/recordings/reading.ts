/**
 * What was read of a file: how much, what was left out and why, and what of its times is odd.
 * Bounded: of the lines left out it keeps a few of each reason, of orders the newest million.
 */
import { keyHash } from "./key-hash.ts";
import type { ColumnsTaken } from "./order-columns.ts";
import type { ZonedTime } from "./recorded-time.ts";

/** A line that is no event, and why. */
export interface LeftOut {
  /** 1 for the first line of the file. */
  readonly line: number;
  readonly why: string;
}

export interface ReasonCount {
  readonly why: string;
  readonly lines: number;
  /** The first lines of the file that were left out for it. */
  readonly first: readonly number[];
}

export interface ReadingReport {
  /** Lines that held something. */
  readonly lines: number;
  readonly kept: number;
  readonly leftOut: number;
  /** The most frequent first. */
  readonly reasons: readonly ReasonCount[];
  /** Milliseconds since 1970; null where no event has a time. */
  readonly from: number | null;
  readonly to: number | null;
  /** Events before the latest of the events above them, and by how many milliseconds at most. */
  readonly backward: { readonly events: number; readonly millis: number };
  /** The longest time in which nothing was recorded, milliseconds, and when it began. */
  readonly longestGap: { readonly millis: number; readonly from: number } | null;
  /** Local times that the clocks showed twice, and that they never showed. */
  readonly clockChanges: { readonly twice: number; readonly never: number };
  /** Times that came without an offset and were read in the zone given. */
  readonly withoutOffset: number;
  /** Of a table of orders; null of what has no such columns. */
  readonly columns: ColumnsTaken | null;
  /** How many values were of which currency, the most frequent first. */
  readonly currencies: readonly CurrencyCount[];
}

export interface CurrencyCount {
  readonly currency: string;
  readonly orders: number;
}

/** Why an order that comes twice is left out. */
export const ORDER_AGAIN = "its order was read already";

const FIRST_MAX = 5;
/** So many reasons are told apart; what else is left out is counted together. */
const REASONS_MAX = 50;
const OTHER = "other reasons";
/** Keys remembered of either generation, to find what comes twice. */
const KEYS_MAX = 500_000;

const CURRENCIES_MAX = 200;

export class Reading {
  columns: ColumnsTaken | null = null;
  readonly #currencies = new Map<string, number>();
  #lines = 0;
  #kept = 0;
  readonly #reasons = new Map<string, { lines: number; first: number[] }>();
  #from: number | null = null;
  #to: number | null = null;
  #backwardEvents = 0;
  #backwardMillis = 0;
  #gap: { millis: number; from: number } | null = null;
  #twice = 0;
  #never = 0;
  #withoutOffset = 0;
  #keys = new Set<number>();
  #olderKeys = new Set<number>();

  /** Whether this text came before, among the newest half to whole million that were asked. */
  isDouble(text: string): boolean {
    const key = keyHash(text);
    if (this.#keys.has(key) || this.#olderKeys.has(key)) return true;
    if (this.#keys.size >= KEYS_MAX) {
      this.#olderKeys = this.#keys;
      this.#keys = new Set();
    }
    this.#keys.add(key);
    return false;
  }

  keep(at: number | null): void {
    this.#lines += 1;
    this.#kept += 1;
    if (at === null) return;
    const latest = this.#to;
    if (latest !== null && at < latest) {
      this.#backwardEvents += 1;
      this.#backwardMillis = Math.max(this.#backwardMillis, latest - at);
    }
    if (latest !== null && at - latest > (this.#gap?.millis ?? 0))
      this.#gap = { millis: at - latest, from: latest };
    this.#from = this.#from === null ? at : Math.min(this.#from, at);
    this.#to = latest === null ? at : Math.max(latest, at);
  }

  /** Counts a value of the currency. */
  value(currency: string): void {
    const known = this.#currencies.get(currency);
    if (known !== undefined || this.#currencies.size < CURRENCIES_MAX)
      this.#currencies.set(currency, (known ?? 0) + 1);
  }

  remark({ remark, zoned }: Pick<ZonedTime, "remark"> & { readonly zoned: boolean }): void {
    if (remark === "twice") this.#twice += 1;
    if (remark === "never") this.#never += 1;
    if (!zoned) this.#withoutOffset += 1;
  }

  leaveOut({ line, why }: LeftOut): void {
    this.#lines += 1;
    const known = this.#reasons.has(why) || this.#reasons.size < REASONS_MAX;
    const name = known ? why : OTHER;
    const reason = this.#reasons.get(name) ?? { lines: 0, first: [] };
    reason.lines += 1;
    if (reason.first.length < FIRST_MAX) reason.first.push(line);
    this.#reasons.set(name, reason);
  }

  get report(): ReadingReport {
    const currencies = [...this.#currencies].map(([currency, orders]) => ({ currency, orders }));
    const reasons = [...this.#reasons].map(([why, reason]) => ({ why, ...reason }));
    return {
      lines: this.#lines,
      kept: this.#kept,
      leftOut: this.#lines - this.#kept,
      reasons: reasons.sort((one, other) => other.lines - one.lines),
      from: this.#from,
      to: this.#to,
      backward: { events: this.#backwardEvents, millis: this.#backwardMillis },
      longestGap: this.#gap,
      clockChanges: { twice: this.#twice, never: this.#never },
      withoutOffset: this.#withoutOffset,
      columns: this.columns,
      currencies: currencies.sort((one, other) => other.orders - one.orders),
    };
  }
}
