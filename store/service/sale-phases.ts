/**
 * Tells the log when the sale goes from one phase to the next. Nothing else hangs on it: whether a
 * shopper may buy is asked of the clock at every request, so a late line lets nobody in or out.
 */
import { Effect } from "effect";
import { nextPhaseAt, phaseAt, type SaleTimes } from "../core/sale.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { StorePorts } from "./store-ports.ts";

/** A sale has four phases, so it is told four times at most. */
const PHASES = 4;

/** Tells the present phase, then each phase as it begins, and ends when the sale has closed. */
export function announcePhases(
  ports: Pick<StorePorts, "saleLog">,
  sale: SaleTimes,
): Effect.Effect<void, PortUnavailable> {
  return Effect.gen(function* () {
    const clock = yield* Effect.clock;
    for (let told = 0; told < PHASES; told += 1) {
      const at = clock.unsafeCurrentTimeMillis();
      yield* ports.saleLog.append({ kind: "PhaseOpened", at, phase: phaseAt(sale, at) });
      const next = nextPhaseAt(sale, at);
      if (next === null) return;
      yield* Effect.sleep(next - at);
    }
  });
}
