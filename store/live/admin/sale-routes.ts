/** The times of the sale, changed while it is on, and the record of who did what. */
import { Effect } from "effect";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { phaseAt, type SaleTimes, saleTimesProblem } from "../../core/sale.ts";
import type { ControlAnswer, ControlledSale } from "../../core/sale-control.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { problemOf, sendProblem } from "../http/problem.ts";
import { FLAG, listOf, shape, TEXT, TIME, text, WHOLE } from "../http/schemas.ts";
import type { Act, AdminDesk } from "./admin-desk.ts";
import {
  ADMIN,
  ADMIN_SECURITY,
  DIGITS,
  PAGE_LIMIT_MAX,
  type PageQuery,
  pageOf,
} from "./admin-schemas.ts";

const TIMES = { earlyAccessAt: TIME, publicAt: TIME, closesAt: TIME };
const SALE = shape({
  name: TEXT,
  now: TIME,
  phase: TEXT,
  paused: FLAG,
  ...TIMES,
  revision: { ...WHOLE, description: "grows with every change" },
});
const ENTRY = shape({ sequence: WHOLE, at: TIME, by: TEXT, action: TEXT, details: TEXT });
const WHY = shape({ why: text(200) });

export function saleRoutes(server: FastifyInstance, admin: AdminDesk): void {
  const { desk } = admin;
  const { parts } = desk.store;
  const response = { 200: SALE };
  const security = ADMIN_SECURITY;

  server.get(
    "/api/admin/sale",
    { config: ADMIN, schema: { summary: "The sale as it stands", security, response } },
    async (_request, reply) => reply.send(saleBody(admin, await desk.ask(parts.control.read))),
  );

  for (const [action, paused] of [["pause", true] as const, ["resume", false] as const]) {
    server.post<{ Body: { readonly why: string } }>(
      `/api/admin/sale/${action}`,
      {
        config: ADMIN,
        schema: {
          summary: paused ? "Hold the sale: nobody buys" : "Let the sale go on",
          description: "In force on this node at once and on every other within half a second.",
          security,
          body: WHY,
          response,
        },
      },
      (request, reply) =>
        change(
          admin,
          request,
          reply,
          { action: `sale.${action}`, details: request.body },
          (now) => ({
            ...now,
            paused,
          }),
        ),
    );
  }

  server.post<{ Body: { readonly closesAt: number } }>(
    "/api/admin/sale/extend",
    {
      config: ADMIN,
      schema: { summary: "Move the end", security, body: shape({ closesAt: TIME }), response },
    },
    (request, reply) => {
      const act = { action: "sale.extend", details: request.body };
      return change(admin, request, reply, act, (now) => ({ ...now, ...request.body }));
    },
  );

  server.put<{ Body: Omit<SaleTimes, "paused"> }>(
    "/api/admin/sale/phases",
    {
      config: ADMIN,
      schema: { summary: "Set every time of the sale", security, body: shape(TIMES), response },
    },
    (request, reply) => {
      const act = { action: "sale.phases", details: { ...request.body } };
      return change(admin, request, reply, act, (now) => ({ ...now, ...request.body }));
    },
  );

  server.get<{ Querystring: PageQuery }>(
    "/api/admin/audit",
    {
      config: ADMIN,
      schema: {
        summary: "What operators did, the oldest first",
        security,
        querystring: shape({ after: DIGITS, limit: DIGITS }, "after", "limit"),
        response: { 200: shape({ entries: listOf(ENTRY, PAGE_LIMIT_MAX) }) },
      },
    },
    async (request, reply) => {
      const entries = await desk.ask(parts.control.entries(pageOf(request.query)));
      return reply.send({ entries });
    },
  );
}

interface TimesRefused {
  readonly _tag: "TimesRefused";
  readonly reason: string;
}

/** Changes the times as `next` says, in one step with the record of it. */
async function change(
  admin: AdminDesk,
  request: FastifyRequest,
  reply: FastifyReply,
  act: Act,
  next: (times: SaleTimes) => SaleTimes,
): Promise<FastifyReply> {
  const { desk } = admin;
  const { control, parts } = desk.store;
  const entry = admin.entry(request, act);
  type Answer = ControlAnswer | TimesRefused;
  const program = Effect.flatMap(
    parts.control.read,
    ({ times }): Effect.Effect<Answer, PortUnavailable> => {
      const reason = saleTimesProblem(next(times));
      if (reason !== null) return Effect.succeed({ _tag: "TimesRefused", reason });
      return control.change(next, entry);
    },
  );
  const told = Effect.tap(program, (answer) => {
    if (answer._tag !== "SaleChanged") return Effect.void;
    const at = desk.now();
    return admin.log([{ kind: "PhaseOpened", at, phase: phaseAt(answer.times, at) }]);
  });
  const answer = await desk.change(told);
  if (answer._tag === "SaleChanged") return reply.send(saleBody(admin, answer));
  if (answer._tag === "TimesRefused") {
    return sendProblem(reply, problemOf("TimesRefused", 422, { detail: answer.reason }));
  }
  return sendProblem(reply, problemOf("RevisionConflict", 409));
}

function saleBody({ desk }: AdminDesk, { times, revision }: ControlledSale) {
  const now = desk.now();
  const { earlyAccessAt, publicAt, closesAt, paused = false } = times;
  const name = desk.store.setup.name;
  const of = { name, now, phase: phaseAt(times, now), paused };
  return { ...of, earlyAccessAt, publicAt, closesAt, revision };
}
