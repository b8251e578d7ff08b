/** The description of the API, drawn from the routes themselves, in OpenAPI 3.1. */
import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";
import { PROBLEM, PROBLEM_RESPONSES } from "./schemas.ts";

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
          "1970. What was not done is told as a problem of RFC 9457.",
      },
      components: { securitySchemes: { [BEARER]: { type: "http", scheme: "bearer" } } },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, place) => nameIn(json, place) },
    transform: ({ schema, url, route }) => {
      const secured = route.config?.policy === "shopper" ? { security: [{ [BEARER]: [] }] } : null;
      const response = { ...(schema?.response as object | undefined), ...PROBLEM_RESPONSES };
      return { schema: { ...schema, ...secured, response }, url };
    },
  });
  server.register(async (scope) => {
    scope.get(
      "/openapi.json",
      {
        config: { policy: "public", priority: "unknown" },
        schema: { summary: "This description", hide: true },
      },
      (_request, reply) => {
        reply.header("cache-control", "public, max-age=300");
        return reply.type("application/json").send(JSON.stringify(scope.swagger()));
      },
    );
  });
}

function nameIn(json: Record<string, unknown>, place: number): string {
  return typeof json.$id === "string" ? json.$id : `Schema${place}`;
}
