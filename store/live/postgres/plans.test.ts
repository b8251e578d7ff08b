/**
 * The server finds the rows of a request by their keys, whatever it knew of the tables when it
 * planned the statement: before the first order, after three, or after many. A plan made for an
 * empty table is kept for minutes, and reading the whole of it for each order would make every
 * order of a rush slower than the one before.
 */
import { expect, it } from "vitest";
import { assert } from "../../core/assert.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { openPool } from "../testing/postgres-store.ts";
import * as rows from "./order-rows.ts";
import type { PostgresPool, Statement } from "./postgres-pool.ts";

/** What requests and the reconciliation ask; reports may read all there is. */
const STATEMENTS: readonly Statement[] = [
  rows.PLACE,
  rows.FIND,
  rows.FIND_BY_KEY,
  rows.FIND_BY_HOLD,
  rows.FIND_TO_CHANGE,
  rows.UNITS_TO_CHANGE,
  rows.CHANGE,
  rows.PAYMENTS,
  rows.UNFINISHED,
  rows.ORDER_PAGE,
  rows.WITH_UNITS,
];
const GROWING = new Set(["orders", "order_steps", "payments", "stock_units"]);

/** So many orders with a step each, and what `ANALYZE` finds out about them. */
const FILL = (count: number) => `
  INSERT INTO stock_units (sku, initial) SELECT 'sku ' || n, 1 FROM generate_series(1, ${count}) n;
  INSERT INTO orders (id, shopper, key, fingerprint, hold, "holdUntil", lines, total, currency,
                      "paymentToken", person, "placedAt", state, revision, "changedAt", attempts)
  SELECT 'order ' || n, 'shopper ' || n, 'key', 'f', 'hold ' || n, 0, '[]', 1, 'EUR',
         'token', '{}', 0, 'pending', 0, 0, 0 FROM generate_series(1, ${count}) n;
  INSERT INTO order_steps SELECT number, 0, state, 0 FROM orders;
  ANALYZE`;

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

/** The plan that is kept for a prepared statement, whatever its values. */
async function planOf(pool: PostgresPool, { name, text }: Statement): Promise<PlanNode> {
  const places = [...text.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place));
  const values = new Array<string>(Math.max(...places)).fill("NULL").join(", ");
  const once = (line: string) => ({ name: "", text: line });
  return pool.transaction(async (query) => {
    await query(once("SET LOCAL plan_cache_mode = force_generic_plan"));
    await query(once(`PREPARE "${name}" AS ${text}`));
    const [told] = await query(once(`EXPLAIN (FORMAT JSON) EXECUTE "${name}"(${values})`));
    await query(once(`DEALLOCATE "${name}"`));
    assert(told !== undefined, "a statement has a plan");
    const [{ Plan: plan }] = told["QUERY PLAN"] as readonly [{ readonly Plan: PlanNode }];
    return plan;
  });
}

/** The nodes that read the whole of a table that grows. */
function wholeReads(node: PlanNode): readonly string[] {
  const table = node["Relation Name"];
  const below = (node.Plans ?? []).flatMap(wholeReads);
  const isRead = table !== undefined && GROWING.has(table) && node["Node Type"].endsWith("Scan");
  const isByKey = node["Index Cond"] !== undefined || node["Node Type"] === "Bitmap Heap Scan";
  // Its own index has only those orders that are not finished.
  const isByState = node["Index Name"] === "orders_unfinished";
  return isRead && !isByKey && !isByState ? [`${node["Node Type"]} of ${table}`, ...below] : below;
}

await describeWithServer("postgres", "the plans of PostgreSQL", ({ url }) => {
  it.each([0, 1, 3, 20, 200, 20_000])("go by keys where there are %i orders", async (count) => {
    const pool = await openPool(url);
    try {
      if (count > 0) await pool.script(FILL(count));
      for (const statement of STATEMENTS) {
        const plan = await planOf(pool, statement);
        expect(wholeReads(plan), `${statement.name}: ${JSON.stringify(plan, null, 1)}`).toEqual([]);
      }
    } finally {
      await pool.close();
    }
  });
});
