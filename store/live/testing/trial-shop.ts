/**
 * A shop for tests, whole: a small sale over parts in memory, its pages and API on a real socket,
 * and the sandbox as its bank, whose ledger says what was really charged.
 */
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import type { FastifyInstance } from "fastify";
import type { PaymentGateway } from "../../ports/payment-gateway.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { buildServer, type HttpOptions } from "../http/server.ts";
import { type LiveStore, makeLiveStore } from "../live-store.ts";
import type { OrderMails } from "../mailer/order-mails.ts";
import { memoryParts } from "../memory-parts.ts";
import { SANDBOX_FORM } from "../pages/card-form.ts";
import { problemPage } from "../pages/problem-page.ts";
import { storefront } from "../pages/storefront.ts";
import type { LiveParts } from "../parts.ts";
import type { Payments } from "../payments.ts";
import type { SandboxBehaviour } from "../sandbox/sandbox-behaviour.ts";
import { sandboxGateway } from "../sandbox/sandbox-gateway.ts";
import type { SandboxLedger } from "../sandbox/sandbox-ledger.ts";
import { startSandbox } from "../sandbox/sandbox-server.ts";
import { TRIAL_KEY } from "./trial-server.ts";

export interface TrialShop {
  readonly origin: string;
  readonly store: LiveStore;
  readonly server: FastifyInstance;
  /** What the bank has seen. */
  readonly bank: SandboxLedger;
  /** Lets in whose turn it is, as the rounds of the background do. */
  readonly admit: () => Promise<void>;
  /** Settles what the bank has left open for longer than `quietMillis`. */
  readonly reconcile: (quietMillis: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface TrialShopOptions {
  readonly setup: SaleSetup;
  readonly bank?: Partial<SandboxBehaviour>;
  /** How long the store waits for the bank, milliseconds. */
  readonly bankMillisMax?: number;
  /** Whatever else is to be otherwise about the server. */
  readonly http?: Partial<Omit<HttpOptions, "store" | "mails">>;
  /** Who takes the money, and how a card is named to them; the sandbox where it is left out. */
  readonly payments?: Pick<Payments, "card" | "cardholder"> & { readonly gateway: PaymentGateway };
  /** Makes the mails of orders over the shop's parts. */
  readonly mails?: (parts: LiveParts) => OrderMails;
}

export async function trialShop(options: TrialShopOptions): Promise<TrialShop> {
  const { setup, bankMillisMax: timeLimitMillis = 20_000 } = options;
  const folder = mkdtempSync(join(tmpdir(), "trial-shop-"));
  const sandbox = await startSandbox({
    folder,
    port: 0,
    ...(options.bank && { behaviour: options.bank }),
  });
  const sandboxed = sandboxGateway({ url: sandbox.url, timeLimitMillis });
  const { gateway = sandboxed, card = SANDBOX_FORM, cardholder = null } = options.payments ?? {};
  const memory = memoryParts(setup);
  const mails = options.mails?.(memory);
  const parts = mails === undefined ? memory : { ...memory, orders: mails.orders };
  const store = makeLiveStore({ setup, parts, gateways: [gateway], keys: [TRIAL_KEY] });
  const server = buildServer({
    store,
    identityKeys: [TRIAL_KEY],
    secure: false,
    version: "0.0.0",
    problemPage,
    ...(mails !== undefined && { mails }),
    cardholder,
    ...options.http,
  });
  server.register(storefront, { card });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    store,
    server,
    bank: sandbox.ledger,
    admit: async () => {
      if (store.admission !== null) await Effect.runPromise(store.admission.admitDue(null));
    },
    reconcile: async (quietMillis) => {
      await Effect.runPromise(store.reconciliation.reconcile(quietMillis));
    },
    close: async () => {
      await server.close();
      sandboxed.close();
      await mails?.close();
      await parts.close();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}
