/** From the decoded section about the database to the twin's own shape. */
import { toDistribution } from "./quantity.ts";
import type { DatabaseSpec } from "./scenario.ts";
import type { World } from "./schema.ts";

export function toDatabase(form: World["platform"]["database"]): DatabaseSpec {
  const { pool, connections, queries, row } = form;
  return {
    pool,
    waitLimit: form["wait-limit"],
    connections,
    read: toDistribution(form.read),
    write: toDistribution(form.write),
    queries,
    row: { lock: row.lock, perContender: row["per-contender"] },
  };
}
