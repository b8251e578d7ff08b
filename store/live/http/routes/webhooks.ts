/**
 * Where a payment gateway tells of what happened at its side. The body goes to the handler as it
 * came, byte for byte, for the gateway signs those bytes; the handler checks the signature.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { WEBHOOK_BYTES_MAX } from "../../stripe/webhook-limits.ts";
import { problemOf, sendProblem } from "../problem.ts";
import { FLAG, shape } from "../schemas.ts";

/** An event with its whole object in it is larger than anything that a shopper sends. */
const DELIVERY_BYTES_MAX = 64 * 1_024;

/** What a handler makes of a delivery. Whatever is not taken is delivered again by the gateway. */
export type WebhookAnswer =
  | { readonly _tag: "Taken" }
  /** The signature is wrong, too old, or of another account. */
  | { readonly _tag: "Refused" };

export type WebhookHandler = (delivery: {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}) => Promise<WebhookAnswer>;

export async function webhookRoutes(
  server: FastifyInstance,
  { stripe }: { readonly stripe: WebhookHandler },
): Promise<void> {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  server.post<{ Body: Buffer }>(
    "/api/webhooks/stripe",
    {
      bodyLimit: WEBHOOK_BYTES_MAX,
      config: { policy: "gateway", priority: "payment" },
      schema: {
        summary: "Deliveries of Stripe",
        response: { 200: shape({ taken: FLAG }) },
      },
    },
    async ({ body, headers }, reply) => {
      const answer = await stripe({ body, headers });
      if (answer._tag === "Refused") return sendProblem(reply, problemOf("BadRequest", 400));
      return reply.send({ taken: true });
    },
  );
}
