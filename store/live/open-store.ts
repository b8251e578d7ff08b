/**
 * From what the command line was asked to a store that serves: which sale, on which ledgers, paid
 * through which gateway. Everything that can be wrong is found before the store listens.
 */
import { createHmac, randomBytes } from "node:crypto";
import { assert } from "../core/assert.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import { LOOPBACK } from "./admin/admin-guard.ts";
import { openAdminTokens, passingAdminToken } from "./admin/admin-tokens.ts";
import { aboutChanges, changedParts } from "./changed-sale.ts";
import { FolderProblem, openFolder, type StoreFolder } from "./data-folder.ts";
import { lockFolder } from "./folder-lock.ts";
import type { MailsRequest } from "./mailer/open-mails.ts";
import { type RunningStore, startStore } from "./main.ts";
import { memoryParts } from "./memory-parts.ts";
import type { LogLevel } from "./monitoring/log-level.ts";
import { givenKeys, givenOperators } from "./node-secrets.ts";
import type { LiveParts } from "./parts.ts";
import { openPayments } from "./payments.ts";
import { RedisRefused } from "./redis/redis-refused.ts";
import { onLedger, type SaleRequest, saleToOpen } from "./sale-to-open.ts";
import { KEY_BYTES } from "./secure-random.ts";
import { openSqlite } from "./sqlite/sqlite-parts.ts";

export { endServing, startWorkers, tellServing, workerPlace } from "./cluster.ts";
export { FolderProblem } from "./data-folder.ts";
export { exportSale } from "./export-store.ts";
export { lockFolder } from "./folder-lock.ts";
export type { RunningStore } from "./main.ts";
export { shareSandbox } from "./payments.ts";

export interface StoreRequest extends SaleRequest {
  /** Null keeps everything in memory: it is gone when the store ends. */
  readonly folder: string | null;
  /** `redis://…` of the gate, or null. */
  readonly redis: string | null;
  /** True where shoppers come over https, through a proxy that ends it. */
  readonly secure: boolean;
  /** Proxies whose X-Forwarded-For is believed: addresses or blocks of them. */
  readonly trustProxy: readonly string[];
  /** Version of the product. */
  readonly version: string;
  readonly host: string;
  readonly port: number;
  /** The number of this process among those of one machine, from 0. */
  readonly worker: number;
  readonly workers: number;
  /** What is written to the log, on standard output; nothing by default. */
  readonly logLevel?: LogLevel;
  /** Blocks of addresses that may run the sale; this machine alone by default. */
  readonly adminNetworks?: readonly string[];
  /** Where alerts are told; nowhere by default. */
  readonly alertWebhook?: string | null;
  /** Where mails go and who they are from; none are sent by default. */
  readonly mails?: MailsRequest | null;
  /** The file that the sale log is written into while it grows; none by default. */
  readonly record?: string | null;
}

export interface OpenedStore extends RunningStore {
  readonly sale: string;
  /** Where orders are kept, as a person reads it. */
  readonly ledger: string;
  /** Who takes the money, as a person reads it. */
  readonly payments: string;
  /** Where the tokens are of those who run the sale, as a person reads it. */
  readonly admin: string;
  /** Where mails go, as a person reads it; null where none are sent. */
  readonly mails: string | null;
  /** What was asked for that the store does not go by, as a person reads it, or null. */
  readonly changes: string | null;
}

/** The seed of a waiting room's lots: secret until the operator publishes it. */
export function drawSeed(): string {
  return randomBytes(KEY_BYTES).toString("hex");
}

/** How long a store that ends answers as not ready before it takes no more requests. */
const DRAIN_MILLIS = 250;

export async function openStore(request: StoreRequest): Promise<OpenedStore> {
  if (request.postgres !== null && request.redis === null) {
    throw new FolderProblem(
      "--postgres keeps the orders of several nodes, whose holds are kept in Redis: add --redis URL.",
    );
  }
  const given = givenKeys();
  const folder = request.folder === null ? null : openFolder(request.folder, given);
  // Workers stand under the lock of the process that watches them.
  const unlock = folder === null || request.workers > 1 ? () => {} : lockFolder(folder.path);
  try {
    const store = await openIn(folder, given, request);
    const stop = () => store.stop().finally(unlock);
    return { ...store, stop };
  } catch (problem) {
    unlock();
    throw problem;
  }
}

