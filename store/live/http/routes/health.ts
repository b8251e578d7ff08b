/** Whether the process lives, and whether it should be sent shoppers. Never refused under load. */
import type { FastifyInstance } from "fastify";
import type { HttpDesk } from "../http-desk.ts";
import { problemOf, sendProblem } from "../problem.ts";
import { oneOf, shape } from "../schemas.ts";

const HEALTH = shape({ status: oneOf("ok") });
const CONFIG = { policy: "public", priority: null } as const;

export function healthRoutes(server: FastifyInstance, desk: HttpDesk): void {
  server.get(
    "/health/live",
    { config: CONFIG, schema: { summary: "Alive", response: { 200: HEALTH } } },
    (_request, reply) => reply.send({ status: "ok" }),
  );
  server.get(
    "/health/ready",
    {
      config: CONFIG,
      schema: { summary: "Ready for shoppers", response: { 200: HEALTH } },
    },
    async (_request, reply) => {
      if (desk.draining) return sendProblem(reply, problemOf("Draining", 503));
      const why = await desk.store.parts.check();
      if (why === null) return reply.send({ status: "ok" });
      // Why is for the log: the world is told no more than that it is so.
      reply.log.warn({ why }, "not ready");
      return sendProblem(reply, problemOf("Unavailable", 503));
    },
  );
}
