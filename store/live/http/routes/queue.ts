/** The waiting room: joining, asking how far it is, coming in with a pass, going away. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ArriveAnswer, LookedAnswer } from "../../../service/admit.ts";
import { claimedPass } from "../../secure-random.ts";
import { type AskingBucket, type HttpDesk, identityOf, networkOf } from "../http-desk.ts";
import { problemOf, problemOfAnswer, sendProblem } from "../problem.ts";
import { NOTHING, PLACE, shape, text } from "../schemas.ts";

const SECOND = 1_000;
/** A page asks again after a tenth of the wait, within these bounds: seconds. */
const POLL_AFTER = { part: 10, min: 2, max: 20 } as const;

const TICKET_PARAMETER = shape({ ticket: { type: "string", pattern: "^\\d{1,12}$" } });
const GUARD = { policy: "shopper", priority: "arriving" } as const;

type Looked = LookedAnswer | ArriveAnswer;

/** Where there is no waiting room everybody is inside, and has no place to name. */
const NO_ROOM = { status: "inside" } as const;

export function queueRoutes(server: FastifyInstance, desk: HttpDesk): void {
  joinRoute(server, desk);
  lookRoute(server, desk);
  enterRoute(server, desk);
  leaveRoute(server, desk);
}

function joinRoute(server: FastifyInstance, desk: HttpDesk): void {
  const { admission, setup } = desk.store;
  server.post(
    "/api/queue",
    {
      config: GUARD,
      schema: {
        summary: "Come to the door",
        description:
          "In at once where there is room, else to a place; the same one if asked again.",
        response: { 200: PLACE },
      },
    },
    async (request, reply) => {
      if (admission === null || setup.room === null) return reply.send(NO_ROOM);
      const { shopper, tier } = identityOf(request);
      const lane = setup.room.laneOf[tier];
      const arrive = admission.arrive({ shopper, lane });
      const answer = await desk.change(desk.limited(joinBuckets(desk, request), arrive));
      if (answer._tag === "TooManyRequests") {
        return sendProblem(reply, problemOfAnswer(answer, 429));
      }
      keepTicket(desk, request, reply, answer);
      return tellPlace(reply, answer);
    },
  );
}

export function joinBuckets(desk: HttpDesk, request: FastifyRequest): readonly AskingBucket[] {
  const { limits } = desk;
  if (limits === null) return [];
  const { shopper } = identityOf(request);
  return [
    { key: `join ${shopper}`, limit: limits.joinsPerShopper, by: "shopper" },
    { key: `join ${networkOf(request)}`, limit: limits.joinsPerNetwork, by: "network" },
  ];
}

/** A browser keeps its place by itself, as it keeps its name. */
function keepTicket(
  desk: HttpDesk,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: ArriveAnswer,
): void {
  if (!("ticket" in answer) || desk.session.presented(request)?.by !== "cookie") return;
  desk.session.keepTicket(reply, answer.ticket);
}

function lookRoute(server: FastifyInstance, desk: HttpDesk): void {
  const { admission } = desk.store;
  server.get<{ Params: { readonly ticket: string } }>(
    "/api/queue/:ticket",
    {
      config: GUARD,
      schema: {
        summary: "How far it is",
        params: TICKET_PARAMETER,
        response: { 200: PLACE },
      },
    },
    async (request, reply) => {
      if (admission === null) return unknownTicket(reply);
      const ticket = Number(request.params.ticket);
      const { shopper } = identityOf(request);
      return tellPlace(reply, await desk.change(admission.look({ ticket, shopper })));
    },
  );
}

function enterRoute(server: FastifyInstance, desk: HttpDesk): void {
  const { admission } = desk.store;
  server.post<{ Body: { readonly pass: string } }>(
    "/api/queue/enter",
    {
      config: GUARD,
      schema: {
        summary: "Come in with a pass",
        body: shape({ pass: text(512) }),
        response: { 200: PLACE },
      },
    },
    async (request, reply) => {
      const { pass } = request.body;
      const { shopper } = identityOf(request);
      // Nobody spends another shopper's pass; whether it is genuine is asked next.
      const own = claimedPass(pass)?.shopper === shopper;
      if (admission === null || !own) return sendProblem(reply, problemOf("PassRefused", 401));
      const answer = await desk.change(admission.enter(pass));
      switch (answer._tag) {
        case "Inside":
          return reply.send({ status: "inside", ticket: answer.ticket });
        case "PassLate":
          return sendProblem(reply, problemOf("PassLate", 410));
        case "NoPlace":
          return unknownTicket(reply);
        case "Forged":
          return sendProblem(reply, problemOf("PassRefused", 401));
      }
    },
  );
}

function leaveRoute(server: FastifyInstance, desk: HttpDesk): void {
  const { admission } = desk.store;
  server.delete<{ Params: { readonly ticket: string } }>(
    "/api/queue/:ticket",
    {
      config: GUARD,
      schema: {
        summary: "Give the place up",
        params: TICKET_PARAMETER,
        response: { 204: NOTHING },
      },
    },
    async (request, reply) => {
      if (admission === null) return unknownTicket(reply);
      const ticket = Number(request.params.ticket);
      const { shopper } = identityOf(request);
      const left = await desk.change(admission.leave({ ticket, shopper }));
      return left ? reply.code(204).send() : unknownTicket(reply);
    },
  );
}

function unknownTicket(reply: FastifyReply): FastifyReply {
  return sendProblem(reply, problemOf("UnknownTicket", 404));
}

function tellPlace(reply: FastifyReply, answer: Looked): FastifyReply {
  const place = placeBody(answer);
  return place === null ? unknownTicket(reply) : reply.send(place);
}

/** What a shopper at the door, in line or inside is told; null where they have no place. */
export function placeBody(answer: Looked) {
  switch (answer._tag) {
    case "Waiting": {
      const { ticket, lane, ahead, progress, estimateMillis, opensAt, soldOut } = answer;
      const wait = estimateMillis === null ? null : Math.ceil(estimateMillis / SECOND);
      return {
        status: "waiting",
        ticket,
        position: ahead === null ? null : ahead + 1,
        ahead,
        progress,
        estimatedWaitSeconds: wait,
        pollAfterSeconds: pollAfterSeconds(wait),
        opensAt,
        soldOut,
        lane,
      };
    }
    case "PassGiven": {
      const { ticket, pass, until: passUntil } = answer;
      return { status: "admitted", ticket, pass, passUntil };
    }
    case "Inside":
      return { status: "inside", ticket: answer.ticket };
    case "RoomClosed":
      return { status: "closed", why: answer.why };
    default:
      return null;
  }
}

function pollAfterSeconds(waitSeconds: number | null): number {
  const { part, min, max } = POLL_AFTER;
  if (waitSeconds === null) return max / 2;
  return Math.max(min, Math.min(max, Math.ceil(waitSeconds / part)));
}
