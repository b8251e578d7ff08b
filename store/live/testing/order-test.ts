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

/** Ten thousand requests, for the ledger that answers fastest. */
export const LONGEST: OrderTestOptions = { seed: "order-test", requests: 10_000, shoppers: 120 };
/** A fifth of the requests, which meet every kind of answer all the same. */
export const SHORTER: OrderTestOptions = { seed: "every-ledger", requests: 2_000, shoppers: 60 };
const STARTS_AT = Date.UTC(2025, 10, 28, 9);

/** Ten thousand requests, one after the other, take a busy machine minutes. */
const TIME_LIMIT_MILLIS = 600_000;

interface Prepared {
  readonly setup: SaleSetup;
  readonly schedule: readonly Scheduled[];
  readonly engine: Promise<Outcome>;
}

/** What the engine made of a schedule is what it always makes of it: one run serves every ledger. */
const known = new Map<string, Prepared>();

function prepared(options: OrderTestOptions): Prepared {
  const name = JSON.stringify(options);
  const before = known.get(name);
  if (before !== undefined) return before;
  const schedule = orderSchedule(options);
  const lastsMillis = (schedule[schedule.length - 1]?.at ?? 0) + 1;
  const setup = setupOfTest(STARTS_AT, lastsMillis);
  const made = { setup, schedule, engine: throughEngine(setup, schedule, STARTS_AT) };
  known.set(name, made);
  return made;
}

/** What the engine makes of the schedule, for whoever wants to see what is in it. */
export function throughEngineAlone(options: OrderTestOptions): Promise<Outcome> {
  return prepared(options).engine;
}

export function orderTest(
  name: string,
  parts: (setup: SaleSetup) => LiveParts | Promise<LiveParts>,
  options: OrderTestOptions,
): void {
  const sentence = `the engine and the server over ${name} decide alike, ${options.requests} times`;
  it(sentence, { timeout: TIME_LIMIT_MILLIS }, async () => {
    const { setup, schedule, engine } = prepared(options);
    const [wanted, served] = [
      await engine,
      await throughServer(setup, schedule, STARTS_AT, await parts(setup)),
    ];
    expect(wanted.decisions).toHaveLength(options.requests);
    expect(served.decisions).toEqual(wanted.decisions);
    expect(served.ledger.join("\n")).toBe(wanted.ledger.join("\n"));
  });
}
