/**
 * Starts a live store: opens what it stands on, ends what a crash has left, listens, and does the
 * rounds of the background until it is told to stop. Stopping is in the order in which a load
 * balancer and a shopper need it: not ready any more, then no new requests, then no rounds, then
 * the ledgers.
 */
import { Effect } from "effect";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import { adminGuards } from "./admin/admin-guard.ts";
import type { AdminTokens } from "./admin/admin-tokens.ts";
import { registerAdmin } from "./admin/register-admin.ts";
import { backgroundRounds, controlRound, leftOrdersRound, startRounds } from "./background.ts";
import { buildServer, drain } from "./http/server.ts";
import { type LiveStore, makeLiveStore } from "./live-store.ts";
import type { OrderMails } from "./mailer/order-mails.ts";
import type { LogLevel } from "./monitoring/log-level.ts";
import { WatchedParts } from "./monitoring/monitor.ts";
import { registerMonitoring } from "./monitoring/register-monitoring.ts";
import { storeLog } from "./monitoring/store-log.ts";
import { problemPage } from "./pages/problem-page.ts";
import { storefront } from "./pages/storefront.ts";
import type { LiveParts } from "./parts.ts";
import type { Payments } from "./payments.ts";
import { SaleRecord } from "./sale-record.ts";
import { SimulatedParts, simulatedParts } from "./self-check.ts";
import { SurveyCalendar } from "./survey-calendar.ts";
import { shareFigures } from "./worker-figures.ts";

export interface StoreOptions {
  readonly setup: SaleSetup;
  readonly parts: LiveParts;
  readonly gateways: readonly PaymentGateway[];
  readonly keys: readonly Buffer[];
  /** Makes what takes the deliveries of Stripe's webhook; null where none are expected. */
  readonly stripeWebhook: Payments["stripeWebhook"];
  /** How a buyer names a card on the pages; among those of the sandbox where it is left out. */
  readonly card?: Payments["card"];
  /** What a browser needs to ask a cardholder; nobody is asked where it is left out. */
  readonly cardholder?: Payments["cardholder"];
  /** True where shoppers come over https, through a proxy that ends it. */
  readonly secure: boolean;
  /** Proxies whose X-Forwarded-For is believed: addresses or blocks of them. */
  readonly trustProxy: readonly string[];
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
  /** The place of this process among its neighbours on the machine, from 0. */
  readonly worker: number;
  /** Where the store keeps what is its own; null where it keeps nothing. */
  readonly folder: string | null;
  readonly logLevel: LogLevel;
  readonly adminTokens: AdminTokens;
  /** Blocks of addresses that may run the sale, as in `10.1.0.0/16`. */
  readonly adminNetworks: readonly string[];
  /** The file that the sale log is written into while it grows; null writes none. */
  readonly record: string | null;
  /** Where alerts are told, and the key that they are signed with; null tells nobody. */
  readonly alertWebhook: { readonly url: string; readonly key: Buffer } | null;
  /** Makes the mails of orders over the store's parts; null where none are sent. */
  readonly mails?: ((of: MailsOf) => OrderMails) | null;
  /** The address that shoppers know the shop by; the one it listens at where null. */
  readonly shopUrl?: string | null;
}

/** What the mails of orders stand on. */
export interface MailsOf {
  readonly parts: LiveParts;
  readonly onProblem: (problem: string) => void;
}

export interface RunningStore {
  readonly url: string;
  readonly store: LiveStore;
  readonly stop: () => Promise<void>;
}

export async function startStore(options: StoreOptions): Promise<RunningStore> {
  const { setup, gateways, keys, host, port, drainMillis, worker } = options;
  const watched = new WatchedParts(options.parts, worker);
  const logger = storeLog({ level: options.logLevel, worker });
  const mails = options.mails?.({
    parts: watched.parts,
    onProblem: (problem) => logger.error({ problem }, "a mail went wrong"),
  });
  const parts = mails === undefined ? watched.parts : { ...watched.parts, orders: mails.orders };
  const store = makeLiveStore({ setup, parts, gateways, keys });
  const simulated = simulatedParts({ ports: store.ports, gateways, keys });
  if (simulated.length > 0) throw new SimulatedParts(simulated);
  const calendar = new SurveyCalendar(store.surveys, setup.feedback);
  if (options.rounds) watched.tail.listen((event) => calendar.heed(event));
  const path = options.record;
  const record = path === null ? null : await SaleRecord.open({ path, parts });
  // Where nobody else serves, no request can be under way before this store listens.
  if (options.alone) await Effect.runPromise(Effect.either(store.reconciliation.reconcile(0)));
  const { stripeWebhook } = options;
  const behindProxy = options.trustProxy.length > 0;
  const settle = async (order: string) => {
    await Effect.runPromise(store.reconciliation.settle(order));
    await parts.durable();
  };
  const server = buildServer({
    store,
    identityKeys: keys,
    secure: options.secure,
    ...(behindProxy && { trustProxy: options.trustProxy }),
    version: options.version,
    problemPage,
    ...(stripeWebhook !== null && { stripeWebhook: stripeWebhook(settle) }),
    logger,
    ...(mails !== undefined && { mails }),
    cardholder: options.cardholder ?? null,
    guards: adminGuards({
      tokens: options.adminTokens,
      networks: options.adminNetworks,
      behindProxy,
    }),
  });
  registerAdmin(server);
  registerMonitoring(server, {
    watched,
    ofWorkers: shareFigures(() => watched.ofProcess.getMetricsAsJSON()),
    folder: options.folder,
    webhook: options.alertWebhook,
    mails: mails === undefined ? null : () => mails.mailer.figures(),
  });
  const { card } = options;
  server.register(storefront, card === undefined ? {} : { card });
  await Effect.runPromise(store.control.refresh);
  const rounds = [
    controlRound(store),
    leftOrdersRound(store, server.desk.left),
    ...(options.rounds ? backgroundRounds(store, calendar) : []),
  ];
  const url = await server.listen({ host, port });
  // Not before it listens: a store that cannot, as where its port is taken, is to end at once.
  const stopRounds = startRounds(rounds, (round, failure) =>
    server.log.error({ round, failure: String(failure) }, "a round failed"),
  );
  mails?.leadTo(options.shopUrl ?? url);
  if (options.rounds) mails?.start();
  record?.start((failure) =>
    server.log.error({ failure: String(failure) }, "the sale log could not be recorded"),
  );
  return {
    url,
    store,
    stop: async () => {
      drain(server);
      await new Promise((resolve) => setTimeout(resolve, drainMillis));
      await server.close();
      await stopRounds();
      await mails?.close();
      await record?.stop();
      await parts.durable();
      await parts.close();
    },
  };
}
