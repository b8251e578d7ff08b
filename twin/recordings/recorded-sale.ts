/**
 * What a recording holds of a sale, in bounded memory however long it is: counts per interval, a
 * sample of orders and one of shoppers by their hashes, what happened how often.
 */
import { HashSample } from "./hash-sample.ts";
import { IntervalCounts } from "./interval-counts.ts";
import { keyHash } from "./key-hash.ts";
import { RecordedCounts } from "./recorded-counts.ts";
import type { RecordedFact } from "./recorded-fact.ts";
import { RecordedSessions } from "./recorded-sessions.ts";

export interface SampledOrder {
  readonly total: number | null;
  readonly currency: string | null;
  readonly units: number | null;
  readonly lines: number | null;
  readonly confirmed: boolean;
}

export interface RecordedMilestones {
  readonly sale: string;
  readonly metric: string;
  /** In the order of the recording. */
  readonly points: readonly { readonly seconds: number; readonly value: number }[];
}

/** Orders and shoppers that are looked at one by one. */
const SAMPLE_MAX = 50_000;
const SLOTS_MAX = 1_000_000;
const KINDS_MAX = 200;
const MILESTONES_MAX = 100_000;

export class RecordedSale {
  readonly orders = new IntervalCounts();
  readonly sessions = new RecordedSessions();
  readonly counts = new RecordedCounts();
  readonly #sampled = new HashSample<SampledOrder>(SAMPLE_MAX);
  readonly #shoppers = new HashSample<number>(SAMPLE_MAX);
  readonly #kinds = new Map<string, number>();
  readonly #currencies = new Map<string, number>();
  #slots: Map<number, number> | null = new Map();
  readonly #milestones = new Map<string, { sale: string; metric: string; points: Point[] }>();
  #milestonesKept = 0;
  #count = 0;
  #run: string | null | undefined;
  #ofOtherRuns = 0;

  take(fact: RecordedFact): void {
    const { kind, run } = fact;
    this.#run ??= run;
    if (run !== this.#run) {
      this.#ofOtherRuns += 1;
      return;
    }
    if (this.#kinds.has(kind) || this.#kinds.size < KINDS_MAX)
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    if (kind === "OrderConfirmed") this.#order(fact);
    else if (kind === "Milestone") this.#milestone(fact);
    else if (kind === "Request") this.sessions.take(fact);
    else if (kind === "Count") this.counts.take(fact);
    else if (kind === "OrderPlaced" && fact.order !== null) this.#basket(fact, fact.order);
  }

  get orderCount(): number {
    return this.#count;
  }

  /** Of a file that tells of several rehearsals only the first is looked at. */
  get run(): string | null {
    return this.#run ?? null;
  }

  /** Events of other rehearsals. */
  get ofOtherRuns(): number {
    return this.#ofOtherRuns;
  }

  /** How often each kind of event was recorded. */
  get kinds(): ReadonlyMap<string, number> {
    return this.#kinds;
  }

  /** The currency of most orders; null where none has one. */
  get currency(): string | null {
    const [most] = [...this.#currencies].sort(
      ([one, ones], [other, others]) => others - ones || (one < other ? -1 : 1),
    );
    return most?.[0] ?? null;
  }

  /** Values in another currency than that of most orders are left out. */
  get sampledOrders(): readonly SampledOrder[] {
    const main = this.currency;
    return [...this.#sampled.values]
      .filter(({ confirmed }) => confirmed)
      .map(({ total, currency, ...order }) => ({
        ...order,
        currency,
        total: currency === main ? total : null,
      }));
  }

  /** Orders of each sampled shopper, and the part of all shoppers that was sampled. */
  get ordersOfShoppers(): { readonly counts: readonly number[]; readonly share: number } {
    return { counts: [...this.#shoppers.values], share: this.#shoppers.share };
  }

  /** Orders of each numbered slot from the first to the last; null where slots are not numbers. */
  get slots(): Float64Array | null {
    const slots = this.#slots;
    if (slots === null || slots.size === 0) return null;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const slot of slots.keys()) {
      first = Math.min(first, slot);
      last = Math.max(last, slot);
    }
    if (last - first >= SLOTS_MAX) return null;
    const counts = new Float64Array(last - first + 1);
    for (const [slot, count] of slots) counts[slot - first] = count;
    return counts;
  }

  get milestones(): readonly RecordedMilestones[] {
    return [...this.#milestones.values()];
  }

  #order(fact: RecordedFact): void {
    const { at, shopper, total, units, lines, currency, slot } = fact;
    this.#count += 1;
    if (at !== null) this.orders.add(at);
    const key = fact.order ?? `${this.#count}`;
    this.#sampled.take(keyHash(key), (before) => ({
      total,
      currency,
      units: units ?? before?.units ?? null,
      lines: lines ?? before?.lines ?? null,
      confirmed: true,
    }));
    if (shopper !== null) this.#shoppers.take(keyHash(shopper), (before = 0) => before + 1);
    if (currency !== null && (this.#currencies.has(currency) || this.#currencies.size < KINDS_MAX))
      this.#currencies.set(currency, (this.#currencies.get(currency) ?? 0) + 1);
    if (slot !== null) this.#slot(slot);
  }

  /** What was placed is told before it is paid; an order that never is does not count. */
  #basket({ units, lines }: RecordedFact, order: string): void {
    this.#sampled.take(keyHash(order), (before) => ({
      total: before?.total ?? null,
      currency: before?.currency ?? null,
      units: before?.units ?? units,
      lines: before?.lines ?? lines,
      confirmed: before?.confirmed ?? false,
    }));
  }

  #slot(written: string): void {
    const slot = Number(written);
    if (this.#slots === null) return;
    if (!Number.isSafeInteger(slot) || this.#slots.size >= SLOTS_MAX) this.#slots = null;
    else this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1);
  }

  #milestone({ sale, metric, after, value }: RecordedFact): void {
    if (sale === null || metric === null || after === null || value === null) return;
    if (this.#milestonesKept >= MILESTONES_MAX) return;
    this.#milestonesKept += 1;
    const key = JSON.stringify([sale, metric]);
    const known = this.#milestones.get(key) ?? { sale, metric, points: [] };
    known.points.push({ seconds: after / 1_000, value });
    this.#milestones.set(key, known);
  }
}

interface Point {
  readonly seconds: number;
  readonly value: number;
}
