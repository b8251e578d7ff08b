/**
 * The order ledger on PostgreSQL, for any number of nodes: the rules of `core/order-book.ts` over
 * rows that are locked while they are changed. What several requests ask at the same time is one
 * transaction, and is answered when that is on the server's disk.
 *
 * **A unit is promised here before it is paid for.** The step in which an order is first sent to a
 * gateway takes its units from `stock_units`, in the same transaction; where they are not there,
 * whatever the gate of the stock said, the order ends as sold out in that step and is never sent.
 * So two gates, or one that forgot, can disappoint a shopper but not charge one for nothing.
 */
import { Effect } from "effect";
import { assert } from "../../core/assert.ts";
import { balances, type JournalEntry, journalEntry } from "../../core/journal.ts";
import type { Order, OrderChange } from "../../core/order.ts";
import type { OrderBookSnapshot, OrderStep, PlaceAnswer } from "../../core/order-book.ts";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import type { SaleLogService } from "../../ports/sale-log.ts";
import {
  type GatedLedger,
  ORDERS_PER_PAGE,
  type OrderWithUnits,
  ordersPage,
} from "../orders-with-units.ts";
import { Batches } from "./batches.ts";
import { OrderAppender } from "./order-appender.ts";
import * as rows from "./order-rows.ts";
import { answered } from "./port-answer.ts";
import type { PostgresPool, Query, Row } from "./postgres-pool.ts";

const PORT = "store/OrderLedger";
/** One moment for every table. */
const AT_ONE_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

type NumberedOrder = OrderWithUnits & { readonly number: number };
type Key = Parameters<OrderLedgerService["findByKey"]>[0];

export interface PostgresOrderLedger
  extends OrderLedgerService,
    Pick<GatedLedger, "ordersWithUnits"> {}

export function postgresOrderLedger(
  pool: PostgresPool,
  saleLog: SaleLogService,
): PostgresOrderLedger {
  const appender = new OrderAppender(pool);
  const placing = new Batches((orders: readonly Order[]) => placeAll(pool, appender, orders));
  const appending = new Batches((changes: readonly OrderChange[]) => appender.append(changes));
  const finding = new Batches((ids: readonly string[]) => findAll(pool, ids));
  const findingByKey = new Batches((keys: readonly Key[]) => findAllByKey(pool, keys));
  return {
    place: (order) => {
      assert(order.revision === 0 && order.answer === null, "a new order is unchanged and open");
      return answered(PORT, () => placing.ask(order));
    },
    append: (change) =>
      Effect.flatMap(
        answered(PORT, async () => {
          const outcome = await appending.ask(change);
          if ("failure" in outcome) throw outcome.failure;
          return outcome;
        }),
        ({ answer, isRefusal }) =>
          isRefusal && answer._tag === "Stale"
            ? Effect.as(saleLog.append(cancelled(answer.order)), answer)
            : Effect.succeed(answer),
      ),
    find: (order) => answered(PORT, () => finding.ask(order)),
    findByKey: (key) => answered(PORT, () => findingByKey.ask(key)),
    unfinished: ({ changedBefore, limit }) => {
      assert(limit > 0, "a search may find at least one order");
      return answered(PORT, async () =>
        (await pool.query(rows.UNFINISHED, [changedBefore, limit])).map(rows.orderOfRow),
      );
    },
    page: ({ after, limit, state }) => {
      assert(limit > 0, "a page has room for at least one order");
      return answered(PORT, async () => {
        // One more than is asked for tells whether there is a next page.
        const found = await pool.query(rows.ORDER_PAGE, [after, state, limit + 1]);
        const shown = found.slice(0, limit);
        const next = found.length > limit ? (shown.at(-1)?.number as number) : null;
        return { orders: shown.map(rows.orderOfRow), next };
      });
    },
    payments: (order) =>
      answered(PORT, async () => (await pool.query(rows.PAYMENTS, [order])).map(rows.paymentOfRow)),
    snapshot: answered(PORT, () => pool.transaction(snapshotOf, AT_ONE_MOMENT)),
    ordersWithUnits: (after) =>
      answered(PORT, async () => {
        const found = await pool.query(rows.WITH_UNITS, [after, ORDERS_PER_PAGE]);
        return ordersPage(found as unknown as readonly NumberedOrder[], (order) => order);
      }),
  };
}

