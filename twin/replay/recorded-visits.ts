/**
 * Who came when, read from a recording fact by fact, in bounded memory: orders where it has orders,
 * else the visits of a web server's log, else what was counted per interval. Where there are more
 * than can be kept, whole shoppers are left out by their hash, the same ones on every machine.
 */
import { keyHash } from "../recordings/key-hash.ts";
import { RecordedCounts, type TellingCounts } from "../recordings/recorded-counts.ts";
import type { RecordedFact } from "../recordings/recorded-fact.ts";
import { IDLE_MILLIS } from "../recordings/recorded-sessions.ts";

/** What stands for a visit of the recording. */
export type VisitBasis = "orders" | "requests" | "counts";

export interface RecordedVisit {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whoever it was, as a hash of 53 bits. */
  readonly shopper: number;
  /** Minor units of the order; null where none is known. */
  readonly total: number | null;
  /** The number of the slot that it was served in; null where there are none. */
  readonly slot: number | null;
  /** Requests of the visit; null where none were recorded. */
  readonly requests: number | null;
}

export interface VisitsKept {
  readonly basis: VisitBasis;
  /** Earliest first; those of one moment in the order of the recording. */
  readonly visits: readonly RecordedVisit[];
  /** The part of all shoppers that was kept. */
  readonly share: number;
  readonly currency: string | null;
  /** Of counts: what was counted. */
  readonly counted: string | null;
}

/** Visits that are kept: the store of a replay keeps some kilobytes of each order. */
const VISITS_MAX = 250_000;
const HASHES = 2 ** 53;

export interface RecordedVisitsOptions {
  /** The part of the shoppers to look at, above 0 to 1. */
  readonly share: number;
  readonly most?: number;
}

export class RecordedVisits {
  readonly #most: number;
  #below: number;
  #orders: OrderVisit[] = [];
  #requests: RecordedVisit[] = [];
  /** The latest visit of each shopper, and when it was last heard of. */
  readonly #seen = new Map<number, { until: number; readonly visit: RecordedVisit & Counting }>();
  readonly #counts = new RecordedCounts();
  /** Of a file that tells of several rehearsals the first is taken. */
  #run: string | null | undefined;
  readonly #currencies = new Map<string, number>();
  #taken = 0;

  constructor({ share, most = VISITS_MAX }: RecordedVisitsOptions) {
    this.#most = most;
    this.#below = share * HASHES;
  }

  take(fact: RecordedFact): void {
    const { kind, at, run } = fact;
    this.#run ??= run;
    if (at === null || run !== this.#run) return;
    if (kind === "OrderConfirmed") this.#order(fact, at);
    else if (kind === "Request") this.#request(fact, at);
    else if (kind === "Count") this.#counts.take(fact);
  }

  /** Null where nothing was recorded that somebody came by. */
  kept(): VisitsKept | null {
    const share = this.#below / HASHES;
    const [most] = [...this.#currencies].sort((one, other) => other[1] - one[1]);
    const currency = most?.[0] ?? null;
    const found = { share, currency, counted: null };
    if (this.#orders.length > 0) {
      const visits = sorted(this.#orders).map((visit) => inCurrency(visit, currency));
      return { ...found, basis: "orders", visits };
    }
    if (this.#requests.length > 0)
      return { ...found, basis: "requests", visits: sorted(this.#requests) };
    const counted = this.#counts.telling(false);
    if (counted === null) return null;
    const visits = visitsOfCounts(counted, share, this.#most);
    const { metric } = counted;
    return visits.length === 0 ? null : { ...found, basis: "counts", visits, counted: metric };
  }

  #order({ order, shopper, total, currency, slot }: RecordedFact, at: number): void {
    this.#taken += 1;
    const hash = keyHash(shopper ?? order ?? `${this.#taken}`);
    if (currency !== null && this.#currencies.size < 100)
      this.#currencies.set(currency, (this.#currencies.get(currency) ?? 0) + 1);
    if (hash >= this.#below) return;
    const number = slot === null ? Number.NaN : Number(slot);
    this.#orders.push({
      at,
      shopper: hash,
      total: total !== null && total >= 1 ? Math.round(total) : null,
      slot: Number.isSafeInteger(number) ? number : null,
      requests: null,
      currency,
    });
    this.#thin();
  }

  #request({ shopper }: RecordedFact, at: number): void {
    this.#taken += 1;
    const hash = keyHash(shopper ?? `${this.#taken}`);
    if (hash >= this.#below) return;
    const latest = this.#seen.get(hash);
    if (latest !== undefined && at - latest.until <= IDLE_MILLIS) {
      latest.until = Math.max(latest.until, at);
      latest.visit.requests += 1;
      return;
    }
    const visit = { at, shopper: hash, total: null, slot: null, requests: 1 };
    this.#seen.set(hash, { until: at, visit });
    this.#requests.push(visit);
    this.#thin();
  }

  /** Leaves out the half of the shoppers, as often as it takes. */
  #thin(): void {
    while (this.#orders.length + this.#requests.length > this.#most) {
      this.#below /= 2;
      const stays = ({ shopper }: RecordedVisit) => shopper < this.#below;
      this.#orders = this.#orders.filter(stays);
      this.#requests = this.#requests.filter(stays);
      for (const hash of this.#seen.keys()) if (hash >= this.#below) this.#seen.delete(hash);
    }
  }
}

interface Counting {
  requests: number;
}

/** A visit as it is kept: with the currency of its order. */
interface OrderVisit extends RecordedVisit {
  readonly currency: string | null;
}

/** What an order in another currency was worth is not known in this one. */
function inCurrency({ currency, ...visit }: OrderVisit, main: string | null): RecordedVisit {
  return currency === main ? visit : { ...visit, total: null };
}

/** Those of an interval at even distances: when in it they came is not known. */
function visitsOfCounts(
  { counts, every, from }: TellingCounts,
  share: number,
  most: number,
): RecordedVisit[] {
  const all = counts.reduce((sum, count) => sum + Math.max(0, count), 0);
  const part = Math.min(share, most / all);
  const visits: RecordedVisit[] = [];
  let due = 0;
  for (const [place, count] of counts.entries()) {
    const before = Math.round(due);
    due += Math.max(0, count) * part;
    const number = Math.round(due) - before;
    for (let index = 0; index < number; index += 1) {
      const at = Math.floor(from + (place + (index + 0.5) / number) * every * 1_000);
      const shopper = keyHash(`${place}/${index}`);
      visits.push({ at, shopper, total: null, slot: null, requests: null });
    }
  }
  return visits;
}

function sorted<Visit extends RecordedVisit>(visits: Visit[]): Visit[] {
  return visits.sort((one, other) => one.at - other.at);
}
