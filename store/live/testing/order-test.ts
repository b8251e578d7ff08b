/**
 * The order test: one seeded schedule of requests through the twin's engine and through a real
 * HTTP server over any parts. Both have to decide the same about every request and end with the
 * same orders, payments, stock and sale log.
 */
import { expect, it } from "vitest";
import type { SaleSetup } from "../../service/sale-setup.ts";
import type { LiveParts } from "../parts.ts";
import { throughEngine } from "./order-engine.ts";
import { type Outcome, setupOfTest } from "./order-outcome.ts";
import { orderSchedule, type Scheduled } from "./order-schedule.ts";
import { throughServer } from "./order-served.ts";

export interface OrderTestOptions {
  readonly seed: string;
  readonly requests: number;
  readonly shoppers: number;
}

const OPTIONS: OrderTestOptions = { seed: "order-test", requests: 10_000, shoppers: 120 };
const STARTS_AT = Date.UTC(2025, 10, 28, 9);

interface Prepared {
  readonly setup: SaleSetup;
  readonly schedule: readonly Scheduled[];
}

function prepared(options: OrderTestOptions): Prepared {
  const schedule = orderSchedule(options);
  const lastsMillis = (schedule[schedule.length - 1]?.at ?? 0) + 1;
  return { setup: setupOfTest(STARTS_AT, lastsMillis), schedule };
}

/** What the engine makes of the schedule, for whoever wants to see what is in it. */
export function throughEngineAlone(options: OrderTestOptions = OPTIONS): Promise<Outcome> {
  const { setup, schedule } = prepared(options);
  return throughEngine(setup, schedule, STARTS_AT);
}

export function orderTest(
  name: string,
  parts: (setup: SaleSetup) => LiveParts | Promise<LiveParts>,
  options: OrderTestOptions = OPTIONS,
): void {
  it(`the engine and the server over ${name} decide alike, ${options.requests} times`, async () => {
    const { setup, schedule } = prepared(options);
    const engine = await throughEngine(setup, schedule, STARTS_AT);
    const served = await throughServer(setup, schedule, STARTS_AT, await parts(setup));
    expect(engine.decisions).toHaveLength(options.requests);
    expect(served.decisions).toEqual(engine.decisions);
    expect(served.ledger.join("\n")).toBe(engine.ledger.join("\n"));
  });
}
