/**
 * Brings the schema of a database to the version of this program. Of several nodes that start at
 * once one does it, and the others find it done; a schema that a newer program made is refused.
 */
import { DEFAULT_SCHEMA, PostgresFailure, type PostgresPool, type Query } from "./postgres-pool.ts";
import { MIGRATIONS } from "./schema.ts";

const LOCK = {
  name: "migrate-lock",
  text: "SELECT pg_advisory_xact_lock(hashtextextended('rehearse ' || $1, 0))",
};
const FIND = {
  name: "migrate-find",
  text: "SELECT 1 FROM information_schema.tables WHERE table_schema = $1 AND table_name = 'version'",
};
const READ = { name: "migrate-read", text: "SELECT number FROM version" };

export async function migrate(
  pool: PostgresPool,
  migrations: readonly string[] = MIGRATIONS,
): Promise<void> {
  const { schema } = pool;
  await pool.transaction(async (query) => {
    await query(LOCK, [schema]);
    const found = await versionOf(query, schema);
    if (found > migrations.length) throw tooNew(schema, found, migrations.length);
    if (found === migrations.length) return;
    if (found === 0) await query(once(`CREATE SCHEMA IF NOT EXISTS ${schema}`));
    if (found === 0) await query(once("CREATE TABLE version (number bigint NOT NULL)"));
    for (const migration of migrations.slice(found)) await query(once(migration));
    const record = found === 0 ? "INSERT INTO version VALUES" : "UPDATE version SET number =";
    await query(once(`${record} (${migrations.length})`));
  });
}

async function versionOf(query: Query, schema: string): Promise<number> {
  if ((await query(FIND, [schema])).length === 0) return 0;
  return Number((await query(READ))[0]?.number ?? 0);
}

/** Run once, so nothing is prepared for it; it may be several statements. */
function once(text: string): { readonly name: string; readonly text: string } {
  return { name: "", text };
}

function tooNew(schema: string, found: number, known: number): PostgresFailure {
  const where = schema === DEFAULT_SCHEMA ? "the database" : `the schema ${schema}`;
  return new PostgresFailure(
    `${where} has version ${found} of the tables and this program knows ${known}: ` +
      "it was used by a newer program; start that one, or give this one another schema",
    "",
  );
}
