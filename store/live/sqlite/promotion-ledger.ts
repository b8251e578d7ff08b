/** The ledger of codes on SQLite: the {@link PromotionBook} of the core, kept as a journal. */
import { assert } from "../../core/assert.ts";
import type { Offer } from "../../core/promotion.ts";
import {
  type ClaimAnswer,
  type ClaimRequest,
  type EndAnswer,
  type IssueAnswer,
  type IssueRequest,
  type LookUpAnswer,
  type LookUpRequest,
  PromotionBook,
  type TriesLimit,
} from "../../core/promotion-book.ts";
import type { PromotionLedgerService } from "../../ports/promotion-ledger.ts";
import { BookJournal } from "./book-journal.ts";
import type { GroupCommit } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";

export interface SqlitePromotionOptions {
  readonly offers: readonly Offer[];
  readonly tries?: TriesLimit;
  /** A code beyond this many is refused as unavailable: a ledger forgets none to make room. */
  readonly codesMax?: number;
}

/** Assumed, as in memory: some 0.3 KB each. */
const CODES_MAX = 4_000_000;
const RULES_VERSION = 1;

type Search = Parameters<PromotionLedgerService["claimsBefore"]>[0];

const STEPS = {
  issue: (book: PromotionBook, request: IssueRequest): IssueAnswer => book.issue(request),
  lookUp: (book: PromotionBook, request: LookUpRequest): LookUpAnswer => book.lookUp(request),
  claim: (book: PromotionBook, request: ClaimRequest): ClaimAnswer => book.claim(request),
  redeem: (book: PromotionBook, order: string): EndAnswer => book.redeem(order),
  release: (book: PromotionBook, order: string): EndAnswer => book.release(order),
};

export function sqlitePromotionLedger(
  group: GroupCommit,
  { offers, tries, codesMax = CODES_MAX }: SqlitePromotionOptions,
): PromotionLedgerService {
  assert(codesMax > 0, "a ledger of codes has room for a code");
  const journal = new BookJournal(group, {
    name: "promotions",
    version: RULES_VERSION,
    open: () => new PromotionBook(offers, tries),
    steps: STEPS,
  });
  journal.current();
  const steps = new PortSteps(group, "store/PromotionLedger");
  const full = steps.refused("the ledger is full");
  const isNoClaim = (answer: EndAnswer) => answer._tag === "NoClaim";
  return {
    issue: steps.write((request: IssueRequest) =>
      journal.current().size >= codesMax
        ? full
        : journal.take("issue", request, (answer) => answer._tag !== "Issued"),
    ),
    lookUp: steps.write((request: LookUpRequest) =>
      journal.take("lookUp", request, (answer) => !countsAsTry(answer)),
    ),
    claim: steps.write((request: ClaimRequest) =>
      journal.take("claim", request, (answer) => answer._tag !== "Claimed" && !countsAsTry(answer)),
    ),
    redeem: steps.write((order: string) => journal.take("redeem", order, isNoClaim)),
    release: steps.write((order: string) => journal.take("release", order, isNoClaim)),
    claimsBefore: steps.read(({ claimedBefore, limit }: Search) =>
      journal.current().claimsBefore(claimedBefore, limit),
    ),
    snapshot: steps.readNow(() => journal.current().snapshot()),
  };
}

/** A wrong code is remembered against its shopper; any other look changes nothing. */
function countsAsTry(answer: LookUpAnswer | ClaimAnswer): boolean {
  return answer._tag === "CodeUnknown" || answer._tag === "NotYours";
}
