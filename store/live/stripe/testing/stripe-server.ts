/**
 * A server that speaks the part of Stripe's HTTP API which our gateway uses, for tests: form
 * bodies, bearer keys, idempotent requests, PaymentIntents, search with an index that can lag,
 * refunds. It can be told to lose answers, to fail and to be slow.
 */
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { type ApiAnswer, IdempotentRequests } from "./idempotency.ts";
import { type Parameters, StripeBooks } from "./stripe-books.ts";
import { BANK_FRAME, CARD_FRAME, createPaymentMethod, stripeScript } from "./stripe-script.ts";

/** What goes wrong with one request. */
export type StripeFault =
  /** The connection ends before anything was executed, or after. */
  | "dropBefore"
  | "dropAfter"
  /** An error 500 that is kept under the key, before or after the intent was made. */
  | "failBefore"
  | "failAfter"
  | "rateLimit"
  /** Executes and never answers. */
  | "silence";

export interface StripeServerOptions {
  readonly secretKey: string;
  /** The key that browsers ask with; none is taken where it is left out. */
  readonly publishableKey?: string;
  /** Asked for every request; `count` counts those of one method and path from 1. */
  readonly fault?: (request: string, count: number) => StripeFault | null;
  /** Executions wait for it. */
  readonly execution?: () => Promise<void>;
}

export interface StripeServer {
  readonly origin: string;
  readonly books: StripeBooks;
  readonly keys: IdempotentRequests;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  readonly close: () => void;
}

const BODY_BYTES_MAX = 64 * 1024;

export async function startStripeServer(options: StripeServerOptions): Promise<StripeServer> {
  const books = new StripeBooks();
  const keys = new IdempotentRequests();
  const requests: string[] = [];
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://stripe");
    const name = `${request.method} ${url.pathname}`;
    requests.push(name);
    const count = requests.filter((before) => before === name).length;
    const fault = options.fault?.(name, count) ?? null;
    const form = await read(request);
    if (answersBrowser({ options, books, request, response, url, form })) return;
    if (fault === "dropBefore") return void request.socket.destroy();
    const answer = await handle({ options, books, keys, request, url, form, fault });
    if (fault === "dropAfter") return void request.socket.destroy();
    if (fault !== "silence") send(response, answer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin, books, keys, requests, close };
}

interface FromBrowser {
  readonly options: StripeServerOptions;
  readonly books: StripeBooks;
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly url: URL;
  readonly form: string;
}

/** What a page of a shop loads and asks for, from another origin than the shop's own. */
function answersBrowser({ options, books, request, response, url, form }: FromBrowser): boolean {
  const anybody = { "access-control-allow-origin": "*" };
  const origin = `http://${request.headers.host}`;
  switch (`${request.method} ${url.pathname}`) {
    case "GET /v3/":
      response.writeHead(200, {
        "content-type": "text/javascript",
        "cross-origin-resource-policy": "cross-origin",
      });
      response.end(stripeScript(origin));
      return true;
    case "GET /v3/card":
    case "GET /v3/bank": {
      const frame = url.pathname === "/v3/card" ? CARD_FRAME : BANK_FRAME;
      response.writeHead(200, { "content-type": "text/html" }).end(frame);
      return true;
    }
    case "POST /v3/bank": {
      const answer = new URLSearchParams(form);
      const isConfirmed = answer.get("answer") === "confirmed";
      const made = books.authenticate(answer.get("secret") ?? "", isConfirmed);
      response.writeHead(made.status, { ...anybody, "content-type": "application/json" });
      response.end(JSON.stringify(made.body));
      return true;
    }
    case "OPTIONS /v1/payment_methods":
      response
        .writeHead(204, { ...anybody, "access-control-allow-headers": "authorization" })
        .end();
      return true;
    case "POST /v1/payment_methods": {
      const isOurs = request.headers.authorization === `Bearer ${options.publishableKey}`;
      const answer = isOurs
        ? createPaymentMethod(new Map(new URLSearchParams(form)))
        : apiError(401, "invalid_request_error", "Invalid API Key provided");
      response.writeHead(answer.status, { ...anybody, "content-type": "application/json" });
      response.end(JSON.stringify(answer.body));
      return true;
    }
    default:
      return false;
  }
}

async function read(request: http.IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > BODY_BYTES_MAX) request.destroy();
  }
  return text;
}

function send(response: http.ServerResponse, { status, body, replayed }: ApiAnswer): void {
  const headers = { "content-type": "application/json", "request-id": "req_test" };
  response.writeHead(status, { ...headers, ...(replayed && { "idempotent-replayed": "true" }) });
  response.end(JSON.stringify(body));
}

interface Asked {
  readonly options: StripeServerOptions;
  readonly books: StripeBooks;
  readonly keys: IdempotentRequests;
  readonly request: http.IncomingMessage;
  readonly url: URL;
  readonly form: string;
  readonly fault: StripeFault | null;
}

async function handle(asked: Asked): Promise<ApiAnswer> {
  const { options, keys, request, url, form, fault } = asked;
  if (request.headers.authorization !== `Bearer ${options.secretKey}`) {
    return apiError(401, "invalid_request_error", "Invalid API Key provided");
  }
  if (request.headers["stripe-version"] === undefined) {
    return apiError(400, "invalid_request_error", "no version was named");
  }
  if (fault === "rateLimit") return apiError(429, "rate_limit_error", "Too many requests");
  if (request.method === "GET") return ask(asked);
  const key = request.headers["idempotency-key"];
  const execute = async (): Promise<ApiAnswer> => {
    await options.execution?.();
    if (fault === "failBefore") return apiError(500, "api_error", "An unknown error occurred");
    const answer = order(asked.books, url.pathname, new Map(new URLSearchParams(form)));
    return fault === "failAfter" ? apiError(500, "api_error", "An unknown error occurred") : answer;
  };
  if (typeof key !== "string") return apiError(400, "invalid_request_error", "no key was named");
  return await keys.answer(key, `${url.pathname} ${form}`, execute);
}

function ask({ books, url }: Asked): ApiAnswer {
  const { pathname, searchParams } = url;
  if (pathname === "/v1/balance") return { status: 200, body: { object: "balance" } };
  if (pathname === "/v1/payment_intents/search") {
    return books.search(searchParams.get("query") ?? "");
  }
  if (pathname === "/v1/refunds") return books.refunds(searchParams.get("payment_intent") ?? "");
  const intent = /^\/v1\/payment_intents\/(\w+)$/.exec(pathname)?.[1];
  return intent === undefined ? NO_SUCH_PATH : books.intent(intent);
}

function order(books: StripeBooks, path: string, parameters: Parameters): ApiAnswer {
  if (path === "/v1/payment_intents") return books.createIntent(parameters);
  if (path === "/v1/refunds") return books.createRefund(parameters);
  const cancelled = /^\/v1\/payment_intents\/(\w+)\/cancel$/.exec(path)?.[1];
  if (cancelled !== undefined) return books.cancel(cancelled);
  return NO_SUCH_PATH;
}

function apiError(status: number, type: string, message: string): ApiAnswer {
  return { status, body: { error: { type, message } } };
}

const NO_SUCH_PATH = apiError(404, "invalid_request_error", "Unrecognized request URL");
