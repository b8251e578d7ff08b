/**
 * A live store for tests: a small sale over parts in memory, or over any others, behind the real
 * HTTP server on a real socket, with a gateway that does what a script says and shoppers that ask
 * by HTTP alone.
 */
import { Agent, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { Clock, Effect } from "effect";
import type { FastifyInstance } from "fastify";
import { CART_LIMITS } from "../../core/cart.ts";
import { FEEDBACK_POLICY } from "../../core/feedback.ts";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { PAYMENT_POLICY } from "../../core/payment-policy.ts";
import type { Offer } from "../../core/promotion.ts";
import type { SaleTimes } from "../../core/sale.ts";
import { type GatewayScript, ScriptedGateway } from "../../memory/scripted-gateway.ts";
import type { RequestLimits } from "../../service/limits.ts";
import type { RoomSetup, SaleSetup } from "../../service/sale-setup.ts";
import { OVERLOAD_LIMITS, type OverloadLimits } from "../http/overload.ts";
import { buildServer, type HttpOptions } from "../http/server.ts";
import { type LiveStore, makeLiveStore } from "../live-store.ts";
import { memoryParts } from "../memory-parts.ts";
import type { LiveParts } from "../parts.ts";

export const TRIAL_KEY = Buffer.alloc(32, 7);
const DAY = 86_400_000;
export const PRICE = 2_500;
export const LIST_PRICE = 4_000;

/** The limit at the door alone: a machine that runs many tests at once is late by itself. */
const UNHURRIED: OverloadLimits = {
  ...OVERLOAD_LIMITS,
  shedding: { ...OVERLOAD_LIMITS.shedding, codel: null },
};

export interface TrialSetupOptions {
  readonly units?: number;
  readonly limitPerShopper?: number | null;
  readonly limitPerPerson?: number | null;
  readonly holdLimits?: HoldLimits | null;
  readonly limits?: RequestLimits | null;
  readonly offers?: readonly Offer[];
  readonly room?: RoomSetup | null;
  readonly sale?: SaleTimes;
}

/** One seller with two items; the sale is open for a day around now. */
export function trialSetup(options: TrialSetupOptions = {}): SaleSetup {
  const { units = 10, limitPerShopper = null, limitPerPerson = null, offers = [] } = options;
  const now = Date.now();
  const sale = { earlyAccessAt: now - DAY, publicAt: now - DAY, closesAt: now + DAY };
  const of = { seller: "hearth", currency: "USD", price: LIST_PRICE, salePrice: PRICE };
  return {
    name: "Trial",
    catalog: {
      sellers: [{ seller: "hearth", name: "Hearth" }],
      products: [
        { product: "toasting", seller: "hearth", name: "Toasting", skus: ["TOASTER"] },
        { product: "boiling", seller: "hearth", name: "Boiling", skus: ["KETTLE"] },
      ],
      listings: [
        { ...of, sku: "TOASTER", product: "toasting", name: "Toaster" },
        { ...of, sku: "KETTLE", product: "boiling", name: "Kettle Élan" },
      ],
    },
    stock: ["TOASTER", "KETTLE"].map((sku) => ({ sku, units, limitPerShopper, limitPerPerson })),
    holdLimits: options.holdLimits ?? null,
    settings: {
      sale: options.sale ?? sale,
      holdForMillis: 600_000,
      cartLimits: CART_LIMITS,
      payment: PAYMENT_POLICY,
      promotions: { offers, highIntentViews: 3 },
      limits: options.limits ?? null,
    },
    room: options.room ?? null,
    feedback: FEEDBACK_POLICY,
  };
}

export interface TrialServerOptions extends Partial<Omit<HttpOptions, "store">> {
  readonly setup?: SaleSetup;
  readonly parts?: (setup: SaleSetup) => LiveParts | Promise<LiveParts>;
  readonly gateways?: readonly GatewayScript[];
  /** Routes of a test's own, registered before the server listens. */
  readonly extend?: (scope: FastifyInstance) => unknown;
  /** What watches or runs the whole server. */
  readonly beside?: (server: FastifyInstance) => void;
}

export interface TrialServer {
  readonly server: FastifyInstance;
  readonly store: LiveStore;
  readonly gateways: readonly ScriptedGateway[];
  /** As in `http://127.0.0.1:4711`. */
  readonly origin: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function trialServer(options: TrialServerOptions = {}): Promise<TrialServer> {
  const { setup = trialSetup(), gateways: scripts = [{ name: "first" }], ...rest } = options;
  const gateways = scripts.map((script) => ScriptedGateway.make(script));
  const parts = await (options.parts ?? memoryParts)(setup);
  const store = makeLiveStore({ setup, parts, gateways, keys: [TRIAL_KEY] });
  const server = buildServer({
    store,
    identityKeys: [TRIAL_KEY],
    secure: false,
    version: "0.0.0",
    limits: null,
    overload: UNHURRIED,
    ...rest,
  });
  options.beside?.(server);
  const { extend } = options;
  if (extend !== undefined) {
    server.register(async (scope) => {
      await extend(scope);
    });
  }
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const close = async () => {
    await server.close();
    await parts.close();
  };
  return { server, store, gateways, origin: `http://127.0.0.1:${port}`, port, close };
}

export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the wire brought
  readonly body: any;
}

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Connections of all tests of a file; a socket that is free is used again. */
const AGENT = new Agent({ keepAlive: true, maxSockets: 1_024 });

/** Asks over the wire as a program does, and reads the answer to its end. */
export function ask(origin: string, path: string, asked: Asked = {}): Promise<Heard> {
  const { method = asked.body === undefined ? "GET" : "POST", body } = asked;
  const text = body === undefined ? "" : JSON.stringify(body);
  const kind = body === undefined ? {} : { "content-type": "application/json" };
  const length = { "content-length": Buffer.byteLength(text) };
  const headers = { ...kind, ...(method === "GET" ? {} : length), ...asked.headers };
  return new Promise((resolve, reject) => {
    const sent = request(`${origin}${path}`, { method, headers, agent: AGENT }, (response) => {
      let heard = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        heard += part;
      });
      response.on("error", reject);
      response.on("end", () => resolve(heardOf(response, heard)));
    });
    sent.on("error", reject);
    sent.end(text);
  });
}

