import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { adminGuards } from "../admin/admin-guard.ts";
import { AdminTokens } from "../admin/admin-tokens.ts";
import { memoryParts } from "../memory-parts.ts";
import type { LiveParts } from "../parts.ts";
import { openSqlite } from "../sqlite/sqlite-parts.ts";
import {
  ask,
  HandClock,
  PRICE,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { ALERT_RULES } from "./alert-rules.ts";
import { AlertWebhook } from "./alert-webhook.ts";
import { type Monitor, WatchedParts } from "./monitor.ts";
import { registerMonitoring } from "./register-monitoring.ts";
import { storeLog } from "./store-log.ts";

const TOKEN = Buffer.alloc(32, 1).toString("base64url");
const KEY = Buffer.alloc(32, 3);
const guards = adminGuards({ tokens: new AdminTokens(new Map([["ann", TOKEN]])) });
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

interface Watched extends TrialServer {
  readonly monitor: Monitor;
}

interface WatchedOptions extends Omit<TrialServerOptions, "parts" | "beside"> {
  readonly parts?: (setup: SaleSetup) => LiveParts;
  readonly webhook?: { readonly url: string; readonly key: Buffer };
  readonly worker?: number;
}

async function watched(options: WatchedOptions = {}): Promise<Watched> {
  const { setup = trialSetup(), parts = memoryParts, webhook = null, ...rest } = options;
  const watch = new WatchedParts(parts(setup), options.worker);
  const held: { monitor: Monitor | null } = { monitor: null };
  const trial = await trialServer({
    guards,
    ...rest,
    setup,
    parts: () => watch.parts,
    beside: (server) => {
      held.monitor = registerMonitoring(server, { watched: watch, folder: null, webhook });
    },
  });
  undo.push(trial.close);
  return { ...trial, monitor: held.monitor as Monitor };
}

async function metricsOf({ origin, monitor }: Watched): Promise<Map<string, number>> {
  await monitor.look();
  const { body } = await ask(origin, "/metrics");
  const lines = (body as string).split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => [seriesOf(line), Number(line.split(" ").at(-1))]));
}

/** The name of a series with its labels in the order of the alphabet. */
function seriesOf(line: string): string {
  const [, name = "", labels] = /^(\w+)(?:{(.*)})? \S+$/.exec(line) ?? [];
  return labels === undefined ? name : `${name}{${labels.split(",").sort().join(",")}}`;
}

describe("the metrics", () => {
  it("say what was sold, held and paid, by routes and never by paths", async () => {
    const shop = await watched();
    const ben = await TrialShopper.come(shop.origin);
    await ben.order("one");
    await ben.order("two", { paymentToken: "card-2" });
    await ben.ask("/api/cart/lines", { body: { sku: "KETTLE", units: 1 } });
    for (const path of ["/secret/a", "/secret/b"]) await ask(shop.origin, path);
    const metrics = await metricsOf(shop);
    expect(metrics.get("rehearse_orders_placed_total")).toBe(2);
    expect(metrics.get('rehearse_orders_ended_total{state="confirmed"}')).toBe(2);
    expect(metrics.get('rehearse_revenue_minor_units_total{currency="USD"}')).toBe(2 * PRICE);
    expect(metrics.get('rehearse_payments_total{gateway="first",outcome="paid"}')).toBe(2);
    expect(metrics.get("rehearse_carts_total")).toBe(1);
    expect(metrics.get("rehearse_holds_live")).toBe(0);
    expect(metrics.get('rehearse_stock_units{place="sold",sku="TOASTER"}')).toBe(2);
    expect(metrics.get('rehearse_stock_all_units{place="available"}')).toBe(18);
    expect(metrics.get("rehearse_ready")).toBe(1);
    expect(metrics.get(firingSeries("stock-out-of-step"))).toBe(0);
    const count = (route: string, method: string, status: string) =>
      metrics.get(
        `rehearse_http_request_duration_seconds_count{method="${method}",route="${route}",` +
          `status_class="${status}",worker="0"}`,
      );
    expect(count("/api/orders", "POST", "2xx")).toBe(2);
    expect(count("unmatched", "GET", "4xx")).toBe(2);
    expect([...metrics.keys()].filter((key) => key.includes("secret"))).toEqual([]);
    expect(metrics.get('rehearse_http_problems_total{kind="not-found",worker="0"}')).toBe(2);
    expect(metrics.get('rehearse_durable_commit_seconds_count{worker="0"}')).toBeGreaterThan(2);
  });

  it("are the same on every node and after a new start", async () => {
    const folder = mkdtempSync(join(tmpdir(), "watched-"));
    undo.push(() => rmSync(folder, { recursive: true, force: true }));
    const setup = trialSetup();
    const parts = () => openSqlite({ folder, setup });
    const first = await watched({ setup, parts });
    const ben = await TrialShopper.come(first.origin);
    await ben.order("one");
    const second = await watched({ setup, parts, worker: 1 });
    const eve = await TrialShopper.come(second.origin);
    expect((await eve.order("two")).status).toBe(201);
    await ben.order("three");
    for (const [worker, node] of [first, second].entries()) {
      const metrics = await metricsOf(node);
      const held = (of: string) =>
        metrics.get(`rehearse_ledger_held_seconds_${of}{worker="${worker}"}`) ?? 0;
      // What a node wrote it wrote under the lock of the file, and gave that back.
      expect(held("count")).toBeGreaterThan(0);
      expect(held("sum")).toBeGreaterThan(0);
      expect(held("sum")).toBeLessThan(5);
      expect(metrics.get("rehearse_orders_placed_total")).toBe(3);
      expect(metrics.get('rehearse_holds_ended_total{end="sold"}')).toBe(3);
      expect(node.monitor.alerts.firing).toEqual([]);
    }
  });

  it("are for this machine, or for who brings a token", async () => {
    const shop = await watched();
    expect((await ask(shop.origin, "/metrics")).status).toBe(200);
    const passedOn = { "x-forwarded-for": "192.0.2.7" };
    expect((await ask(shop.origin, "/metrics", { headers: passedOn })).status).toBe(401);
    const known = { ...passedOn, authorization: `Bearer ${TOKEN}` };
    expect((await ask(shop.origin, "/metrics", { headers: known })).status).toBe(200);
  });
});

