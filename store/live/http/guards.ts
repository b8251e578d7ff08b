/**
 * What stands before the routes of each policy. Administration and operation are shut unless
 * whoever starts the server brings a guard of their own.
 */
import type { FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";
import type { HttpDesk } from "./http-desk.ts";
import { problemOf, sendProblem } from "./problem.ts";
import type { RouteGuards } from "./route-policy.ts";
import { isMeant } from "./same-origin.ts";

export interface OwnGuards {
  readonly admin?: onRequestHookHandler;
  readonly operator?: onRequestHookHandler;
}

export function guardsOf(desk: HttpDesk, own: OwnGuards = {}): RouteGuards {
  return {
    public: [],
    shopper: [shopperGuard(desk)],
    gateway: [],
    admin: [own.admin ?? shut],
    operator: [own.operator ?? shut],
  };
}

const shut: onRequestHookHandler = (_request, reply) => {
  sendProblem(reply, problemOf("NotAllowed", 403));
};

function shopperGuard(desk: HttpDesk): onRequestHookHandler {
  return (request, reply, done) => {
    const presented = desk.session.presented(request);
    if (presented === null) return refuse(reply, "NotIdentified", 401);
    if (presented.by === "cookie" && !isMeant(request)) return refuse(reply, "CrossOrigin", 403);
    const answer = desk.tokens.identify(presented.token, desk.now());
    if (answer._tag === "Forged") return refuse(reply, "NotIdentified", 401);
    if (answer._tag === "Expired") return refuse(reply, "TokenExpired", 401);
    request.identity = answer.identity;
    done();
  };
}

/** Who asks on a route for anybody: a token that is not good counts as none. */
export function identify(desk: HttpDesk, request: FastifyRequest): void {
  const presented = desk.session.presented(request);
  if (presented === null) return;
  const answer = desk.tokens.identify(presented.token, desk.now());
  if (answer._tag === "Known") request.identity = answer.identity;
}

function refuse(reply: FastifyReply, tag: string, status: number): void {
  sendProblem(reply, problemOf(tag, status));
}
