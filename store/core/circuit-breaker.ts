/**
 * A circuit breaker in front of one gateway. After `failures` calls in a row without an answer it
 * opens and nobody asks; after `openForMillis` one caller may try, and what that caller hears
 * closes it or opens it again. It lives in one process and is forgotten at a restart.
 */
import { setup } from "xstate";
import { assert } from "./assert.ts";
import { transitionTable } from "./transition-table.ts";

export type BreakerState = "closed" | "open" | "halfOpen";

export interface BreakerLimits {
  /** Unanswered calls in a row that open it. */
  readonly failures: number;
  /** How long it stays open, and how long a trial may take before another caller gets one. */
  readonly openForMillis: number;
}

/** One breaker; its owner changes it in place through the functions below. */
export interface CircuitBreaker {
  state: BreakerState;
  failuresInARow: number;
  /** When it opened or gave the last trial, epoch milliseconds. */
  since: number;
}

export type BreakerEvent =
  | { readonly type: "ask"; readonly waitedLong: boolean }
  | { readonly type: "succeed" }
  | { readonly type: "fail"; readonly limitReached: boolean };

type GuardName = "waitedLong" | "limitReached";

const GUARDS: Readonly<Record<GuardName, (event: BreakerEvent) => boolean>> = {
  waitedLong: (event) => event.type === "ask" && event.waitedLong,
  limitReached: (event) => event.type === "fail" && event.limitReached,
};

export const breakerMachine = setup({
  types: { events: {} as BreakerEvent },
  guards: {
    waitedLong: ({ event }) => GUARDS.waitedLong(event),
    limitReached: ({ event }) => GUARDS.limitReached(event),
  },
}).createMachine({
  id: "circuitBreaker",
  initial: "closed",
  states: {
    closed: { on: { fail: { guard: "limitReached", target: "open" } } },
    /** Answers that arrive now belong to calls begun before it opened; they change nothing. */
    open: { on: { ask: { guard: "waitedLong", target: "halfOpen" } } },
    halfOpen: {
      on: {
        succeed: "closed",
        fail: "open",
        /** The trial never came back, for example because its process died: somebody else tries. */
        ask: { guard: "waitedLong", target: "halfOpen", reenter: true },
      },
    },
  },
});

const TABLE = transitionTable<BreakerState, BreakerEvent["type"], GuardName>(breakerMachine);

export const BREAKER_STATES: readonly BreakerState[] = TABLE.states;

/** The state that the event leads to, or null where the machine has no such way. */
export function nextBreakerState(state: BreakerState, event: BreakerEvent): BreakerState | null {
  for (const way of TABLE.ways.get(state)?.get(event.type) ?? []) {
    if (way.guard === null || GUARDS[way.guard](event)) return way.target;
  }
  return null;
}

export function closedBreaker(): CircuitBreaker {
  return { state: "closed", failuresInARow: 0, since: 0 };
}

/** Whether the caller may call now; a yes in `open` or `halfOpen` makes this call the one trial. */
export function mayCall(breaker: CircuitBreaker, limits: BreakerLimits, now: number): boolean {
  if (breaker.state === "closed") return true;
  const waitedLong = now - breaker.since >= limits.openForMillis;
  const next = nextBreakerState(breaker.state, { type: "ask", waitedLong });
  if (next === null) return false;
  assert(next === "halfOpen", "a breaker that is not closed gives nothing but a trial");
  breaker.state = next;
  breaker.since = now;
  return true;
}

/** The gateway answered, with whatever: a decline is an answer. */
export function noteAnswer(breaker: CircuitBreaker): void {
  if (breaker.state === "open") return;
  breaker.failuresInARow = 0;
  breaker.state = nextBreakerState(breaker.state, { type: "succeed" }) ?? breaker.state;
  assert(breaker.state === "closed", "an answer closes a breaker that let the call pass");
}

/** The call ended without an answer. */
export function noteFailure(breaker: CircuitBreaker, limits: BreakerLimits, now: number): void {
  assert(limits.failures >= 1, "a breaker opens after one failure or more");
  if (breaker.state === "open") return;
  breaker.failuresInARow += 1;
  const limitReached = breaker.failuresInARow >= limits.failures;
  const next = nextBreakerState(breaker.state, { type: "fail", limitReached });
  if (next === null) return;
  assert(next === "open", "a failure leads nowhere but to the open state");
  breaker.state = next;
  breaker.since = now;
}
