/**
 * Whether the gate of the stock is in step with the ledger, for whoever watches a sale. Orders go
 * on while it looks, so it asks for no more than what must hold at any moment: the gate has sold
 * at least what was confirmed before it was asked, and no more than what may be confirmed after.
 */
import { Effect } from "effect";
import type { Order } from "../../core/order.ts";
import type { OrderLedgerService } from "../../ports/order-ledger.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { StockLedgerService } from "../../ports/stock-ledger.ts";

/** A SKU of which the gate has sold fewer units than the ledger, or more than it can ever confirm. */
export interface GateDrift {
  readonly sku: string;
  readonly soldAtGate: number;
  readonly soldAtLeast: number;
  readonly soldAtMost: number;
}

export function gateDrift(
  stock: StockLedgerService,
  ledger: Pick<OrderLedgerService, "snapshot">,
): Effect.Effect<readonly GateDrift[], PortUnavailable> {
  return Effect.gen(function* () {
    const before = unitsBySku((yield* ledger.snapshot).orders, isConfirmed);
    const { levels } = yield* stock.snapshot;
    const after = unitsBySku((yield* ledger.snapshot).orders, mayBeSold);
    const drifts: GateDrift[] = [];
    for (const { sku, sold: soldAtGate } of levels) {
      const soldAtLeast = before.get(sku) ?? 0;
      const soldAtMost = after.get(sku) ?? 0;
      if (soldAtGate >= soldAtLeast && soldAtGate <= soldAtMost) continue;
      drifts.push({ sku, soldAtGate, soldAtLeast, soldAtMost });
    }
    return drifts;
  });
}

function isConfirmed({ state }: Order): boolean {
  return state === "confirmed";
}

/** An order that is paid: its units are sold before the ledger confirms it. */
function mayBeSold({ state }: Order): boolean {
  return state === "confirmed" || state === "authorised";
}

function unitsBySku(
  orders: readonly Order[],
  counts: (order: Order) => boolean,
): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const order of orders) {
    if (!counts(order)) continue;
    for (const line of order.lines) {
      units.set(line.sku, (units.get(line.sku) ?? 0) + line.units);
    }
  }
  return units;
}
