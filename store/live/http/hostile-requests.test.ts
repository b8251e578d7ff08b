import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ask, PRICE, TrialShopper, trialSetup } from "../testing/trial-server.ts";
import { pathOf, type WholeShop, wholeShop } from "../testing/whole-shop.ts";
import { CONTENT_SECURITY_POLICY } from "./security-headers.ts";

/**
 * What is sent to break the server, to get a second request past whoever stands before it, or to
 * make it work for nothing; and what every answer says to a browser, whatever was asked.
 */
let shop: WholeShop;
let ann: TrialShopper;

beforeAll(async () => {
  const attempts = { tokens: 1, everyMillis: 1, burst: 10_000 };
  shop = await wholeShop({ setup: trialSetup({ units: 1_000 }), attempts, secure: true });
  ann = await TrialShopper.come(shop.origin);
});
afterAll(() => shop.close());

/** Sends bytes as they are, and reads what comes back until the server closes or falls silent. */
function sendRaw(text: string, more?: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(shop.port, "127.0.0.1", () => socket.write(text, "latin1"));
    socket.setEncoding("latin1").on("data", (part: string) => {
      heard += part;
      if (more !== undefined && heard.includes("\r\n\r\n")) socket.end(more, "latin1");
    });
    socket.on("end", () => socket.end());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(heard));
  });
}

const answersIn = (heard: string) => heard.match(/HTTP\/1\.1 \d{3}/g) ?? [];

describe("two requests in the clothes of one", () => {
  const smuggled = "GET /api/stock?sku=SMUGGLED HTTP/1.1\r\nhost: shop\r\n\r\n";
  const chunked = `0\r\n\r\n${smuggled}`;
  const head = "POST /api/shoppers HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n";
  const cases: readonly (readonly [what: string, request: string])[] = [
    ["a length and chunks", "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"],
    ["chunks and a length", "transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n"],
    ["two lengths", "content-length: 0\r\ncontent-length: 60\r\n\r\n"],
    ["a list of lengths", "content-length: 0, 60\r\n\r\n"],
    ["a length with a sign", "content-length: +0\r\n\r\n"],
    ["a length in hexadecimal", "content-length: 0x0\r\n\r\n"],
    ["a length below zero", "content-length: -1\r\n\r\n"],
    ["a blank before the colon", "transfer-encoding : chunked\r\n\r\n"],
    ["a coding that is none", "transfer-encoding: xchunked\r\n\r\n"],
    ["a coding after chunks", "transfer-encoding: chunked, identity\r\n\r\n"],
    ["two codings", "transfer-encoding: identity\r\ntransfer-encoding: cow\r\n\r\n"],
    ["a coding in quotes", 'transfer-encoding: "chunked"\r\n\r\n'],
    ["a folded header", "transfer-encoding:\r\n chunked\r\ncontent-length: 5\r\n\r\n"],
    ["a header with a nought", "x-odd: a\0b\r\ncontent-length: 0\r\n\r\n"],
    ["a bare carriage return", "x-odd: a\rtransfer-encoding: chunked\r\n\r\n"],
    ["a chunk of no number", "transfer-encoding: chunked\r\n\r\nzz\r\n"],
    ["a chunk with a sign", "transfer-encoding: chunked\r\n\r\n+0\r\n\r\n"],
  ];
  it.each(cases)("is refused, and the line is closed: %s", async (_what, rest) => {
    const heard = await sendRaw(`${head}${rest}${rest.endsWith("\r\n\r\n") ? chunked : ""}`);
    expect(answersIn(heard)).toEqual(["HTTP/1.1 400"]);
    expect(heard.toLowerCase()).toContain("connection: close");
    expect(heard).not.toContain("SMUGGLED");
  });

  it("is read as two where it is two", async () => {
    const first = "GET /api/sale HTTP/1.1\r\nhost: shop\r\n\r\n";
    const last = "GET /api/sale HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n";
    expect(answersIn(await sendRaw(first + last))).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
  });

  it("is no request of HTTP/2, of another protocol, or without a host", async () => {
    const wishes = [
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /api/sale\r\n\r\n",
      "GET /api/sale HTTP/1.1\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
      "GET /api/sale HTTP/9.9\r\nhost: shop\r\n\r\n",
    ];
    for (const wish of wishes) {
      const heard = await sendRaw(wish);
      expect(answersIn(heard), JSON.stringify(wish)).toEqual(["HTTP/1.1 400"]);
    }
  });
});

