import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { saleMachine } from "./sale.machine.ts";
import { mayBuy, nextPhaseAt, phaseAt, type SaleTimes, saleTimesProblem } from "./sale.ts";

const TIMES: SaleTimes = { earlyAccessAt: 100, publicAt: 200, closesAt: 300 };

describe("a sale", () => {
  it("starts each phase at its time, inclusive", () => {
    expect([99, 100, 199, 200, 299, 300].map((now) => phaseAt(TIMES, now))).toEqual([
      "scheduled",
      "early-access",
      "early-access",
      "public",
      "public",
      "closed",
    ]);
  });

  it("lets the invited buy in early access, everybody in public, nobody before or after", () => {
    const phases = ["scheduled", "early-access", "public", "closed"] as const;
    expect(phases.map((phase) => mayBuy(phase, true))).toEqual([false, true, true, false]);
    expect(phases.map((phase) => mayBuy(phase, false))).toEqual([false, false, true, false]);
  });

  it("says when the next phase begins", () => {
    expect([0, 100, 250, 300].map((now) => nextPhaseAt(TIMES, now))).toEqual([100, 200, 300, null]);
  });

  it("lets nobody buy while it is paused, and goes on by the clock", () => {
    const paused = { ...TIMES, paused: true };
    expect([99, 100, 200, 300].map((now) => phaseAt(paused, now))).toEqual([
      "scheduled",
      "paused",
      "paused",
      "closed",
    ]);
    expect(mayBuy("paused", true)).toBe(false);
    expect([0, 100, 200, 300].map((now) => nextPhaseAt(paused, now))).toEqual([
      100,
      200,
      300,
      null,
    ]);
  });

  it("says what is wrong with its times", () => {
    expect(saleTimesProblem(TIMES)).toBeNull();
    expect(saleTimesProblem({ ...TIMES, publicAt: 50 })).toMatch("no later than");
    expect(saleTimesProblem({ ...TIMES, closesAt: 150 })).toMatch("no earlier than");
    expect(saleTimesProblem({ ...TIMES, closesAt: 1.5 })).toMatch("whole milliseconds");
  });

  it("crashes where its phases do not follow one another", () => {
    expect(() => phaseAt({ ...TIMES, publicAt: 50 }, 0)).toThrow("follow one another");
  });

  it("is in the same phase by the machine and by the clock, however late the machine is told", () => {
    const moments = fc.array(fc.nat({ max: 40 }), { maxLength: 20 });
    const starts = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 60 }));
    const reached = new Set<string>();
    fc.assert(
      fc.property(starts, moments, ([early, toPublic, toClose], waits) => {
        const times = {
          earlyAccessAt: early,
          publicAt: early + toPublic,
          closesAt: early + toPublic + toClose,
        };
        const actor = createActor(saleMachine, { input: times });
        actor.start();
        let now = -1;
        for (const wait of waits) {
          now += wait;
          if (actor.getSnapshot().status === "active") actor.send({ type: "time passed", now });
          const phase = phaseAt(times, now);
          expect(actor.getSnapshot().value).toBe(phase);
          reached.add(phase);
        }
      }),
      { seed: 5, numRuns: 200 },
    );
    expect(reached.size).toBe(4);
  });
});
