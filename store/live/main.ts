/**
 * Starts a live store: opens what it stands on, ends what a crash has left, listens, and does the
 * rounds of the background until it is told to stop. Stopping is in the order in which a load
 * balancer and a shopper need it: not ready any more, then no new requests, then no rounds, then
 * the ledgers.
 */
import { Effect } from "effect";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import { backgroundRounds, startRounds } from "./background.ts";
import type { WebhookHandler } from "./http/routes/webhooks.ts";
import { buildServer, drain } from "./http/server.ts";
import { type LiveStore, makeLiveStore } from "./live-store.ts";
import type { LiveParts } from "./parts.ts";

export interface StoreOptions {
  readonly setup: SaleSetup;
  readonly parts: LiveParts;
  readonly gateways: readonly PaymentGateway[];
  readonly keys: readonly Buffer[];
  /** Takes the deliveries of Stripe's webhook; null where none are expected. */
  readonly stripeWebhook: WebhookHandler | null;
  /** True where shoppers come over https, through a proxy that ends it. */
  readonly secure: boolean;
  /** Version of the product. */
  readonly version: string;
  readonly host: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** False for a worker whose neighbour does the rounds. */
  readonly rounds: boolean;
  /** True where no other process serves this sale: what a crash left can then be ended at once. */
  readonly alone: boolean;
  /** How long a load balancer is given to see that the store is not ready, before it stops. */
  readonly drainMillis: number;
}

export interface RunningStore {
  readonly url: string;
  readonly store: LiveStore;
  readonly stop: () => Promise<void>;
}

export async function startStore(options: StoreOptions): Promise<RunningStore> {
  const { setup, parts, gateways, keys, host, port, drainMillis } = options;
  const store = makeLiveStore({ setup, parts, gateways, keys });
  // Where nobody else serves, no request can be under way before this store listens.
  if (options.alone) await Effect.runPromise(Effect.either(store.reconciliation.reconcile(0)));
  const server = buildServer({
    store,
    identityKeys: keys,
    secure: options.secure,
    version: options.version,
    ...(options.stripeWebhook !== null && { stripeWebhook: options.stripeWebhook }),
  });
  const stopRounds = options.rounds
    ? startRounds(backgroundRounds(store), (round, failure) =>
        server.log.error({ round, failure: String(failure) }, "a round failed"),
      )
    : () => Promise.resolve();
  const url = await server.listen({ host, port });
  return {
    url,
    store,
    stop: async () => {
      drain(server);
      await new Promise((resolve) => setTimeout(resolve, drainMillis));
      await server.close();
      await stopRounds();
      await parts.durable();
      await parts.close();
    },
  };
}
