import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ask,
  PRICE,
  TRIAL_KEY,
  type TrialServer,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import type { DeclaredRoute } from "./route-policy.ts";
import { cartOf } from "./routes/cart.ts";
import { ShopperTokens } from "./shopper-token.ts";

/**
 * Every route for shoppers, asked by nobody, by the owner of what it names, by somebody else and
 * with a token whose time is over. What is another's reads as what is not there, to the last byte.
 */
let trial: TrialServer;
let ann: TrialShopper;
let bob: TrialShopper;
let late: Readonly<Record<string, string>>;
let own: Readonly<Record<string, string>>;
let routes: readonly DeclaredRoute[];

beforeAll(async () => {
  const limits = {
    active: 1_000,
    perMinute: null,
    lanes: [{ name: "regular", share: 1, opensAt: null }],
    engages: { from: null, above: 0 },
    passMillis: 60_000,
    sessionMillis: 60_000,
    keptMillis: 60_000,
    adaptive: null,
    drawSeed: "seed",
  };
  const lane = "regular";
  const room = { limits, laneOf: { regular: lane, loyal: lane, vip: lane } };
  trial = await trialServer({ setup: trialSetup({ units: 100, room }) });
  routes = trial.server.declaredRoutes.filter(({ policy }) => policy === "shopper");
  [ann, bob] = [await TrialShopper.come(trial.origin), await TrialShopper.come(trial.origin)];
  await comeIn(ann);
  await comeIn(bob);
  const tokens = new ShopperTokens("Trial", [TRIAL_KEY]);
  const identity = { shopper: ann.shopper, tier: "regular", invited: false } as const;
  late = { authorization: `Bearer ${tokens.sign(identity, Date.now() - 1)}` };
  const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
  const held = await ann.ask("/api/checkout", { body: { lines } });
  const placed = await ann.order("first");
  await ann.ask("/api/cart/lines", { body: { sku: "TOASTER", units: 1 } });
  const ticket = String(ann.ticket);
  own = { hold: held.body.hold, order: placed.body.order, ticket, sku: "TOASTER" };
});
afterAll(() => trial.close());

async function comeIn(shopper: TrialShopper): Promise<void> {
  const { body } = await shopper.ask("/api/queue", { method: "POST" });
  shopper.ticket = body.ticket;
  if (body.status === "admitted") {
    await shopper.ask("/api/queue/enter", { body: { pass: body.pass } });
  } else if (body.status === "waiting") {
    await trial.store.admission?.admitDue(null).pipe((round) => trial.server.desk.change(round));
    const { pass } = (await shopper.ask(`/api/queue/${body.ticket}`)).body;
    await shopper.ask("/api/queue/enter", { body: { pass } });
  }
}

/** A body that each route takes, in the name of the cart of `of`. */
function bodyOf(url: string, of: TrialShopper): object | undefined {
  const bodies: Record<string, object> = {
    "/api/cart/lines": { sku: "TOASTER", units: 1 },
    "/api/cart/lines/:sku": { units: 1 },
    "/api/checkout": { cart: cartOf(of.shopper) },
    "/api/orders": { cart: cartOf(of.shopper), paymentToken: "card-1" },
    "/api/queue/enter": { pass: "no-pass" },
    "/api/offers": { trigger: "exit-intent" },
    "/api/codes/check": { code: "x" },
    "/api/exit-answer": { reason: "price" },
    "/api/surveys/:order": { satisfaction: 5, recommend: 10 },
  };
  return bodies[url];
}

function pathOf(url: string, names: Readonly<Record<string, string>>): string {
  return url.replace(/:(\w+)/g, (_, name: string) => names[name] ?? "nothing");
}

interface Asking {
  readonly route: DeclaredRoute;
  readonly names: Readonly<Record<string, string>>;
  readonly of: TrialShopper;
  readonly headers: Readonly<Record<string, string>>;
}

