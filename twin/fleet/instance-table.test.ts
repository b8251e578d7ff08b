import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { instanceMachine } from "./instance.machine.ts";
import {
  INSTANCE_EVENTS,
  INSTANCE_STATES,
  instanceAllows,
  nextInstanceState,
} from "./instance-table.ts";

describe("the table of the instance's life", () => {
  it("agrees with a running machine in every state for every event", () => {
    let transitions = 0;
    INSTANCE_STATES.forEach((name, state) => {
      INSTANCE_EVENTS.forEach((type, event) => {
        const snapshot = instanceMachine.resolveState({ value: name });
        const actor = createActor(instanceMachine, { snapshot, input: undefined }).start();
        // A final state stops the actor: nothing can be sent to it, and nothing may be allowed.
        if (snapshot.status === "active") actor.send({ type });
        const after = actor.getSnapshot().value;
        if (instanceAllows(state, event)) {
          expect(INSTANCE_STATES[nextInstanceState(state, event)]).toBe(after);
          transitions += 1;
        } else {
          expect(after).toBe(name);
          expect(() => nextInstanceState(state, event)).toThrow("only what its state allows");
        }
      });
    });
    expect(transitions).toBe(23);
  });

  it("knows every state of the machine and no other", () => {
    expect([...INSTANCE_STATES].sort()).toEqual(Object.keys(instanceMachine.states).sort());
    const named = Object.values(instanceMachine.states).flatMap((state) => state.ownEvents);
    expect(new Set(named)).toEqual(new Set(INSTANCE_EVENTS));
  });

  it("never leaves the state of being gone", () => {
    const gone = INSTANCE_STATES.indexOf("gone");
    expect(INSTANCE_EVENTS.some((_type, event) => instanceAllows(gone, event))).toBe(false);
  });
});
