import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawCode } from "../../core/promotion-code.ts";
import { secureCodes } from "../secure-random.ts";
import {
  type Asked,
  ask,
  HandClock,
  type Heard,
  PRICE,
  type TrialServer,
  trialServer,
  trialSetup,
} from "../testing/trial-server.ts";
import { HTTP_LIMITS } from "./http-limits.ts";

/**
 * Who comes to a sale to spoil it, each by HTTP against the whole store, with as many names as they
 * like: a new name costs nothing, so every limit is one of the shopper and one of the network.
 * Source: OWASP Automated Threats, OAT-001, OAT-002, OAT-005 and OAT-021.
 */
const UNITS = 40;
const PER_PERSON = 2;
const HOLDS_PER_SHOPPER = 2;
const HOLDS_PER_NETWORK = 6;
const CODES_PER_NETWORK = 30;
const DECLINES_PER_NETWORK = 12;
const HUMANS = UNITS - PER_PERSON;

const limits = {
  ...HTTP_LIMITS,
  codesPerNetwork: { ...HTTP_LIMITS.codesPerNetwork, burst: CODES_PER_NETWORK },
  declinesPerNetwork: { ...HTTP_LIMITS.declinesPerNetwork, burst: DECLINES_PER_NETWORK },
};
const hands = new HandClock(Date.now());
let trial: TrialServer;

beforeAll(async () => {
  const lapse = { firstMillis: 60_000, maxMillis: 600_000 };
  const setup = trialSetup({
    units: UNITS,
    limitPerPerson: PER_PERSON,
    holdLimits: { perShopper: HOLDS_PER_SHOPPER, perNetwork: HOLDS_PER_NETWORK, afterLapse: lapse },
    limits: {
      perShopper: { tokens: 5, everyMillis: 1_000, burst: 40 },
      perNetwork: { tokens: 500, everyMillis: 1_000, burst: 4_000 },
    },
  });
  trial = await trialServer({
    setup,
    limits,
    clock: hands.clock,
    // The test stands where a shop's proxy would, which alone says where a shopper comes from.
    trustProxy: ["127.0.0.1"],
    gateways: [
      {
        name: "bank",
        charge: (_call, { paymentToken }) =>
          paymentToken.startsWith("stolen") ? "declineHard" : "approve",
      },
    ],
  });
});
afterAll(() => trial.close());

