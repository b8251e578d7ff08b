/** Ctrl+C and SIGTERM: the first asks the work to stop and be summed up, the second ends the process. */
/// <reference types="node" />
import { Effect } from "effect";
import { EXIT_INTERRUPTED, sayAtOnce } from "./shell.ts";

export const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function withInterrupts<A, E, R>(
  stop: () => void,
  effect: Effect.Effect<A, E, R>,
): Effect.Effect<A, E, R> {
  const listening = Effect.acquireRelease(
    Effect.sync(() => listen(stop)),
    (unlisten) => Effect.sync(unlisten),
  );
  return Effect.scoped(Effect.zipRight(listening, effect));
}

function listen(stop: () => void): () => void {
  let heard = false;
  const onSignal = () => {
    if (heard) process.exit(EXIT_INTERRUPTED);
    heard = true;
    sayAtOnce("\nrehearse: stopping; what has finished follows (once more to quit at once).");
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
