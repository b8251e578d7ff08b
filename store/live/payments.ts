/**
 * Who takes the money of a live store: Stripe where the environment has a key of it, and otherwise
 * the sandbox, where no money moves. Keys come from the environment and not from the command line,
 * which every user of the machine can list.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { SaleSetup } from "../service/sale-setup.ts";
import { FolderProblem, openFolder, type StoreFolder } from "./data-folder.ts";
import type { WebhookHandler } from "./http/routes/webhooks.ts";
import { givenKeys } from "./node-secrets.ts";
import { type CardForm, SANDBOX_FORM } from "./pages/card-form.ts";
import { sandboxGateway } from "./sandbox/sandbox-gateway.ts";
import { keepSandbox } from "./sandbox/sandbox-program.ts";
import { stripeGateway } from "./stripe/stripe-gateway.ts";
import { stripeNews } from "./stripe/stripe-news.ts";
import { StripeWebhook } from "./stripe/stripe-webhook.ts";

/** The file of the sandbox's program, beside this one in the build. */
declare const SANDBOX_PROGRAM: string;

/** Set where a sandbox runs already: for the workers of a cluster, and for several nodes. */
const SANDBOX_URL = "REHEARSE_SANDBOX_URL";
const STRIPE_KEY = "STRIPE_SECRET_KEY";
/** Signing secrets of the webhook, apart by commas; more than one while they are changed. */
const STRIPE_SECRETS = "STRIPE_WEBHOOK_SECRETS";
/** Another address than Stripe's own. */
const STRIPE_API = "STRIPE_API_URL";
/** Named to every browser; without one the pages take no cards. */
const STRIPE_PUBLISHABLE = "STRIPE_PUBLISHABLE_KEY";
/** Another address than Stripe's own of the script that takes a card on the pages. */
const STRIPE_SCRIPT = "STRIPE_JS_URL";
const STRIPE_SCRIPT_URL = "https://js.stripe.com/v3/";
const STRIPE_API_URL = "https://api.stripe.com";

export interface Payments {
  readonly gateways: readonly PaymentGateway[];
  /** As a person reads it. */
  readonly about: string;
  /** How a buyer names a card on the pages. */
  readonly card: CardForm;
  /** What a browser needs to ask the cardholder of a charge; null where nobody can be asked. */
  readonly cardholder: ((key: string) => Promise<string | null>) | null;
  /**
   * Makes what takes the deliveries of Stripe's webhook; `settle` ends an order that was left open
   * and resolves when that is on disk. Null where no delivery is expected.
   */
  readonly stripeWebhook: ((settle: (order: string) => Promise<unknown>) => WebhookHandler) | null;
  readonly close: () => Promise<void>;
}

export function openPayments(setup: SaleSetup, folder: StoreFolder | null): Promise<Payments> {
  const { timeLimitMillis } = setup.settings.payment;
  const key = process.env[STRIPE_KEY] ?? "";
  return key === "" ? bySandbox(timeLimitMillis, folder) : byStripe(key, timeLimitMillis);
}

async function byStripe(secretKey: string, timeLimitMillis: number): Promise<Payments> {
  const origin = process.env[STRIPE_API];
  const card = stripeForm(process.env);
  const asksCardholder = card.kind === "stripe";
  const gateway = stripeGateway({
    secretKey,
    timeLimitMillis,
    asksCardholder,
    ...(origin && { origin }),
  });
  const problem = await gateway.check();
  if (problem !== null) {
    gateway.close();
    throw new FolderProblem(`Stripe cannot be used with ${STRIPE_KEY}: ${problem}`);
  }
  const live = !secretKey.includes("_test_");
  return {
    gateways: [gateway],
    about: live ? "Stripe: money moves" : "Stripe with a test key: no money moves",
    card,
    cardholder: asksCardholder ? (key) => gateway.cardholderSecret(key) : null,
    stripeWebhook: webhookOf(live),
    close: async () => gateway.close(),
  };
}

/** Where no browser may be told a key, cards can be taken through the API alone. */
export function stripeForm(environment: NodeJS.ProcessEnv): CardForm {
  const publishableKey = environment[STRIPE_PUBLISHABLE] ?? "";
  if (publishableKey === "") return { kind: "none" };
  if (!/^pk_\w+$/.test(publishableKey)) {
    // A secret key would be told to everybody.
    throw new FolderProblem(`${STRIPE_PUBLISHABLE} is no publishable key, which begins with pk_.`);
  }
  const scriptUrl = environment[STRIPE_SCRIPT] || STRIPE_SCRIPT_URL;
  const apiOrigin = new URL(environment[STRIPE_API] || STRIPE_API_URL).origin;
  return { kind: "stripe", publishableKey, scriptUrl, apiOrigin };
}

/** What Stripe tells of an order ends it where it was left open, by asking Stripe itself. */
function webhookOf(live: boolean): Payments["stripeWebhook"] {
  const secrets = (process.env[STRIPE_SECRETS] ?? "").split(",").filter((secret) => secret !== "");
  if (secrets.length === 0) return null;
  const webhook = new StripeWebhook({ secrets, live });
  return (settle) => stripeNews({ webhook, settle });
}

/** Starts the sandbox that all workers of a cluster use; the answer ends it. */
export async function shareSandbox(folder: string): Promise<() => Promise<void>> {
  if (process.env[SANDBOX_URL] !== undefined) return () => Promise.resolve();
  const sandbox = await keepSandbox(sandboxOptions(openFolder(folder, givenKeys())), tellGivenUp);
  process.env[SANDBOX_URL] = sandbox.url;
  return sandbox.close;
}

/** A process of its own unless one runs already. */
async function bySandbox(timeLimitMillis: number, folder: StoreFolder | null): Promise<Payments> {
  const given = process.env[SANDBOX_URL];
  const spawned =
    given === undefined ? await keepSandbox(sandboxOptions(folder), tellGivenUp) : null;
  const url = spawned?.url ?? given ?? "";
  const gateway = sandboxGateway({ url, timeLimitMillis });
  return {
    gateways: [gateway],
    about: `the sandbox at ${url}: no money moves`,
    card: SANDBOX_FORM,
    cardholder: null,
    stripeWebhook: null,
    close: async () => {
      gateway.close();
      await spawned?.close();
    },
  };
}

function tellGivenUp(reason: string): void {
  process.stderr.write(`the sandbox is not started any more: ${reason}\n`);
}

function sandboxOptions(folder: StoreFolder | null) {
  const program = fileURLToPath(new URL(SANDBOX_PROGRAM, import.meta.url));
  const books =
    folder === null ? mkdtempSync(join(tmpdir(), "sandbox-")) : join(folder.path, "sandbox");
  return { program, folder: books, port: 0 };
}