function send({ route: { method, url }, names, of, headers }: Asking) {
  const body = bodyOf(url, of);
  const key = { "idempotency-key": "matrix" };
  const sent = body === undefined ? {} : { body };
  return ask(trial.origin, pathOf(url, names), {
    method,
    headers: { ...key, ...headers },
    ...sent,
  });
}

describe("who may act on what", () => {
  it("there are routes to ask", () => {
    expect(routes.length).toBeGreaterThan(18);
  });

  it("nobody acts without a token, or with one whose time is over", async () => {
    for (const route of routes) {
      for (const headers of [{}, late, { authorization: "Basic YTpi" }, { authorization: "" }]) {
        const heard = await send({ route, names: own, of: ann, headers });
        expect([route.method, route.url, heard.status]).toEqual([route.method, route.url, 401]);
      }
    }
  });

  it("what is another shopper's reads as what is not there", async () => {
    const none = { hold: "hold_none", order: "order_none", ticket: "999999" };
    const named = routes.filter(({ url }) => /:(hold|order|ticket)/.test(url));
    expect(named.length).toBeGreaterThan(6);
    for (const route of named) {
      if (route.url.endsWith("/events")) continue;
      const { headers } = bob;
      const others = await send({ route, names: own, of: ann, headers });
      const missing = await send({ route, names: none, of: ann, headers });
      expect([route.url, others.status]).toEqual([route.url, 404]);
      expect(others.body).toEqual(missing.body);
      expect([...others.headers.keys()]).toEqual([...missing.headers.keys()]);
    }
    const carts = routes.filter(({ url }) => url === "/api/checkout" || url === "/api/orders");
    for (const route of carts.filter(({ method }) => method === "POST")) {
      const heard = await send({ route, names: own, of: ann, headers: bob.headers });
      expect([heard.status, heard.body.reason]).toEqual([400, "this shopper has no such cart"]);
    }
  });

  it("a key of one shopper is no key of another", async () => {
    const again = await bob.order("first");
    expect([again.status, again.body.order === own.order]).toEqual([201, false]);
  });

  it("a hold of another shopper cannot be paid for", async () => {
    const stolen = await bob.order("stolen", { hold: own.hold });
    expect([stolen.status, stolen.body.type]).toEqual([404, "/problems/hold-mismatch"]);
  });

  it("a place in the waiting room lets nobody in but its own shopper", async () => {
    const eve = await TrialShopper.come(trial.origin);
    eve.ticket = ann.ticket;
    const heard = await eve.ask("/api/cart/lines", { body: { sku: "TOASTER", units: 1 } });
    expect([heard.status, heard.body.type]).toEqual([403, "/problems/not-inside"]);
    expect(heard.body.queue).toBe("/api/queue");
  });

  it("the owner acts on it all", async () => {
    const { headers } = ann;
    const last = ({ method }: DeclaredRoute) => (method === "DELETE" ? 1 : 0);
    const ordered = [...routes].sort((one, other) => last(one) - last(other));
    const statuses = new Map<string, number>();
    for (const route of ordered) {
      if (route.url.endsWith("/events")) continue;
      const { status } = await send({ route, names: own, of: ann, headers });
      statuses.set(`${route.method} ${route.url}`, status);
    }
    expect(Object.fromEntries(statuses)).toEqual({
      "POST /api/queue": 200,
      "GET /api/queue/:ticket": 200,
      "HEAD /api/queue/:ticket": 200,
      "POST /api/queue/enter": 401,
      "GET /api/cart": 200,
      "HEAD /api/cart": 200,
      "POST /api/cart/lines": 200,
      "PUT /api/cart/lines/:sku": 200,
      "POST /api/checkout": 201,
      "POST /api/orders": 201,
      "GET /api/orders/:order": 200,
      "HEAD /api/orders/:order": 200,
      "POST /api/orders/:order/settle": 200,
      "POST /api/offers": 200,
      "POST /api/codes/check": 404,
      "POST /api/exit-question": 200,
      "POST /api/exit-answer": 200,
      "POST /api/surveys/:order": 404,
      "DELETE /api/holds/:hold": 204,
      "DELETE /api/queue/:ticket": 204,
    });
  });
});
