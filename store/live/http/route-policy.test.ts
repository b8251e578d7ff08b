import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, type TrialServer, trialServer } from "../testing/trial-server.ts";
import { type DeclaredRoute, ROUTE_POLICIES } from "./route-policy.ts";

let trial: TrialServer;
let routes: readonly DeclaredRoute[];

beforeAll(async () => {
  trial = await trialServer({
    stripeWebhook: async () => ({ _tag: "Refused" }),
    extend: async (scope) => {
      scope.get("/api/admin/orders", { config: { policy: "admin" } }, async () => "secret");
      scope.get("/metrics", { config: { policy: "operator" } }, async () => "secret");
    },
  });
  routes = trial.server.declaredRoutes;
});
afterAll(() => trial.close());

describe("routes and their policies", () => {
  it("every route declares who may ask", () => {
    expect(routes.length).toBeGreaterThan(40);
    for (const { policy } of routes) expect(ROUTE_POLICIES).toContain(policy);
  });

  it("only these are for anybody", () => {
    const isPublic = ({ policy, method }: DeclaredRoute) =>
      policy === "public" && method !== "HEAD";
    expect(routes.filter(isPublic).map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /docs",
      "GET /docs/try.js",
      "GET /docs/style.css",
      "GET /openapi.json",
      "POST /api/shoppers",
      "GET /api/sale",
      "GET /api/products",
      "GET /api/products/:product",
      "GET /api/stock",
      "GET /health/live",
      "GET /health/ready",
    ]);
  });

  it("a route without a policy is refused when it is registered", async () => {
    const forgotten = trialServer({
      extend: async (scope) => {
        scope.get("/api/forgotten", async () => "open");
      },
    });
    await expect(forgotten).rejects.toThrow(/GET \/api\/forgotten declares no policy/);
  });

  it("administration and operation are shut where nobody brings a guard", async () => {
    for (const path of ["/api/admin/orders", "/metrics"]) {
      const heard = await ask(trial.origin, path);
      expect([heard.status, heard.body.type]).toEqual([403, "/problems/not-allowed"]);
    }
  });

  it("a guard of the server's own lets in whom it knows", async () => {
    const guarded = await trialServer({
      guards: {
        operator: (request, reply, done) => {
          if (request.headers.authorization === "Bearer operator") done();
          else reply.code(401).send();
        },
      },
      extend: async (scope) => {
        scope.get("/metrics", { config: { policy: "operator" } }, async () => "figures");
      },
    });
    const knows = { authorization: "Bearer operator" };
    expect((await ask(guarded.origin, "/metrics", { headers: knows })).body).toBe("figures");
    expect((await ask(guarded.origin, "/metrics")).status).toBe(401);
    await guarded.close();
  });
});

interface Described {
  readonly parameters?: readonly { readonly name: string }[];
}

describe("the description of the API", () => {
  it("names the header of a place wherever a waiting room stands before a route", async () => {
    const { body } = await ask(trial.origin, "/openapi.json");
    const named = Object.entries(body.paths as Record<string, Record<string, Described>>)
      .flatMap(([path, methods]) => Object.values(methods).map((method) => ({ path, method })))
      .filter(({ method }) => method.parameters?.some(({ name }) => name === "queue-ticket"));
    const paths = ["/api/cart/lines", "/api/cart/lines/{sku}", "/api/checkout", "/api/orders"];
    expect(named.map(({ path }) => path).sort()).toEqual(paths);
  });

  it("has every route that is declared, and no other", async () => {
    const { body } = await ask(trial.origin, "/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const described = Object.entries<object>(body.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = routes
      .filter(({ method, url }) => method !== "HEAD" && !/^\/(docs|openapi)/.test(url))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, "{$1}")}`);
    expect(described.sort()).toEqual([...declared].sort());
  });

  it("says of every operation who may ask and what comes back, problems included", async () => {
    const { body } = await ask(trial.origin, "/openapi.json");
    for (const { method, url, policy } of routes) {
      if (method === "HEAD" || !/^\/(api\/(?!admin)|health)/.test(url)) continue;
      const path = url.replace(/:(\w+)/g, "{$1}");
      const operation = body.paths[path][method.toLowerCase()];
      expect(operation.summary, `${method} ${url}`).toBeTypeOf("string");
      expect(operation.security, `${method} ${url}`).toEqual(
        policy === "shopper" ? [{ shopper: [] }] : undefined,
      );
      const answers = Object.keys(operation.responses);
      expect(answers.some((status) => status.startsWith("2"))).toBe(true);
      expect(answers).toEqual(expect.arrayContaining(["4XX", "5XX"]));
    }
    expect(body.components.schemas.Problem.additionalProperties).toBe(false);
  });

  it("every body and every answer of the API is closed: nothing comes or goes unnamed", () => {
    const isClosed = (schema: unknown): boolean => {
      if (schema === null || typeof schema !== "object") return true;
      const { type, additionalProperties } = schema as Record<string, unknown>;
      const isObject = type === "object" || (Array.isArray(type) && type.includes("object"));
      if (isObject && additionalProperties !== false) return false;
      return Object.values(schema).every(isClosed);
    };
    for (const { method, url, schema } of routes) {
      if (!/^\/(api\/(?!admin)|health)/.test(url)) continue;
      expect(isClosed([schema?.body, schema?.response, schema?.params]), `${method} ${url}`).toBe(
        true,
      );
    }
  });
});
