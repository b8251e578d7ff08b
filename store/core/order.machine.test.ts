import { describe, expect, it } from "vitest";
import { transition } from "xstate";
import {
  dutyOf,
  isFinal,
  mayFollow,
  nextOrderState,
  ORDER_STATES,
  type OrderEvent,
  orderMachine,
} from "./order.machine.ts";
import type { OrderState } from "./order.ts";

const yesAndNo = [true, false] as const;
const EVENTS: readonly OrderEvent[] = [
  { type: "ask" },
  { type: "refuse" },
  { type: "lapse" },
  { type: "approve" },
  { type: "decline" },
  { type: "loseAnswer" },
  { type: "refund" },
  ...yesAndNo.map((unitsSold) => ({ type: "settle", unitsSold }) as const),
  ...yesAndNo.flatMap((mayAskAgain) =>
    yesAndNo.map((holdLive) => ({ type: "findNothing", mayAskAgain, holdLive }) as const),
  ),
];

/** Asks XState itself: the state after the event, or null where the event changes nothing. */
function askMachine(state: OrderState, event: OrderEvent): { to: OrderState; duty: string } | null {
  const snapshot = orderMachine.resolveState({ value: state });
  if (!snapshot.can(event)) return null;
  const [next, actions] = transition(orderMachine, snapshot, event);
  return { to: next.value as OrderState, duty: actions.map((action) => action.type).join() };
}

describe("the order machine", () => {
  it("has a table that agrees with it for every state and event", () => {
    let allowed = 0;
    for (const state of ORDER_STATES) {
      for (const event of EVENTS) {
        const machine = isFinal(state) ? null : askMachine(state, event);
        const table = nextOrderState(state, event);
        expect(table, `${state} on ${JSON.stringify(event)}`).toBe(machine?.to ?? null);
        if (machine !== null && table !== null) {
          expect(dutyOf(table) ?? "").toBe(machine.duty);
          allowed += 1;
        }
      }
    }
    expect(allowed).toBe(19);
  });

  it("knows every state of the order and nothing else", () => {
    const states: Record<OrderState, true> = {
      placed: true,
      authorising: true,
      inDoubt: true,
      authorised: true,
      confirmed: true,
      declined: true,
      cancelled: true,
      expired: true,
      refunding: true,
      refunded: true,
    };
    expect([...ORDER_STATES].sort()).toEqual(Object.keys(states).sort());
  });

  it("leaves a final state by nothing", () => {
    const final = ORDER_STATES.filter(isFinal);
    expect(final.sort()).toEqual(["cancelled", "confirmed", "declined", "expired", "refunded"]);
    for (const state of final) {
      for (const event of EVENTS) expect(nextOrderState(state, event)).toBeNull();
      for (const to of ORDER_STATES) expect(mayFollow(state, to)).toBe(false);
    }
  });

  it("asks a gateway again only where it is certain that nothing was charged", () => {
    const before = ORDER_STATES.filter((state) => mayFollow(state, "authorising"));
    expect(before).toEqual(["placed", "authorising", "inDoubt"]);
    for (const state of ["authorising", "inDoubt"] as const) {
      const events = EVENTS.filter((event) => nextOrderState(state, event) === "authorising");
      expect(events).toEqual([{ type: "findNothing", mayAskAgain: true, holdLive: true }]);
    }
  });

  it("gives money back by every way that leads from a charge to anything but a confirmed order", () => {
    const afterCharge = ORDER_STATES.filter((state) => mayFollow("authorised", state));
    expect(afterCharge.sort()).toEqual(["confirmed", "refunding"]);
    expect(ORDER_STATES.filter((state) => mayFollow("refunding", state))).toEqual(["refunded"]);
  });

  it("can end every order from every state it may be found in", () => {
    for (const state of ORDER_STATES) {
      const reached = new Set<OrderState>([state]);
      for (const at of reached) {
        for (const to of ORDER_STATES) if (mayFollow(at, to)) reached.add(to);
      }
      expect([...reached].some(isFinal), state).toBe(true);
    }
  });
});