async function openIn(
  folder: StoreFolder | null,
  given: readonly Buffer[] | null,
  request: StoreRequest,
): Promise<OpenedStore> {
  const operators = givenOperators();
  const setup = await saleToOpen(request, folder);
  const admin = operators ?? (folder === null ? passingAdminToken() : openAdminTokens(folder));
  const keys = folder?.keys ?? given ?? [randomBytes(KEY_BYTES)];
  const { parts, ledger } = await partsOf(request, setup, folder);
  const payments = await openPayments(setup, folder).catch(async (problem) => {
    await parts.close();
    throw problem;
  });
  const { alertWebhook = null, mails = null } = request;
  try {
    const mailer = mails === null ? null : await import("./mailer/open-mails.ts");
    const running = await startStore({
      setup,
      parts,
      gateways: payments.gateways,
      keys,
      card: payments.card,
      cardholder: payments.cardholder,
      stripeWebhook: payments.stripeWebhook,
      secure: request.secure,
      trustProxy: request.trustProxy,
      version: request.version,
      host: request.host,
      port: request.port,
      rounds: request.worker === 0,
      alone: request.workers === 1 && request.postgres === null,
      drainMillis: DRAIN_MILLIS,
      worker: request.worker,
      folder: request.folder,
      logLevel: request.logLevel ?? "silent",
      adminTokens: admin.tokens,
      adminNetworks: request.adminNetworks ?? LOOPBACK,
      record: request.worker === 0 ? (request.record ?? null) : null,
      alertWebhook: alertWebhook === null ? null : { url: alertWebhook, key: alertKey(keys) },
      mails:
        mailer === null || mails === null
          ? null
          : (of) => mailer.openMails(mails, { ...of, setup, folder: request.folder }),
      shopUrl: mails?.shopUrl ?? null,
    });
    const stop = async () => {
      await running.stop();
      await payments.close();
    };
    return {
      ...running,
      stop,
      sale: setup.name,
      ledger,
      payments: payments.about,
      admin: admin.place,
      mails: mailer === null || mails === null ? null : mailer.aboutMails(mails),
      changes: changesIn(request, setup),
    };
  } catch (problem) {
    await payments.close();
    await parts.close();
    throw problem;
  }
}

/** A demonstration is the same whenever it is asked for. */
function changesIn({ sale }: StoreRequest, setup: SaleSetup): string | null {
  return sale === null || sale === "demo" ? null : aboutChanges(changedParts(setup, sale));
}

/** Alerts are signed under a key of their own, which is made from the store's first. */
function alertKey([first]: readonly Buffer[]): Buffer {
  return createHmac("sha256", first as Buffer)
    .update("alerts")
    .digest();
}

interface Ledger {
  readonly parts: LiveParts;
  readonly ledger: string;
}

/** What Redis and PostgreSQL need is loaded by the stores that stand on them. */
async function partsOf(
  { redis, postgres }: StoreRequest,
  setup: SaleSetup,
  folder: StoreFolder | null,
): Promise<Ledger> {
  if (postgres !== null) return onPostgres(postgres, redis, setup);
  if (folder === null) {
    return { parts: memoryParts(setup), ledger: "in memory: gone when the store ends" };
  }
  const ledger = openSqlite({ folder: folder.path, setup });
  if (redis === null) return { parts: ledger, ledger: `SQLite in ${folder.path}` };
  const { behindRedis } = await import("./redis/behind-redis.ts");
  const gated = await onGate(() => behindRedis(redis, setup, ledger));
  return { parts: gated, ledger: `SQLite in ${folder.path}, behind Redis` };
}

/** A Redis that cannot be used is told of as one line. */
async function onGate<Answer>(use: () => Promise<Answer>): Promise<Answer> {
  try {
    return await use();
  } catch (failure) {
    if (!(failure instanceof RedisRefused)) throw failure;
    throw new FolderProblem(`the Redis named by --redis cannot be used: ${failure.message}.`);
  }
}

async function onPostgres(
  postgres: string,
  redis: string | null,
  setup: SaleSetup,
): Promise<Ledger> {
  assert(redis !== null, "a ledger of several nodes has a gate");
  const { severalNodes } = await import("./several-nodes.ts");
  const parts = await onLedger(() => onGate(() => severalNodes({ redis, postgres, setup })));
  return { parts, ledger: "PostgreSQL, behind Redis" };
}
