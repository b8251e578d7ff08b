import { connect } from "node:net";
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
import { ShopperTokens } from "./shopper-token.ts";

let trial: TrialServer;
let ann: TrialShopper;

beforeAll(async () => {
  trial = await trialServer({
    setup: trialSetup({ units: 1_000 }),
    stripeWebhook: async () => ({ _tag: "Refused" }),
    extend: async (scope) => {
      scope.get("/fails", { config: { policy: "public" } }, async () => {
        throw new Error("the password is swordfish");
      });
    },
  });
  ann = await TrialShopper.come(trial.origin);
});
afterAll(() => trial.close());

/** A path that fits the pattern, every parameter a name that nobody has. */
function pathOf(url: string): string {
  return url.replace(/:ticket/g, "999").replace(/:\w+/g, "nothing");
}

/** Sends bytes as they are and reads what comes back until the server closes. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(trial.port, "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      heard += part;
    });
    socket.on("end", () => socket.end());
    socket.on("close", () => resolve(heard));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE" || error.code === "ECONNRESET") resolve(heard);
      else reject(error);
    });
  });
}

const SAFE_HEADERS = {
  "strict-transport-security": /max-age=(3153[6-9]\d{3}|[4-9]\d{7}); includeSubDomains/,
  "content-security-policy": /default-src 'none'.*base-uri 'none'.*frame-ancestors 'none'/,
  "x-content-type-options": /^nosniff$/,
  "referrer-policy": /same-origin/,
  "cross-origin-opener-policy": /^same-origin$/,
  "x-frame-options": /^DENY$/,
} as const;

describe("the headers of every answer", () => {
  it("are there on every route, whatever it answers, and on errors of all kinds", async () => {
    const wishes = trial.server.declaredRoutes.map(({ method, url }) => ({
      method,
      path: pathOf(url),
    }));
    wishes.push({ method: "GET", path: "/nothing/here" }, { method: "PATCH", path: "/api/cart" });
    wishes.push({ method: "GET", path: "/api/products/%E0%A4%A" });
    for (const { method, path } of wishes) {
      const { status, headers } = await ask(trial.origin, path, { method });
      for (const [name, pattern] of Object.entries(SAFE_HEADERS)) {
        expect(headers.get(name), `${method} ${path} (${status}) ${name}`).toMatch(pattern);
      }
      expect(headers.get("content-security-policy")).not.toMatch(/unsafe|https?:/);
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("cache-control"), `${method} ${path}`).toMatch(/no-store|public/);
    }
  });

  it("keep what is personal out of every cache", async () => {
    for (const path of ["/api/cart", "/api/orders/nothing", "/api/stock?sku=TOASTER"]) {
      expect((await ann.ask(path)).headers.get("cache-control")).toBe("no-store");
    }
  });

  it("are there where the request cannot even be read", async () => {
    const heard = await sendRaw("NONSENSE\r\n\r\n");
    expect(heard).toMatch(/^HTTP\/1.1 400 /);
    expect(heard).toContain("content-type: application/problem+json");
    expect(heard).toContain("x-content-type-options: nosniff");
  });
});

describe("what is no good request", () => {
  const line = { sku: "TOASTER", units: 1 };

  it("is refused with a problem, never with a stack or a name from inside", async () => {
    const { status, body, headers } = await ask(trial.origin, "/fails");
    expect([status, body]).toEqual([
      500,
      { type: "/problems/server-error", title: expect.any(String), status: 500 },
    ]);
    expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  });

  it("is refused where it brings members that nobody asked for", async () => {
    for (const extra of [{ price: 1 }, { paid: true }, { shopper: "bob" }, { unitPrice: 1 }]) {
      const heard = await ann.ask("/api/cart/lines", { body: { ...line, ...extra } });
      expect([heard.status, heard.body.type]).toEqual([400, "/problems/bad-request"]);
    }
    for (const extra of [{ total: 1 }, { status: "confirmed" }, { shopper: "bob" }]) {
      expect((await ann.order("extra", extra)).status).toBe(400);
    }
    expect((await ann.ask("/api/cart")).body.lines).toEqual([]);
  });

  it("is refused where a number comes as a text, is no whole one, or is out of bounds", async () => {
    for (const units of ["1", 1.5, 0, -1, 1e9, null, [1], { a: 1 }]) {
      expect((await ann.ask("/api/cart/lines", { body: { ...line, units } })).status).toBe(400);
    }
  });

  it("is refused where it names a prototype or a constructor", async () => {
    for (const text of [
      '{"sku":"TOASTER","units":1,"__proto__":{"paid":true}}',
      '{"sku":"TOASTER","units":1,"constructor":{"prototype":{"paid":true}}}',
    ]) {
      const response = await fetch(`${trial.origin}/api/cart/lines`, {
        method: "POST",
        headers: { ...ann.headers, "content-type": "application/json" },
        body: text,
      });
      expect(response.status).toBe(400);
    }
    expect(({} as { paid?: boolean }).paid).toBeUndefined();
  });

  it("is refused where it is deeper than anything, larger than anything, or of another kind", async () => {
    const deep = `{"sku":${"[".repeat(7_000)}${"]".repeat(7_000)},"units":1}`;
    const wishes = [
      { kind: "application/json", body: deep, status: 400 },
      { kind: "application/json", body: `{"sku":"${"x".repeat(17_000)}","units":1}`, status: 413 },
      { kind: "application/json", body: "{", status: 400 },
      { kind: "text/plain", body: '{"sku":"TOASTER","units":1}', status: 415 },
      { kind: "application/x-www-form-urlencoded", body: "sku=TOASTER&units=1", status: 415 },
      { kind: "application/xml", body: "<sku/>", status: 415 },
    ];
    for (const { kind, body, status } of wishes) {
      const response = await fetch(`${trial.origin}/api/cart/lines`, {
        method: "POST",
        headers: { ...ann.headers, "content-type": kind },
        body,
      });
      expect([kind, response.status]).toEqual([kind, status]);
      expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    }
  });

  it("is refused where it has more headers than anybody needs", async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `x-${index}: 1`).join("\r\n");
    const heard = await sendRaw(`GET /api/sale HTTP/1.1\r\nhost: shop\r\n${many}\r\n\r\n`);
    expect(heard).toMatch(/^HTTP\/1.1 431 /);
  });

  it("is refused where two lengths of its body contradict each other", async () => {
    for (const twice of [
      "content-length: 2\r\ncontent-length: 30",
      "content-length: 2\r\ntransfer-encoding: chunked",
    ]) {
      const head = `POST /api/shoppers HTTP/1.1\r\nhost: shop\r\n${twice}`;
      const heard = await sendRaw(`${head}\r\n\r\n{}GET /api/sale HTTP/1.1\r\nhost: shop\r\n\r\n`);
      expect(heard).toMatch(/^HTTP\/1.1 400 /);
      expect(heard.match(/HTTP\/1.1/g)).toHaveLength(1);
    }
  });

  it("names the methods that there are where it asks by another", async () => {
    const heard = await ann.ask("/api/cart/lines/TOASTER", { method: "PATCH" });
    expect([heard.status, heard.headers.get("allow")]).toEqual([405, "PUT"]);
    expect((await ann.ask("/api/orders/x", { method: "DELETE" })).headers.get("allow")).toBe(
      "GET, HEAD",
    );
    expect((await ann.ask("/api/nothing", { method: "DELETE" })).status).toBe(404);
  });

  it("needs a key where it is an order", async () => {
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
    const body = { lines, paymentToken: "card-1" };
    const without = await ann.ask("/api/orders", { body });
    expect([without.status, without.body.type]).toEqual([400, "/problems/key-required"]);
    expect((await ann.order("a key with blanks")).status).toBe(400);
    expect((await ann.order("k".repeat(129))).status).toBe(400);
    expect(trial.gateways[0].charges()).toHaveLength(0);
  });
});

describe("a request from another site", () => {
  const jar = () => ({ cookie: `shopper=${ann.token}` });
  const send = (headers: Record<string, string>) =>
    ask(trial.origin, "/api/exit-question", { method: "POST", headers });

  it("does nothing in a shopper's name", async () => {
    for (const from of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://elsewhere.example" },
      { origin: "null" },
      {},
    ]) {
      const heard = await send({ ...jar(), ...from } as Record<string, string>);
      expect([heard.status, heard.body.type]).toEqual([403, "/problems/cross-origin"]);
    }
  });

  it("is taken from the shop's own pages, and with a token of its own from anywhere", async () => {
    expect((await send({ ...jar(), "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect((await send({ ...jar(), origin: trial.origin })).status).toBe(200);
    const own = { authorization: `Bearer ${ann.token}`, origin: "https://elsewhere.example" };
    expect((await send(own)).status).toBe(200);
    const json = await ask(trial.origin, "/api/codes/check", {
      body: { code: "x" },
      headers: jar(),
    });
    expect(json.status).toBe(404);
  });
});

describe("a token", () => {
  const tokens = new ShopperTokens("Trial", [TRIAL_KEY]);
  const cart = (token: string) =>
    ask(trial.origin, "/api/cart", { headers: { authorization: `Bearer ${token}` } });

  it("is believed in no other form than the one that was signed", async () => {
    const { token } = ann;
    for (let place = 0; place < token.length; place += 1) {
      const other = token[place] === "A" ? "B" : "A";
      const changed = `${token.slice(0, place)}${other}${token.slice(place + 1)}`;
      expect([place, (await cart(changed)).status]).toEqual([place, 401]);
    }
    for (const other of ["", "x", `${token}=`, `${token}.`, token.slice(0, -1), "a.b.c.d"]) {
      expect((await cart(other)).status).toBe(401);
    }
  });

  it("of another sale, another key, another kind, or of yesterday is none", async () => {
    const { shopper } = ann;
    const until = Date.now() + 60_000;
    const identity = { shopper, tier: "vip", invited: true } as const;
    const forgers = [
      new ShopperTokens("Another", [TRIAL_KEY]),
      new ShopperTokens("Trial", [Buffer.alloc(32, 8)]),
    ];
    for (const forger of forgers)
      expect((await cart(forger.sign(identity, until))).status).toBe(401);
    const invitation = tokens.signInvitation({ guest: shopper, tier: "vip", invited: true }, until);
    expect((await cart(invitation)).status).toBe(401);
    const late = await cart(tokens.sign(identity, Date.now() - 1));
    expect([late.status, late.body.type]).toEqual([401, "/problems/token-expired"]);
    expect(late.headers.get("www-authenticate")).toBe("Bearer");
    expect((await cart(tokens.sign(identity, until))).status).toBe(200);
  });

  it("signed with the last key is believed while a new one signs", () => {
    const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const identity = { shopper: "shopper_a", tier: "loyal", invited: false } as const;
    const before = new ShopperTokens("Trial", [old]).sign(identity, 10);
    const rotated = new ShopperTokens("Trial", [fresh, old]);
    expect(rotated.identify(before, 5)).toEqual({ _tag: "Known", identity });
    expect(rotated.identify(before, 10)).toEqual({ _tag: "Expired" });
    const after = rotated.sign(identity, 10);
    expect(new ShopperTokens("Trial", [fresh]).identify(after, 5)._tag).toBe("Known");
    expect(new ShopperTokens("Trial", [old]).identify(after, 5)._tag).toBe("Forged");
  });

  it("needs a key that is as long as its digest", () => {
    expect(() => new ShopperTokens("Trial", [Buffer.alloc(31)])).toThrow(/as long as/);
    expect(() => new ShopperTokens("Trial", [])).toThrow(/needs a key/);
  });

  it("of an invitation is one and the same shopper, however often it is followed", async () => {
    const until = Date.now() + 60_000;
    const vip = { guest: "reader-17", tier: "vip", invited: true } as const;
    const invitation = tokens.signInvitation(vip, until);
    const first = await ask(trial.origin, "/api/shoppers", { body: { invitation } });
    const second = await ask(trial.origin, "/api/shoppers", { body: { invitation } });
    expect(first.body).toMatchObject({ tier: "vip", invited: true });
    expect(second.body.shopper).toBe(first.body.shopper);
    const raised = `${invitation.slice(0, -3)}AAA`;
    const forged = await ask(trial.origin, "/api/shoppers", { body: { invitation: raised } });
    expect([forged.status, forged.body.type]).toEqual([403, "/problems/invitation-refused"]);
    const asToken = await ask(trial.origin, "/api/shoppers", { body: { invitation: ann.token } });
    expect(asToken.status).toBe(403);
  });
});
