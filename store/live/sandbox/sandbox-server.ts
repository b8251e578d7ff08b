/**
 * The sandbox gateway: an HTTP server that behaves like a payment provider towards the store. It
 * charges a key at most once, keeps its word about a key that it called absent, and is the witness
 * of what was really captured, whatever its answers say and however often it is killed.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { assert } from "../../core/assert.ts";
import {
  latencyMillisOf,
  outcomeOf,
  SANDBOX_BEHAVIOUR,
  type SandboxBehaviour,
  sandboxBehaviourProblem,
} from "./sandbox-behaviour.ts";
import {
  type KeyFate,
  type SandboxCharge,
  SandboxLedger,
  type SandboxRefund,
} from "./sandbox-ledger.ts";

export interface SandboxOptions {
  /** Holds the books; made where it is missing. */
  readonly folder: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** The address to listen on; this machine alone where nothing is said. */
  readonly host?: string;
  /** Asked for as a bearer token where it is given. */
  readonly apiKey?: string;
  readonly behaviour?: Partial<SandboxBehaviour>;
}

export interface Sandbox {
  /** As in `http://127.0.0.1:8090`. */
  readonly url: string;
  readonly ledger: SandboxLedger;
  /** Ends open connections, also those of callers that wait for an answer which never comes. */
  readonly close: () => Promise<void>;
}

const BODY_BYTES_MAX = 16 * 1024;
const REQUEST_MILLIS_MAX = 10_000;
/** Who wants an answer from a silent card hears 504 after this long. */
const SILENCE_MILLIS_MAX = 600_000;
const CHARGES_PER_PAGE = 1_000;

const NAME = { type: "string", minLength: 1, maxLength: 255 } as const;
const AMOUNT = { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
const CURRENCY = { type: "string", pattern: "^[A-Z]{3}$" } as const;

function bodyOf(properties: Readonly<Record<string, object>>) {
  const required = Object.keys(properties);
  return { body: { type: "object", required, additionalProperties: false, properties } };
}

const CHARGE_SCHEMA = bodyOf({
  key: NAME,
  order: NAME,
  amount: AMOUNT,
  currency: CURRENCY,
  token: NAME,
});
const LOOK_UP_SCHEMA = bodyOf({ key: NAME });
const REFUND_SCHEMA = bodyOf({ key: NAME, reference: NAME, amount: AMOUNT, currency: CURRENCY });
const LIST_SCHEMA = {
  querystring: {
    type: "object",
    additionalProperties: false,
    properties: {
      after: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 },
      limit: { type: "integer", minimum: 1, maximum: CHARGES_PER_PAGE, default: CHARGES_PER_PAGE },
    },
  },
} as const;

