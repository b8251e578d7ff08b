/** The instance machine as a table of bytes: the same transitions without the cost of a machine. */
import { getNextSnapshot } from "xstate";
import { assert } from "../../engine/assert.ts";
import { type InstanceEvent, instanceMachine } from "./instance.machine.ts";

export const INSTANCE_STATES = [
  "booting",
  "warming",
  "serving",
  "draining",
  "restarting",
  "gone",
  "pooled",
  "starting",
] as const;
export const INSTANCE_EVENTS: readonly InstanceEvent[] = [
  "elapsed",
  "remove",
  "emptied",
  "crash",
  "lose",
  "park",
  "start",
];

export const BOOTING = INSTANCE_STATES.indexOf("booting");
export const WARMING = INSTANCE_STATES.indexOf("warming");
export const SERVING = INSTANCE_STATES.indexOf("serving");
export const DRAINING = INSTANCE_STATES.indexOf("draining");
export const RESTARTING = INSTANCE_STATES.indexOf("restarting");
export const GONE = INSTANCE_STATES.indexOf("gone");
export const POOLED = INSTANCE_STATES.indexOf("pooled");
export const STARTING = INSTANCE_STATES.indexOf("starting");

export const ELAPSED = INSTANCE_EVENTS.indexOf("elapsed");
export const REMOVE = INSTANCE_EVENTS.indexOf("remove");
export const EMPTIED = INSTANCE_EVENTS.indexOf("emptied");
export const CRASH = INSTANCE_EVENTS.indexOf("crash");
export const LOSE = INSTANCE_EVENTS.indexOf("lose");
export const PARK = INSTANCE_EVENTS.indexOf("park");
export const START = INSTANCE_EVENTS.indexOf("start");

/** Marks a pair of state and event that the machine does not know. */
const IMPOSSIBLE = 255;

const table = buildTable();

/** The state after an event; an event that cannot happen in a state is a broken assumption. */
export function nextInstanceState(state: number, event: number): number {
  const next = table[state * INSTANCE_EVENTS.length + event];
  assert(next !== IMPOSSIBLE, "an instance does only what its state allows");
  return next;
}

/** Whether the machine knows this event in this state. */
export function instanceAllows(state: number, event: number): boolean {
  return table[state * INSTANCE_EVENTS.length + event] !== IMPOSSIBLE;
}

function buildTable(): Uint8Array {
  const rows = new Uint8Array(INSTANCE_STATES.length * INSTANCE_EVENTS.length).fill(IMPOSSIBLE);
  INSTANCE_STATES.forEach((name, state) => {
    const snapshot = instanceMachine.resolveState({ value: name });
    INSTANCE_EVENTS.forEach((type, event) => {
      if (!snapshot.can({ type })) return;
      const next = getNextSnapshot(instanceMachine, snapshot, { type });
      rows[state * INSTANCE_EVENTS.length + event] = INSTANCE_STATES.indexOf(next.value);
    });
  });
  return rows;
}
