import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import {
  GATEWAY_EVENTS,
  GATEWAY_STATES,
  gatewayMachine,
  gatewayStateAfter,
  isOut,
  nextGatewayState,
} from "./gateway.machine.ts";

describe("the table of a payment network's life", () => {
  it("agrees with a running machine in every state for every event", () => {
    let ways = 0;
    for (const state of GATEWAY_STATES) {
      for (const type of GATEWAY_EVENTS) {
        const snapshot = gatewayMachine.resolveState({ value: state });
        const actor = createActor(gatewayMachine, { snapshot, input: undefined }).start();
        actor.send({ type });
        const after = actor.getSnapshot().value;
        const next = gatewayStateAfter(state, type);
        expect(next ?? state).toBe(after);
        if (next !== null) ways += 1;
        else expect(() => nextGatewayState(state, type)).toThrow("only what its state allows");
      }
    }
    expect(ways).toBe(8);
  });

  it("knows every state of the machine and no other", () => {
    expect([...GATEWAY_STATES].sort()).toEqual(Object.keys(gatewayMachine.states).sort());
    const named = Object.values(gatewayMachine.states).flatMap((state) => state.ownEvents);
    expect(new Set(named)).toEqual(new Set(GATEWAY_EVENTS));
  });

  it("comes back as it was when an outage and a brownout overlap, in either order", () => {
    const through = (...events: readonly (typeof GATEWAY_EVENTS)[number][]) =>
      events.reduce(nextGatewayState, GATEWAY_STATES[0] ?? "working");
    expect(through("degrade", "fail", "recover")).toBe("degraded");
    expect(through("degrade", "fail", "clear")).toBe("out");
    expect(through("fail", "degrade", "recover", "clear")).toBe("working");
    expect(GATEWAY_STATES.filter(isOut)).toEqual(["out", "outAndDegraded"]);
  });
});
