import { describe, expect, it } from "vitest";
import { answerOf, OPENS, trialStore } from "../testing/trial-store.ts";
import { announcePhases } from "./sale-phases.ts";

const DAY = 86_400_000;

describe("announcing the phases of a sale", () => {
  it("tells each phase once, in the millisecond in which it begins", () => {
    const trial = trialStore();
    trial.time.now = OPENS - 2 * DAY;
    answerOf(trial, announcePhases(trial.ports, trial.settings.sale));
    expect(trial.log).toEqual([
      { kind: "PhaseOpened", at: OPENS - 2 * DAY, phase: "scheduled" },
      { kind: "PhaseOpened", at: OPENS - DAY, phase: "early-access" },
      { kind: "PhaseOpened", at: OPENS, phase: "public" },
      { kind: "PhaseOpened", at: OPENS + DAY, phase: "closed" },
    ]);
  });

  it("tells a store that starts late the phase it is in, and goes on from there", () => {
    const trial = trialStore();
    trial.time.now = OPENS + 5;
    answerOf(trial, announcePhases(trial.ports, trial.settings.sale));
    const phases = trial.log.map((event) => ("phase" in event ? event.phase : null));
    expect(phases).toEqual(["public", "closed"]);
  });
});
