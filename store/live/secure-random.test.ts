import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { claimedPass, hmacPassSigner, secureCodes, secureIdentifiers } from "./secure-random.ts";

describe("names from the secure source", () => {
  it("are long, fit into an address, and do not repeat", () => {
    const names = Array.from({ length: 10_000 }, () => secureIdentifiers.next("order"));
    for (const name of names) expect(name).toMatch(/^order_[\w-]{24}$/);
    expect(new Set(names).size).toBe(names.length);
  });

  it("use every symbol at every place", () => {
    const names = Array.from({ length: 5_000 }, () => secureIdentifiers.next("hold"));
    for (let place = 5; place < 29; place += 1) {
      expect(new Set(names.map((name) => name[place])).size).toBe(64);
    }
  });

  it("draw codes below a limit", () => {
    const draws = Array.from({ length: 1_000 }, () => secureCodes.below(7));
    expect([...new Set(draws)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe("a pass", () => {
  const keys = [Buffer.alloc(32, 1)];
  const pass = { ticket: 4, shopper: "shopper_é.1", until: 99 };

  it("says of itself what was signed, genuine or not", () => {
    const signed = Effect.runSync(hmacPassSigner("sale", keys).sign(pass));
    expect(claimedPass(signed)).toEqual(pass);
    expect(claimedPass("nothing")).toBeNull();
    expect(Effect.runSync(hmacPassSigner("other", keys).verify(signed))._tag).toBe("Forged");
    expect(Effect.runSync(hmacPassSigner("sale", keys).verify(signed))).toMatchObject({ pass });
  });
});
