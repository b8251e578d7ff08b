import { afterEach, describe, expect, it } from "vitest";
import type { Offer } from "../../core/promotion.ts";
import {
  ask,
  LIST_PRICE,
  PRICE,
  TRIAL_KEY,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { plainAddress, plainEmail } from "./person-marks.ts";
import { ShopperTokens } from "./shopper-token.ts";

const open: TrialServer[] = [];
async function start(options?: TrialServerOptions): Promise<TrialServer> {
  const trial = await trialServer(options);
  open.push(trial);
  return trial;
}
afterEach(async () => {
  for (const trial of open.splice(0)) await trial.close();
});

const DAY = 86_400_000;

describe("the catalog over HTTP", () => {
  it("is read page by page, and searched by the words of a name, however they are written", async () => {
    const { origin } = await start();
    const first = await ask(origin, "/api/products?limit=1");
    expect([first.body.items[0].sku, first.body.next]).toEqual(["TOASTER", "TOASTER"]);
    const second = await ask(origin, "/api/products?limit=1&after=TOASTER");
    expect([second.body.items[0].sku, second.body.next]).toEqual(["KETTLE", null]);
    const found = async (words: string) =>
      (await ask(origin, `/api/products?q=${encodeURIComponent(words)}`)).body.items.map(
        ({ sku }: { sku: string }) => sku,
      );
    expect(await found("elan")).toEqual(["KETTLE"]);
    expect(await found("ÉLAN kettle")).toEqual(["KETTLE"]);
    expect(await found("hearth")).toEqual(["TOASTER", "KETTLE"]);
    expect(await found("elan toaster")).toEqual([]);
    expect(await found("(.*)+$")).toEqual(["TOASTER", "KETTLE"]);
    expect((await ask(origin, "/api/products?limit=1000")).status).toBe(400);
    expect((await ask(origin, "/api/products?limit=1e3")).status).toBe(400);
    expect((await ask(origin, "/api/products?limit=1&limit=2")).status).toBe(400);
  });

  it("costs the invited less before the others, and no cache mixes the two up", async () => {
    const now = Date.now();
    const sale = { earlyAccessAt: now - DAY, publicAt: now + DAY, closesAt: now + 2 * DAY };
    const { origin } = await start({ setup: trialSetup({ sale }) });
    const tokens = new ShopperTokens("Trial", [TRIAL_KEY]);
    const guest = { guest: "reader", tier: "loyal", invited: true } as const;
    const invitation = tokens.signInvitation(guest, now + DAY);
    const [ann, bob] = [
      await TrialShopper.come(origin, { invitation }),
      await TrialShopper.come(origin),
    ];
    const path = "/api/products/toasting";
    const [early, later] = [await ann.ask(path), await bob.ask(path)];
    expect([early.body.items[0].price, later.body.items[0].price]).toEqual([PRICE, LIST_PRICE]);
    expect(early.headers.get("cache-control")).toMatch(/^private/);
    expect(later.headers.get("cache-control")).toMatch(/^public/);
    expect(later.headers.get("vary")).toMatch(/authorization.*cookie/);
    expect((await ann.order("early")).status).toBe(201);
    const refused = await bob.order("early");
    expect([refused.status, refused.body.phase]).toEqual([403, "early-access"]);
  });

  it("knows no product that is not there", async () => {
    const { origin } = await start();
    for (const name of ["none", "__proto__", "constructor", "toString"]) {
      const heard = await ask(origin, `/api/products/${name}`);
      expect([heard.status, heard.body.type]).toEqual([404, "/problems/unknown-product"]);
    }
    expect((await ask(origin, "/api/stock?sku=__proto__,toString")).body.levels).toEqual([]);
    const many = Array.from({ length: 51 }, () => "TOASTER").join(",");
    expect((await ask(origin, `/api/stock?sku=${many}`)).status).toBe(400);
  });
});

describe("a person behind many shoppers", () => {
  it("is known again however they write their address", () => {
    expect(plainEmail(" Ann.Lee+sale@Example.COM ")).toBe("ann.lee@example.com");
    const one = { street: "Rue de l'Élan 5", city: "Paris", postcode: "75 001", country: "FR" };
    const other = { street: "rue de l élan, 5", city: "PARIS", postcode: "75001", country: "fr" };
    expect(plainAddress(one)).toBe(plainAddress(other));
    expect(plainAddress(one)).not.toBe(plainAddress({ ...one, street: "Rue de l'Élan 6" }));
  });

  it("gets no more than one person may, and no word of theirs is kept", async () => {
    const trial = await start({ setup: trialSetup({ limitPerPerson: 1 }) });
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    expect((await ann.order("one", { email: "ann@example.com" })).status).toBe(201);
    const again = await bob.order("one", { email: "ANN+2@example.com" });
    expect([again.status, again.body.type]).toEqual([409, "/problems/person-limit-reached"]);
    const { orders } = await trial.server.desk.ask(trial.store.ports.orders.snapshot);
    expect(JSON.stringify(orders)).not.toMatch(/example|ann/i);
    expect(orders[0]?.person[0]).toMatch(/^email-[\w-]{43}$/);
  });
});

describe("offers, codes and questions over HTTP", () => {
  const offer: Offer = {
    offer: "stay",
    segment: "everyone",
    trigger: "exit-intent",
    discount: { kind: "percent", basisPoints: 1_000 },
    budget: { codes: 10, redemptions: 10, money: 100_000 },
    validForMillis: DAY,
    floor: 0,
    stacks: false,
  };

  it("makes an offer, takes its code off the order, and takes it once", async () => {
    const { origin } = await start({ setup: trialSetup({ offers: [offer] }) });
    const [ann, bob] = [await TrialShopper.come(origin), await TrialShopper.come(origin)];
    const made = await ann.ask("/api/offers", { body: { trigger: "exit-intent" } });
    expect(made.body).toMatchObject({ made: true, offer: "stay", again: false });
    const { code } = made.body;
    expect((await ann.ask("/api/codes/check", { body: { code } })).body.offer).toBe("stay");
    const others = await bob.ask("/api/codes/check", { body: { code } });
    const missing = await bob.ask("/api/codes/check", { body: { code: "none" } });
    expect([others.status, missing.status]).toEqual([404, 404]);
    expect(others.body.type).toBe(missing.body.type);
    expect((await bob.order("stolen", { codes: [code] })).status).toBe(404);
    const sold = await ann.order("one", { codes: [code] });
    expect([sold.status, sold.body.total]).toEqual([201, PRICE * 0.9]);
    expect((await ann.order("two", { codes: [code] })).body.type).toBe("/problems/code-spent");
    expect((await ann.ask("/api/offers", { body: { trigger: "abandoned-cart" } })).body).toEqual({
      made: false,
    });
    expect((await ann.ask("/api/offers", { body: { trigger: "mailed" } })).status).toBe(400);
  });

  it("goes by what the store saw of a shopper, whatever the shopper says", async () => {
    const eager: Offer = { ...offer, segment: "high-intent" };
    const { origin } = await start({ setup: trialSetup({ offers: [eager] }) });
    const ann = await TrialShopper.come(origin);
    const wish = { body: { trigger: "exit-intent" } };
    expect((await ann.ask("/api/offers", wish)).body.made).toBe(false);
    const lies = { body: { ...wish.body, productViews: 99 } };
    expect((await ann.ask("/api/offers", lies)).status).toBe(400);
    for (let view = 0; view < 3; view += 1) await ann.ask("/api/products/toasting");
    expect((await ann.ask("/api/offers", wish)).body.made).toBe(true);
  });

  it("asks once why somebody leaves, and takes one answer", async () => {
    const { origin } = await start();
    const ann = await TrialShopper.come(origin);
    const answer = (body: object) => ann.ask("/api/exit-answer", { body });
    expect((await answer({ reason: "price" })).status).toBe(404);
    const asked = await ann.ask("/api/exit-question", { method: "POST" });
    expect(asked.body).toMatchObject({ asked: true });
    expect((await ann.ask("/api/exit-question", { method: "POST" })).body).toEqual({
      asked: false,
    });
    expect((await answer({ reason: "weather" })).status).toBe(400);
    expect((await answer({ reason: "price", note: "too much" })).status).toBe(400);
    expect((await answer({ reason: "price" })).body).toEqual({ taken: true });
    expect((await answer({ reason: "wait" })).status).toBe(409);
  });
});

describe("what a gateway delivers", () => {
  it("comes to its handler byte for byte, and is refused where the handler does not know it", async () => {
    const seen: string[] = [];
    const { origin } = await start({
      stripeWebhook: async ({ body, headers }) => {
        seen.push(body.toString());
        return { _tag: headers["stripe-signature"] === "good" ? "Taken" : "Refused" };
      },
    });
    const send = (signature: string, body: string) =>
      fetch(`${origin}/api/webhooks/stripe`, {
        method: "POST",
        headers: { "content-type": "application/json", "stripe-signature": signature },
        body,
      });
    const text = '{ "id":"evt_1",  "odd" : [1 ] }';
    expect((await send("good", text)).status).toBe(200);
    expect((await send("bad", "{")).status).toBe(400);
    expect(seen).toEqual([text, "{"]);
    expect((await send("good", `"${"x".repeat(70_000)}"`)).status).toBe(413);
  });

  it("has no address where no gateway delivers", async () => {
    const { origin } = await start();
    expect((await ask(origin, "/api/webhooks/stripe", { body: {} })).status).toBe(404);
  });
});
