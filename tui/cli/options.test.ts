import { Effect, Either, Option } from "effect";
import { describe, expect, it } from "vitest";
import { scaleFlag, seedFlag, seedsFlag, workersFlag } from "./options.ts";
import type { VerbFailure } from "./shell.ts";

const read = <A>(effect: Effect.Effect<A, VerbFailure>): A | string =>
  Either.match(Effect.runSync(Effect.either(effect)), {
    onLeft: ({ lines, code }) => `${code}: ${lines.join("\n")}`,
    onRight: (value) => value,
  });

describe("values of flags", () => {
  it("take a scale as a percentage or a ratio, more than nothing and at most full size", () => {
    expect(read(scaleFlag(Option.none()))).toBe(1);
    expect(read(scaleFlag(Option.some("5%")))).toBe(0.05);
    expect(read(scaleFlag(Option.some("0.05")))).toBe(0.05);
    expect(read(scaleFlag(Option.some("100%")))).toBe(1);
    for (const bad of ["0", "0%", "101%", "2", "-5%", "five", "5 %", ""]) {
      expect(read(scaleFlag(Option.some(bad)))).toMatch(/^2: --scale must be a share above 0 %/);
    }
  });

  it("take whole numbers within bounds and name the bounds otherwise", () => {
    expect(read(seedsFlag(Option.some("10")))).toBe(10);
    expect(read(seedsFlag(Option.none()))).toBeNull();
    for (const bad of ["0", "10001", "1.5", "-1", "1e3", "ten"]) {
      expect(read(seedsFlag(Option.some(bad)))).toBe(
        `2: --seeds must be a whole number from 1 to 10000 (got ${bad}).`,
      );
    }
    expect(read(workersFlag(Option.some("257")))).toContain("from 1 to 256");
  });

  it("take any printable seed that is not empty", () => {
    expect(read(seedFlag(Option.some("webstore/1#2")))).toBe("webstore/1#2");
    expect(read(seedFlag(Option.some("")))).toMatch(/^2: --seed must be/);
    expect(read(seedFlag(Option.some("a\nb")))).toMatch(/^2: --seed must be/);
    expect(read(seedFlag(Option.some("s".repeat(201))))).toMatch(/^2: --seed must be 1 to 200/);
  });
});
