/** PostgreSQL for tests: every store in a schema of its own, on the server of the run. */
import { randomBytes } from "node:crypto";
import { type Context, Effect, Layer } from "effect";
import { migrate } from "../postgres/migrate.ts";
import { PostgresPool } from "../postgres/postgres-pool.ts";

/** The name of a schema that nobody else uses. */
export function ownSchema(): string {
  return `s${randomBytes(8).toString("hex")}`;
}

/** A pool on a new schema with all tables; whoever opens it closes it. */
export async function openPool(url: string, schema = ownSchema()): Promise<PostgresPool> {
  const pool = new PostgresPool({ url, schema, connectionsMax: 4 });
  await migrate(pool);
  return pool;
}

/** A port on a schema of its own, for as long as a case takes. */
export function postgresLayer<Port, Service>(
  url: string,
  tag: Context.Tag<Port, Service>,
  make: (pool: PostgresPool) => Promise<Service>,
): Layer.Layer<Port> {
  const opened = Effect.acquireRelease(
    Effect.promise(() => openPool(url)),
    (pool) => Effect.promise(() => pool.close()),
  );
  const service = Effect.flatMap(opened, (pool) => Effect.promise(() => make(pool)));
  return Layer.scoped(tag, service);
}
