import { get } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { RoomSetup } from "../../service/sale-setup.ts";
import {
  ask,
  HandClock,
  TRIAL_KEY,
  type TrialServer,
  type TrialServerOptions,
  TrialShopper,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { STREAM_LIMITS } from "./routes/queue-events.ts";
import { ShopperTokens } from "./shopper-token.ts";

const NOW = Date.UTC(2025, 10, 28, 9);
const MINUTE = 60_000;

/** Room for one; the second and all after it wait in line. */
function room(over: Partial<RoomSetup["limits"]> = {}): RoomSetup {
  const limits = {
    active: 1,
    perMinute: null,
    lanes: [
      { name: "regular", share: 0.5, opensAt: null },
      { name: "vip", share: 0.5, opensAt: null },
    ],
    engages: { from: null, above: 1 },
    passMillis: 2 * MINUTE,
    sessionMillis: 5 * MINUTE,
    keptMillis: 5 * MINUTE,
    adaptive: null,
    drawSeed: "seed",
    ...over,
  };
  return { limits, laneOf: { regular: "regular", loyal: "regular", vip: "vip" } };
}

const open: TrialServer[] = [];
afterEach(async () => {
  for (const trial of open.splice(0)) await trial.close();
});

interface Door {
  readonly trial: TrialServer;
  readonly hands: HandClock;
  readonly join: (shopper: TrialShopper) => ReturnType<TrialShopper["ask"]>;
  readonly round: () => Promise<unknown>;
}

async function openDoor(options: TrialServerOptions = {}, limits = room()): Promise<Door> {
  const hands = new HandClock(NOW);
  const sale = { earlyAccessAt: NOW - 1, publicAt: NOW - 1, closesAt: NOW + 60 * MINUTE };
  const setup = trialSetup({ room: limits, sale, units: 100 });
  const trial = await trialServer({ setup, clock: hands.clock, ...options });
  open.push(trial);
  const { admission } = trial.store;
  return {
    trial,
    hands,
    join: async (shopper) => {
      const heard = await shopper.ask("/api/queue", { method: "POST" });
      shopper.ticket = heard.body.ticket ?? null;
      return heard;
    },
    round: async () => {
      if (admission === null) return;
      await trial.server.desk.change(admission.expireDue);
      await trial.server.desk.change(admission.admitDue(null));
    },
  };
}

describe("the waiting room over HTTP", () => {
  it("lets in who finds room, and gives the others a place that they keep", async () => {
    const { trial, join } = await openDoor();
    const shoppers = [];
    for (let come = 0; come < 3; come += 1) shoppers.push(await TrialShopper.come(trial.origin));
    const [ann, bob, eve] = shoppers as [TrialShopper, TrialShopper, TrialShopper];
    expect((await join(ann)).body).toMatchObject({ status: "inside" });
    expect((await join(bob)).body).toMatchObject({ status: "waiting", position: 1, ahead: 0 });
    const waits = await join(eve);
    expect(waits.body).toMatchObject({ status: "waiting", position: 2, lane: "regular" });
    expect(waits.body.pollAfterSeconds).toBeGreaterThanOrEqual(2);
    expect((await join(eve)).body.ticket).toBe(waits.body.ticket);
    const looked = await eve.ask(`/api/queue/${eve.ticket}`);
    expect(looked.body).toEqual(waits.body);
  });

  it("keeps cart, checkout and order from who is not inside, and shows the way", async () => {
    const { trial, join } = await openDoor();
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    await join(ann);
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: 2_500 }];
    const wishes = [
      { path: "/api/cart/lines", body: { sku: "TOASTER", units: 1 } },
      { path: "/api/checkout", body: { lines } },
      { path: "/api/orders", body: { lines, paymentToken: "card-1" } },
    ];
    const headers = { "idempotency-key": "one" };
    for (const { path, body } of wishes) {
      const heard = await bob.ask(path, { body, headers });
      expect([path, heard.status, heard.body.type]).toEqual([path, 403, "/problems/not-inside"]);
      expect(heard.body.queue).toBe("/api/queue");
    }
    await join(bob);
    expect((await bob.ask("/api/cart/lines", { body: wishes[0]?.body })).status).toBe(403);
    for (const { path, body } of wishes) {
      expect((await ann.ask(path, { body, headers })).status).toBeLessThan(300);
    }
    expect((await ask(trial.origin, "/api/products")).status).toBe(200);
  });

  it("calls the next when somebody leaves, and lets them in with a pass that is theirs", async () => {
    const { trial, join, round } = await openDoor();
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    await join(ann);
    await join(bob);
    expect((await ann.ask(`/api/queue/${ann.ticket}`, { method: "DELETE" })).status).toBe(204);
    await round();
    const called = await bob.ask(`/api/queue/${bob.ticket}`);
    expect(called.body).toMatchObject({ status: "admitted", passUntil: NOW + 2 * MINUTE });
    const { pass } = called.body;
    const body = { sku: "TOASTER", units: 1 };
    expect((await bob.ask("/api/cart/lines", { body })).status).toBe(403);
    expect((await ann.ask("/api/queue/enter", { body: { pass } })).status).toBe(401);
    expect((await bob.ask("/api/queue/enter", { body: { pass } })).body.status).toBe("inside");
    expect((await bob.ask("/api/cart/lines", { body })).status).toBe(200);
  });

  it("believes a pass in no other form than the one that was signed, and not for ever", async () => {
    const { trial, join, round, hands } = await openDoor();
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    await join(ann);
    await join(bob);
    await ann.ask(`/api/queue/${ann.ticket}`, { method: "DELETE" });
    await round();
    const { pass } = (await bob.ask(`/api/queue/${bob.ticket}`)).body;
    const enter = (signed: string) => bob.ask("/api/queue/enter", { body: { pass: signed } });
    for (let place = 0; place < pass.length - 1; place += 1) {
      const other = pass[place] === "1" ? "2" : "1";
      const changed = `${pass.slice(0, place)}${other}${pass.slice(place + 1)}`;
      expect([place, (await enter(changed)).status]).toEqual([place, 401]);
    }
    for (const other of ["x", "a.b.c", `${pass}.`, `.${pass}`]) {
      expect((await enter(other)).status).toBe(401);
    }
    hands.now += 2 * MINUTE + 1;
    const late = await enter(pass);
    expect([late.status, late.body.type]).toEqual([410, "/problems/pass-late"]);
  });

  it("sends a shopper with rank to their own lane", async () => {
    const { trial, join } = await openDoor();
    const tokens = new ShopperTokens("Trial", [TRIAL_KEY]);
    const vip = { guest: "reader", tier: "vip", invited: true } as const;
    const invitation = tokens.signInvitation(vip, NOW + MINUTE);
    await join(await TrialShopper.come(trial.origin));
    await join(await TrialShopper.come(trial.origin));
    const first = await TrialShopper.come(trial.origin, { invitation });
    expect((await join(first)).body).toMatchObject({ status: "waiting", lane: "vip", position: 1 });
  });

  it("tells who repeats an order what became of it, out of the shop as in it", async () => {
    const { trial, join, hands, round } = await openDoor();
    const ann = await TrialShopper.come(trial.origin);
    await join(ann);
    const placed = await ann.order("one");
    expect(placed.status).toBe(201);
    hands.now += 10 * MINUTE;
    await round();
    expect((await ann.order("two")).body.type).toBe("/problems/not-inside");
    expect((await ann.order("one")).body).toEqual(placed.body);
  });

  it("keeps the place of a browser in a cookie of its own, out of reach of scripts", async () => {
    const { trial } = await openDoor({ secure: true });
    const ann = await TrialShopper.come(trial.origin);
    const jar = { cookie: `__Host-shopper=${ann.token}`, "sec-fetch-site": "same-origin" };
    const heard = await ask(trial.origin, "/api/queue", { method: "POST", headers: jar });
    const cookie = heard.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^__Host-ticket=\d+;/);
    for (const part of ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"])
      expect(cookie).toContain(part);
    const both = { ...jar, cookie: `${jar.cookie}; ${cookie.split(";", 1)[0]}` };
    const body = { sku: "TOASTER", units: 1 };
    const path = "/api/cart/lines";
    expect((await ask(trial.origin, path, { body, headers: both })).status).toBe(200);
    expect((await ask(trial.origin, path, { body, headers: jar })).status).toBe(403);
  });
});