describe("a body that is more than it seems", () => {
  const post = (path: string, body: string | Buffer, headers: Record<string, string>) =>
    fetch(`${shop.origin}${path}`, {
      method: "POST",
      headers: { ...ann.headers, ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });

  it("is not unpacked: a bomb of a thousand to one is a few bytes that are no JSON", async () => {
    const bomb = gzipSync(Buffer.alloc(8_000_000, 0x20));
    expect(bomb.length).toBeLessThan(16_000);
    const before = process.memoryUsage().rss;
    for (const coding of ["gzip", "deflate", "br"]) {
      const headers = { "content-type": "application/json", "content-encoding": coding };
      const response = await post("/api/cart/lines", bomb, headers);
      expect([coding, response.status]).toEqual([coding, 400]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it("is refused at its announced size, before it has come", async () => {
    const head = `POST /api/cart/lines HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer ${ann.token}`;
    const long = `${head}\r\ncontent-type: application/json\r\ncontent-length: 999999999\r\n\r\n{`;
    expect(answersIn(await sendRaw(long, "}"))).toEqual(["HTTP/1.1 413"]);
    const chunk = `${"a".repeat(17_000)}`;
    const chunks = `${head}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    const size = chunk.length.toString(16);
    const heard = await sendRaw(`${chunks}${size}\r\n${chunk}\r\n`, "0\r\n\r\n");
    expect(answersIn(heard)).toEqual(["HTTP/1.1 413"]);
  });

  it("is refused as the delivery of a gateway over its size, and unsigned whatever it is", async () => {
    const json = { "content-type": "application/json" };
    const deliver = (body: string) => post("/api/webhooks/stripe", body, json);
    expect((await deliver(`{"x":"${"y".repeat(256 * 1_024)}"}`)).status).toBe(413);
    for (const body of ["{}", "not JSON", '{"__proto__":{"paid":true}}']) {
      const refused = await deliver(body);
      expect([refused.status, Object.keys((await refused.json()) as object).sort()]).toEqual([
        400,
        ["status", "title", "type"],
      ]);
    }
  });

  it("is refused where it lists more than a cart could hold", async () => {
    const line = { sku: "T", units: 1, unitPrice: 1 };
    const lines = Array.from({ length: 101 }, () => line);
    expect((await ann.ask("/api/checkout", { body: { lines } })).status).toBe(400);
    const codes = Array.from({ length: 11 }, () => "x");
    const few = { lines: [{ sku: "TOASTER", units: 1, unitPrice: PRICE }], codes };
    expect((await ann.ask("/api/checkout", { body: few })).status).toBe(400);
  });

  it("is refused as a form of more fields than any page has", async () => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
    };
    const fields = Array.from({ length: 60 }, (_, n) => `f${n}=1`).join("&");
    expect((await post("/cart/lines", fields, headers)).status).toBe(400);
  });

  it("cannot ask for more of a list than a page of it", async () => {
    for (const limit of ["0", "1", "999"]) {
      const { status, body } = await ask(shop.origin, `/api/products?limit=${limit}`);
      expect([status, body.items.length <= 100]).toEqual([200, true]);
    }
    const wishes = ["limit=1000", "limit=-1", "limit=1e9", "limit=1&limit=2", "more=1"];
    for (const query of wishes) {
      const { status } = await ask(shop.origin, `/api/products?${query}`);
      expect([query, status]).toEqual([query, 400]);
    }
    const many = Array.from({ length: 51 }, (_, n) => `S${n}`).join(",");
    expect((await ask(shop.origin, `/api/stock?sku=${many}`)).status).toBe(400);
  });
});

describe("one thing said twice", () => {
  it("is refused in a query, and the first of two does not win", async () => {
    expect((await ask(shop.origin, "/api/stock?sku=TOASTER&sku=KETTLE")).status).toBe(400);
    expect((await ask(shop.origin, "/api/products?q=a&q=b")).status).toBe(400);
    expect((await ask(shop.origin, "/api/stock?sku[]=TOASTER")).status).toBe(400);
  });

  it("breaks no page, whatever is said in a query", async () => {
    const names = ["q", "after", "next", "token", "still", "limit", "__proto__", "constructor"];
    const twice = names.flatMap((name) => [`${name}=a`, `${name}=b`]).join("&");
    const odd = "q[toString]=1&after[]=1&next=%00&%ff=%fe&a".padEnd(3_000, "&a");
    for (const { method, url } of shop.server.declaredRoutes) {
      if (method !== "GET" || url.endsWith("/events")) continue;
      for (const query of [twice, odd, `q=${"%F0%9F%8F%B7".repeat(300)}`]) {
        const response = await fetch(`${shop.origin}${pathOf({ url })}?${query}`);
        await response.body?.cancel();
        expect(response.status, `${url}?${query}`.slice(0, 200)).toBeLessThan(500);
      }
    }
  });

  it("is refused as the key of an order", async () => {
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
    const text = JSON.stringify({ lines, paymentToken: "card" });
    const heard = await sendRaw(
      `POST /api/orders HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer ${ann.token}\r\n` +
        `idempotency-key: a\r\nidempotency-key: b\r\ncontent-type: application/json\r\n` +
        `content-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
    );
    expect(answersIn(heard)).toEqual(["HTTP/1.1 400"]);
    expect(shop.gateways[0].charges()).toHaveLength(0);
  });

  it("is refused as a member that JSON has twice only where it is a prototype", async () => {
    const heard = await ann.ask("/api/cart");
    expect(heard.body.lines).toEqual([]);
    for (const member of ["__proto__", "constructor"]) {
      const text = `{"sku":"TOASTER","units":1,"${member}":{"prototype":{"paid":true}}}`;
      const response = await fetch(`${shop.origin}/api/orders`, {
        method: "POST",
        headers: { ...ann.headers, "content-type": "application/json", "idempotency-key": "p" },
        body: text,
      });
      expect([member, response.status]).toEqual([member, 400]);
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe("what is not declared", () => {
  it("is not done: other methods are named as such on every path", async () => {
    const { declaredRoutes } = shop.server;
    const fits = (url: string, path: string) =>
      new RegExp(`^${url.replaceAll(".", "\\.").replace(/:\w+/g, "[^/]+")}$`).test(path);
    let tried = 0;
    for (const url of new Set(declaredRoutes.map((route) => route.url))) {
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
        const path = pathOf({ url });
        if (declaredRoutes.some((route) => route.method === method && fits(route.url, path)))
          continue;
        const response = await fetch(`${shop.origin}${path}`, { method });
        expect([method, url, response.status]).toEqual([method, url, 405]);
        expect(response.headers.get("allow")?.split(", ")).not.toContain(method);
        await response.body?.cancel();
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(200);
    for (const method of ["TRACE", "CONNECT", "TRACK", "PROPFIND"]) {
      const heard = await sendRaw(
        `${method} /api/sale HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n`,
      );
      expect(answersIn(heard)[0] ?? "closed", method).toMatch(/ 4\d\d$|closed/);
      expect(heard).not.toContain("publicAt");
    }
  });

  it("is not there: nothing of the files that the store is made of or keeps", async () => {
    const wishes = [
      "/.git/config",
      "/.env",
      "/package.json",
      "/keys",
      "/admin-tokens",
      "/sale.json",
      "/assets/../keys",
      "/assets/..%2f..%2fpackage.json",
      "/assets/%2e%2e/%2e%2e/package.json",
      "//etc/passwd",
      "/%00",
      "/product/%00",
      "/debug/pprof",
      "/server-status",
    ];
    for (const path of wishes) {
      const heard = await sendRaw(
        `GET ${path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n`,
      );
      expect(answersIn(heard)[0], path).toMatch(/ 40[04]$/);
    }
  });

  it("shows its figures to this machine and to a token, and to nobody beyond a proxy", async () => {
    const figures = (headers: Record<string, string>) => ask(shop.origin, "/metrics", { headers });
    const authorization = `Bearer ${shop.adminToken}`;
    expect((await figures({})).status).toBe(200);
    expect((await figures({ "x-forwarded-for": "203.0.113.1" })).status).toBe(401);
    expect((await figures({ forwarded: "for=203.0.113.1" })).status).toBe(401);
    // Prometheus in a container of its own brings the token.
    const far = { "x-forwarded-for": "203.0.113.1", authorization };
    expect((await figures(far)).status).toBe(200);
    expect((await figures(ann.headers)).status).toBe(401);
  });
});

describe("what an answer says to a browser", () => {
  const WANTED: Readonly<Record<string, string>> = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
  };
  /** May be kept by a cache that many share: the same for everybody. */
  const SHARED =
    /^\/($|products|product\/|sellers\/|art\/|assets\/|docs|openapi|api\/products|search)/;

  it("is the same on every route, with every answer it gives", async () => {
    const from = { "sec-fetch-site": "same-origin" };
    const wishes = shop.server.declaredRoutes
      .filter(({ url }) => !url.endsWith("/events"))
      .flatMap(({ method, url }) =>
        [{}, ann.headers, { authorization: `Bearer ${shop.adminToken}` }].map((headers) => ({
          method,
          path: pathOf({ url }, { product: "toasting", seller: "hearth" }),
          headers: { ...from, ...headers },
        })),
      );
    wishes.push({ method: "GET", path: "/nothing", headers: from });
    wishes.push({ method: "GET", path: "/%E0%A4%A", headers: from });
    const seen = new Set<number>();
    for (const { method, path, headers } of wishes) {
      const init = { method, headers, redirect: "manual" } as const;
      const { headers: heard, status, body } = await fetch(`${shop.origin}${path}`, init);
      await body?.cancel();
      seen.add(status);
      const rows = Object.keys(WANTED).map((name) => [name, heard.get(name)]);
      expect(Object.fromEntries(rows), `${method} ${path} ${status}`).toEqual(WANTED);
      for (const name of ["access-control-allow-origin", "server", "x-powered-by"]) {
        expect(heard.get(name)).toBeNull();
      }
      const kept = heard.get("cache-control") ?? "";
      expect(kept, `${method} ${path}`).toMatch(SHARED.test(path) ? /./ : /no-store|private/);
      for (const cookie of heard.getSetCookie()) {
        expect(cookie).toMatch(/^__Host-\w+=.*Path=\/.*Secure.*SameSite=Lax/);
      }
    }
    for (const status of [200, 303, 400, 401, 403, 404]) expect([...seen]).toContain(status);
  });

  it("keeps a name and a place out of reach of scripts, and names nobody in an address", async () => {
    const init = {
      method: "POST",
      headers: {
        "sec-fetch-site": "same-origin",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "sku=TOASTER&units=1",
      redirect: "manual",
    } as const;
    const response = await fetch(`${shop.origin}/cart/lines`, init);
    const cookies = response.headers.getSetCookie();
    const named = cookies.filter((cookie) => /^__Host-(shopper|ticket)=/.test(cookie));
    expect(named.length).toBeGreaterThan(0);
    for (const cookie of named) expect(cookie).toContain("HttpOnly");
    expect(response.headers.get("location")).not.toMatch(/shopper_|token/);
    const inAddress = shop.server.declaredRoutes.filter(({ url, schema }) => {
      const query = JSON.stringify(schema?.querystring ?? {});
      return (
        /:(token|pass|key|shopper|secret|code)\b/.test(url) || /"(token|pass|key)"/.test(query)
      );
    });
    expect(inAddress).toEqual([]);
  });
});
