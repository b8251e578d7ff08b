/**
 * The sale log on PostgreSQL. Sequence numbers have no gap and no double over all nodes, for who
 * counts keeps the count locked until its events are written. The log holds up no order: what is
 * appended at the same time is one statement, which does not wait for the disk. A crash of the
 * server may take the last events with it, never one before another, and no step of an order.
 */
import { assert } from "../../core/assert.ts";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { SaleLogService } from "../../ports/sale-log.ts";
import { Batches } from "./batches.ts";
import { answered } from "./port-answer.ts";
import type { PostgresPool } from "./postgres-pool.ts";

const PORT = "store/SaleLog";

/** $1: the events as a JSON array, $2: how many. */
const APPEND = {
  name: "log-append",
  text: `
    WITH counted AS (
      UPDATE counters SET value = value + $2 WHERE name = 'saleLog.events'
      RETURNING value - $2 AS before)
    , written AS (
      INSERT INTO sale_log (sequence, event)
      SELECT before + position, event
        FROM counted, json_array_elements($1::json) WITH ORDINALITY AS told (event, position))
    SELECT before FROM counted`,
};

const READ = {
  name: "log-read",
  text: "SELECT sequence, event FROM sale_log WHERE sequence > $1 ORDER BY sequence LIMIT $2",
};

const LENGTH = {
  name: "log-length",
  text: "SELECT value FROM counters WHERE name = 'saleLog.events'",
};

/** `logging` need not be durable. */
export function postgresSaleLog(pool: PostgresPool, logging: PostgresPool): SaleLogService {
  const appending = new Batches((events: readonly SaleEvent[]) => append(logging, events));
  return {
    append: (event) => answered(PORT, () => appending.ask(event)),
    read: ({ after, limit }) => {
      assert(limit > 0, "a reader takes at least one event");
      return answered(PORT, async () => {
        const found = await pool.query(READ, [after, limit]);
        return found.map(({ sequence, event }) => ({
          sequence: sequence as number,
          event: event as SaleEvent,
        }));
      });
    },
    length: answered(PORT, async () => Number((await pool.query(LENGTH))[0]?.value)),
  };
}

/** The sequence number of each event. */
async function append(
  pool: PostgresPool,
  events: readonly SaleEvent[],
): Promise<readonly number[]> {
  const [counted] = await pool.query(APPEND, [JSON.stringify(events), events.length]);
  assert(counted !== undefined, "the log has a count");
  const before = counted.before as number;
  return events.map((_, index) => before + index + 1);
}
