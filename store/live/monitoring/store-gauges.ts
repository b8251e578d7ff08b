/**
 * What stands in the store's ledgers at the moment of a look: units, the waiting room, payments in
 * doubt, whether the store can serve. They are of the sale: every node gives the same.
 */
import { Effect } from "effect";
import { Gauge, type Registry } from "prom-client";
import type { CatalogPage } from "../../core/catalog.ts";
import type { StockLevel } from "../../core/hold.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { LiveStore } from "../live-store.ts";

/** Items that have series of their own: those with the fewest units left come first. */
const SKUS_SHOWN_MAX = 100;
/** Items that a look reads; beyond this it says that it has not seen all. */
const SKUS_READ_MAX = 5_000;
const PAGE = 500;
const UNFINISHED_MAX = 1_000;
const PLACES = ["available", "held", "sold", "quarantined"] as const;

export interface StoreSeen {
  readonly outOfStep: readonly string[];
  readonly queueLength: number;
  readonly inDoubtMillis: number;
  readonly unready: string | null;
}

export class StoreGauges {
  readonly #store: LiveStore;
  readonly #soldByLog: ReadonlyMap<string, number>;
  readonly #gauges: ReturnType<typeof gaugesIn>;

  /** `soldByLog`: units per SKU that the sale log says were sold. */
  constructor(registry: Registry, store: LiveStore, soldByLog: ReadonlyMap<string, number>) {
    this.#store = store;
    this.#soldByLog = soldByLog;
    this.#gauges = gaugesIn(registry);
  }

  async look(now: number): Promise<StoreSeen> {
    const unready = await this.#readiness();
    if (unready !== null) return { outOfStep: [], queueLength: 0, inDoubtMillis: 0, unready };
    const levels = await this.#levels();
    this.#showStock(levels);
    const outOfStep = levels.flatMap((level) => stepProblem(level, this.#soldByLog) ?? []);
    this.#gauges.outOfStep.set(outOfStep.length);
    const queueLength = await this.#lookAtQueue();
    const inDoubtMillis = await this.#lookAtPayments(now);
    return { outOfStep, queueLength, inDoubtMillis, unready };
  }

  async #readiness(): Promise<string | null> {
    const began = performance.now();
    let unready: string | null;
    try {
      unready = await this.#store.parts.check();
    } catch (failure) {
      unready = failure instanceof Error ? failure.message : String(failure);
    }
    this.#gauges.check.set((performance.now() - began) / 1_000);
    this.#gauges.ready.set(unready === null ? 1 : 0);
    return unready;
  }

  async #levels(): Promise<readonly StockLevel[]> {
    const { catalog, stock } = this.#store.ports;
    const levels: StockLevel[] = [];
    let after: string | null = null;
    do {
      const page: CatalogPage = await run(catalog.page({ seller: null, after, limit: PAGE }));
      const read = page.listings.map(({ sku }) => run(stock.level(sku)));
      for (const level of await Promise.all(read)) if ("available" in level) levels.push(level);
      after = page.next;
      // A long catalog is read with room for orders in between.
      await new Promise(setImmediate);
    } while (after !== null && levels.length < SKUS_READ_MAX);
    this.#gauges.skus.set(levels.length);
    return levels;
  }

  #showStock(levels: readonly StockLevel[]): void {
    const { units, allUnits, soldOut, oversold } = this.#gauges;
    units.reset();
    const scarce = [...levels].sort((one, other) => one.available - other.available);
    for (const level of scarce.slice(0, SKUS_SHOWN_MAX)) {
      for (const place of PLACES) {
        units.set({ sku: level.sku, place }, level[place]);
      }
    }
    for (const place of PLACES) {
      allUnits.set(
        { place },
        levels.reduce((sum, level) => sum + level[place], 0),
      );
    }
    soldOut.set(levels.filter(({ available }) => available <= 0).length);
    const over = levels.map((level) => level.held + level.sold - givenOf(level));
    oversold.set(over.reduce((sum, one) => sum + Math.max(0, one), 0));
  }

  async #lookAtQueue(): Promise<number> {
    const { tickets } = this.#store.parts;
    if (tickets === null) return 0;
    const { waiting, passes, inside } = await run(tickets.snapshot);
    this.#gauges.queue.set({ where: "waiting" }, waiting);
    this.#gauges.queue.set({ where: "admitted" }, passes);
    this.#gauges.queue.set({ where: "inside" }, inside);
    return waiting;
  }

  async #lookAtPayments(now: number): Promise<number> {
    const { orders } = this.#store.ports;
    const open = await run(orders.unfinished({ changedBefore: now, limit: UNFINISHED_MAX }));
    const inDoubt = open.filter(({ state }) => state === "inDoubt");
    const oldest = inDoubt.reduce((least, { changedAt }) => Math.min(least, changedAt), now);
    this.#gauges.inDoubt.set(inDoubt.length);
    this.#gauges.inDoubtAge.set((now - oldest) / 1_000);
    return now - oldest;
  }
}

function givenOf({ initial, restocked, writtenOff }: StockLevel): number {
  return initial + restocked - writtenOff;
}

/** Where the units of a SKU do not add up, or the log says that another number was sold. */
function stepProblem(level: StockLevel, soldByLog: ReadonlyMap<string, number>): string | null {
  const { sku, available, held, sold, quarantined } = level;
  const there = available + held + sold + quarantined;
  if (there !== givenOf(level)) return `${sku}: ${there} units of ${givenOf(level)}`;
  const logged = soldByLog.get(sku) ?? 0;
  return logged === sold ? null : `${sku}: ${sold} units sold, ${logged} by the sale log`;
}

function run<Answer>(effect: Effect.Effect<Answer, PortUnavailable>): Promise<Answer> {
  return Effect.runPromise(effect);
}

function gaugesIn(registry: Registry) {
  const gauge = (name: string, help: string, ...labelNames: string[]) =>
    new Gauge({ name: `rehearse_${name}`, help, labelNames, registers: [registry] });
  return {
    units: gauge(
      "stock_units",
      `Units by place, of the ${SKUS_SHOWN_MAX} scarcest`,
      "sku",
      "place",
    ),
    allUnits: gauge("stock_all_units", "Units of all items by place", "place"),
    skus: gauge("skus", "Items on sale"),
    soldOut: gauge("skus_sold_out", "Items with no unit left to hold"),
    oversold: gauge("oversold_units", "Units held and sold that are not there; always 0"),
    outOfStep: gauge("stock_out_of_step", "Items whose units do not add up"),
    queue: gauge("queue_shoppers", "Shoppers by where they are", "where"),
    inDoubt: gauge("payments_in_doubt", "Orders of which nobody knows whether they were charged"),
    inDoubtAge: gauge("payment_in_doubt_oldest_seconds", "How long the oldest of them has been so"),
    check: gauge("ledger_check_seconds", "How long the ledgers took to say that they serve"),
    ready: gauge("ready", "1 where the store can serve"),
  };
}
