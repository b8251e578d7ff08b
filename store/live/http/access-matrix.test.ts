import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PRICE, TRIAL_KEY, TrialShopper, trialSetup } from "../testing/trial-server.ts";
import { comeIn, pathOf, type WholeShop, WIDE_ROOM, wholeShop } from "../testing/whole-shop.ts";
import type { DeclaredRoute, RoutePolicy } from "./route-policy.ts";
import { ShopperTokens } from "./shopper-token.ts";

/**
 * Every route that there is, asked by everybody there is: who may ask for it follows from its
 * policy alone, and what is another shopper's reads, to the last byte, as what is not there.
 */
type Actor = "nobody" | "late" | "owner" | "other" | "admin";
const ACTORS: readonly Actor[] = ["nobody", "late", "owner", "other", "admin"];

/** Who gets past the door of each policy; of a public route everybody does. */
const LET_IN: Readonly<Record<Exclude<RoutePolicy, "public">, readonly Actor[]>> = {
  shopper: ["owner", "other"],
  // A gateway's signature is over the body, so the door lets everybody speak.
  gateway: ACTORS,
  admin: ["admin"],
  // From this machine without a token, from anywhere with the right one, never with a wrong one.
  operator: ["nobody", "admin"],
};

let shop: WholeShop;
let routes: readonly DeclaredRoute[];
let ann: TrialShopper;
let bob: TrialShopper;
let own: Readonly<Record<string, string>>;
const headersOf = new Map<Actor, Readonly<Record<string, string>>>();

beforeAll(async () => {
  const attempts = { tokens: 1, everyMillis: 1, burst: 10_000 };
  const setup = trialSetup({ units: 100, room: WIDE_ROOM });
  shop = await wholeShop({ setup, attempts });
  routes = shop.server.declaredRoutes;
  ann = await TrialShopper.come(shop.origin);
  bob = await TrialShopper.come(shop.origin);
  await comeIn(shop, ann);
  await comeIn(shop, bob);
  const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
  const hold = (await ann.ask("/api/checkout", { body: { lines } })).body.hold;
  const order = (await ann.order("first")).body.order;
  own = { hold, order, ticket: String(ann.ticket), sku: "TOASTER", product: "toasting" };
  const identity = { shopper: ann.shopper, tier: "regular", invited: false } as const;
  const late = new ShopperTokens("Trial", [TRIAL_KEY]).sign(identity, Date.now() - 1);
  headersOf.set("nobody", {});
  headersOf.set("late", { authorization: `Bearer ${late}` });
  headersOf.set("owner", ann.headers);
  headersOf.set("other", bob.headers);
  headersOf.set("admin", { authorization: `Bearer ${shop.adminToken}` });
});
afterAll(() => shop.close());

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function send(
  { method, url }: DeclaredRoute,
  names: Readonly<Record<string, string>>,
  init: RequestInit = {},
): Promise<Reply> {
  const path = `${shop.origin}${pathOf({ url }, names)}`;
  const response = await fetch(path, { method, redirect: "manual", ...init });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const isStream = ({ url }: DeclaredRoute) => url.endsWith("/events");

describe("every route there is", () => {
  it("is let into by those of its policy and by nobody else", async () => {
    const counted = new Map<string, number>();
    for (const route of routes) {
      const { policy, method, url } = route;
      if (policy === "public" || isStream(route)) continue;
      for (const actor of ACTORS) {
        const { status } = await send(route, {}, { headers: headersOf.get(actor) ?? {} });
        const wanted = LET_IN[policy].includes(actor);
        expect([method, url, actor, status !== 401], `${status}`).toEqual([
          method,
          url,
          actor,
          wanted,
        ]);
        expect(status, `${method} ${url} for ${actor}`).not.toBe(500);
        counted.set(policy, (counted.get(policy) ?? 0) + 1);
      }
    }
    for (const policy of Object.keys(LET_IN)) expect(counted.get(policy)).toBeGreaterThan(4);
  });

  it("takes a token whose time is over for none where anybody may ask", async () => {
    for (const route of routes.filter(({ policy }) => policy === "public")) {
      const headers = { "sec-fetch-site": "same-origin" };
      const late = { ...headers, ...headersOf.get("late") };
      const [one, other] = [
        await send(route, own, { headers }),
        await send(route, own, { headers: late }),
      ];
      expect([route.method, route.url, other.status]).toEqual([
        route.method,
        route.url,
        one.status,
      ]);
    }
  });

  it("is for anybody only where it is here, whatever the shop is made of", () => {
    const open = routes.filter(({ policy, method }) => policy === "public" && method !== "HEAD");
    const writes = open.filter(({ method }) => method !== "GET");
    expect(writes.map(({ url }) => url).sort()).toEqual([
      "/api/shoppers",
      "/cart/lines",
      "/cart/units",
      "/checkout",
      "/goodbye",
      "/invitation",
      "/leaving",
      "/orders",
      "/orders/:order/survey",
      "/queue",
      "/queue/leave",
      "/views",
    ]);
    const reads = open.filter(({ method, url }) => method === "GET" && url.startsWith("/api/"));
    expect(reads.map(({ url }) => url).sort()).toEqual([
      "/api/products",
      "/api/products/:product",
      "/api/sale",
      "/api/stock",
    ]);
  });
});

describe("what is another shopper's", () => {
  const NONE = { hold: "hold_none", order: "order_none", ticket: "999999" };

  it("reads as what is not there, on every route that names something of a shopper's", async () => {
    const named = routes.filter(({ url }) => /:(hold|order|ticket)/.test(url));
    const ofShoppers = named.filter(({ policy }) => policy === "shopper" || policy === "public");
    expect(ofShoppers.length).toBeGreaterThan(11);
    const cookie = `shopper=${bob.token}`;
    const asBob = [
      { ...bob.headers, "idempotency-key": "k" },
      { cookie, "sec-fetch-site": "same-origin", accept: "text/html" },
    ];
    for (const route of ofShoppers.filter((each) => !isStream(each))) {
      const body = route.method === "POST" ? bodyOf(route) : null;
      for (const headers of asBob) {
        const init = { ...body, headers: { ...headers, ...body?.headers } };
        const others = await send(route, own, init);
        const missing = await send(route, { ...own, ...NONE }, init);
        const label = `${route.method} ${route.url} ${others.status}`;
        expect(others.status, label).toBe(missing.status);
        expect(anonymous(others.text, own), label).toBe(anonymous(missing.text, NONE));
        expect(headerRows(others), label).toEqual(headerRows(missing));
      }
    }
  });

  it("is the owner's and the operator's, so that the rows above are no dead ends", async () => {
    const at = (method: string, url: string) =>
      routes.find((each) => each.method === method && each.url === url) as DeclaredRoute;
    const asAnn = { headers: ann.headers };
    expect((await send(at("GET", "/api/orders/:order"), own, asAnn)).status).toBe(200);
    expect((await send(at("GET", "/api/queue/:ticket"), own, asAnn)).status).toBe(200);
    const cookie = { headers: { cookie: `shopper=${ann.token}`, accept: "text/html" } };
    const page = await send(at("GET", "/orders/:order"), own, cookie);
    expect([page.status, page.text.includes("Thank you")]).toEqual([200, true]);
    const asAdmin = { headers: headersOf.get("admin") ?? {} };
    expect((await send(at("GET", "/api/admin/orders/:order"), own, asAdmin)).status).toBe(200);
    const none = await send(at("GET", "/api/admin/orders/:order"), NONE, asAdmin);
    expect(none.status).toBe(404);
    expect((await send(at("DELETE", "/api/holds/:hold"), own, asAnn)).status).toBe(204);
  });

  function bodyOf({ url }: DeclaredRoute): { body: string; headers: Record<string, string> } {
    if (!url.startsWith("/api/")) {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return { body: "satisfaction=5&recommend=10", headers };
    }
    const headers = { "content-type": "application/json" };
    return { body: JSON.stringify({ satisfaction: 5, recommend: 10 }), headers };
  }

  /** The text without the name that was asked for. */
  function anonymous(text: string, names: Readonly<Record<string, string>>): string {
    const asked = ["hold", "order", "ticket"].map((name) => names[name] ?? "");
    return asked.reduce((all, name) => all.replaceAll(name, "*"), text);
  }

  function headerRows({ headers }: Reply): readonly string[] {
    const varying = new Set(["date", "content-length"]);
    return [...headers].filter(([name]) => !varying.has(name)).map((row) => row.join(": "));
  }
});

interface Shape {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
}

/** Members of an answer that its schema does not name. */
function unnamed(value: unknown, schema: Shape | undefined, at = ""): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => unnamed(item, schema?.items, `${at}[]`));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const known = schema?.properties?.[name];
    return known === undefined ? [`${at}.${name}`] : unnamed(member, known, `${at}.${name}`);
  });
}

