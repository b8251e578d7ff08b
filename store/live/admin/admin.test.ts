import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { LedgerDigest } from "../../core/ledger-digest.ts";
import { auditStock } from "../../core/stock-audit.ts";
import { openSqlite } from "../sqlite/sqlite-parts.ts";
import {
  type Asked,
  ask,
  HandClock,
  type Heard,
  PRICE,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
} from "../testing/trial-server.ts";
import { type AdminGuardOptions, adminGuards } from "./admin-guard.ts";
import { AdminTokens, openAdminTokens } from "./admin-tokens.ts";
import { csvLine } from "./csv-line.ts";
import { registerAdmin } from "./register-admin.ts";

const TOKEN = Buffer.alloc(32, 1).toString("base64url");
const OTHER = Buffer.alloc(32, 2).toString("base64url");
const tokens = new AdminTokens(new Map([["ann", TOKEN]]));
const undo: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

interface Office extends TrialServer {
  readonly admin: (path: string, asked?: Asked) => Promise<Heard>;
}

async function open(
  options: TrialServerOptions = {},
  guard: Partial<AdminGuardOptions> = {},
): Promise<Office> {
  const guards = adminGuards({ tokens, ...guard });
  const trial = await trialServer({ guards, beside: registerAdmin, ...options });
  undo.push(trial.close);
  const admin = (path: string, asked: Asked = {}) =>
    ask(trial.origin, `/api/admin${path}`, {
      ...asked,
      headers: { authorization: `Bearer ${TOKEN}`, ...asked.headers },
    });
  return { ...trial, admin };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "admin-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const csv = (body: string, query = "") => ({
  path: `/api/admin/import${query}`,
  init: {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "text/csv" },
    body,
  },
});

