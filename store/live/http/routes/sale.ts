/** What the sale is and where it stands. */
import type { FastifyInstance } from "fastify";
import { nextPhaseAt, phaseAt } from "../../../core/sale.ts";
import type { HttpDesk } from "../http-desk.ts";
import { FLAG, oneOf, shape, TEXT, TIME } from "../schemas.ts";

const SALE = shape({
  name: TEXT,
  currency: TEXT,
  now: TIME,
  phase: oneOf("scheduled", "early-access", "public", "closed"),
  nextPhaseAt: { ...TIME, type: ["integer", "null"] },
  earlyAccessAt: TIME,
  publicAt: TIME,
  closesAt: TIME,
  waitingRoom: FLAG,
});

export function saleRoutes(server: FastifyInstance, desk: HttpDesk): void {
  const { setup, settings, admission } = desk.store;
  const currency = setup.catalog.listings[0]?.currency ?? "USD";
  server.get(
    "/api/sale",
    {
      config: { policy: "public", priority: "arriving" },
      schema: { summary: "The sale and its phase", response: { 200: SALE } },
    },
    (_request, reply) => {
      const now = desk.now();
      const { sale } = settings;
      reply.send({
        name: setup.name,
        currency,
        now,
        phase: phaseAt(sale, now),
        nextPhaseAt: nextPhaseAt(sale, now),
        earlyAccessAt: sale.earlyAccessAt,
        publicAt: sale.publicAt,
        closesAt: sale.closesAt,
        waitingRoom: admission !== null,
      });
    },
  );
}
