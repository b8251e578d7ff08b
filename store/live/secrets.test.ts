import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { PortUnavailable } from "../ports/port-unavailable.ts";
import { memoryParts } from "./memory-parts.ts";
import { type OpenedStore, openStore } from "./open-store.ts";
import { startSandbox } from "./sandbox/sandbox-server.ts";
import { KEY_BYTES } from "./secure-random.ts";
import { ask, PRICE, TRIAL_KEY, TrialShopper, trialSetup } from "./testing/trial-server.ts";
import { calledIn, NARROW_ROOM, wholeShop } from "./testing/whole-shop.ts";

const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

describe("the log", () => {
  it("at its most talkative has nothing of a buyer, a card, a token or a key in it", async () => {
    const log: string[] = [];
    let fails = false;
    const shop = await wholeShop({
      setup: trialSetup({ room: NARROW_ROOM }),
      trustProxy: ["127.0.0.1"],
      log: { write: (line) => void log.push(line) },
      gateways: [{ name: "bank", charge: (call) => (call === 2 ? "declineHard" : "approve") }],
      parts: (setup) => {
        const parts = memoryParts(setup);
        const down = new PortUnavailable({ port: "stock", reason: "nobody listens" });
        const level: typeof parts.stock.level = (sku) =>
          fails ? Effect.fail(down) : parts.stock.level(sku);
        return { ...parts, stock: { ...parts.stock, level } };
      },
      extend: (scope) => {
        scope.get("/breaks", { config: { policy: "public" } }, async (request) => {
          const error = new Error("a step that broke");
          throw Object.assign(error, { row: request.headers, email: "in-an-error@example.org" });
        });
      },
    });
    undo.push(shop.close);
    const ann = await TrialShopper.come(shop.origin);
    const { admission } = shop.store;
    if (admission === null) throw new Error("the sale has a waiting room");
    const round = () => shop.server.desk.change(admission.admitDue(null));
    const { ticket, pass } = await calledIn(shop.origin, ann, round);
    ann.ticket = ticket;
    await ann.ask("/api/queue/enter", { body: { pass } });
    const address = {
      street: "Unter den Linden",
      city: "Berlin",
      postcode: "10117",
      country: "DE",
    };
    const buyer = { email: "ann.buyer@example.org", address, paymentToken: "card-4242424242" };
    const key = "key-of-ann-1234";
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
    const placed = await ann.ask("/api/orders", {
      body: { lines, ...buyer },
      headers: { "idempotency-key": key, "x-forwarded-for": "203.0.113.50" },
    });
    expect(placed.status).toBe(201);
    expect((await ann.order("declined-5678", buyer)).status).toBe(402);
    await ann.ask("/api/exit-answer", { body: { reason: "price", note: "my name is Ann Buyer" } });
    const forged = `${ann.token}x`;
    await ask(shop.origin, "/api/cart", { headers: { authorization: `Bearer ${forged}` } });
    await ask(shop.origin, `/invitation?token=${ann.token}`);
    await ask(shop.origin, "/breaks", { headers: ann.headers });
    fails = true;
    expect((await ask(shop.origin, "/api/stock?sku=TOASTER")).status).toBe(503);
    fails = false;
    const admin = { authorization: `Bearer ${shop.adminToken}` };
    await ask(shop.origin, "/api/admin/orders", { headers: admin });
    await ask(shop.origin, "/api/sale%0d%0a{level:50}?x=%0aforged", { headers: { "x-a": "b" } });
    const text = log.join("");
    expect(log.length).toBeGreaterThan(10);
    expect(text).toContain("a step that broke");
    for (const line of log) {
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(JSON.parse(line)).toHaveProperty("level");
    }
    const secrets = [
      ann.token,
      ann.shopper,
      forged.slice(-20),
      pass,
      shop.adminToken,
      TRIAL_KEY.toString("base64"),
      TRIAL_KEY.toString("hex"),
      key,
      placed.body.order,
      "4242424242",
      "example.org",
      "Linden",
      "10117",
      "Ann Buyer",
      "203.0.113",
      "forged",
    ];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(4);
      expect(text, secret).not.toContain(secret);
    }
  });
});

describe("a change of keys during a sale", () => {
  it("leaves every token, pass and limit as it was, until the old key is taken away", async () => {
    const folder = mkdtempSync(join(tmpdir(), "keys-"));
    undo.push(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "keys");
    const bank = await startSandbox({ folder: join(folder, "bank"), port: 0 });
    process.env.REHEARSE_SANDBOX_URL = bank.url;
    undo.push(async () => {
      delete process.env.REHEARSE_SANDBOX_URL;
      await bank.close();
    });
    const open = async (): Promise<OpenedStore> => {
      const store = await openStore({
        sale: trialSetup({ room: NARROW_ROOM, limitPerPerson: 1 }),
        folder,
        redis: null,
        postgres: null,
        secure: false,
        trustProxy: [],
        version: "0.0.0",
        host: "127.0.0.1",
        port: 0,
        worker: 0,
        workers: 1,
      });
      undo.push(store.stop);
      return store;
    };
    const close = async (store: OpenedStore) => {
      undo.splice(undo.indexOf(store.stop), 1);
      await store.stop();
    };
    const first = await open();
    const ann = await TrialShopper.come(first.url);
    const place = await calledIn(first.url, ann);
    const { pass } = place;
    await close(first);

    const old = readFileSync(file, "utf8").trim();
    const fresh = randomBytes(KEY_BYTES).toString("base64");
    writeFileSync(file, `${fresh}\n${old}\n`);
    const second = await open();
    const as = (token: string, path: string, body?: object, ticket?: number) =>
      ask(second.url, path, {
        ...(body && { body }),
        headers: {
          authorization: `Bearer ${token}`,
          "idempotency-key": "k",
          ...(ticket !== undefined && { "queue-ticket": String(ticket) }),
        },
      });
    expect((await as(ann.token, "/api/queue/enter", { pass })).body.status).toBe("inside");
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
    const order = { lines, paymentToken: "card-ok", email: "ann@example.org" };
    expect((await as(ann.token, "/api/orders", order, place.ticket)).status).toBe(201);
    const bob = await TrialShopper.come(second.url);
    await close(second);

    writeFileSync(file, `${fresh}\n`);
    const third = await open();
    const cart = (token: string) =>
      ask(third.url, "/api/cart", { headers: { authorization: `Bearer ${token}` } });
    expect((await cart(ann.token)).status).toBe(401);
    expect((await cart(bob.token)).status).toBe(200);
    await close(third);

    writeFileSync(file, `${Buffer.alloc(KEY_BYTES, 1).toString("base64")}\n`);
    await expect(open()).rejects.toThrow(/32 random bytes/);
  });
});