function firingSeries(alert: string): string {
  return `rehearse_alert_firing{alert="${alert}",severity="page",worker="0"}`;
}

function standing(name: string, now: { readonly value: number }) {
  const { severity, unit, threshold } = ALERT_RULES.find((rule) => rule.name === name) ?? {};
  return { name, severity, unit, threshold, ...now };
}

/** Looks every ten seconds of the store's clock, for some seconds. */
async function lookFor(shop: Watched, hand: HandClock, seconds: number) {
  const changes = [];
  for (let passed = 0; passed <= seconds; passed += 10) {
    changes.push(...(await shop.monitor.look()));
    hand.now += 10_000;
  }
  return changes.map(({ alert, status }) => `${alert.name} ${status}`);
}

describe("an alert", () => {
  it("fires when units are lost, and clears when they are found", async () => {
    const hand = new HandClock(Date.now());
    let lost = 0;
    const parts = (setup: SaleSetup): LiveParts => {
      const sound = memoryParts(setup);
      const level: LiveParts["stock"]["level"] = (sku) =>
        Effect.map(sound.stock.level(sku), (found) =>
          "available" in found ? { ...found, available: found.available - lost } : found,
        );
      return { ...sound, stock: { ...sound.stock, level } };
    };
    const shop = await watched({ parts, clock: hand.clock });
    expect(await lookFor(shop, hand, 60)).toEqual([]);
    lost = 1;
    expect(await lookFor(shop, hand, 60)).toEqual(["stock-out-of-step firing"]);
    const { firing, rules } = (await ask(shop.origin, "/api/admin/alerts")).body;
    expect(rules).toHaveLength(ALERT_RULES.length);
    expect(rules.filter((rule: { firing: boolean }) => rule.firing)).toEqual([
      { ...standing("stock-out-of-step", { value: 2 }), firing: true },
    ]);
    expect((await metricsOf(shop)).get(firingSeries("stock-out-of-step"))).toBe(1);
    expect(firing).toMatchObject([{ name: "stock-out-of-step", severity: "page", value: 2 }]);
    expect(firing[0].why).toContain("TOASTER: 9 units of 10");
    lost = 0;
    expect(await lookFor(shop, hand, 60)).toEqual(["stock-out-of-step cleared"]);
    expect((await ask(shop.origin, "/api/admin/alerts")).body.firing).toEqual([]);
  });

  it("fires when requests fail, is told by a signed message, and clears", async () => {
    const hand = new HandClock(Date.now());
    const told: { readonly status: string; readonly signed: boolean }[] = [];
    let refusals = 2;
    const ear = createServer((request, response) => {
      let body = "";
      request.on("data", (part: Buffer) => {
        body += part.toString();
      });
      request.on("end", () => {
        const {
          "webhook-id": id,
          "webhook-timestamp": at,
          "webhook-signature": by,
        } = request.headers;
        const digest = createHmac("sha256", KEY).update(`${id}.${at}.${body}`).digest("base64");
        const refused = refusals > 0;
        refusals -= 1;
        if (!refused) told.push({ status: JSON.parse(body).status, signed: by === `v1,${digest}` });
        response.writeHead(refused ? 503 : 204).end();
      });
    });
    await new Promise<void>((resolve) => ear.listen(0, "127.0.0.1", resolve));
    undo.push(() => new Promise<void>((resolve) => ear.close(() => resolve())));
    const url = `http://127.0.0.1:${(ear.address() as AddressInfo).port}/`;
    const shop = await watched({
      clock: hand.clock,
      extend: async (server) => {
        server.get("/fault", { config: { policy: "public" } }, () => {
          throw new Error("planted");
        });
      },
    });
    const webhook = new AlertWebhook({
      url,
      key: KEY,
      firstPauseMillis: 1,
      onGivenUp: (why) => expect.fail(why),
    });
    undo.push(() => webhook.close());
    const status = [];
    for (let look = 0; look < 24; look += 1) {
      const path = look >= 3 && look < 9 ? "/fault" : "/api/sale";
      for (let asked = 0; asked < 10; asked += 1) await ask(shop.origin, path);
      for (const change of await shop.monitor.look()) {
        webhook.tell(change);
        await webhook.settled();
        status.push(`${change.alert.name} ${change.status} ${look}`);
      }
      hand.now += 10_000;
    }
    // From look 3 on requests fail; the share stands for thirty seconds before anybody is told.
    expect(status).toEqual(["error-rate firing 6", "error-rate cleared 20"]);
    expect(told).toEqual([
      { status: "firing", signed: true },
      { status: "cleared", signed: true },
    ]);
  });

  it("follows no redirect and gives up in the end", async () => {
    let asked = 0;
    const elsewhere = createServer((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    undo.push(() => new Promise<void>((resolve) => elsewhere.close(() => resolve())));
    const url = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const given: string[] = [];
    const onGivenUp = (why: string) => given.push(why);
    const webhook = new AlertWebhook({ url, key: KEY, firstPauseMillis: 1, onGivenUp });
    const alert = { severity: "page", since: 0, value: 1, unit: "", threshold: 1 } as const;
    const words = { name: "trial", why: "", about: "", todo: "" };
    webhook.tell({ alert: { ...alert, ...words }, status: "firing", at: 0 });
    await webhook.settled();
    expect([asked, given.length]).toEqual([6, 1]);
  });
});

describe("the log", () => {
  it("has a line for every request and nothing of who sent it", async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const logger = storeLog({ level: "debug", destination });
    const shop = await watched({ logger });
    const ben = await TrialShopper.come(shop.origin);
    const address = { street: "Long Row 1", city: "Hull", postcode: "HU1", country: "GB" };
    const buyer = { email: "ben@example.org", address, paymentToken: "card-4242" };
    await ben.order("key-of-ben", buyer);
    const cookie = `shopper=${ben.token}; other=secret-cookie`;
    await ask(shop.origin, "/api/orders/x%0D%0Aforged?email=ben@example.org", {
      headers: { cookie, "user-agent": "ua\tben" },
    });
    shop.server.log.warn({ order: { email: "ben@example.org", person: ["m"] } }, "a\r\nb");
    shop.server.log.error({ err: Object.assign(new Error("no"), { detail: "Key (email)=(b)" }) });
    const text = lines.join("");
    const [known] = ben.token.split(".");
    for (const personal of ["ben@", "Long Row", "card-4242", "secret-cookie", "forged", "(b)"]) {
      expect(text, personal).not.toContain(personal);
    }
    for (const personal of [ben.shopper, ben.token, known as string, "key-of-ben"]) {
      expect(text, personal).not.toContain(personal);
    }
    // Every line is one object: what a request brings begins no line of its own.
    const written = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const orders = written.filter(({ route }) => route === "/api/orders");
    expect(orders).toMatchObject([{ level: 30, method: "POST", status: 201 }]);
    expect(orders[0].reqId).toMatch(/^[0-9a-f-]{36}$/);
    const read = written.find(({ route }) => route === "/api/orders/:order");
    expect(read).toMatchObject({ level: 20, method: "GET", status: 404 });
    expect(written.find(({ msg }) => msg === "a\r\nb")?.order).toMatchObject({
      email: "[left out]",
    });
  });
});
