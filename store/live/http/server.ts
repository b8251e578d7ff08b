/**
 * The HTTP server of a live store: who may ask for what, within which limits, and how it is
 * answered when it is not done. Pages and administration are plugins that are registered beside
 * the API (`server.register`) and find everything at `server.desk`; their routes declare a policy
 * like all others.
 */
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { Clock } from "effect";
import fastify, {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  LogController,
} from "fastify";
import type { LiveStore } from "../live-store.ts";
import type { OrderMails } from "../mailer/order-mails.ts";
import { AnswerDeadline } from "./answer-deadline.ts";
import { apiRoutes } from "./api-routes.ts";
import { answerProblems, refuseConnection, sendFrameworkProblem } from "./failures.ts";
import { guardsOf, type OwnGuards } from "./guards.ts";
import { HttpDesk, type HttpDeskParts } from "./http-desk.ts";
import {
  ANSWER_MILLIS_MAX,
  BODY_BYTES_MAX,
  CONNECTION_SILENT_MILLIS_MAX,
  CONNECTIONS_CHECKED_EVERY_MILLIS,
  CONNECTIONS_MAX,
  HEADER_BYTES_MAX,
  HTTP_LIMITS,
  type HttpLimits,
  KEEP_ALIVE_MILLIS,
  PARAMETER_LENGTH_MAX,
  REQUEST_MILLIS_MAX,
} from "./http-limits.ts";
import { describeApi } from "./openapi.ts";
import { OVERLOAD_LIMITS, Overload, type OverloadLimits } from "./overload.ts";
import { type ProblemPage, problemOf, sendProblem } from "./problem.ts";
import { type DeclaredRoute, enforcePolicies } from "./route-policy.ts";
import { STREAM_LIMITS, type StreamLimits } from "./routes/queue-events.ts";
import type { WebhookHandler } from "./routes/webhooks.ts";
import { type HeaderRow, securityHeaders } from "./security-headers.ts";
import { ShopperSession } from "./shopper-session.ts";
import { ShopperTokens } from "./shopper-token.ts";

declare module "fastify" {
  interface FastifyInstance {
    readonly desk: HttpDesk;
    /** Every route with its policy, in the order in which they were registered. */
    readonly declaredRoutes: readonly DeclaredRoute[];
    readonly problemPage: ProblemPage | null;
    readonly securityHeaders: readonly HeaderRow[];
  }
}

export interface HttpOptions {
  readonly store: LiveStore;
  /** Keys of 32 bytes or more that shoppers' tokens are signed with; the first signs. */
  readonly identityKeys: readonly Buffer[];
  /** True where shoppers come over https: cookies are then bound to it. */
  readonly secure: boolean;
  /** Version of the product, as the description of the API gives it. */
  readonly version: string;
  /** Addresses or blocks of the proxies whose `X-Forwarded-For` is believed; none by default. */
  readonly trustProxy?: readonly string[];
  /** What the store's clock shows; the machine's by default. */
  readonly clock?: Clock.Clock;
  readonly logger?: FastifyBaseLogger;
  readonly guards?: OwnGuards;
  /** Null holds nobody back. */
  readonly limits?: HttpLimits | null;
  readonly overload?: OverloadLimits;
  /** How long an answer may take, milliseconds, where its route says nothing else. */
  readonly answerMillisMax?: number;
  readonly streams?: StreamLimits;
  readonly stripeWebhook?: WebhookHandler;
  /** Who mails shoppers about their orders; nobody where it is left out. */
  readonly mails?: OrderMails;
  /** As in {@link HttpDesk}; nobody is asked where it is left out. */
  readonly cardholder?: HttpDeskParts["cardholder"];
  /** How problems look outside `/api`; in JSON where nothing is given. */
  readonly problemPage?: ProblemPage;
  readonly contentSecurityPolicy?: string;
}

