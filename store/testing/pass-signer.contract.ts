/** The contract of the pass signer. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import { PassSigner } from "../ports/pass-signer.ts";
import { type ContractCase, contract } from "./contract.ts";

export function passSignerContract(name: string, layer: Layer.Layer<PassSigner>): void {
  contract(`pass signer: ${name}`, passSignerCases, layer);
}

const PASS = { ticket: 4_194_305, shopper: "ann.smith/é %", until: 1_322_200_000_000 };
const FORGED = { _tag: "Forged" };

const passSignerCases: readonly ContractCase<PassSigner>[] = [
  {
    sentence: "a pass that was signed is genuine, with everything that it says",
    program: Effect.gen(function* () {
      const signer = yield* PassSigner;
      const signed = yield* signer.sign(PASS);
      expect(signed).toMatch(/^[\w.%~!*'()-]+$/u);
      expect(yield* signer.verify(signed)).toEqual({ _tag: "Genuine", pass: PASS });
      expect(yield* signer.sign(PASS)).toBe(signed);
    }),
  },
  {
    sentence: "a pass with any character changed, left out or added is forged",
    program: Effect.gen(function* () {
      const signer = yield* PassSigner;
      const signed = yield* signer.sign(PASS);
      for (let at = 0; at < signed.length; at += 1) {
        const other = signed[at] === "7" ? "8" : "7";
        const changed = signed.slice(0, at) + other + signed.slice(at + 1);
        expect(yield* signer.verify(changed), changed).toEqual(FORGED);
        expect(yield* signer.verify(signed.slice(0, at))).toEqual(FORGED);
      }
      for (const made of ["", ".", "...", `${signed}x`, "%E0%A4%A", `x${signed}`, "a.b.c.d"]) {
        expect(yield* signer.verify(made), made).toEqual(FORGED);
      }
    }),
  },
];