/** Opens the books and listens. Rejects where the port or the books are taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const behaviour = { ...SANDBOX_BEHAVIOUR, ...options.behaviour };
  const problem = sandboxBehaviourProblem(behaviour);
  assert(problem === null, `the sandbox's behaviour can be had: ${problem}`);
  mkdirSync(options.folder, { recursive: true });
  const ledger = new SandboxLedger(join(options.folder, "sandbox.db"));
  const server = serverOf(ledger, behaviour, options.apiKey ?? null);
  try {
    await server.listen({ port: options.port, host: options.host ?? "127.0.0.1" });
  } catch (error) {
    await ledger.shut();
    throw error;
  }
  const { address, port, family } = server.server.address() as AddressInfo;
  const close = async () => {
    await server.close();
    await ledger.shut();
  };
  const host = family === "IPv6" ? `[${address}]` : address;
  return { url: `http://${host}:${port}`, ledger, close };
}

function serverOf(
  ledger: SandboxLedger,
  behaviour: SandboxBehaviour,
  apiKey: string | null,
): FastifyInstance {
  const server = Fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MILLIS_MAX,
    forceCloseConnections: true,
  });
  server.addHook("onRequest", async (request, reply) => {
    if (apiKey === null || request.url === "/health" || bears(request, apiKey)) return;
    return reply.code(401).send({ status: "unauthorized" });
  });
  server.get("/health", () => ({ status: "ok" }));
  server.get("/v1/summary", () => ledger.summary());
  server.get<{ Querystring: { after: number; limit: number } }>(
    "/v1/charges",
    { schema: LIST_SCHEMA },
    ({ query }) => ({ charges: ledger.charges(query.after, query.limit) }),
  );
  server.post<{ Body: SandboxCharge & { token: string } }>(
    "/v1/charges",
    { schema: CHARGE_SCHEMA },
    async (request, reply) => {
      await pause(latencyMillisOf(behaviour, request.body.key));
      return await charge(ledger, behaviour, request.body, reply);
    },
  );
  server.post<{ Body: { key: string } }>(
    "/v1/look-ups",
    { schema: LOOK_UP_SCHEMA },
    async ({ body }, reply) => {
      const fate = ledger.close(body.key);
      await ledger.durable();
      return reply.send(fate.state === "closed" ? { status: "absent" } : told(fate));
    },
  );
  server.post<{ Body: SandboxRefund }>(
    "/v1/refunds",
    { schema: REFUND_SCHEMA },
    async ({ body }, reply) => {
      const { state: status, ...rest } = ledger.refund(body);
      await ledger.durable();
      return reply.code(status === "refunded" ? 200 : 409).send({ status, ...rest });
    },
  );
  return server;
}

/** Settles the key's fate, writes it down, and answers as the card wants it answered. */
async function charge(
  ledger: SandboxLedger,
  behaviour: SandboxBehaviour,
  { token, ...asked }: SandboxCharge & { token: string },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const known = ledger.find(asked.key);
  if (known !== null) return await tell(ledger, asked, known, reply);
  const outcome = outcomeOf(behaviour, { key: asked.key, token });
  switch (outcome) {
    case "capture":
      return await tell(ledger, asked, ledger.capture(asked), reply);
    case "declineHard":
      return await tell(ledger, asked, ledger.decline(asked, "hard", "stolen card"), reply);
    case "declineSoft":
      return await tell(ledger, asked, ledger.decline(asked, "soft", "insufficient funds"), reply);
    case "askForAuthentication": {
      const fate = ledger.decline(asked, "soft", "authentication required");
      return await tell(ledger, asked, fate, reply);
    }
    case "captureInSilence":
    case "failAfter":
      ledger.capture(asked);
      await ledger.durable();
      if (outcome === "failAfter") return reply.code(500).send({ status: "error" });
      return await silence(reply);
    case "loseInSilence":
      return await silence(reply);
    case "failBefore":
      return reply.code(500).send({ status: "error" });
    case "refuseToProcess":
      return reply.code(503).send({ status: "not-processed" });
  }
}

async function tell(
  ledger: SandboxLedger,
  asked: SandboxCharge,
  fate: KeyFate,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await ledger.durable();
  if (fate.state === "closed") return reply.code(409).send({ status: "closed" });
  const { order, amount, currency } = fate.charge;
  if (order !== asked.order || amount !== asked.amount || currency !== asked.currency) {
    return reply.code(422).send({ status: "key-reused" });
  }
  return reply.code(fate.state === "captured" ? 200 : 402).send(told(fate));
}

function told(fate: Exclude<KeyFate, { state: "closed" }>) {
  if (fate.state === "captured") return { status: "captured", reference: fate.reference };
  return { status: "declined", kind: fate.kind, reason: fate.reason };
}

/** Ends with the connection, or with an answer that comes after everybody has given up. */
function silence(reply: FastifyReply): Promise<FastifyReply> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve(reply.code(504).send({ status: "error" })),
      SILENCE_MILLIS_MAX,
    );
    reply.raw.once("close", () => {
      clearTimeout(timer);
      resolve(reply.hijack());
    });
  });
}

function pause(millis: number): Promise<void> | undefined {
  return millis === 0 ? undefined : new Promise((resolve) => setTimeout(resolve, millis));
}

/** Compares digests, which are of one length, so that the time taken says nothing. */
function bears(request: FastifyRequest, apiKey: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const given = request.headers.authorization ?? "";
  return timingSafeEqual(digest(given), digest(`Bearer ${apiKey}`));
}