export function buildServer(options: HttpOptions): FastifyInstance {
  const headers = securityHeaders(options.contentSecurityPolicy);
  const server = fastify(serverOptions(options, headers));
  server.server.maxConnections = CONNECTIONS_MAX;
  const desk = deskOf(options);
  server.removeContentTypeParser("text/plain");
  server.decorateRequest("identity", null);
  server.decorateRequest("problem", null);
  server.decorate("desk", desk);
  server.decorate("problemPage", options.problemPage ?? null);
  server.decorate("securityHeaders", headers);
  const declared = enforcePolicies(server, guardsOf(desk, options.guards));
  server.decorate("declaredRoutes", declared);
  takeRequests(server, desk, headers);
  answerInTime(server, options.answerMillisMax ?? ANSWER_MILLIS_MAX);
  answerProblems(server, declared);
  describeApi(server, options.version);
  server.register(async (api) => {
    apiRoutes(api, desk, options.streams ?? STREAM_LIMITS, options.stripeWebhook);
  });
  return server;
}

/** From now on the server says that it is going away; what is under way is ended by `close`. */
export function drain(server: FastifyInstance): void {
  server.desk.draining = true;
}

function serverOptions(
  { trustProxy, logger }: HttpOptions,
  headers: readonly HeaderRow[],
): FastifyHttpOptions<Server> {
  return {
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MILLIS_MAX,
    connectionTimeout: CONNECTION_SILENT_MILLIS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MILLIS,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      connectionsCheckingInterval: CONNECTIONS_CHECKED_EVERY_MILLIS,
    },
    routerOptions: { maxParamLength: PARAMETER_LENGTH_MAX },
    trustProxy: trustProxy === undefined ? false : [...trustProxy],
    onProtoPoisoning: "error",
    onConstructorPoisoning: "error",
    requestIdHeader: false,
    // One of its own over all processes and starts, for whoever looks it up in their logs.
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: "idle",
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    ajv: {
      // Nothing is dropped or turned into something else: what is not as declared is refused.
      customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true },
    },
    frameworkErrors: (error, _request, reply) => {
      for (const [name, value] of headers) reply.header(name, value);
      sendFrameworkProblem(error, reply);
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket, headers),
  };
}

function deskOf(options: HttpOptions): HttpDesk {
  const { store, identityKeys, secure, limits = HTTP_LIMITS } = options;
  const tokens = new ShopperTokens(store.setup.name, identityKeys);
  const session = new ShopperSession({ tokens, secure });
  const overload = new Overload(options.overload ?? OVERLOAD_LIMITS);
  const clock = options.clock ?? Clock.make();
  const { mails = null, cardholder = null } = options;
  return new HttpDesk({ store, clock, tokens, session, overload, limits, mails, cardholder });
}

/** What comes before every route: the headers of the answer, and whether there is room for it. */
function takeRequests(
  server: FastifyInstance,
  desk: HttpDesk,
  headers: readonly HeaderRow[],
): void {
  const { overload } = desk;
  server.addHook("onListen", (done) => {
    overload.start();
    done();
  });
  server.addHook("onClose", (_server, done) => {
    overload.stop();
    done();
  });
  server.addHook("onRequest", (request, reply, done) => {
    for (const [name, value] of headers) reply.header(name, value);
    // A line without headers, as before HTTP/1.0: the parser takes it, and nobody needs it.
    if (request.raw.httpVersionMajor < 1)
      return void sendProblem(reply, problemOf("BadRequest", 400));
    const { policy, priority } = request.routeOptions.config;
    if (priority === null || policy === "admin" || policy === "operator") return done();
    const wait = overload.take(priority ?? "browsing", reply);
    if (wait === null) return done();
    sendProblem(reply, problemOf("Overloaded", 503, { retryAfterSeconds: wait }));
  });
}

/** What is late is told so; its work goes on, and counts as work until it ends. */
function answerInTime(server: FastifyInstance, millisMax: number): void {
  const deadline = new AnswerDeadline(millisMax);
  server.addHook("preValidation", (_request, reply, done) => {
    deadline.watch(reply);
    done();
  });
  server.addHook("onListen", (done) => {
    deadline.start();
    done();
  });
  server.addHook("onClose", (_server, done) => {
    deadline.stop();
    done();
  });
}
