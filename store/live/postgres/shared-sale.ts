/**
 * The sale that all nodes on one database open. The first node keeps it there, and every other one
 * opens what is kept: two nodes that read one scenario at different times would else differ in the
 * times of the sale and in the lots of its waiting room.
 */
import { migrate } from "./migrate.ts";
import { type PostgresOptions, PostgresPool } from "./postgres-pool.ts";

const KEEP = {
  name: "sale-keep",
  text: `INSERT INTO sale (name, setup) VALUES ($1, $2)
           ON CONFLICT (only_one) DO UPDATE SET setup = coalesce(sale.setup, excluded.setup)
           WHERE sale.name = excluded.name`,
};
const READ = { name: "sale-setup", text: "SELECT name, setup FROM sale" };

export interface NamedSale {
  readonly name: string;
  readonly text: string;
}

/** Keeps `wanted` unless a sale is kept already; answers with the one that is, or null. */
export async function shareSale(
  options: Pick<PostgresOptions, "url" | "schema">,
  wanted: NamedSale | null,
): Promise<NamedSale | null> {
  const pool = new PostgresPool({ ...options, connectionsMax: 1 });
  try {
    await migrate(pool);
    if (wanted !== null) await pool.query(KEEP, [wanted.name, wanted.text]);
    const kept = (await pool.query(READ))[0];
    if (kept === undefined || kept.setup === null) return null;
    return { name: kept.name as string, text: kept.setup as string };
  } finally {
    await pool.close();
  }
}
