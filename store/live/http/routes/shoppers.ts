/** A name for whoever comes: the first request of every shopper. */
import type { FastifyInstance } from "fastify";
import { type AskedTooOften, type HttpDesk, networkOf } from "../http-desk.ts";
import { problemOf, problemOfAnswer, sendProblem } from "../problem.ts";
import { FLAG, NAME, oneOf, shape, TEXT, TIME, text } from "../schemas.ts";
import type { Identity } from "../shopper-token.ts";

const SHOPPER = shape({
  shopper: NAME,
  token: TEXT,
  until: TIME,
  tier: oneOf("regular", "loyal", "vip"),
  invited: FLAG,
});

interface Body {
  readonly invitation?: string;
}

export function shopperRoutes(server: FastifyInstance, desk: HttpDesk): void {
  server.post<{ Body: Body | undefined }>(
    "/api/shoppers",
    {
      config: { policy: "public", priority: "arriving" },
      schema: {
        summary: "Become a shopper",
        description: "The token goes into `Authorization: Bearer` of every other request.",
        body: { ...shape({ invitation: text(512) }, "invitation"), type: ["object", "null"] },
        response: { 201: SHOPPER },
      },
    },
    async (request, reply) => {
      const made = await newShopper(desk, request.body?.invitation, networkOf(request));
      if (made._tag === "TooManyRequests") return sendProblem(reply, problemOfAnswer(made, 429));
      if (made._tag === "InvitationRefused") {
        return sendProblem(reply, problemOf("InvitationRefused", 403));
      }
      const { identity } = made;
      const { token, until } = desk.session.tokenOf(identity, desk.now());
      reply.code(201);
      return { ...identity, token, until };
    },
  );
}

interface Made {
  readonly _tag: "Made";
  readonly identity: Identity;
}
interface InvitationRefused {
  readonly _tag: "InvitationRefused";
}

/** A shopper as invited, or without an invitation somebody new; for pages as well as programs. */
export async function newShopper(
  desk: HttpDesk,
  invitation: string | undefined,
  network: string,
): Promise<Made | InvitationRefused | AskedTooOften> {
  const limit = desk.limits?.newShoppersPerNetwork;
  if (limit !== undefined) {
    const bucket = { key: `arrival ${network}`, limit, by: "network" as const };
    const refused = await desk.ask(desk.refusal([bucket]));
    if (refused !== null) return refused;
  }
  if (invitation === undefined) {
    const shopper = desk.store.ports.identifiers.next("shopper");
    return { _tag: "Made", identity: { shopper, tier: "regular", invited: false } };
  }
  const read = desk.tokens.readInvitation(invitation, desk.now());
  if (read._tag !== "Invited") return { _tag: "InvitationRefused" };
  return { _tag: "Made", identity: desk.tokens.guestOf(read.invitation) };
}
