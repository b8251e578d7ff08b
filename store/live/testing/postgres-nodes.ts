/** Several nodes of one sale on one PostgreSQL, each with the programs of the store. */
import { Effect } from "effect";
import type { PlaceOrderAnswer } from "../../core/checkout.ts";
import type { PaymentGateway } from "../../ports/payment-gateway.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { type LiveStore, makeLiveStore } from "../live-store.ts";
import { memoryParts } from "../memory-parts.ts";
import type { LiveParts } from "../parts.ts";
import { connectPostgres, type PostgresParts } from "../postgres/postgres-parts.ts";
import { ownSchema } from "./postgres-store.ts";
import { PRICE, TRIAL_KEY } from "./trial-server.ts";

export interface NodesOptions {
  readonly url: string;
  readonly setup: SaleSetup;
  readonly gateway: PaymentGateway;
  /** True where every node has a gate of its own, which knows nothing of the others. */
  readonly ownGates?: boolean;
}

/** A node that shoppers can buy from. */
export interface SellingNode {
  readonly store: LiveStore;
}

export interface TrialNode extends SellingNode {
  readonly ledger: PostgresParts;
  /** The gate of the stock that the node asks. */
  readonly gate: LiveParts["stock"];
}

/** Two nodes for as long as `use` takes. */
export async function withTwoNodes(
  { url, setup, gateway, ownGates = false }: NodesOptions,
  use: (nodes: readonly [TrialNode, TrialNode]) => Promise<void>,
): Promise<void> {
  const schema = ownSchema();
  const shared = memoryParts(setup);
  const node = async (): Promise<TrialNode> => {
    const { stock, carts, rateLimiter } = ownGates ? memoryParts(setup) : shared;
    const ledger = await connectPostgres({ url, schema, setup, connectionsMax: 4 });
    const parts = { stock, carts, rateLimiter, ...ledger };
    const store = makeLiveStore({ setup, parts, gateways: [gateway], keys: [TRIAL_KEY] });
    return { store, ledger, gate: stock };
  };
  // At the same time: one of them makes the tables, and the other finds them made.
  const nodes = await Promise.all([node(), node()]);
  try {
    await use(nodes);
  } finally {
    for (const { ledger } of nodes) await ledger.close();
  }
}

/** One unit for a shopper, in one step. */
export function buy(
  { store }: SellingNode,
  shopper: string,
  key = `key of ${shopper}`,
): Promise<PlaceOrderAnswer> {
  return Effect.runPromise(
    store.checkout.placeOrder({
      shopper,
      invited: false,
      items: { lines: [{ sku: "TOASTER", units: 1, unitPrice: PRICE }] },
      key,
      paymentToken: "card",
    }),
  );
}
