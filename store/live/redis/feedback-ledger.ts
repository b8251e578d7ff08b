/** Questions and answers on several nodes, in the way of `promotion-ledger.ts`. */
import { MemoryFeedbackLedger } from "../../memory/feedback-ledger.ts";
import type { FeedbackLedgerService } from "../../ports/feedback-ledger.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { partKeyOf } from "./redis-keys.ts";
import { SharedSteps, type Steps } from "./shared-steps.ts";

export interface RedisFeedbackLedgerOptions {
  readonly connection: RedisConnection;
  /** The name of the sale. */
  readonly sale: string;
}

function make({ connection, sale }: RedisFeedbackLedgerOptions): FeedbackLedgerService {
  const shared = new SharedSteps({
    connection,
    port: "store/FeedbackLedger",
    key: partKeyOf(sale, "feedback"),
    rules: "",
    open: () => {
      const { nextDue, figures, snapshot, book: _, ...steps } = MemoryFeedbackLedger.make();
      const views = { nextDue: () => nextDue, figures: () => figures, snapshot: () => snapshot };
      return { ...steps, ...views } satisfies Steps;
    },
  });
  return {
    askExit: (request) => shared.step("askExit", request),
    answerExit: (request) => shared.step("answerExit", request),
    schedule: (plan) => shared.step("schedule", plan),
    takeDue: (request) => shared.step("takeDue", request),
    survey: (order) => shared.ask("survey", order),
    nextDue: shared.ask("nextDue", null),
    answerSurvey: (request) => shared.step("answerSurvey", request),
    figures: shared.ask("figures", null),
    snapshot: shared.ask("snapshot", null),
  };
}

export const RedisFeedbackLedger = { make } as const;
