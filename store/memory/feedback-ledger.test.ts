import { Effect } from "effect";
import { expect, it } from "vitest";
import { feedbackLedgerContract } from "../testing/feedback-ledger.contract.ts";
import { MemoryFeedbackLedger } from "./feedback-ledger.ts";

feedbackLedgerContract("memory", MemoryFeedbackLedger.layer());

it("the memory feedback ledger refuses a question beyond its limit and knows the others", () => {
  const ledger = MemoryFeedbackLedger.make({ rowsMax: 1 });
  const ask = (shopper: string) => ledger.askExit({ shopper, at: 0, openForMillis: 10 });
  expect(Effect.runSync(ask("ann"))._tag).toBe("ExitAsked");
  expect(Effect.runSync(Effect.flip(ask("bob")))._tag).toBe("PortUnavailable");
  expect(Effect.runSync(ask("ann"))._tag).toBe("AskedBefore");
  const plan = { order: "o", shopper: "ann", orderedAt: 0, dueAt: 1, openForMillis: 10 };
  expect(Effect.runSync(Effect.flip(ledger.schedule(plan)))._tag).toBe("PortUnavailable");
});
