/**
 * Puts the gate of the stock together from the ledger. One node does it while the others wait for
 * it; the gate opens in one step at the end, under a generation of its own, so nobody ever sees
 * half of it.
 */
import { randomUUID } from "node:crypto";
import { Effect } from "effect";
import type { Order } from "../../core/order.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import type { StockMovements } from "../stock-movements.ts";
import { gateContents, type UnitsMoved } from "./gate-contents.ts";
import { BEGIN_REBUILD, GIVE_UP, LOAD_FIELDS, LOAD_MEMBERS, OPEN } from "./gate-scripts.ts";
import type { Argument, RedisConnection } from "./redis-connection.ts";
import { type StockKeys, stockKeysOf } from "./redis-keys.ts";
import type { Script } from "./script.ts";

/** What the gate needs to know of a sale. */
export type GateSetup = Pick<SaleSetup, "name" | "stock" | "holdLimits">;

/** Where the gate's contents come from besides the ledger of orders. */
export interface GateTruth {
  /**
   * Orders that have units or may get some; a ledger that can find those alone says how. The whole
   * snapshot of the ledger where nothing is said.
   */
  readonly ordersWithUnits?: Effect.Effect<readonly Order[], PortUnavailable>;
  /** The durable stock that is told of every restock and write-off; see `stock-ledger.ts`. */
  readonly movements?: StockMovements | null;
  /** Where epochs begin after a rebuild: above all that were ever given. */
  readonly epochsAbove?: () => number;
}

export interface RebuildOptions extends GateTruth {
  readonly connection: RedisConnection;
  readonly ledger: OrderLedgerService;
  readonly setup: GateSetup;
  readonly keys?: StockKeys;
  /** The run of the server that the gate is for. */
  readonly run?: string;
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
  const { connection } = options;
  const keys = options.keys ?? stockKeysOf(options.setup.name);
  const run = options.run ?? (await connection.serverRun());
  const token = randomUUID();
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const parts = [keys.stock, keys.holds, keys.due, keys.lapsed, keys.watched, keys.lapses];
    const begun = await connection.run(BEGIN_REBUILD, [keys.lock, ...parts], [token, LOCK_MILLIS]);
    const [what, generation, ofRun] = begun as readonly string[];
    if (what === "Ready" && generation !== undefined) {
      if (ofRun === run) return generation;
      throw unavailable("Redis was restarted while the stock was put together");
    }
    if (what === "Begun") return await loadOrGiveUp({ ...options, keys, run, token });
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
  throw unavailable("another node puts the stock together and does not get done");
}

interface Loading extends RebuildOptions {
  readonly keys: StockKeys;
  readonly run: string;
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
  const contents = gateContents({
    items: setup.stock,
    movements: await movementsOf(loading),
    orders: await ordersOf(loading),
    epochsAbove: epochsAbove(),
    watchShoppers: (setup.holdLimits?.perShopper ?? null) !== null,
  });
  await loadInto(loading, LOAD_FIELDS, keys.stock, contents.fields);
  await loadInto(loading, LOAD_FIELDS, keys.holds, contents.holds);
  await loadInto(loading, LOAD_MEMBERS, keys.due, contents.due);
  await loadInto(loading, LOAD_MEMBERS, keys.watched, contents.watched);
  const generation = randomUUID();
  await locked(loading, OPEN, keys.stock, [generation, run]);
  return generation;
}

function ordersOf({ ledger, ordersWithUnits }: Loading): Promise<readonly Order[]> {
  const all = Effect.map(ledger.snapshot, ({ orders }) => orders);
  return Effect.runPromise(ordersWithUnits ?? all);
}

async function movementsOf({ movements }: Loading): Promise<UnitsMoved> {
  if (!movements) return new Map();
  const { levels } = await Effect.runPromise(movements.snapshot);
  return new Map(levels.map((level) => [level.sku, level]));
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
