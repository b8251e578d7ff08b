import { describe, expect, it } from "vitest";
import { fnv1a } from "./fnv.ts";
import { type HashKey, keyedHash } from "./keyed-hash.ts";

/** The bytes 0, 1, 2 … as the authors' test vectors have them, two to a UTF-16 unit. */
const counted = (bytes: number) =>
  String.fromCharCode(
    ...Array.from({ length: bytes / 2 }, (_, unit) => 2 * unit + ((2 * unit + 1) << 8)),
  );

describe("HalfSipHash", () => {
  it.each([
    [0, 0x5b9f35a9],
    [2, 0x03a662fa],
    [4, 0x89466e2a],
  ])("of %i bytes is what its authors publish for two rounds and four", (bytes, published) => {
    const found = keyedHash(counted(bytes), [0x03020100, 0x07060504], 2, 4);
    expect(found >>> 0).toBe(published);
  });

  it("takes the odd unit, the length and each half of the key in", () => {
    const names = ["ann", "anm", "an", "an\0", "an\0\0", ""];
    const keys = [
      [1, 2],
      [1, 3],
      [2, 2],
    ] as const;
    const found = names.flatMap((name) => keys.map((key) => keyedHash(name, key)));
    expect(new Set(found).size).toBe(names.length * keys.length);
  });

  it("parts names that were chosen to meet, by an unkeyed hash or under another key", () => {
    const slotOf = (name: string, key: HashKey) => keyedHash(name, key) & 1_023;
    const names = Array.from({ length: 200_000 }, (_, name) => `shopper-${name}`);
    const forged = [
      names.filter((name) => (fnv1a(name) & 1_023) === 7),
      names.filter((name) => slotOf(name, [1, 2]) === 7),
    ];
    for (const meeting of forged) {
      expect(meeting.length).toBeGreaterThan(100);
      const slots = new Set(meeting.map((name) => slotOf(name, [1, 3])));
      expect(slots.size).toBeGreaterThan(meeting.length * 0.8);
    }
  });

  it("spreads names that differ in a digit over the slots of a table", () => {
    const slots = new Uint16Array(1_024);
    for (let name = 0; name < 8_192; name += 1) {
      slots[keyedHash(`shopper-${name}`, [7, 9]) & 1_023] += 1;
    }
    // Eight a slot; Poisson would have more than 24 in one slot of a million.
    expect(Math.max(...slots)).toBeLessThan(25);
    expect(slots.filter((count) => count === 0).length).toBeLessThan(5);
  });
});