describe("what an answer says", () => {
  it("is named in the schema of its route, member by member", async () => {
    expect(unnamed({ a: [{ b: 1 }] }, { properties: { a: { items: {} } } })).toEqual([".a[].b"]);
    let seen = 0;
    const bodies: Readonly<Record<string, object>> = {
      "/api/cart/lines": { sku: "TOASTER", units: 1 },
      "/api/cart/lines/:sku": { units: 1 },
      "/api/checkout": { lines: [{ sku: "TOASTER", units: 1, unitPrice: PRICE }] },
      "/api/orders": { lines: [{ sku: "TOASTER", units: 1, unitPrice: PRICE }], paymentToken: "c" },
      "/api/offers": { trigger: "exit-intent" },
      "/api/admin/sale/pause": { why: "test" },
      "/api/admin/sale/resume": { why: "test" },
      "/api/admin/stock/:sku/restock": { units: 1 },
      "/api/admin/prices/:sku": { price: 4_000, salePrice: PRICE },
    };
    for (const route of routes) {
      const { method, url, policy, schema } = route;
      const responses = schema?.response as Readonly<Record<string, Shape>> | undefined;
      if (responses === undefined || isStream(route) || method === "DELETE") continue;
      const json = { "content-type": "application/json", "idempotency-key": "schema" };
      const who = policy === "admin" || policy === "operator" ? "admin" : "owner";
      const body = bodies[url];
      const reply = await send(route, own, {
        headers: { ...(body && json), ...headersOf.get(who) },
        ...(body && { body: JSON.stringify(body) }),
      });
      const isJson = reply.headers.get("content-type")?.startsWith("application/json") === true;
      if (!isJson || reply.status >= 300 || reply.text === "") continue;
      const of = responses[String(reply.status)];
      expect(unnamed(JSON.parse(reply.text), of), `${method} ${url}`).toEqual([]);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(20);
  });
});
