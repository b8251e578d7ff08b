/**
 * How an order may travel. A gateway is asked first out of `placed`, and again only where it is
 * certain that the call before charged nothing (`findNothing`): so no second gateway is ever asked
 * while the first may have captured. A final state is left by nothing.
 */
import { setup } from "xstate";
import type { OrderState } from "./order.ts";
import { transitionTable } from "./transition-table.ts";

/** What can happen to an order, with the facts on which its guards decide. */
export type OrderEvent =
  /** A gateway is about to be asked for the charge. */
  | { readonly type: "ask" }
  /** Nothing was charged and nothing will be: sold out, no gateway, or the store had stopped. */
  | { readonly type: "refuse" }
  /** The hold ended before anything was charged. */
  | { readonly type: "lapse" }
  | { readonly type: "approve" }
  | { readonly type: "decline" }
  /** A call ended without an answer: it may have charged or not. */
  | { readonly type: "loseAnswer" }
  /** It is certain that the gateway made no charge: it says so, or the call never reached it. */
  | { readonly type: "findNothing"; readonly mayAskAgain: boolean; readonly holdLive: boolean }
  /** The ledger of stock was asked to sell the held units to the order. */
  | { readonly type: "settle"; readonly unitsSold: boolean }
  | { readonly type: "refund" };

export type OrderEventType = OrderEvent["type"];
type GuardName = "mayAskAgain" | "holdLapsed" | "unitsSold";

/** What the store owes an order in a state; `reconcile` takes it up where a crash left it. */
export type OrderDuty =
  | "takeHold"
  | "charge"
  | "lookUpCharge"
  | "sellHold"
  | "returnCharge"
  | "releaseHold";

const GUARDS: Readonly<Record<GuardName, (event: OrderEvent) => boolean>> = {
  mayAskAgain: (event) => event.type === "findNothing" && event.mayAskAgain && event.holdLive,
  holdLapsed: (event) => event.type === "findNothing" && !event.holdLive,
  unitsSold: (event) => event.type === "settle" && event.unitsSold,
};

const doneByTheService = () => {};

export const orderMachine = setup({
  types: { events: {} as OrderEvent },
  guards: {
    mayAskAgain: ({ event }) => GUARDS.mayAskAgain(event),
    holdLapsed: ({ event }) => GUARDS.holdLapsed(event),
    unitsSold: ({ event }) => GUARDS.unitsSold(event),
  },
  actions: {
    takeHold: doneByTheService,
    charge: doneByTheService,
    lookUpCharge: doneByTheService,
    sellHold: doneByTheService,
    returnCharge: doneByTheService,
    releaseHold: doneByTheService,
  },
}).createMachine({
  id: "order",
  initial: "placed",
  states: {
    placed: {
      entry: "takeHold",
      on: { ask: "authorising", refuse: "cancelled", lapse: "expired" },
    },
    authorising: {
      entry: "charge",
      on: {
        approve: "authorised",
        decline: "declined",
        loseAnswer: "inDoubt",
        findNothing: [
          { guard: "mayAskAgain", target: "authorising", reenter: true },
          { guard: "holdLapsed", target: "expired" },
          { target: "cancelled" },
        ],
      },
    },
    inDoubt: {
      entry: "lookUpCharge",
      on: {
        approve: "authorised",
        decline: "declined",
        findNothing: [
          { guard: "mayAskAgain", target: "authorising" },
          { guard: "holdLapsed", target: "expired" },
          { target: "cancelled" },
        ],
      },
    },
    /** The charge was captured; what is left is to hand the units over. */
    authorised: {
      entry: "sellHold",
      on: { settle: [{ guard: "unitsSold", target: "confirmed" }, { target: "refunding" }] },
    },
    refunding: { entry: "returnCharge", on: { refund: "refunded" } },
    confirmed: { type: "final" },
    declined: { type: "final", entry: "releaseHold" },
    cancelled: { type: "final", entry: "releaseHold" },
    expired: { type: "final", entry: "releaseHold" },
    refunded: { type: "final", entry: "releaseHold" },
  },
});

const TABLE = transitionTable<OrderState, OrderEventType, GuardName>(orderMachine);

export const ORDER_STATES: readonly OrderState[] = TABLE.states;

/** The state that the event leads to, or null where the machine has no such way. */
export function nextOrderState(state: OrderState, event: OrderEvent): OrderState | null {
  const ways = TABLE.ways.get(state)?.get(event.type);
  if (ways === undefined) return null;
  for (const way of ways) {
    if (way.guard === null || GUARDS[way.guard](event)) return way.target;
  }
  return null;
}

/** True where nothing can happen to the order any more. */
export function isFinal(state: OrderState): boolean {
  return TABLE.final.has(state);
}

/** What the store owes an order that stands in this state; null where nothing is left to do. */
export function dutyOf(state: OrderState): OrderDuty | null {
  return (TABLE.duties.get(state)?.[0] ?? null) as OrderDuty | null;
}

/** True where some event leads straight from the one state to the other: the rule a ledger audits. */
export function mayFollow(from: OrderState, to: OrderState): boolean {
  for (const ways of TABLE.ways.get(from)?.values() ?? []) {
    if (ways.some((way) => way.target === to)) return true;
  }
  return false;
}
