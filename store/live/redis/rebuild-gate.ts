/**
 * Puts the gate of the stock together from the ledger. One node does it while the others wait for
 * it; the gate opens in one step at the end, under a generation of its own, so nobody ever sees
 * half of it.
 */
import { randomUUID } from "node:crypto";
import { Effect } from "effect";
import type { StockItem, StockLevel } from "../../core/hold.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { type OrdersPage, type OrdersWithUnits, ordersOfSnapshot } from "../orders-with-units.ts";
import type { StockMovements } from "../stock-movements.ts";
import { GateContents, type GatePart } from "./gate-contents.ts";
import {
  BEGIN_REBUILD,
  GIVE_UP,
  LOAD_COUNTS,
  LOAD_FIELDS,
  LOAD_MEMBERS,
  OPEN,
} from "./gate-scripts.ts";
import type { Argument, RedisConnection } from "./redis-connection.ts";
import type { StockKeys } from "./redis-keys.ts";
import type { Script } from "./script.ts";

/** What the gate needs to know of a sale. */
export type GateSetup = Pick<SaleSetup, "name" | "stock" | "holdLimits">;

/** Where the gate's contents come from besides the ledger of orders. */
export interface GateTruth {
  /** How a ledger finds these orders alone; out of its whole snapshot where nothing is said. */
  readonly ordersWithUnits?: OrdersWithUnits;
  /** The durable stock that is told of every restock and write-off; see `stock-ledger.ts`. */
  readonly movements?: StockMovements | null;
  /** Where epochs begin after a rebuild: above all that were ever given. */
  readonly epochsAbove?: () => number;
}

export interface RebuildOptions extends GateTruth {
  readonly connection: RedisConnection;
  readonly ledger: OrderLedgerService;
  readonly setup: GateSetup;
  readonly keys: StockKeys;
  /** The run of the server that the gate is for. */
  readonly run: string;
}

/** A node that stops in the middle of it keeps the others waiting this long. */
const LOCK_MILLIS = 15_000;
/** Looks at a gate that another node rebuilds, and the pause between two. */
const LOOKS_MAX = 400;
const LOOK_MILLIS = 50;
/** Fields that are loaded in one step: some milliseconds of the server's time. */
const LOADED_AT_ONCE = 1_000;
/** More epochs than a second of holds can use up, for each millisecond of the clock. */
const EPOCHS_PER_MILLI = 1_000;

/** Rebuilds the gate, or waits for the node that does, and answers its generation. */
export async function rebuildGate(options: RebuildOptions): Promise<string> {
  const { connection, keys, run } = options;
  const token = randomUUID();
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const parts = [keys.stock, keys.holds, keys.due, keys.lapsed, keys.watched, keys.lapses];
    const begun = await connection.run(BEGIN_REBUILD, [keys.lock, ...parts], [token, LOCK_MILLIS]);
    const [what, generation, ofRun] = begun as readonly string[];
    if (what === "Ready" && generation !== undefined) {
      if (ofRun === run) return generation;
      throw unavailable("Redis was restarted while the stock was put together");
    }
    if (what === "Begun") return await loadOrGiveUp({ ...options, token });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
  throw unavailable("another node puts the stock together and does not get done");
}

interface Loading extends RebuildOptions {
  readonly token: string;
}

/** Where the ledger or the server fails, the next node need not wait for the end of the lock. */
async function loadOrGiveUp(loading: Loading): Promise<string> {
  const { connection, keys, token } = loading;
  try {
    return await load(loading);
  } catch (failure) {
    await connection.run(GIVE_UP, [keys.lock], [token]).catch(() => {});
    throw failure;
  }
}

async function load(loading: Loading): Promise<string> {
  const { keys, setup, run, epochsAbove = epochsOfClock } = loading;
  const levels = await levelsOf(loading);
  const contents = new GateContents({
    items: itemsOf(setup, levels),
    movements: new Map(levels.map((level) => [level.sku, level])),
    epochsAbove: epochsAbove(),
    watchShoppers: (setup.holdLimits?.perShopper ?? null) !== null,
  });
  await loadOrders(loading, contents);
  await loadInto(loading, LOAD_FIELDS, keys.stock, contents.fields());
  const generation = randomUUID();
  await locked(loading, OPEN, keys.stock, [generation, run]);
  return generation;
}

/** One page is written while the next is read, so memory holds two of them. */
async function loadOrders(loading: Loading, contents: GateContents): Promise<void> {
  const { ledger, ordersWithUnits = ordersOfSnapshot(ledger) } = loading;
  let written: Promise<void> = Promise.resolve();
  for (let after: number | null = 0; after !== null; ) {
    const reading: Promise<OrdersPage> = Effect.runPromise(ordersWithUnits(after));
    await Promise.all([reading, written]);
    const page = await reading;
    written = loadPart(loading, contents.add(page.orders));
    after = page.next;
  }
  await written;
}

async function loadPart(loading: Loading, part: GatePart): Promise<void> {
  const { keys } = loading;
  await Promise.all([
    loadInto(loading, LOAD_FIELDS, keys.holds, part.holds),
    loadInto(loading, LOAD_MEMBERS, keys.due, part.due),
    loadInto(loading, LOAD_MEMBERS, keys.watched, part.watched),
    loadInto(loading, LOAD_COUNTS, keys.stock, part.counts),
  ]);
}

async function levelsOf({ movements }: Loading): Promise<readonly StockLevel[]> {
  return movements ? (await Effect.runPromise(movements.snapshot)).levels : [];
}

/** The items that the sale was set up with, and those that came since. */
function itemsOf({ stock }: GateSetup, levels: readonly StockLevel[]): readonly StockItem[] {
  const known = new Set(stock.map(({ sku }) => sku));
  const opened = levels.filter(({ sku }) => !known.has(sku));
  return [...stock, ...opened.map((level) => ({ ...level, units: level.initial }))];
}

function epochsOfClock(): number {
  return Date.now() * EPOCHS_PER_MILLI;
}

async function loadInto(
  loading: Loading,
  script: Script,
  key: string,
  pairs: readonly (readonly [Argument, Argument])[],
): Promise<void> {
  for (let from = 0; from < pairs.length; from += LOADED_AT_ONCE) {
    await locked(loading, script, key, pairs.slice(from, from + LOADED_AT_ONCE).flat());
  }
}

async function locked(
  { connection, keys, token }: Loading,
  script: Script,
  key: string,
  args: readonly Argument[],
): Promise<void> {
  const reply = await connection.run(script, [keys.lock, key], [token, LOCK_MILLIS, ...args]);
  if (reply === "LockLost") throw unavailable("the rebuild of the stock was taken over");
}

function unavailable(reason: string): PortUnavailable {
  return new PortUnavailable({ port: "store/StockLedger", reason });
}
