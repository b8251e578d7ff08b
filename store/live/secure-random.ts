/**
 * Names, codes and signatures of a live store, from the operating system's secure source. Nothing
 * in them can be guessed from what was given before.
 */
import { createHmac, randomBytes, randomFillSync, randomInt, timingSafeEqual } from "node:crypto";
import { Effect } from "effect";
import { assert } from "../core/assert.ts";
import type { HashKey } from "../core/keyed-hash.ts";
import type { CodeSourceService } from "../ports/code-source.ts";
import type { IdentifiersService } from "../ports/identifiers.ts";
import type { Forged, Pass, PassSignerService } from "../ports/pass-signer.ts";

/** 144 bits: more than the 128 that OWASP ASVS 5.0 (11.5.1) asks of an unguessable name. */
const NAME_BYTES = 18;
/** HMAC-SHA256 is as strong as its key up to the 32 bytes of its digest. */
export const KEY_BYTES = 32;
/** 32 random bytes have 30 different ones on average, and fewer than this once in 10^15. */
const KEY_VALUES_MIN = 16;
/** `randomInt` draws below 2^48. */
const DRAW_LIMIT = 2 ** 48;

/** Bytes are asked for many names at once: a call for each took a tenth of an order's time. */
const POOL = Buffer.alloc(NAME_BYTES * 256);
let used = POOL.length;

/** Milliseconds since 1970 in base 36 have so many digits until the year 5188. */
const TIME_DIGITS = 9;

/**
 * What a ledger keeps for good begins with the time it was named at, so that names given one after
 * the other stand side by side in its indexes; nothing of what follows can be guessed from it.
 */
export const secureIdentifiers: IdentifiersService = {
  next: (kind) => {
    if (used === POOL.length) {
      randomFillSync(POOL);
      used = 0;
    }
    used += NAME_BYTES;
    const name = POOL.toString("base64url", used - NAME_BYTES, used);
    if (kind === "shopper" || kind === "cart") return `${kind}_${name}`;
    return `${kind}_${Date.now().toString(36).padStart(TIME_DIGITS, "0")}_${name}`;
  },
};

export const secureCodes: CodeSourceService = {
  below: (limit) => {
    assert(Number.isSafeInteger(limit) && limit > 0 && limit < DRAW_LIMIT, "a draw has a bound");
    return randomInt(limit);
  },
};

/** The key of a table of names, so that nobody can choose names that meet in one place. */
export function secureHashKey(): HashKey {
  const bytes = randomBytes(8);
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
}

/** Why nobody should sign with the key, as the end of a sentence about it, or null. */
export function keyProblem(key: Buffer): string | null {
  if (key.length < KEY_BYTES) return `is shorter than ${KEY_BYTES} bytes`;
  return new Set(key).size < KEY_VALUES_MIN ? "was not drawn at random" : null;
}

const FORGED: Forged = { _tag: "Forged" };

/**
 * Passes signed with HMAC-SHA256. The first key signs; the others are still believed, so that a
 * key can be changed while passes under the last one are out. `sale` is signed as well: a pass of
 * another sale is forged here.
 */
export function hmacPassSigner(sale: string, keys: readonly Buffer[]): PassSignerService {
  const [current] = keys;
  assert(current !== undefined, "a signature needs a key");
  for (const key of keys) assert(key.length >= KEY_BYTES, "a key is not shorter than the digest");
  const marked = (text: string, key: Buffer) =>
    createHmac("sha256", key).update(`pass\0${sale}\0${text}`).digest("base64url");
  return {
    sign: (pass) =>
      Effect.sync(() => {
        const text = textOf(pass);
        return `${text}.${marked(text, current)}`;
      }),
    verify: (signed) =>
      Effect.sync(() => {
        const cut = signed.lastIndexOf(".");
        const text = signed.slice(0, Math.max(0, cut));
        // As text: several texts of base64 stand for the same bytes, and only one was signed.
        const mark = signed.slice(cut + 1);
        const genuine = keys.some((key) => sameText(mark, marked(text, key)));
        const pass = genuine ? passOf(text) : null;
        return pass === null ? FORGED : { _tag: "Genuine" as const, pass };
      }),
  };
}

function sameText(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function textOf({ ticket, shopper, until }: Pass): string {
  return `${ticket}.${until}.${Buffer.from(shopper).toString("base64url")}`;
}

function passOf(text: string): Pass | null {
  const [ticket = "", until = "", shopper = "", ...more] = text.split(".");
  if (more.length > 0 || shopper === "") return null;
  return {
    ticket: Number(ticket),
    until: Number(until),
    shopper: Buffer.from(shopper, "base64url").toString(),
  };
}

/** What a signed pass says of itself, genuine or not; null where it says nothing. */
export function claimedPass(signed: string): Pass | null {
  return passOf(signed.slice(0, Math.max(0, signed.lastIndexOf("."))));
}
