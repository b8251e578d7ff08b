import { describe, expect, it } from "vitest";
import { transition } from "xstate";
import {
  BREAKER_STATES,
  type BreakerEvent,
  type BreakerState,
  breakerMachine,
  closedBreaker,
  mayCall,
  nextBreakerState,
  noteAnswer,
  noteFailure,
} from "./circuit-breaker.ts";

const LIMITS = { failures: 3, openForMillis: 1_000 };
const EVENTS: readonly BreakerEvent[] = [
  { type: "ask", waitedLong: true },
  { type: "ask", waitedLong: false },
  { type: "succeed" },
  { type: "fail", limitReached: true },
  { type: "fail", limitReached: false },
];

function opened(at = 0) {
  const breaker = closedBreaker();
  for (let failure = 0; failure < LIMITS.failures; failure += 1) noteFailure(breaker, LIMITS, at);
  return breaker;
}

describe("the circuit breaker", () => {
  it("has a table that agrees with its machine for every state and event", () => {
    let allowed = 0;
    for (const state of BREAKER_STATES) {
      for (const event of EVENTS) {
        const snapshot = breakerMachine.resolveState({ value: state });
        const to = snapshot.can(event)
          ? (transition(breakerMachine, snapshot, event)[0].value as BreakerState)
          : null;
        expect(nextBreakerState(state, event), `${state} ${JSON.stringify(event)}`).toBe(to);
        if (to !== null) allowed += 1;
      }
    }
    expect([...BREAKER_STATES].sort()).toEqual(["closed", "halfOpen", "open"]);
    expect(allowed).toBe(6);
  });

  it("opens after so many failures in a row, and an answer between them starts the count again", () => {
    const breaker = closedBreaker();
    noteFailure(breaker, LIMITS, 0);
    noteFailure(breaker, LIMITS, 0);
    noteAnswer(breaker);
    noteFailure(breaker, LIMITS, 0);
    noteFailure(breaker, LIMITS, 0);
    expect(mayCall(breaker, LIMITS, 0)).toBe(true);
    noteFailure(breaker, LIMITS, 0);
    expect(breaker.state).toBe("open");
    expect(mayCall(breaker, LIMITS, 999)).toBe(false);
  });

  it("lets one caller try after its time, and nobody else meanwhile", () => {
    const breaker = opened();
    expect(mayCall(breaker, LIMITS, 1_000)).toBe(true);
    expect(mayCall(breaker, LIMITS, 1_000)).toBe(false);
    expect(mayCall(breaker, LIMITS, 1_999)).toBe(false);
  });

  it("closes when the trial is answered and opens for the whole time when it is not", () => {
    const answered = opened();
    mayCall(answered, LIMITS, 1_000);
    noteAnswer(answered);
    expect(answered.state).toBe("closed");
    noteFailure(answered, LIMITS, 1_001);
    expect(answered.state).toBe("closed");

    const failed = opened();
    mayCall(failed, LIMITS, 1_000);
    noteFailure(failed, LIMITS, 1_500);
    expect(mayCall(failed, LIMITS, 2_499)).toBe(false);
    expect(mayCall(failed, LIMITS, 2_500)).toBe(true);
  });

  it("gives another trial where the first never came back", () => {
    const breaker = opened();
    expect(mayCall(breaker, LIMITS, 1_000)).toBe(true);
    expect(mayCall(breaker, LIMITS, 2_000)).toBe(true);
    expect(mayCall(breaker, LIMITS, 2_000)).toBe(false);
  });

  it("does not heed what calls from before it opened come back with", () => {
    const breaker = opened(500);
    noteAnswer(breaker);
    noteFailure(breaker, LIMITS, 900);
    expect(breaker.state).toBe("open");
    expect(mayCall(breaker, LIMITS, 1_500)).toBe(true);
  });
});
