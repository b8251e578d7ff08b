/**
 * The visits that a web server's log shows: what one shopper asked for until half an hour passed
 * without a request. In bounded memory: where there are too many, whole shoppers are left out.
 */
import { HashSample } from "./hash-sample.ts";
import { IntervalCounts } from "./interval-counts.ts";
import { keyHash } from "./key-hash.ts";
import type { RecordedFact } from "./recorded-fact.ts";
import { asksForPage, isServed, REQUESTS_OF_ONE_MAX, sendsOrder } from "./told-page.ts";

/** After so long without a request whoever asks again makes another visit. */
export const IDLE_MILLIS = 1_800_000;
/** Requests that are kept, of all shoppers together. */
const REQUESTS_MAX = 1_000_000;

export interface SessionsFound {
  readonly sessions: number;
  /** The part of the shoppers that was looked at. */
  readonly share: number;
  /** Of sessions of two requests or more, from the first to the last, seconds. */
  readonly lengths: readonly number[];
  /** Pages of each session that had one. */
  readonly pages: readonly number[];
  /** Sessions with an order that the server took: a successful POST to where orders are sent. */
  readonly bought: number;
  /** Shoppers with more requests than a person makes; they are in none of the figures. */
  readonly machines: number;
  readonly starts: IntervalCounts;
}

/** One shopper's requests, three numbers each: when, whether of a page, whether an order. */
interface Requests {
  readonly at: number[];
  readonly what: number[];
  tooMany: boolean;
}

const PAGE = 1;
const ORDER = 2;

export class RecordedSessions {
  readonly #shoppers = new HashSample<Requests>(REQUESTS_MAX, ({ at }) => at.length);
  #unnamed = 0;

  take(fact: RecordedFact): void {
    const { at, shopper } = fact;
    if (at === null) return;
    if (shopper === null) this.#unnamed += 1;
    const served = isServed(fact);
    const isPage = served && asksForPage(fact);
    const isOrder = served && sendsOrder(fact);
    this.#shoppers.take(keyHash(shopper ?? `#${this.#unnamed}`), (before) => {
      const requests = before ?? { at: [], what: [], tooMany: false };
      if (requests.tooMany) return requests;
      requests.at.push(at);
      requests.what.push((isPage ? PAGE : 0) + (isOrder ? ORDER : 0));
      return requests.at.length > REQUESTS_OF_ONE_MAX
        ? { at: [], what: [], tooMany: true }
        : requests;
    });
  }

  /** Null where no request was recorded. */
  found(): SessionsFound | null {
    const found = { sessions: 0, bought: 0, machines: 0 };
    const lengths: number[] = [];
    const pages: number[] = [];
    const starts = new IntervalCounts();
    for (const requests of this.#shoppers.values) {
      if (requests.tooMany) found.machines += 1;
      for (const session of sessionsOf(requests)) {
        found.sessions += 1;
        starts.add(session.from);
        if (session.to > session.from) lengths.push((session.to - session.from) / 1_000);
        if (session.pages > 0) pages.push(session.pages);
        if (session.bought) found.bought += 1;
      }
    }
    if (found.sessions + found.machines === 0) return null;
    return { ...found, lengths, pages, starts, share: this.#shoppers.share };
  }
}

interface Session {
  readonly from: number;
  to: number;
  pages: number;
  bought: boolean;
}

function sessionsOf({ at, what }: Requests): readonly Session[] {
  const order = at.map((_time, index) => index).sort((one, two) => (at[one] ?? 0) - (at[two] ?? 0));
  const sessions: Session[] = [];
  for (const index of order) {
    const time = at[index] ?? 0;
    let session = sessions.at(-1);
    if (session === undefined || time - session.to > IDLE_MILLIS) {
      session = { from: time, to: time, pages: 0, bought: false };
      sessions.push(session);
    }
    const told = what[index] ?? 0;
    session.to = time;
    if (told % 2 === PAGE) session.pages += 1;
    if (told >= ORDER) session.bought = true;
  }
  return sessions;
}
