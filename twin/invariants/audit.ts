/**
 * The invariants of the store, held against its ledgers: in tests after every event, in every run
 * at its end. Each critical one has two witnesses, the ledgers themselves and the sale log, and
 * the payment networks are a third for the money.
 */
import { BrokenAssumption } from "../../engine/assert.ts";
import type { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND } from "../../engine/time.ts";
import type { Finding } from "../../store/core/audit.ts";
import type { StockLevel } from "../../store/core/hold.ts";
import { auditOrders } from "../../store/core/order-audit.ts";
import type { OrderBookSnapshot } from "../../store/core/order-book.ts";
import { auditPayments, type GatewayCharge } from "../../store/core/payment-audit.ts";
import { auditPromotions } from "../../store/core/promotion-audit.ts";
import { auditStock } from "../../store/core/stock-audit.ts";
import type { SurveyDesk } from "../adapters/feedback-desk.ts";
import type { StoreInMemory } from "../adapters/store-in-memory.ts";
import type { BrokenInvariant } from "../result.ts";

export interface AuditMoment {
  readonly simulation: Simulation;
  /** True where nothing is under way any more. */
  readonly quiescent: boolean;
}

/** Everything that does not hold now, from every witness. */
export function brokenInvariants(
  store: StoreInMemory,
  surveys: SurveyDesk | null,
  moment: AuditMoment,
): readonly BrokenInvariant[] {
  const stock = store.stock.snapshot();
  const orders = store.orderBook.snapshot();
  const promotions = store.promotions.snapshot();
  const { quiescent, simulation } = moment;
  const nowMillis = store.epochMillis + Math.floor(simulation.now / MILLISECOND);
  const findings: readonly Finding[] = [
    ...auditStock(stock, { now: nowMillis, sweepEvery: store.sweepEveryMillis }),
    ...auditOrders({ orders, holds: stock.holds, levels: stock.levels, quiescent }),
    ...auditPayments({ orders, charges: chargesOf(store, orders), quiescent }),
    ...store.tally.audit(stock, orders, promotions),
    ...auditPromotions({
      promotions,
      orders: orders.orders,
      floorOf: (sku) => store.floorOf(sku),
      quiescent,
    }),
    ...(surveys?.audit(orders) ?? []),
  ];
  return findings.map(({ id, what }) => ({ id, what, at: simulation.now }));
}

/** What the payment networks took, by their own ledgers; an order is known by its attempts. */
function chargesOf(store: StoreInMemory, orders: OrderBookSnapshot): readonly GatewayCharge[] {
  const orderOf = new Map<string, string>();
  for (const row of orders.payments) {
    if (row.kind === "attempt") orderOf.set(row.key, row.order);
  }
  const charges: GatewayCharge[] = [];
  for (const network of store.networks) {
    const gateway = network.name;
    for (const { key, captured, refunded } of network.charges()) {
      charges.push({ gateway, key, order: orderOf.get(key) ?? "", captured, refunded });
    }
  }
  return charges;
}

/** For tests: ends the run at the first event after which an invariant does not hold. */
export function assertSound(
  store: StoreInMemory,
  surveys: SurveyDesk | null,
  simulation: Simulation,
): void {
  const [broken] = brokenInvariants(store, surveys, { simulation, quiescent: false });
  if (broken !== undefined) throw new BrokenAssumption(`${broken.id}: ${broken.what}`);
}

/** Units beyond what was ever there, over all SKUs; 0 in a sound store. */
export function oversoldUnits(levels: readonly StockLevel[]): number {
  return levels.reduce((sum, level) => {
    const there = level.initial + level.restocked - level.writtenOff;
    return sum + Math.max(0, level.sold - there);
  }, 0);
}
