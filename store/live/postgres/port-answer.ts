/** The answers of PostgreSQL as a port gives them: what the server fails in is `PortUnavailable`. */
import { Effect } from "effect";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { PostgresFailure } from "./postgres-pool.ts";

/** Broken assumptions of our own are no answer: they end the request. */
export function answered<Answer>(
  port: string,
  ask: () => Promise<Answer>,
): Effect.Effect<Answer, PortUnavailable> {
  return Effect.catchAll(
    Effect.tryPromise({ try: ask, catch: (error) => error }),
    (error): Effect.Effect<never, PortUnavailable> => {
      if (error instanceof PortUnavailable) return Effect.fail(error);
      if (!(error instanceof PostgresFailure)) return Effect.die(error);
      return Effect.fail(new PortUnavailable({ port, reason: error.message }));
    },
  );
}
