/** Codes on several nodes: each keeps the book of codes, and all do the same steps in one order. */
import type { Offer } from "../../core/promotion.ts";
import { TRIES_LIMIT, type TriesLimit } from "../../core/promotion-book.ts";
import { MemoryPromotionLedger } from "../../memory/promotion-ledger.ts";
import type { PromotionLedgerService } from "../../ports/promotion-ledger.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { partKeyOf } from "./redis-keys.ts";
import { SharedSteps, type Steps } from "./shared-steps.ts";

export interface RedisPromotionLedgerOptions {
  readonly connection: RedisConnection;
  /** The name of the sale. */
  readonly sale: string;
  readonly offers: readonly Offer[];
  readonly tries?: TriesLimit;
}

function make(options: RedisPromotionLedgerOptions): PromotionLedgerService {
  const { connection, sale, offers, tries = TRIES_LIMIT } = options;
  const shared = new SharedSteps({
    connection,
    port: "store/PromotionLedger",
    key: partKeyOf(sale, "codes"),
    rules: JSON.stringify([offers, tries]),
    open: () => {
      const { issue, lookUp, claim, redeem, release, claimsBefore, snapshot } =
        MemoryPromotionLedger.make({ offers, tries });
      const steps = { issue, lookUp, claim, redeem, release, claimsBefore };
      return { ...steps, snapshot: () => snapshot } satisfies Steps;
    },
  });
  return {
    issue: (request) => shared.step("issue", request),
    lookUp: (request) => shared.step("lookUp", request),
    claim: (request) => shared.step("claim", request),
    redeem: (order) => shared.step("redeem", order),
    release: (order) => shared.step("release", order),
    claimsBefore: (request) => shared.ask("claimsBefore", request),
    snapshot: shared.ask("snapshot", null),
  };
}

export const RedisPromotionLedger = { make } as const;
