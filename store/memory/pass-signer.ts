/**
 * Signs passes the same way in every run: FNV-1a over the pass and a key, twice. It keeps a
 * rehearsal's shoppers honest and no forger out; a live store signs with HMAC.
 */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import { lotOf } from "../core/lot.ts";
import { atOnce } from "../ports/at-once.ts";
import {
  type Forged,
  type Pass,
  PassSigner,
  type PassSignerService,
} from "../ports/pass-signer.ts";

const FORGED: Forged = { _tag: "Forged" };

function make(key: string): PassSignerService {
  assert(key.length > 0, "a signature needs a key");
  const sign = ({ ticket, shopper, until }: Pass): string => {
    const text = `${ticket}.${until}.${encodeURIComponent(shopper)}`;
    return `${lotOf(key, text).toString(36)}.${text}`;
  };
  return {
    sign: atOnce(sign),
    verify: atOnce((signed: string) => {
      // The shopper's name stands last, because it alone may hold a dot.
      const [, ticket = "", until = ""] = signed.split(".", 3);
      const mark = signed.indexOf(".") + 1;
      const name = signed.slice(mark + ticket.length + until.length + 2);
      const shopper = decoded(name);
      if (shopper === null) return FORGED;
      const pass: Pass = { ticket: Number(ticket), until: Number(until), shopper };
      return sign(pass) === signed ? { _tag: "Genuine" as const, pass } : FORGED;
    }),
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

export const KeyedPassSigner = {
  make,
  layer: (key: string) => Layer.sync(PassSigner, () => make(key)),
} as const;