async function send(office: Office, body: string, query = ""): Promise<Heard> {
  const { path, init } = csv(body, query);
  const response = await fetch(`${office.origin}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe("who may run the sale", () => {
  it("is who brings a token that this folder alone knows, and it is nobody's to read", () => {
    const folder = temporaryFolder();
    const first = openAdminTokens({ path: folder });
    const again = openAdminTokens({ path: folder });
    const file = join(folder, "admin-tokens");
    expect(first.place).toContain(file);
    const [name, token = ""] = readFileSync(file, "utf8").trim().split(" ");
    expect(name).toBe("admin");
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    expect(again.tokens.operatorOf(token)).toBe("admin");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const elsewhere = openAdminTokens({ path: temporaryFolder() });
    expect(elsewhere.tokens.operatorOf(token)).toBeNull();
    for (const bad of ["admin secret\n", `ann ${TOKEN}\nann ${OTHER}\n`, "\n"]) {
      writeFileSync(file, bad);
      expect(() => openAdminTokens({ path: folder })).toThrow(file);
    }
  });

  it("is nobody without a token, with another, with a shopper's, or from elsewhere", async () => {
    const office = await open();
    const ann = await TrialShopper.come(office.origin);
    const routes = office.server.declaredRoutes.filter(({ policy }) => policy === "admin");
    expect(routes.length).toBeGreaterThan(14);
    for (const { method, url } of routes) {
      const path = url.replace(/:\w+/g, "x");
      const as = async (headers: Record<string, string>) =>
        (await fetch(`${office.origin}${path}`, { method, headers })).status;
      expect(await as({}), `${method} ${url}`).toBe(401);
    }
    const sale = (headers: Record<string, string>) =>
      ask(office.origin, "/api/admin/sale", { headers });
    expect((await sale(ann.headers)).status).toBe(401);
    const passedOn = { "x-forwarded-for": "127.0.0.1", authorization: `Bearer ${TOKEN}` };
    expect((await sale(passedOn)).status).toBe(403);
    const afar = await open({}, { networks: ["192.0.2.0/24"] });
    expect((await afar.admin("/sale")).status).toBe(403);
    const shut = await trialServer({ beside: registerAdmin });
    undo.push(shut.close);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await ask(shut.origin, "/api/admin/sale", { headers })).status).toBe(403);
  });

  it("is held back after wrong tokens, and heard again after a while", async () => {
    const hand = new HandClock(Date.now());
    const attempts = { tokens: 1, everyMillis: 60_000, burst: 3 };
    const office = await open({ clock: hand.clock }, { attempts });
    const wrong = { headers: { authorization: `Bearer ${OTHER}` } };
    const statuses = [];
    for (let tried = 0; tried < 5; tried += 1) {
      statuses.push((await office.admin("/sale", wrong)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 429]);
    const held = await office.admin("/sale");
    expect([held.status, held.headers.get("retry-after")]).toEqual([429, "60"]);
    hand.now += 60_000;
    expect((await office.admin("/sale")).status).toBe(200);
  });
});

describe.each([
  { ledger: "memory", parts: undefined },
  {
    ledger: "SQLite",
    parts: (setup: Parameters<typeof openSqlite>[0]["setup"]) =>
      openSqlite({ folder: temporaryFolder(), setup }),
  },
])("a sale that is on, in $ledger", ({ parts }) => {
  const start = () => open(parts === undefined ? {} : { parts });

  it("is paused, resumed, extended and moved, and says who did it", async () => {
    const office = await start();
    const ben = await TrialShopper.come(office.origin);
    const why = { why: "wrong price on the poster" };
    expect((await office.admin("/sale/pause", { body: why })).body.phase).toBe("paused");
    expect((await ben.order("one")).body.type).toBe("/problems/sale-not-open");
    const resumed = await office.admin("/sale/resume", { body: why });
    expect(resumed.body).toMatchObject({ phase: "public", paused: false, revision: 2 });
    expect((await ben.order("two")).status).toBe(201);
    const { earlyAccessAt, publicAt, closesAt } = resumed.body;
    const later = closesAt + 3_600_000;
    const extended = await office.admin("/sale/extend", { body: { closesAt: later } });
    expect(extended.body.closesAt).toBe(later);
    const early = await office.admin("/sale/extend", { body: { closesAt: publicAt - 1 } });
    expect([early.status, early.body.type]).toEqual([422, "/problems/times-refused"]);
    const body = { earlyAccessAt, publicAt, closesAt };
    const moved = await office.admin("/sale/phases", { method: "PUT", body });
    expect(moved.body.closesAt).toBe(closesAt);
    const { entries } = (await office.admin("/audit?limit=3")).body;
    const acts = ["sale.pause", "sale.resume", "sale.extend"];
    expect(entries.map((entry: { action: string }) => entry.action)).toEqual(acts);
    expect(entries[0]).toMatchObject({ sequence: 1, by: "ann", details: JSON.stringify(why) });
    const rest = await office.admin("/audit?after=3");
    expect(rest.body.entries).toMatchObject([{ sequence: 4, action: "sale.phases" }]);
  });

  it("takes new prices and units, and refuses what cannot be", async () => {
    const office = await start();
    const ben = await TrialShopper.come(office.origin);
    const prices = { price: 3_000, salePrice: 2_000, floorPrice: 1_000 };
    const priced = await office.admin("/prices/TOASTER", { method: "PUT", body: prices });
    expect(priced.body).toMatchObject({ sku: "TOASTER", ...prices });
    expect((await ben.order("old-price")).body).toMatchObject({ shown: PRICE, current: 2_000 });
    const floor = { ...prices, floorPrice: 2_001 };
    const tooHigh = await office.admin("/prices/TOASTER", { method: "PUT", body: floor });
    expect(tooHigh.status).toBe(422);
    const move = (what: string, body: object) => office.admin(`/stock/KETTLE/${what}`, { body });
    expect((await move("restock", { units: 5 })).body.available).toBe(15);
    expect((await move("quarantine", { units: 4 })).body).toEqual({
      available: 11,
      quarantined: 4,
    });
    expect((await move("readmit", { units: 1 })).body.quarantined).toBe(3);
    const writeOff = { units: 3, from: "quarantined" };
    expect((await move("write-off", writeOff)).body.quarantined).toBe(0);
    expect((await move("write-off", writeOff)).body).toMatchObject({ available: 0, status: 409 });
    expect((await office.admin("/stock/BOAT/restock", { body: { units: 1 } })).status).toBe(404);
    expect((await office.admin("/stock")).body.levels[1]).toMatchObject({
      sku: "KETTLE",
      restocked: 5,
      writtenOff: 3,
      available: 12,
    });
    const { entries } = (await office.admin("/audit")).body;
    const outcomes = entries.map(({ details }: { details: string }) => JSON.parse(details).outcome);
    expect(outcomes.slice(-2)).toEqual(["TooFew", "UnknownSku"]);
    const snapshot = await Effect.runPromise(office.store.ports.stock.snapshot);
    expect(auditStock(snapshot)).toEqual([]);
  });

  it("takes a list in: each line whole or not at all, with a report, again without effect", async () => {
    const office = await start();
    const list = [
      "sku,product,productName,seller,name,currency,price,salePrice,floorPrice,units,limitPerShopper",
      'LAMP,lamp,"Lamp, ""large""",hearth,"Lamp\r\nin red",USD,900,500,,7,2',
      'ROPE,rope,"Rope, 5 m",hearth,"Rope ""strong""",USD,900,500,400,7,2',
      "TOASTER,toasting,Toasting,hearth,Toaster,USD,4000,2400,,12,",
      "KETTLE,boiling,Boiling,hearth,Kettle Élan,USD,4000,2500,,10,",
      "KETTLE,boiling,Boiling,hearth,Kettle,USD,4000,2500,,11,",
      "VASE,vase,Vase,hearth,Vase,USD,12.50,500,,-1,",
      "MUG,boiling,Boiling,other,Mug,USD,900,500,,1,",
      "short,line",
    ].join("\r\n");
    const dry = await send(office, list, "?dryRun=true");
    expect(dry.body).toMatchObject({
      dryRun: true,
      added: 1,
      changed: 1,
      unchanged: 1,
      refused: 5,
    });
    expect((await office.admin("/stock")).body.levels).toHaveLength(2);
    expect((await office.admin("/audit")).body.entries).toEqual([]);
    const done = await send(office, list);
    expect(done.body).toEqual({ ...dry.body, dryRun: false });
    const outcomes = done.body.lines.map((one: { outcome: string; sku: string }) => [
      one.sku,
      one.outcome,
    ]);
    expect(outcomes).toEqual([
      ["LAMP", "refused"],
      ["ROPE", "added"],
      ["TOASTER", "changed"],
      ["KETTLE", "unchanged"],
      ["KETTLE", "refused"],
      ["VASE", "refused"],
      ["MUG", "refused"],
      ["short", "refused"],
    ]);
    expect(done.body.lines[1].line).toBe(4);
    expect(done.body.lines[5].what).toMatch(/price is a whole number.*units is a whole number/);
    const again = await send(office, list);
    expect(again.body).toMatchObject({ added: 0, changed: 0, unchanged: 3, refused: 5 });
    const { levels } = (await office.admin("/stock")).body;
    expect(levels.map((level: { available: number }) => level.available)).toEqual([12, 10, 7]);
    const ben = await TrialShopper.come(office.origin);
    const lines = [{ sku: "ROPE", units: 2, unitPrice: 500 }];
    expect((await ben.order("rope", { lines })).status).toBe(201);
    expect((await ben.order("more", { lines })).body.type).toBe("/problems/limit-reached");
    const report = (await send(office, list.replace("LAMP,lamp", "LAMP,.."))).body;
    expect(report.lines[0].what).toContain(".. are no names");
    const fewer = list.replace("400,7,2", "400,1,2");
    expect((await send(office, fewer)).body.lines[1]).toMatchObject({ outcome: "refused" });
  });

  it("shows orders with their money and nothing of the buyer, and exports them safely", async () => {
    const office = await start();
    const ben = await TrialShopper.come(office.origin);
    const address = { street: "Long Row 1", city: "Hull", postcode: "HU1", country: "GB" };
    const buyer = { email: "ben@example.org", address, paymentToken: "card-4242" };
    const { order } = (await ben.order("one", buyer)).body;
    const one = await office.admin(`/orders/${order}`);
    expect(one.body).toMatchObject({ state: "confirmed", total: PRICE, shopper: ben.shopper });
    const kinds = one.body.payments.map((payment: { kind: string }) => payment.kind);
    expect(kinds).toEqual(["attempt", "capture"]);
    const list = await office.admin("/orders?state=confirmed&limit=1");
    expect([list.body.orders.length, list.body.next]).toEqual([1, null]);
    expect((await office.admin("/orders?state=declined")).body.orders).toEqual([]);
    const ledger = new LedgerDigest();
    for (const each of (await Effect.runPromise(office.store.ports.orders.snapshot)).orders)
      ledger.order(each);
    const digest = { digest: ledger.hex(), orders: 1 };
    expect((await office.admin("/ledger-digest")).body).toEqual(digest);
    const text = (await office.admin("/orders.csv")).body as string;
    expect(text.split("\r\n")).toHaveLength(3);
    expect(text).toContain(`"${order}"`);
    for (const seen of [JSON.stringify([one.body, list.body]), text]) {
      for (const secret of ["ben@example", "Long Row", "card-4242"]) {
        expect(seen).not.toContain(secret);
      }
    }
  });
});

describe("a list that cannot be read", () => {
  it("is refused as a whole, before anything is done", async () => {
    const office = await open();
    for (const list of ["sku\n", 'sku,units\n"LAMP,1', "sku,colour\nLAMP,red", "sku,sku\nL,L"]) {
      const heard = await send(office, list);
      expect([heard.status, heard.body.type], list).toEqual([422, "/problems/import-refused"]);
    }
    const body = { listings: [{ sku: "LAMP", price: 5, shape: "round" }] };
    expect((await office.admin("/import", { body })).status).toBe(400);
  });
});

describe("a line of an export", () => {
  it("is no formula, whatever a cell begins with, and keeps quotes and line ends", () => {
    const cells = ["=1+1", "+1", "-1", "@x", "\tx", 'a "b"\r\nc', "2,3", -4];
    const line = `"'=1+1","'+1","'-1","'@x","'\tx","a ""b""\r\nc","2,3",-4\r\n`;
    expect(csvLine(cells)).toBe(line);
  });
});
