/**
 * Puts the units of lapsed holds back on sale. A sweep may run late, twice, or on two nodes at
 * once: each hold ends once, in the stock ledger, and is told to the log by the sweep that ended it.
 */
import { Effect } from "effect";
import { assert } from "../core/assert.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { Program, type Steps } from "./program.ts";
import type { StorePorts } from "./store-ports.ts";

/** Holds that one step of the ledger expires; the ledger is free for shoppers between two steps. */
const HOLDS_PER_STEP = 1_000;
/** Steps of one sweep; what is still due after them is left to the next sweep. */
const STEPS_MAX = 1_000;

export interface HoldSweep {
  /** Expires what is due now and answers how many holds that were. */
  readonly sweep: Program<number, PortUnavailable>;
  /** Sweeps for ever, `everyMillis` apart: a hold outlives its time by one interval at most. */
  readonly sweepEvery: (everyMillis: number) => Effect.Effect<never, PortUnavailable>;
}

export function makeHoldSweep(ports: StorePorts): HoldSweep {
  // No span is drawn here, as none is in a checkout: it would cost more than most sweeps.
  const sweep = new Program(function* (clock): Steps<number, PortUnavailable> {
    let count = 0;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const now = clock.unsafeCurrentTimeMillis();
      const { expired, more } = yield* ports.stock.expireDue({ now, limit: HOLDS_PER_STEP });
      for (const { hold, shopper, lines } of expired) {
        yield* ports.saleLog.append({ kind: "HoldExpired", at: now, hold, shopper, lines });
      }
      count += expired.length;
      if (!more) break;
    }
    return count;
  });
  return {
    sweep,
    sweepEvery: (everyMillis) => {
      assert(everyMillis > 0, "sweeps are some time apart");
      return Effect.forever(Effect.zipRight(sweep, Effect.sleep(everyMillis)));
    },
  };
}
