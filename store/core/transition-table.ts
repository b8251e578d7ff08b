/**
 * A state machine read once into plain maps. XState draws and checks the machine; a transition of
 * it costs 15 to 60 microseconds, so what runs on every order walks this table instead. A test
 * beside each machine asks both every question there is and compares the answers.
 */
import type { AnyStateMachine } from "xstate";

/** One way out of a state: open where the guard holds; `duty` is what the state it leads to asks for. */
interface Way<State extends string, Guard extends string> {
  readonly guard: Guard | null;
  readonly target: State;
}

export interface TransitionTable<State extends string, Event extends string, Guard extends string> {
  readonly states: readonly State[];
  readonly ways: ReadonlyMap<State, ReadonlyMap<Event, readonly Way<State, Guard>[]>>;
  readonly final: ReadonlySet<State>;
  /** Names of the entry actions: what a store that finds the machine in this state still has to do. */
  readonly duties: ReadonlyMap<State, readonly string[]>;
}

/** Reads a flat machine: no nesting, guards and actions by name, every transition to another state. */
export function transitionTable<State extends string, Event extends string, Guard extends string>(
  machine: AnyStateMachine,
): TransitionTable<State, Event, Guard> {
  const ways = new Map<State, Map<Event, Way<State, Guard>[]>>();
  const final = new Set<State>();
  const duties = new Map<State, readonly string[]>();
  for (const [name, node] of Object.entries(machine.states)) {
    const state = name as State;
    const fromState = new Map<Event, Way<State, Guard>[]>();
    for (const [event, transitions] of node.transitions) {
      const out = transitions.map((transition) => ({
        guard: (transition.guard ?? null) as Guard | null,
        target: (transition.target?.[0]?.key ?? name) as State,
      }));
      fromState.set(event as Event, out);
    }
    ways.set(state, fromState);
    duties.set(state, node.entry.map(String));
    if (node.type === "final") final.add(state);
  }
  return { states: [...ways.keys()], ways, final, duties };
}
