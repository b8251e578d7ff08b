/**
 * The order of the test files. Vitest knows how long each took last time, which a fresh clone does
 * not: there it sorts by size. So the longest stand here by name; were one of them the last to
 * start, one of two workers would wait for the other to end it.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take more than some ten seconds, the longest first. */
const SLOWEST = [
  // Every command of every page of docs, and all goldens twice.
  "tui/cli/readme.test.ts",
  // Some hundred rehearsals.
  "twin/experiments/explain/explain.test.ts",
  // A process for each refusal and each sale.
  "tui/cli/serve.test.ts",
  "tui/cli/serve-record.test.ts",
  "tui/cli/explain.test.ts",
  "tui/cli/cli.test.ts",
  "tui/cli/fit.test.ts",
  "tui/cli/replay-ledger.test.ts",
  // A browser that waits its turn as a person would.
  "store/live/pages/storefront.browser.test.ts",
  "store/live/pages/stripe-checkout.browser.test.ts",
  "store/live/pages/storefront-moments.browser.test.ts",
  // Whole sales, some of them a day long.
  "twin/forecast/demand-sheet.test.ts",
  "twin/waiting-room/waiting-room.test.ts",
  "tui/screens/what-if/what-if.test.ts",
  "tui/screens/compare/compare.test.ts",
  "twin/neighbours/scenarios.test.ts",
  "twin/bots/bot-raid.test.ts",
  "twin/forecast/forecast.test.ts",
  // Thousands of requests, one after the other, over each ledger.
  "store/live/testing/every-ledger.test.ts",
  "store/live/testing/order-test.test.ts",
  // Hundreds of thousands of arrivals at each queue whose theory is known.
  "engine/analytic/markov-rows.test.ts",
  "engine/analytic/recursions.test.ts",
  // A program that is waited for: a sale that plays, a load that is sent, a kill.
  "tui/app/first-sitting.test.ts",
  "tui/app/budgets.test.ts",
  "tui/cli/load.test.ts",
  "tui/cli/replay.test.ts",
  "tui/cli/forecast.test.ts",
  "tui/cli/import.test.ts",
  "tui/recordings/sale-log-ledgers.test.ts",
  "store/live/postgres/postgres-parts.test.ts",
  "store/service/crash.test.ts",
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const at = SLOWEST.findIndex((path) => moduleId.endsWith(`/${path}`));
      return at < 0 ? SLOWEST.length : at;
    };
    // A stable sort: those that are not named keep vitest's order.
    return rest.sort((one, other) => rank(one) - rank(other));
  }
}
