import { randomBytes } from "node:crypto";
import { Effect, Layer } from "effect";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PassSigner } from "../ports/pass-signer.ts";
import { passSignerContract } from "../testing/pass-signer.contract.ts";
import {
  claimedPass,
  hmacPassSigner,
  KEY_BYTES,
  secureCodes,
  secureIdentifiers,
} from "./secure-random.ts";

const key = () => randomBytes(KEY_BYTES);
const current = key();

passSignerContract("HMAC", Layer.succeed(PassSigner, hmacPassSigner("drop", [current])));

describe("a signed pass", () => {
  const pass = { ticket: 7, shopper: "ann.o'brien", until: 1_000 };
  const signer = hmacPassSigner("drop", [current]);
  const signed = Effect.runSync(signer.sign(pass));
  const verdict = (text: string, by = signer) => Effect.runSync(by.verify(text))._tag;

  it("is forged once any bit of it is another", () => {
    fc.assert(
      fc.property(fc.nat(signed.length - 1), fc.nat(6), (place, bit) => {
        const changed = Buffer.from(signed, "latin1");
        changed[place] = (changed[place] as number) ^ (1 << bit);
        const text = changed.toString("latin1");
        expect(verdict(text)).toBe("Forged");
      }),
    );
  });

  it("is forged in another sale, and under another key", () => {
    expect(verdict(signed, hmacPassSigner("other drop", [current]))).toBe("Forged");
    expect(verdict(signed, hmacPassSigner("drop", [key()]))).toBe("Forged");
  });

  it("is believed while its key is being changed, and no longer", () => {
    const next = key();
    expect(verdict(signed, hmacPassSigner("drop", [next, current]))).toBe("Genuine");
    expect(verdict(signed, hmacPassSigner("drop", [next]))).toBe("Forged");
  });

  it("cannot be signed with a short key, or with none", () => {
    expect(() => hmacPassSigner("drop", [])).toThrow("needs a key");
    expect(() => hmacPassSigner("drop", [randomBytes(KEY_BYTES - 1)])).toThrow("not shorter");
  });
});

describe("names and codes of a live store", () => {
  it("are each their own, and of letters that fit into an address", () => {
    const names = Array.from({ length: 10_000 }, () => secureIdentifiers.next("order"));
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^order_[0-9a-z]{9}_[\w-]{24}$/.test(name))).toBe(true);
  });

  it("begin with their time, so that an index takes them side by side", () => {
    const before = Date.now();
    const [, time] = secureIdentifiers.next("order").split("_");
    const given = Number.parseInt(time ?? "", 36);
    expect(given).toBeGreaterThanOrEqual(before);
    expect(given).toBeLessThanOrEqual(Date.now());
  });

  it("come up evenly: each of six faces within five standard deviations", () => {
    const throws = 60_000;
    const faces = new Array<number>(6).fill(0);
    for (let count = 0; count < throws; count += 1) {
      const face = secureCodes.below(6);
      faces[face] = (faces[face] as number) + 1;
    }
    const deviation = Math.sqrt((throws * 5) / 36);
    for (const face of faces) expect(Math.abs(face - throws / 6)).toBeLessThan(5 * deviation);
  });
});

describe("names drawn many at a time", () => {
  it("use every symbol at every place, from one draw to the next", () => {
    const names = Array.from({ length: 5_000 }, () => secureIdentifiers.next("hold"));
    expect(new Set(names).size).toBe(names.length);
    for (let place = 1; place <= 24; place += 1) {
      expect(new Set(names.map((name) => name.at(-place))).size).toBe(64);
    }
  });
});

describe("a pass that is read", () => {
  it("says of itself what was signed, genuine or not", () => {
    const pass = { ticket: 4, shopper: "shopper_é.1", until: 99 };
    const signed = Effect.runSync(hmacPassSigner("sale", [current]).sign(pass));
    expect(claimedPass(signed)).toEqual(pass);
    expect(claimedPass("nothing")).toBeNull();
    expect(Effect.runSync(hmacPassSigner("other", [current]).verify(signed))._tag).toBe("Forged");
  });
});