async function placeAll(
  pool: PostgresPool,
  appender: OrderAppender,
  orders: readonly Order[],
): Promise<readonly PlaceAnswer[]> {
  const placed = new Map<string, number>();
  // Groups of all nodes insert in one order of keys, so that they do not wait for each other.
  const sorted = [...orders].sort(byKey);
  for (const { id, number } of await pool.query(rows.PLACE, [JSON.stringify(sorted)])) {
    placed.set(id as string, number as number);
  }
  const others = orders.filter(({ id }) => !placed.has(id));
  const known = others.length === 0 ? null : await knownOrders(pool, others);
  return orders.map((order) => {
    const number = placed.get(order.id);
    if (number !== undefined) {
      appender.remember({ number, order });
      return { _tag: "Placed", order };
    }
    const ofKey = known?.ofKey.get(keyText(order));
    if (ofKey !== undefined) return placeAgain(ofKey, order);
    const ofHold = known?.ofHold.get(order.hold);
    assert(ofHold !== undefined, "an order's identifier is new");
    return { _tag: "HoldTaken", order: ofHold.id };
  });
}

function placeAgain(order: Order, again: Order): PlaceAnswer {
  if (order.fingerprint !== again.fingerprint) return { _tag: "KeyReused" };
  return order.answer === null ? { _tag: "InFlight", order } : { _tag: "Replay", order };
}

async function knownOrders(pool: PostgresPool, asked: readonly Order[]) {
  const ofKey = new Map<string, Order>();
  const ofHold = new Map<string, Order>();
  const holds = asked.map(({ hold }) => hold);
  const found = await Promise.all([
    pool.query(rows.FIND_BY_KEY, [JSON.stringify(asked)]),
    pool.query(rows.FIND_BY_HOLD, [holds]),
  ]);
  for (const order of found.flat().map(rows.orderOfRow)) {
    ofKey.set(keyText(order), order);
    ofHold.set(order.hold, order);
  }
  return { ofKey, ofHold };
}

/** What the log is told of an order that the ledger ended for want of units: nobody else does. */
function cancelled({ id: order, shopper, changedAt: at }: Order): SaleEvent {
  return { kind: "OrderCancelled", at, order, shopper, reason: "SoldOut" };
}

async function findAll(
  pool: PostgresPool,
  ids: readonly string[],
): Promise<readonly (Order | null)[]> {
  const found = (await pool.query(rows.FIND, [ids])).map(rows.orderOfRow);
  const byId = new Map(found.map((order) => [order.id, order]));
  return ids.map((id) => byId.get(id) ?? null);
}

async function findAllByKey(
  pool: PostgresPool,
  keys: readonly Key[],
): Promise<readonly (Order | null)[]> {
  const asked = keys.map(({ shopper, key }) => ({ shopper, key }));
  const found = (await pool.query(rows.FIND_BY_KEY, [JSON.stringify(asked)])).map(rows.orderOfRow);
  const byText = new Map(found.map((order) => [keyText(order), order]));
  return keys.map((key) => byText.get(keyText(key)) ?? null);
}

async function snapshotOf(query: Query): Promise<OrderBookSnapshot> {
  const orders = (await query(rows.ALL_ORDERS)).map(rows.orderOfRow);
  const payments = (await query(rows.ALL_PAYMENTS)).map(rows.paymentOfRow);
  const journal = payments
    .map(journalEntry)
    .filter((entry): entry is JournalEntry => entry !== null);
  const steps = stepsOf(await query(rows.ALL_STEPS));
  return { orders, payments, steps, journal, balances: balances(journal) };
}

/** The rows come order by order, so each step is from where the one before it led. */
function stepsOf(stored: readonly Row[]): readonly OrderStep[] {
  const steps: OrderStep[] = [];
  for (const { id, state, at } of stored) {
    const before = steps[steps.length - 1];
    const from = before?.order === id ? before.to : null;
    steps.push({ order: id as string, from, to: state as OrderStep["to"], at: at as number });
  }
  return steps;
}

function byKey(one: Order, other: Order): number {
  const [text, otherText] = [keyText(one), keyText(other)];
  if (text === otherText) return 0;
  return text < otherText ? -1 : 1;
}

/** A key belongs to its shopper; the length keeps ("ab", "c") apart from ("a", "bc"). */
function keyText({ shopper, key }: Key): string {
  return `${shopper.length}:${shopper}${key}`;
}
