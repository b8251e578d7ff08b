/**
 * The ledger of discount codes: whose a code is, which order has it, and what of each offer's
 * budget is left. Redemption is in two steps around the order: `claim` with the order, which is
 * atomic and never over a limit, and then `redeem` or `release` as the order ends. A claim that
 * nobody ended stays in `claimsBefore` until a reconciliation does.
 */
import { Context, type Effect } from "effect";
import type {
  ClaimAnswer,
  ClaimRequest,
  EndAnswer,
  IssueAnswer,
  IssueRequest,
  LookUpAnswer,
  LookUpRequest,
  OpenClaim,
  PromotionSnapshot,
} from "../core/promotion-book.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface PromotionLedgerService {
  /** Gives the shopper a code of the offer, at most one for good, within the offer's budget. */
  readonly issue: (request: IssueRequest) => Effect.Effect<IssueAnswer, PortUnavailable>;
  /** Whether the shopper could use the code now. A wrong code counts among the shopper's tries. */
  readonly lookUp: (request: LookUpRequest) => Effect.Effect<LookUpAnswer, PortUnavailable>;
  /** Takes all codes of an order, or none; the same order is answered the same again. */
  readonly claim: (request: ClaimRequest) => Effect.Effect<ClaimAnswer, PortUnavailable>;
  /** The order was sold: spends its codes. */
  readonly redeem: (order: string) => Effect.Effect<EndAnswer, PortUnavailable>;
  /** The order ended without a sale: gives its codes and their part of the budget back. */
  readonly release: (order: string) => Effect.Effect<EndAnswer, PortUnavailable>;
  /** Claims that were made before a time and have not ended, the oldest first. */
  readonly claimsBefore: (request: {
    readonly claimedBefore: number;
    readonly limit: number;
  }) => Effect.Effect<readonly OpenClaim[], PortUnavailable>;
  readonly snapshot: Effect.Effect<PromotionSnapshot, PortUnavailable>;
}

export class PromotionLedger extends Context.Tag("store/PromotionLedger")<
  PromotionLedger,
  PromotionLedgerService
>() {}
