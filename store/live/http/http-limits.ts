/**
 * How often somebody may ask for what costs the store something before there is an order: a name,
 * a place in the queue, a look at a code. The steps of the sale have limits of their own, which
 * the sale's setup gives. All numbers are assumed, and far above what a person does.
 */
import type { RateLimit } from "../../core/rate-limit.ts";

export interface HttpLimits {
  /** New shoppers of one network: an office or a mobile provider shares a block of addresses. */
  readonly newShoppersPerNetwork: RateLimit;
  /** Joins of one shopper: a page asks once, and again when it is opened anew. */
  readonly joinsPerShopper: RateLimit;
  readonly joinsPerNetwork: RateLimit;
  /** Codes that one shopper has checked, on top of the limit on wrong ones. */
  readonly codesPerShopper: RateLimit;
  /** The same of one network, for a guesser takes a new name for every guess. */
  readonly codesPerNetwork: RateLimit;
  /** Cards of one shopper, and of one network, that were declined: see `card-attempts.ts`. */
  readonly declinesPerShopper: RateLimit;
  readonly declinesPerNetwork: RateLimit;
  /** Searches of one network: each reads the names of the whole catalog. */
  readonly searchesPerNetwork: RateLimit;
  readonly questionsPerShopper: RateLimit;
}

export const HTTP_LIMITS: HttpLimits = {
  newShoppersPerNetwork: { tokens: 50, everyMillis: 1_000, burst: 1_000 },
  joinsPerShopper: { tokens: 1, everyMillis: 1_000, burst: 20 },
  joinsPerNetwork: { tokens: 100, everyMillis: 1_000, burst: 2_000 },
  codesPerShopper: { tokens: 1, everyMillis: 2_000, burst: 20 },
  codesPerNetwork: { tokens: 20, everyMillis: 1_000, burst: 400 },
  declinesPerShopper: { tokens: 1, everyMillis: 60_000, burst: 5 },
  declinesPerNetwork: { tokens: 1, everyMillis: 1_000, burst: 200 },
  searchesPerNetwork: { tokens: 50, everyMillis: 1_000, burst: 500 },
  questionsPerShopper: { tokens: 1, everyMillis: 1_000, burst: 20 },
};

/** Longest body, in bytes: an order of fifty lines takes some 5 KiB. */
export const BODY_BYTES_MAX = 16 * 1_024;
/** All headers together, bytes. */
export const HEADER_BYTES_MAX = 8 * 1_024;
/** How long a request may take to arrive, and a connection be silent, milliseconds. */
export const REQUEST_MILLIS_MAX = 10_000;
export const CONNECTION_SILENT_MILLIS_MAX = 10_000;
/** How long an answer may take from when its request has arrived, milliseconds. */
export const ANSWER_MILLIS_MAX = 5_000;
/** The same for who runs the sale: lists of thousands of lines take their time. */
export const ADMIN_ANSWER_MILLIS_MAX = 60_000;
/** A request that is late is found this much later at most. */
export const CONNECTIONS_CHECKED_EVERY_MILLIS = 1_000;
export const KEEP_ALIVE_MILLIS = 5_000;
/** One part of a path: longer than any name that the store gives. */
export const PARAMETER_LENGTH_MAX = 200;
export const CONNECTIONS_MAX = 20_000;