/** Reads a stream of events until it ends. */
function follow(trial: TrialServer, shopper: TrialShopper, heard: (text: string) => void) {
  return new Promise<number>((resolve, reject) => {
    const path = `${trial.origin}/api/queue/${shopper.ticket}/events`;
    const asked = get(path, { headers: { ...shopper.headers } }, (response) => {
      response.setEncoding("utf8").on("data", heard);
      response.on("end", () => resolve(response.statusCode ?? 0));
    });
    asked.on("error", reject);
  });
}

describe("the wait as a stream", () => {
  const streams = { ...STREAM_LIMITS, lookEveryMillis: 5, quietLooksMax: 2 };

  it("tells the place, that it still lives, and ends when the turn has come", async () => {
    const { trial, join, round } = await openDoor({ streams });
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    await join(ann);
    await join(bob);
    let text = "";
    let leaves = false;
    const status = await follow(trial, bob, (part) => {
      text += part;
      if (leaves || !text.includes(": still here")) return;
      leaves = true;
      void ann.ask(`/api/queue/${ann.ticket}`, { method: "DELETE" }).then(round);
    });
    expect(status).toBe(200);
    expect(text).toMatch(/^event: place\ndata: \{"status":"waiting".*\n\n/);
    expect(text).toMatch(/event: place\ndata: \{"status":"admitted".*\n\n$/);
  });

  it("has a limit for each shopper and for the server", async () => {
    const limits = { ...streams, perShopperMax: 1, streamsMax: 2 };
    const { trial, join } = await openDoor({ streams: limits });
    const shoppers = [];
    for (let come = 0; come < 4; come += 1) shoppers.push(await TrialShopper.come(trial.origin));
    for (const shopper of shoppers) await join(shopper);
    const [, bob, eve, dan] = shoppers as TrialShopper[];
    const opened = (shopper: TrialShopper | undefined) =>
      new Promise<{ readonly ended: Promise<number> }>((resolve) => {
        if (shopper === undefined) return;
        const ended = follow(trial, shopper, () => resolve({ ended }));
      });
    const [ofBob, ofEve] = [await opened(bob), await opened(eve)];
    for (const shopper of [bob, dan]) {
      const heard = await shopper?.ask(`/api/queue/${shopper.ticket}/events`);
      expect([heard?.status, heard?.body.type]).toEqual([429, "/problems/too-many-streams"]);
    }
    await trial.close();
    open.splice(0);
    expect([await ofBob.ended, await ofEve.ended]).toEqual([200, 200]);
  });

  it("ends at once for a place that is another's or none", async () => {
    const { trial, join } = await openDoor({ streams });
    const [ann, bob] = [
      await TrialShopper.come(trial.origin),
      await TrialShopper.come(trial.origin),
    ];
    await join(ann);
    await join(bob);
    ann.ticket = bob.ticket;
    let text = "";
    await follow(trial, ann, (part) => {
      text += part;
    });
    expect(text).toBe("event: gone\ndata: {}\n\n");
  });
});

describe("a store without a waiting room", () => {
  it("has everybody inside, and no places", async () => {
    const trial = await trialServer();
    open.push(trial);
    const ann = await TrialShopper.come(trial.origin);
    expect((await ann.ask("/api/queue", { method: "POST" })).body).toEqual({ status: "inside" });
    expect((await ann.ask("/api/queue/1")).status).toBe(404);
  });
});