/** Somebody with a name in a network. */
class Visitor {
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(token: string, from: string) {
    this.#headers = { authorization: `Bearer ${token}`, "x-forwarded-for": from };
  }
  static async from(address: string): Promise<Visitor> {
    const headers = { "x-forwarded-for": address };
    const { status, body } = await ask(trial.origin, "/api/shoppers", { body: {}, headers });
    expect(status).toBe(201);
    return new Visitor(body.token, address);
  }
  ask(path: string, asked: Asked = {}): Promise<Heard> {
    return ask(trial.origin, path, { ...asked, headers: { ...this.#headers, ...asked.headers } });
  }
  buy(key: string, more: Readonly<Record<string, unknown>> = {}): Promise<Heard> {
    const lines = [{ sku: "TOASTER", units: 1, unitPrice: PRICE }];
    const body = { lines, paymentToken: "card", ...more };
    return this.ask("/api/orders", { body, headers: { "idempotency-key": key } });
  }
  hold(sku: string): Promise<Heard> {
    return this.ask("/api/checkout", { body: { lines: [{ sku, units: 1, unitPrice: PRICE }] } });
  }
}

const tooMany = (by: string) => ({ status: 429, type: "/problems/too-many-requests", by });

describe("a raid on a sale", () => {
  it("of a scalper with thirty names leaves the goods to people", async () => {
    const address = { street: "Long Row 1", city: "Hull", postcode: "HU1 1AA", country: "GB" };
    const scalpers = Array.from({ length: 30 }, (_, n) => async () => {
      const bot = await Visitor.from("198.51.100.7");
      // One box under thirty names, and one door written a little differently each time.
      const email = `Bot+${n}@example.org`;
      const street = n % 2 === 0 ? address.street : "long row, 1";
      return {
        human: false,
        heard: await bot.buy("k", { email, address: { ...address, street } }),
      };
    });
    const humans = Array.from({ length: HUMANS }, (_, n) => async () => {
      const human = await Visitor.from(`203.0.${n}.9`);
      return { human: true, heard: await human.buy("k", { email: `h${n}@example.org` }) };
    });
    const order = fc.shuffledSubarray([...scalpers, ...humans], {
      minLength: scalpers.length + humans.length,
    });
    const [turns] = fc.sample(order, { seed: 2_025, numRuns: 1 });
    const told = await Promise.all((turns ?? []).map((turn) => turn()));
    const bought = told.filter(({ heard }) => heard.status === 201);
    expect(bought.filter(({ human }) => human)).toHaveLength(HUMANS);
    expect(bought).toHaveLength(UNITS);
    const refused = told.filter(({ heard }) => heard.status !== 201);
    const kinds = refused.map(({ heard }) => heard.body.type);
    // Once all is sold the rest of the names hear that; until then, that the person has enough.
    expect(new Set(kinds)).toContain("/problems/person-limit-reached");
    const others = kinds.filter((kind) => kind !== "/problems/person-limit-reached");
    expect(others.every((kind) => kind === "/problems/sold-out")).toBe(true);
    expect(HUMANS / UNITS).toBeGreaterThanOrEqual(0.95);
  });

  it("of a hoarder holds a few units, whatever it calls itself", async () => {
    const statuses: number[] = [];
    const kinds = new Set<string>();
    for (let name = 0; name < 6; name += 1) {
      const bot = await Visitor.from("198.51.100.8");
      for (let tried = 0; tried < 4; tried += 1) {
        const heard = await bot.hold("KETTLE");
        statuses.push(heard.status);
        if (heard.status !== 201) kinds.add(`${heard.body.type} ${heard.body.by}`);
      }
    }
    expect(statuses.filter((status) => status === 201)).toHaveLength(HOLDS_PER_NETWORK);
    expect([...kinds]).toEqual([
      "/problems/too-many-holds shopper",
      "/problems/too-many-holds network",
    ]);
    expect((await (await Visitor.from("203.0.113.77")).hold("KETTLE")).status).toBe(201);
  });

  it("of a guesser of codes is held back, by name and by network, on every way in", async () => {
    const guess = () => ({ code: drawCode(secureCodes.below) });
    const first = await Visitor.from("198.51.101.9");
    const heard: Heard[] = [];
    for (let tried = 0; tried < 21; tried += 1) {
      heard.push(await first.ask("/api/codes/check", { body: guess() }));
    }
    expect(heard.every(({ status }) => status === 404 || status === 429)).toBe(true);
    expect(heard.filter(({ status }) => status === 404).length).toBeLessThanOrEqual(20);
    for (let name = 0; name < 2 * CODES_PER_NETWORK; name += 1) {
      const other = await Visitor.from("198.51.101.9");
      heard.push(await other.ask("/api/codes/check", { body: guess() }));
    }
    expect(heard.at(-1)?.body).toMatchObject(tooMany("network"));
    const looks = heard.filter(({ status }) => status === 404).length;
    expect(looks).toBeLessThanOrEqual(CODES_PER_NETWORK);
    const last = await Visitor.from("198.51.101.9");
    const codes = [guess().code];
    const lines = [{ sku: "KETTLE", units: 1, unitPrice: PRICE }];
    expect((await last.ask("/api/checkout", { body: { lines, codes } })).body).toMatchObject(
      tooMany("network"),
    );
    expect((await last.buy("code", { lines, codes })).body).toMatchObject(tooMany("network"));
    const human = await Visitor.from("203.0.114.1");
    expect((await human.ask("/api/codes/check", { body: guess() })).status).toBe(404);
  });

  it("of a thief who tries cards ends after a few, and harms nobody who pays", async () => {
    const lines = [{ sku: "KETTLE", units: 1, unitPrice: PRICE }];
    const from = "198.51.102.5";
    const neighbour = await Visitor.from(from);
    const paid = await neighbour.buy("mine", { lines });
    const heard: Heard[] = [];
    for (let name = 0; name < 5; name += 1) {
      const thief = await Visitor.from(from);
      for (let card = 0; card < 7; card += 1) {
        heard.push(await thief.buy(`${card}`, { lines, paymentToken: `stolen-${name}-${card}` }));
      }
    }
    const declined = heard.filter(({ status }) => status === 402);
    expect(heard.slice(0, 7).map(({ status }) => status)).toEqual([...Array(6).fill(402), 429]);
    expect(heard[6]?.body).toMatchObject(tooMany("shopper"));
    expect(declined).toHaveLength(DECLINES_PER_NETWORK + 1);
    expect(heard.at(-1)?.body).toMatchObject(tooMany("network"));
    // What a neighbour has bought is told as ever, and a little later they may buy again.
    expect((await neighbour.buy("mine", { lines })).body).toEqual(paid.body);
    expect((await neighbour.buy("another", { lines })).status).toBe(429);
    hands.now += 1_001;
    expect((await neighbour.buy("another", { lines })).status).toBe(201);
  });
});
