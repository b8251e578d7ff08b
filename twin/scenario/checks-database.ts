/** What cannot be about the database; see `checks.ts`. */
import { MINUTE, SECOND } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import type { World } from "./schema.ts";

/** Connections of one pool, and of one database: far above what any takes. */
const CONNECTIONS_MAX = 100_000;
/** Queries of one page; a page that asks more often has a loop around its query. */
const QUERIES_MAX = 100;
const WAIT_MAX = 60 * MINUTE;

const AT = "platform.database";

export function checkDatabase(world: World): Finding[] {
  const { pool, connections, queries, row, "wait-limit": waitLimit } = world.platform.database;
  if (pool === 0) return [];
  const counts = Object.entries(queries).flatMap(([page, { reads, writes }]) => [
    { path: `${AT}.queries.${page}.reads`, count: reads },
    { path: `${AT}.queries.${page}.writes`, count: writes },
  ]);
  const asked = counts.reduce((sum, { count }) => sum + count, 0);
  return where(
    pool > CONNECTIONS_MAX &&
      finding(`${AT}.pool`, `more than ${CONNECTIONS_MAX}`, "such as 10", pool),
    connections > CONNECTIONS_MAX &&
      finding(`${AT}.connections`, `more than ${CONNECTIONS_MAX}`, "such as 100", connections),
    waitLimit > WAIT_MAX &&
      finding(`${AT}.wait-limit`, "is longer than anybody waits", "such as 30s"),
    asked === 0 &&
      finding(`${AT}.queries`, "no page asks anything of the database", "or set pool to 0"),
    row.lock > SECOND &&
      finding(`${AT}.row.lock`, "is longer than a commit", "such as 208us; 0 for no limit"),
    row["per-contender"] > SECOND &&
      finding(`${AT}.row.per-contender`, "is longer than a commit", "such as 8us"),
    ...counts.map(
      ({ path, count }) =>
        count > QUERIES_MAX && finding(path, `more than ${QUERIES_MAX}`, "such as 4", count),
    ),
  );
}
