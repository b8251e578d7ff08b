import { createHmac, randomBytes } from "node:crypto";
import { Effect } from "effect";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hmacPassSigner } from "../secure-random.ts";
import { ask, HandClock, TRIAL_KEY, TrialShopper, trialSetup } from "../testing/trial-server.ts";
import { calledIn, NARROW_ROOM, type WholeShop, wholeShop } from "../testing/whole-shop.ts";
import { ShopperTokens } from "./shopper-token.ts";

/**
 * Tokens and passes that somebody made up, changed, borrowed or kept too long. They are no JWT:
 * there is no algorithm, key or address in them to be talked into. Source: OWASP ASVS 5.0, 9.1.1
 * to 9.2.4, and 11.2.4.
 */
const SALE = "Trial";
const MINUTE = 60_000;
const hands = new HandClock(Date.now());
const tokens = new ShopperTokens(SALE, [TRIAL_KEY]);
const signer = hmacPassSigner(SALE, [TRIAL_KEY]);
let shop: WholeShop;
let ann: TrialShopper;
let pass: string;

beforeAll(async () => {
  const setup = trialSetup({ room: NARROW_ROOM });
  const attempts = { tokens: 1, everyMillis: 1, burst: 10_000 };
  shop = await wholeShop({ setup, clock: hands.clock, attempts });
  ann = await TrialShopper.come(shop.origin);
  const { admission } = shop.store;
  if (admission === null) throw new Error("the sale has a waiting room");
  ({ pass } = await calledIn(shop.origin, ann, () =>
    shop.server.desk.change(admission.admitDue(null)),
  ));
});
afterAll(() => shop.close());

const identity = () => ({ shopper: ann.shopper, tier: "vip", invited: true }) as const;
const inAMinute = () => hands.now + MINUTE;

/** The text with one bit of one of its bytes turned over. */
function flipped(text: string, place: number, bit: number): string {
  const bytes = Buffer.from(text, "latin1");
  bytes[place] = (bytes[place] as number) ^ (1 << bit);
  return bytes.toString("latin1");
}

const status = async (token: string, path = "/api/cart") =>
  (await ask(shop.origin, path, { headers: { authorization: `Bearer ${token}` } })).status;
const entered = async (signed: string) =>
  (await ann.ask("/api/queue/enter", { body: { pass: signed } })).status;

/** A JWT as its makers would have it; `mark` signs head and body. */
function jwt(head: object, body: object, mark: (text: string) => string): string {
  const coded = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const text = coded.join(".");
  return `${text}.${mark(text)}`;
}

describe("a token or a pass", () => {
  it("is forged once any bit of it is another", () => {
    const token = tokens.sign(identity(), inAMinute());
    for (let place = 0; place < token.length; place += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const text = flipped(token, place, bit);
        expect([place, bit, tokens.identify(text, hands.now)._tag]).toEqual([place, bit, "Forged"]);
      }
    }
    for (let place = 0; place < pass.length; place += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const verdict = Effect.runSync(signer.verify(flipped(pass, place, bit)))._tag;
        expect([place, bit, verdict]).toEqual([place, bit, "Forged"]);
      }
    }
  });

  it("is refused by the store with 401, whichever bit it was, and at its whole length alone", async () => {
    const printable = (text: string) => /^[\x21-\x7e]+$/.test(text);
    const changed = (text: string) =>
      fc
        .tuple(fc.nat(text.length - 1), fc.nat(6))
        .map(([place, bit]) => flipped(text, place, bit))
        .filter(printable);
    await fc.assert(
      fc.asyncProperty(changed(ann.token), changed(pass), async (token, signed) => {
        expect([await status(token), await entered(signed)]).toEqual([401, 401]);
      }),
      { numRuns: 150, seed: 11 },
    );
    for (const cut of [ann.token.slice(0, -1), ann.token.slice(1), `${ann.token}A`, "."]) {
      expect(await status(cut)).toBe(401);
    }
    for (const cut of [pass.slice(0, -1), `${pass}A`, `${pass}=`, pass.toUpperCase()]) {
      expect(await entered(cut)).toBe(401);
    }
  });

  it("is none in the form of a JWT, whatever it says of itself", async () => {
    const body = { sub: ann.shopper, aud: SALE, exp: Math.ceil(inAMinute() / 1_000) };
    const byKey = (key: string | Buffer) => (text: string) =>
      createHmac("sha256", key).update(text).digest("base64url");
    const heads: readonly object[] = [
      { alg: "none" },
      { alg: "None", typ: "JWT" },
      { alg: "HS256", kid: "../../dev/null" },
      { alg: "HS256", kid: "1", jku: "https://elsewhere.example/keys" },
      { alg: "HS256", jwk: { kty: "oct", k: "AA" } },
      { alg: "RS256" },
    ];
    for (const head of heads) {
      for (const mark of [() => "", byKey(""), byKey("AA"), byKey(TRIAL_KEY)]) {
        const text = jwt(head, body, mark);
        expect([await status(text), await entered(text)]).toEqual([401, 401]);
      }
    }
  });

  it("is none of another kind, sale, key or shopper", async () => {
    const until = inAMinute();
    const invitation = { guest: ann.shopper, tier: "vip", invited: true } as const;
    const other = { ticket: 1, shopper: "shopper_other", until };
    const wrong = [
      pass,
      tokens.signInvitation(invitation, until),
      new ShopperTokens("Another", [TRIAL_KEY]).sign(identity(), until),
      new ShopperTokens(SALE, [randomBytes(32)]).sign(identity(), until),
      shop.adminToken,
    ];
    for (const token of wrong) expect(await status(token)).toBe(401);
    const passes = [
      ann.token,
      tokens.signInvitation(invitation, until),
      Effect.runSync(
        hmacPassSigner("Another", [TRIAL_KEY]).sign({ ...other, shopper: ann.shopper }),
      ),
      Effect.runSync(
        hmacPassSigner(SALE, [randomBytes(32)]).sign({ ...other, shopper: ann.shopper }),
      ),
      Effect.runSync(signer.sign(other)),
    ];
    for (const signed of passes) expect(await entered(signed)).toBe(401);
    expect(await status(ann.token, "/api/admin/sale")).toBe(401);
  });

  it("is over at its end and not before, and its end cannot be moved", async () => {
    const token = tokens.sign(identity(), inAMinute());
    expect(await status(token)).toBe(200);
    const [, ...rest] = token.split(".");
    const longer = [(inAMinute() + MINUTE).toString(36), ...rest].join(".");
    expect(await status(longer)).toBe(401);
    const late = Effect.runSync(
      signer.sign({ ticket: 1, shopper: ann.shopper, until: hands.now - 1 }),
    );
    expect([404, 410]).toContain(await entered(late));
    hands.now += MINUTE;
    expect(await status(token)).toBe(401);
    hands.now -= MINUTE;
    expect(await status(token)).toBe(200);
  });
});
