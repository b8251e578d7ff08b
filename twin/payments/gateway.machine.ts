/**
 * The life of a payment network as its callers meet it, as a picture: it works, or a brownout
 * makes it slow and unreliable, or an outage keeps every call from it. An outage may begin and end
 * within a brownout and the other way round; what the outage did not end goes on after it.
 */
import { getNextSnapshot, setup } from "xstate";
import { assert } from "../../engine/assert.ts";

export type GatewayEvent = "degrade" | "clear" | "fail" | "recover";
export type GatewayState = "working" | "degraded" | "out" | "outAndDegraded";

export const gatewayMachine = setup({
  types: { events: {} as { type: GatewayEvent } },
}).createMachine({
  id: "gateway",
  initial: "working",
  states: {
    working: { on: { degrade: "degraded", fail: "out" } },
    degraded: { on: { clear: "working", fail: "outAndDegraded" } },
    out: { on: { recover: "working", degrade: "outAndDegraded" } },
    outAndDegraded: { on: { recover: "degraded", clear: "out" } },
  },
});

export const GATEWAY_STATES: readonly GatewayState[] = [
  "working",
  "degraded",
  "out",
  "outAndDegraded",
];
export const GATEWAY_EVENTS: readonly GatewayEvent[] = ["degrade", "clear", "fail", "recover"];

const TABLE: ReadonlyMap<string, GatewayState> = readTable();

/** The state after an event, or null where the machine has no such way. */
export function gatewayStateAfter(state: GatewayState, event: GatewayEvent): GatewayState | null {
  return TABLE.get(`${state} ${event}`) ?? null;
}

/** The state after an event that its state allows; any other is a broken assumption. */
export function nextGatewayState(state: GatewayState, event: GatewayEvent): GatewayState {
  const next = gatewayStateAfter(state, event);
  assert(next !== null, "a payment network does only what its state allows");
  return next;
}

/** No call reaches it. */
export function isOut(state: GatewayState): boolean {
  return state === "out" || state === "outAndDegraded";
}

/** What each state leads to, read from the machine once. */
function readTable(): Map<string, GatewayState> {
  const table = new Map<string, GatewayState>();
  for (const state of GATEWAY_STATES) {
    const snapshot = gatewayMachine.resolveState({ value: state });
    for (const type of GATEWAY_EVENTS) {
      if (!snapshot.can({ type })) continue;
      table.set(`${state} ${type}`, getNextSnapshot(gatewayMachine, snapshot, { type }).value);
    }
  }
  return table;
}
