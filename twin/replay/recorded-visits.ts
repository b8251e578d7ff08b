/**
 * Who came when, read from a recording fact by fact, in bounded memory: orders where it has orders,
 * else the visits of a web server's log, else what was counted per interval. Where there are more
 * than can be kept, whole shoppers are left out by their hash, the same ones on every machine.
 */
import { keyHash } from "../recordings/key-hash.ts";
import { RecordedCounts, type TellingCounts } from "../recordings/recorded-counts.ts";
import type { RecordedFact } from "../recordings/recorded-fact.ts";
import { IDLE_MILLIS } from "../recordings/recorded-sessions.ts";
import { asksForPage, REQUESTS_OF_ONE_MAX } from "../recordings/told-page.ts";
import { type AnswersFound, RecordedAnswers } from "./recorded-answers.ts";

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
  /** Milliseconds from its begin to each page that it asked for; null where requests were not recorded. */
  readonly pages: readonly number[] | null;
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
  /** Of requests: how they were answered. */
  readonly answers: AnswersFound | null;
}

/** Visits that are kept: the store of a replay keeps some kilobytes of each order. */
const VISITS_MAX = 250_000;
/** Pages that are kept, for each visit. */
const PAGES_OF_VISIT_MEAN = 16;
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
  #requests: Visited[] = [];
  #pages = 0;
  readonly #seen = new Map<number, Seen>();
  readonly #answers = new RecordedAnswers();
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
    const found = { share, currency, counted: null, answers: null };
    if (this.#orders.length > 0) {
      const visits = sorted(this.#orders).map((visit) => inCurrency(visit, currency));
      return { ...found, basis: "orders", visits };
    }
    const isPerson = ({ shopper }: RecordedVisit) =>
      (this.#seen.get(shopper)?.requests ?? 0) <= REQUESTS_OF_ONE_MAX;
    const people = this.#requests.filter(isPerson);
    if (people.length > 0) {
      const answers = this.#answers.found();
      return { ...found, basis: "requests", visits: sorted(people), answers };
    }
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
      pages: null,
      currency,
    });
    this.#thin();
  }

  #request(fact: RecordedFact, at: number): void {
    this.#taken += 1;
    const hash = keyHash(fact.shopper ?? `${this.#taken}`);
    if (hash >= this.#below) return;
    const seen = this.#seen.get(hash) ?? this.#firstSeen(hash, at);
    seen.requests += 1;
    if (seen.requests > REQUESTS_OF_ONE_MAX) return;
    if (at - seen.until > IDLE_MILLIS) seen.visit = this.#visit(hash, at);
    seen.until = Math.max(seen.until, at);
    this.#answers.take(fact);
    if (asksForPage(fact)) {
      seen.visit.pages.push(at - seen.visit.at);
      this.#pages += 1;
    }
    this.#thin();
  }

  #firstSeen(hash: number, at: number): Seen {
    const seen = { until: at, visit: this.#visit(hash, at), requests: 0 };
    this.#seen.set(hash, seen);
    return seen;
  }

  #visit(hash: number, at: number): Visited {
    const visit = { at, shopper: hash, total: null, slot: null, pages: [] };
    this.#requests.push(visit);
    return visit;
  }

  /** Leaves out the half of the shoppers, as often as it takes. */
  #thin(): void {
    while (
      this.#orders.length + this.#requests.length > this.#most ||
      this.#pages > this.#most * PAGES_OF_VISIT_MEAN
    ) {
      this.#below /= 2;
      const stays = ({ shopper }: RecordedVisit) => shopper < this.#below;
      this.#orders = this.#orders.filter(stays);
      this.#requests = this.#requests.filter(stays);
      this.#pages = this.#requests.reduce((sum, { pages }) => sum + pages.length, 0);
      for (const hash of this.#seen.keys()) if (hash >= this.#below) this.#seen.delete(hash);
    }
  }
}

/** A visit as a web server's log tells it. */
interface Visited extends RecordedVisit {
  readonly pages: number[];
}

/** A shopper: the latest visit, when it was last heard of, and the requests of all visits. */
interface Seen {
  until: number;
  visit: Visited;
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
      visits.push({ at, shopper, total: null, slot: null, pages: null });
    }
  }
  return visits;
}

function sorted<Visit extends RecordedVisit>(visits: Visit[]): Visit[] {
  return visits.sort((one, other) => one.at - other.at);
}
