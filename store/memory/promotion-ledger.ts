/** Codes in memory; one thread owns the {@link PromotionBook}, so every call is one atomic step. */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { Offer } from "../core/promotion.ts";
import {
  type ClaimRequest,
  type IssueRequest,
  type LookUpRequest,
  PromotionBook,
  type TriesLimit,
} from "../core/promotion-book.ts";
import { atOnce, Refused, readAtOnce } from "../ports/at-once.ts";
import { PortUnavailable } from "../ports/port-unavailable.ts";
import { PromotionLedger, type PromotionLedgerService } from "../ports/promotion-ledger.ts";

export interface MemoryPromotionLedgerOptions {
  readonly offers: readonly Offer[];
  readonly tries?: TriesLimit;
  /** A code beyond this many is refused as unavailable: a ledger forgets none to make room. */
  readonly codesMax?: number;
}

export interface MemoryPromotionLedgerService extends PromotionLedgerService {
  /** The rules themselves, for whoever audits within one event. */
  readonly book: PromotionBook;
}

/** Assumed: some 0.3 KB each, so the bound is on memory before it is on offers. */
const CODES_MAX = 4_000_000;

const FULL = new Refused(
  new PortUnavailable({ port: "store/PromotionLedger", reason: "the ledger is full" }),
);

type Search = Parameters<PromotionLedgerService["claimsBefore"]>[0];

function make(options: MemoryPromotionLedgerOptions): MemoryPromotionLedgerService {
  const book = new PromotionBook(options.offers, options.tries);
  const codesMax = options.codesMax ?? CODES_MAX;
  assert(codesMax > 0, "a ledger of codes has room for a code");
  return {
    book,
    issue: atOnce((request: IssueRequest) => (book.size >= codesMax ? FULL : book.issue(request))),
    lookUp: atOnce((request: LookUpRequest) => book.lookUp(request)),
    claim: atOnce((request: ClaimRequest) => book.claim(request)),
    redeem: atOnce((order: string) => book.redeem(order)),
    release: atOnce((order: string) => book.release(order)),
    claimsBefore: atOnce((search: Search) => book.claimsBefore(search.claimedBefore, search.limit)),
    snapshot: readAtOnce(() => book.snapshot()),
  };
}

export const MemoryPromotionLedger = {
  make,
  layer: (options: MemoryPromotionLedgerOptions) =>
    Layer.sync(PromotionLedger, () => make(options)),
} as const;
