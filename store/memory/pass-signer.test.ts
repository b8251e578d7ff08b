import { Effect } from "effect";
import { expect, it } from "vitest";
import { passSignerContract } from "../testing/pass-signer.contract.ts";
import { KeyedPassSigner } from "./pass-signer.ts";

passSignerContract("keyed", KeyedPassSigner.layer("a key"));

it("a pass signed with one key is forged to a store with another", () => {
  const pass = { ticket: 1, shopper: "ann", until: 2 };
  const signed = Effect.runSync(KeyedPassSigner.make("one").sign(pass));
  expect(Effect.runSync(KeyedPassSigner.make("other").verify(signed))).toEqual({ _tag: "Forged" });
});
