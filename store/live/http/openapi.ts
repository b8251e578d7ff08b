/** The description of the API, drawn from the routes themselves, in OpenAPI 3.1. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { docsRoutes } from "./routes/docs.ts";
import { PROBLEM, PROBLEM_RESPONSES } from "./schemas.ts";
import { TICKET_HEADER } from "./shopper-session.ts";

/** How a policy reads in the description: what a request brings. */
const BEARER = "shopper";

export function describeApi(server: FastifyInstance, version: string): void {
  server.addSchema(PROBLEM);
  server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Store",
        version,
        description:
          "Money is whole minor units of the currency beside it; times are milliseconds since " +
          "1970. What was not done is told as a problem of RFC 9457. Where the sale has a waiting " +
          "room, whoever is inside names their place with every request for the shop, in the " +
          `header \`${TICKET_HEADER}\`: the \`ticket\` that \`POST /api/queue\` answered with.`,
      },
      components: {
        securitySchemes: {
          [BEARER]: { type: "http", scheme: "bearer" },
          admin: { type: "http", scheme: "bearer", description: "A token of an operator's" },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, place) => nameIn(json, place) },
    transform: ({ schema, url, route }) => {
      const secured = route.config?.policy === "shopper" ? { security: [{ [BEARER]: [] }] } : null;
      const response = { ...(schema?.response as object | undefined), ...PROBLEM_RESPONSES };
      const headers = FOR_THE_INSIDE.has(url) ? { headers: withTicket(schema?.headers) } : null;
      return { schema: { ...schema, ...secured, ...headers, response }, url };
    },
  });
  server.register(docsRoutes);
}

/** Routes that a waiting room stands before. */
const FOR_THE_INSIDE: ReadonlySet<string> = new Set([
  "/api/cart/lines",
  "/api/cart/lines/:sku",
  "/api/checkout",
  "/api/orders",
]);

/** The headers of a route, and the one that names a place; told here, and read by the session. */
function withTicket(headers: unknown) {
  const { properties, ...rest } = (headers ?? { type: "object" }) as { properties?: object };
  const description = "the place of a shopper who is inside, where the sale has a waiting room";
  return { ...rest, properties: { ...properties, [TICKET_HEADER]: { ...TICKET, description } } };
}

const TICKET = { type: "string", pattern: "^\\d{1,12}$" } as const;

function nameIn(json: Record<string, unknown>, place: number): string {
  return typeof json.$id === "string" ? json.$id : `Schema${place}`;
}
