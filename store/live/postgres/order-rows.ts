/** Orders, their payment rows and their steps as the tables keep them. */
import type { Order, OrderState, PaymentRow } from "../../core/order.ts";
import { STATES_WITH_UNITS } from "../orders-with-units.ts";
import type { Row, Statement } from "./postgres-pool.ts";

/** An order with its place in the order in which orders were placed. */
export interface StoredOrder {
  readonly number: number;
  readonly order: Order;
}

/** What one change leaves behind. */
export interface StoredStep {
  readonly number: number;
  readonly revision: number;
  readonly state: OrderState;
  readonly at: number;
}

export interface StoredPayment extends PaymentRow {
  readonly number: number;
  readonly revision: number;
}

/** Units that an order took or gave back. */
export interface UnitsMoved {
  readonly number: number;
  readonly sku: string;
  readonly held: number;
  readonly sold: number;
}

const FIXED = `id, shopper, key, fingerprint, hold, lines, total, discount, currency,
  "paymentToken", person, "placedAt"`;
const CHANGING = `epoch, "holdUntil", state, revision, "changedAt", gateway, attempts, charge, answer`;
const TYPES = `id text, shopper text, key text, fingerprint text, hold text, lines json,
  total bigint, discount json, currency text, "paymentToken" text, person json,
  "placedAt" double precision, epoch bigint, "holdUntil" double precision, state text,
  revision bigint, "changedAt" double precision, gateway text, attempts bigint, charge json,
  answer json`;

/** $1: the orders as JSON. Answers with those that were new in every way. */
export const PLACE: Statement = {
  name: "order-place",
  text: `
    WITH placed AS (
      INSERT INTO orders (${FIXED}, ${CHANGING})
      SELECT ${FIXED}, ${CHANGING} FROM json_to_recordset($1::json) AS asked (${TYPES})
      ON CONFLICT DO NOTHING RETURNING number, id, state, "placedAt")
    , stepped AS (
      INSERT INTO order_steps SELECT number, 0, state, "placedAt" FROM placed)
    SELECT id, number FROM placed`,
};

/** $1: objects with shopper and key. */
export const FIND_BY_KEY: Statement = {
  name: "order-by-key",
  text: `
    SELECT known.* FROM json_to_recordset($1::json) AS asked (shopper text, key text)
     CROSS JOIN LATERAL (
       SELECT * FROM orders
        WHERE orders.shopper = asked.shopper AND orders.key = asked.key LIMIT 1) AS known`,
};

/** $1: identifiers of holds. */
export const FIND_BY_HOLD: Statement = {
  name: "order-by-hold",
  text: "SELECT * FROM orders WHERE hold = ANY($1::text[])",
};

export const FIND: Statement = {
  name: "order-find",
  text: "SELECT * FROM orders WHERE id = ANY($1::text[])",
};

/** Locks in the order of their numbers, so that two groups do not wait for each other. */
export const FIND_TO_CHANGE: Statement = {
  name: "order-find-to-change",
  text: `
    SELECT * FROM orders
     WHERE number = ANY (ARRAY (SELECT number FROM orders WHERE id = ANY($1::text[])))
     ORDER BY number FOR UPDATE`,
};

export const UNFINISHED: Statement = {
  name: "order-unfinished",
  text: `SELECT * FROM orders WHERE answer IS NULL AND "changedAt" < $1 ORDER BY touched LIMIT $2`,
};

export const ORDER_PAGE: Statement = {
  name: "order-page",
  text: `
    SELECT * FROM orders WHERE number > $1 AND ($2::text IS NULL OR state = $2)
     ORDER BY number LIMIT $3`,
};

export const PAYMENTS: Statement = {
  name: "order-payments",
  text: `
    SELECT * FROM payments
     WHERE number = (SELECT number FROM orders WHERE id = $1) ORDER BY revision`,
};

export const ALL_ORDERS: Statement = {
  name: "order-all",
  text: "SELECT * FROM orders ORDER BY number",
};

export const ALL_PAYMENTS: Statement = {
  name: "order-all-payments",
  text: "SELECT * FROM payments ORDER BY number, revision",
};

export const ALL_STEPS: Statement = {
  name: "order-all-steps",
  text: `
    SELECT orders.id, order_steps.state, order_steps.at
      FROM order_steps JOIN orders USING (number) ORDER BY number, order_steps.revision`,
};

