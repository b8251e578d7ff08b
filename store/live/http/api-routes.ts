/** Every route of the API, in the order in which the description lists them. */
import type { FastifyInstance } from "fastify";
import type { HttpDesk } from "./http-desk.ts";
import { cartRoutes } from "./routes/cart.ts";
import { catalogRoutes } from "./routes/catalog.ts";
import { checkoutRoutes } from "./routes/checkout.ts";
import { feedbackRoutes } from "./routes/feedback.ts";
import { healthRoutes } from "./routes/health.ts";
import { offerRoutes } from "./routes/offers.ts";
import { orderRoutes } from "./routes/orders.ts";
import { queueRoutes } from "./routes/queue.ts";
import { queueEventRoutes, type StreamLimits } from "./routes/queue-events.ts";
import { saleRoutes } from "./routes/sale.ts";
import { shopperRoutes } from "./routes/shoppers.ts";
import { type WebhookHandler, webhookRoutes } from "./routes/webhooks.ts";

export function apiRoutes(
  server: FastifyInstance,
  desk: HttpDesk,
  streams: StreamLimits,
  stripe: WebhookHandler | undefined,
): void {
  shopperRoutes(server, desk);
  saleRoutes(server, desk);
  catalogRoutes(server, desk);
  queueRoutes(server, desk);
  queueEventRoutes(server, desk, streams);
  cartRoutes(server, desk);
  checkoutRoutes(server, desk);
  orderRoutes(server, desk);
  offerRoutes(server, desk);
  feedbackRoutes(server, desk);
  healthRoutes(server, desk);
  if (stripe !== undefined) server.register(webhookRoutes, { stripe });
}
