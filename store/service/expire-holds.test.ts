import { Effect, Exit } from "effect";
import { describe, expect, it } from "vitest";
import {
  answerOf,
  findings,
  HOLD_FOR,
  OPENS,
  openCheckout,
  request,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";
import { makeHoldSweep } from "./expire-holds.ts";

describe("the sweep over holds", () => {
  it("puts every unit back once, however many sweeps run at the same moment", () => {
    const trial = trialStore({ units: 2_500 });
    const checkout = openCheckout(trial);
    const hold = (shopper: number) => checkout.startCheckout(request({ shopper: `s${shopper}` }));
    answerOf(
      trial,
      Effect.forEach(
        Array.from({ length: 2_500 }, (_, n) => n),
        hold,
      ),
    );
    expect(unitsOf(trial)).toEqual({ available: 0, held: 2_500, sold: 0 });
    trial.time.now += HOLD_FOR;
    const { sweep } = makeHoldSweep(trial.ports);
    const counts = answerOf(trial, Effect.all([sweep, sweep, sweep], { concurrency: 3 }));
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_500);
    expect(unitsOf(trial)).toEqual({ available: 2_500, held: 0, sold: 0 });
    expect(trial.log.filter((event) => event.kind === "HoldExpired").length).toBe(2_500);
    expect(findings(trial)).toEqual([]);
  });

  it("lets a hold live to its last millisecond and not one interval longer", () => {
    const trial = trialStore();
    answerOf(trial, openCheckout(trial).startCheckout(request()));
    const every = 7_000;
    const sweeping = makeHoldSweep(trial.ports).sweepEvery(every);
    const watched = Effect.race(sweeping, Effect.sleep(HOLD_FOR + 2 * every));
    expect(Exit.isSuccess(trial.time.run(watched))).toBe(true);
    const ends = trial.log.flatMap((event) => (event.kind === "HoldExpired" ? [event.at] : []));
    expect(ends.length).toBe(1);
    expect(ends[0]).toBeGreaterThanOrEqual(OPENS + HOLD_FOR);
    expect(ends[0]).toBeLessThan(OPENS + HOLD_FOR + every);
  });
});