/** $1: after which number, $2: how many at most. */
export const WITH_UNITS: Statement = {
  name: "order-with-units",
  text: `
    SELECT number, id, shopper, hold, epoch, "holdUntil", lines, person, "placedAt", state,
           "changedAt" FROM orders
     WHERE number > $1 AND state IN (${STATES_WITH_UNITS}) ORDER BY number LIMIT $2`,
};

/** In the order of their names, as every group locks them. */
export const UNITS_TO_CHANGE: Statement = {
  name: "units-to-change",
  text: `
    SELECT sku, initial + restocked - "writtenOff" - quarantined - held - sold AS left
      FROM stock_units WHERE sku = ANY($1::text[]) ORDER BY sku COLLATE "C" FOR UPDATE`,
};

/**
 * $1: orders after their change, with the revision `before` it, $2: steps, $3: payment rows, $4:
 * units moved; all as JSON. An order that is not at that revision any more is left as it is, with
 * everything of its change. Rows are locked in one order, so that two groups do not wait for each
 * other; answers with the numbers of the orders that were changed.
 */
export const CHANGE: Statement = {
  name: "order-change",
  text: `
    WITH asked AS MATERIALIZED (
      SELECT asked.*, nextval('order_touches') AS touched
        FROM json_to_recordset($1::json) AS asked (number bigint, before bigint, ${TYPES}))
    , unit AS MATERIALIZED (
      SELECT * FROM json_to_recordset($4::json)
        AS unit (number bigint, sku text, held bigint, sold bigint))
    , locked AS MATERIALIZED (
      SELECT number FROM orders WHERE number = ANY (ARRAY (SELECT number FROM asked))
       ORDER BY number FOR UPDATE)
    , locked_units AS MATERIALIZED (
      SELECT sku FROM stock_units WHERE sku = ANY (ARRAY (SELECT sku FROM unit))
       ORDER BY sku COLLATE "C" FOR UPDATE)
    , changed AS (
      UPDATE orders
         SET epoch = asked.epoch, "holdUntil" = asked."holdUntil", state = asked.state,
             revision = asked.revision, "changedAt" = asked."changedAt",
             gateway = asked.gateway, attempts = asked.attempts, charge = asked.charge,
             answer = asked.answer, touched = asked.touched
        FROM asked
       WHERE orders.number = ANY (ARRAY (SELECT number FROM locked))
         AND orders.number = asked.number AND orders.revision = asked.before AND orders.answer IS NULL
      RETURNING orders.number)
    , stepped AS (
      INSERT INTO order_steps (number, revision, state, at)
      SELECT number, revision, state, at FROM json_to_recordset($2::json)
          AS step (number bigint, revision bigint, state text, at double precision)
        JOIN changed USING (number))
    , paid AS (
      INSERT INTO payments
             (number, revision, kind, "order", gateway, key, amount, currency, reference, at)
      SELECT number, revision, kind, "order", gateway, key, amount, currency, reference, at
        FROM json_to_recordset($3::json)
          AS payment (number bigint, revision bigint, kind text, "order" text, gateway text,
                      key text, amount bigint, currency text, reference text,
                      at double precision)
        JOIN changed USING (number))
    , summed AS (
      SELECT sku, sum(held)::bigint AS held, sum(sold)::bigint AS sold
        FROM unit JOIN changed USING (number) GROUP BY sku)
    , moved AS (
      UPDATE stock_units
         SET held = stock_units.held + summed.held, sold = stock_units.sold + summed.sold
        FROM summed
       WHERE stock_units.sku = ANY (ARRAY (SELECT sku FROM locked_units))
         AND stock_units.sku = summed.sku
      RETURNING stock_units.sku)
    SELECT number, (SELECT count(*) FROM moved) AS moved FROM changed`,
};

export function storedOrder(row: Row): StoredOrder {
  const { number, touched: _, ...order } = row as Row & { readonly number: number };
  return { number, order: order as unknown as Order };
}

export function orderOfRow(row: Row): Order {
  return storedOrder(row).order;
}

export function paymentOfRow(row: Row): PaymentRow {
  const { number: _, revision: __, ...payment } = row;
  return payment as unknown as PaymentRow;
}
