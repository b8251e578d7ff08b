/**
 * The units of every SKU as the ledger counts them: those there are, those that orders hold while
 * they are paid for, and those that are sold. Holds of shoppers who have not ordered yet are the
 * gate's; a gate that forgot is rebuilt from here and from the orders.
 */
import { assert } from "../../core/assert.ts";
import type {
  StockItem,
  StockLevel,
  StockLine,
  StockMoved,
  TooFew,
  UnknownSku,
} from "../../core/hold.ts";
import type { StockMovements } from "../stock-movements.ts";
import { answered } from "./port-answer.ts";
import type { PostgresPool, Row } from "./postgres-pool.ts";

const PORT = "store/StockLedger";

const LEVEL = `sku, initial, restocked, "writtenOff", quarantined, held, sold,
  initial + restocked - "writtenOff" - quarantined - held - sold AS available,
  "limitPerShopper", "limitPerPerson"`;

const ADD = {
  name: "units-add",
  text: `
    INSERT INTO stock_units (sku, initial, "limitPerShopper", "limitPerPerson")
    SELECT sku, units, "limitPerShopper", "limitPerPerson" FROM json_to_recordset($1::json)
      AS item (sku text, units bigint, "limitPerShopper" bigint, "limitPerPerson" bigint)
    ON CONFLICT (sku) DO NOTHING`,
};

const READ = { name: "units-read", text: `SELECT ${LEVEL} FROM stock_units WHERE sku = $1` };
const READ_ALL = {
  name: "units-read-all",
  text: `SELECT ${LEVEL} FROM stock_units ORDER BY position`,
};

const COUNT_ORDERS = {
  name: "units-count-orders",
  text: `
    SELECT count(*) FILTER (WHERE state = 'confirmed') AS sold,
           count(*) FILTER (WHERE state IN ('authorising', 'inDoubt', 'authorised')) AS live
      FROM orders`,
};

const RESTOCK = {
  name: "units-restock",
  text: `
    UPDATE stock_units SET restocked = restocked + $2 WHERE sku = $1 RETURNING ${LEVEL}`,
};
const QUARANTINE = {
  name: "units-quarantine",
  text: `
    UPDATE stock_units SET quarantined = quarantined + $2
     WHERE sku = $1 AND initial + restocked - "writtenOff" - quarantined - held - sold >= $2
    RETURNING ${LEVEL}`,
};
const READMIT = {
  name: "units-readmit",
  text: `
    UPDATE stock_units SET quarantined = quarantined - $2
     WHERE sku = $1 AND quarantined >= $2 RETURNING ${LEVEL}`,
};
const WRITE_OFF_AVAILABLE = {
  name: "units-write-off-available",
  text: `
    UPDATE stock_units SET "writtenOff" = "writtenOff" + $2
     WHERE sku = $1 AND initial + restocked - "writtenOff" - quarantined - held - sold >= $2
    RETURNING ${LEVEL}`,
};
const WRITE_OFF_QUARANTINED = {
  name: "units-write-off-quarantined",
  text: `
    UPDATE stock_units SET "writtenOff" = "writtenOff" + $2, quarantined = quarantined - $2
     WHERE sku = $1 AND quarantined >= $2 RETURNING ${LEVEL}`,
};

/** Adds the SKUs that the ledger does not know; those that it knows stay as they are. */
export async function addStockItems(
  pool: PostgresPool,
  items: readonly StockItem[],
): Promise<void> {
  for (const { sku, units } of items) {
    assert(Number.isSafeInteger(units) && units >= 0, `the units of ${sku} are a whole number`);
  }
  if (items.length > 0) await pool.query(ADD, [JSON.stringify(items)]);
}

export function postgresStockUnits(pool: PostgresPool): StockMovements {
  const move = async (
    statement: typeof RESTOCK,
    { sku, units }: StockLine,
    from: "available" | "quarantined",
  ): Promise<StockMoved | TooFew | UnknownSku> => {
    assert(Number.isSafeInteger(units) && units > 0, "units are whole and above zero");
    const [moved] = await pool.query(statement, [sku, units]);
    if (moved !== undefined) return stockMoved(moved);
    const [row] = await pool.query(READ, [sku]);
    return row === undefined ? unknownSku(sku) : { _tag: "TooFew", there: levelOf(row)[from] };
  };
  return {
    restock: (line) =>
      answered(
        PORT,
        async () => (await move(RESTOCK, line, "available")) as StockMoved | UnknownSku,
      ),
    quarantine: (line) => answered(PORT, () => move(QUARANTINE, line, "available")),
    readmit: (line) => answered(PORT, () => move(READMIT, line, "quarantined")),
    writeOff: ({ from, ...line }) => {
      const statement = from === "available" ? WRITE_OFF_AVAILABLE : WRITE_OFF_QUARANTINED;
      return answered(PORT, () => move(statement, line, from));
    },
    level: (sku) =>
      answered(PORT, async () => {
        const [row] = await pool.query(READ, [sku]);
        return row === undefined ? unknownSku(sku) : levelOf(row);
      }),
    snapshot: answered(PORT, () =>
      pool.transaction(async (query) => {
        const levels = (await query(READ_ALL)).map(levelOf);
        const [counted = {}] = await query(COUNT_ORDERS);
        const [sold, live] = [Number(counted.sold), Number(counted.live)];
        const none = { released: 0, expired: 0, forgotten: 0 };
        return { levels, holds: [], totals: { taken: sold + live, sold, live, ...none } };
      }, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
    ),
  };
}

function levelOf(row: Row): StockLevel {
  return row as unknown as StockLevel;
}

function stockMoved(row: Row): StockMoved {
  const { available, quarantined } = levelOf(row);
  return { _tag: "StockMoved", available, quarantined };
}

function unknownSku(sku: string): UnknownSku {
  return { _tag: "UnknownSku", sku };
}
