/**
 * A contract: what every adapter of a port has to do, as cases that each get a fresh adapter.
 * The cases are values, so that a test can also show which of them a broken adapter fails.
 */
import { Effect, type Layer } from "effect";
import { describe, it } from "vitest";
import type { PortUnavailable } from "../ports/port-unavailable.ts";

export interface ContractCase<Port> {
  readonly sentence: string;
  readonly program: Effect.Effect<void, PortUnavailable, Port>;
}

/** Fails with what the case expected and did not get. */
export function runCase<Port>(
  contractCase: ContractCase<Port>,
  layer: Layer.Layer<Port>,
): Promise<void> {
  return Effect.runPromise(Effect.provide(contractCase.program, layer));
}

export function contract<Port>(
  name: string,
  cases: readonly ContractCase<Port>[],
  layer: Layer.Layer<Port>,
): void {
  describe(name, () => {
    for (const contractCase of cases) {
      it(contractCase.sentence, () => runCase(contractCase, layer));
    }
  });
}