function heardOf({ statusCode = 0, headers: given }: IncomingMessage, text: string): Heard {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) headers.set(name, String(value));
  const isJson = headers.get("content-type")?.includes("json") === true && text !== "";
  return { status: statusCode, headers, body: isJson ? JSON.parse(text) : text };
}

/** A shopper at the shop's address, with a token of their own. */
export class TrialShopper {
  readonly shopper: string;
  readonly token: string;
  ticket: number | null = null;
  readonly #origin: string;

  private constructor(origin: string, known: { readonly shopper: string; readonly token: string }) {
    this.#origin = origin;
    this.shopper = known.shopper;
    this.token = known.token;
  }

  static async come(origin: string, body: object = {}): Promise<TrialShopper> {
    const heard = await ask(origin, "/api/shoppers", { body });
    if (heard.status !== 201) throw new Error(`no token: ${JSON.stringify(heard.body)}`);
    return new TrialShopper(origin, heard.body);
  }

  get headers(): Readonly<Record<string, string>> {
    const place = this.ticket === null ? {} : { "queue-ticket": String(this.ticket) };
    return { authorization: `Bearer ${this.token}`, ...place };
  }

  ask(path: string, asked: Asked = {}): Promise<Heard> {
    return ask(this.#origin, path, { ...asked, headers: { ...this.headers, ...asked.headers } });
  }

  /** Buys units at once, without a cart. */
  order(key: string, order: Readonly<Record<string, unknown>> = {}): Promise<Heard> {
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
    const items = "cart" in order ? {} : { lines };
    const body = { ...items, paymentToken: "card-1", ...order };
    return this.ask("/api/orders", { body, headers: { "idempotency-key": key } });
  }
}

/** A clock that stands until the test moves it; nothing sleeps on it. */
export class HandClock {
  now: number;
  readonly clock: Clock.Clock;

  constructor(startsAt: number) {
    this.now = startsAt;
    this.clock = {
      ...Clock.make(),
      unsafeCurrentTimeMillis: () => this.now,
      unsafeCurrentTimeNanos: () => BigInt(this.now) * 1_000_000n,
      currentTimeMillis: Effect.sync(() => this.now),
      currentTimeNanos: Effect.sync(() => BigInt(this.now) * 1_000_000n),
    };
  }
}
