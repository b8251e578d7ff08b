import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOUGHT, NEVER_CAME, REASONS, reasonIndexOf, ShopperOutcomes } from "./outcomes.ts";
import { CAUSES } from "./tally.ts";

const reasonOf = (codes: Uint8Array, shopper: number) =>
  REASONS[reasonIndexOf(codes[shopper] ?? NEVER_CAME)];

describe("what became of each shopper", () => {
  it("is the cause they left by, or never for who did not come", () => {
    const outcomes = new ShopperOutcomes();
    for (const [shopper, cause] of CAUSES.entries()) outcomes.left(shopper + 1, cause);
    const codes = outcomes.codes();
    expect(codes).toHaveLength(CAUSES.length + 1);
    expect(reasonOf(codes, 0)).toBe("never");
    for (const [shopper, cause] of CAUSES.entries())
      expect(reasonOf(codes, shopper + 1)).toBe(cause);
  });

  it("puts a change of mind down to what failed them before, and nothing else", () => {
    const outcomes = new ShopperOutcomes();
    outcomes.failed(0, "error");
    outcomes.left(0, "choice");
    outcomes.failed(1, "error");
    outcomes.left(1, "closed");
    const codes = outcomes.codes();
    expect([0, 1].map((shopper) => reasonOf(codes, shopper))).toEqual(["error", "closed"]);
  });

  it("counts an early failure for the visit that it was in, not for a later one", () => {
    const outcomes = new ShopperOutcomes();
    outcomes.failed(0, "error");
    outcomes.left(0, "choice");
    outcomes.left(0, "choice");
    expect(reasonOf(outcomes.codes(), 0)).toBe("choice");
  });

  it("is a purchase for who ever bought, whatever else happened to them", () => {
    const cause = fc.constantFrom(...CAUSES);
    const happening = fc.record({ kind: fc.constantFrom("left", "failed"), cause });
    fc.assert(
      fc.property(fc.array(happening), fc.array(happening), (before, after) => {
        const outcomes = new ShopperOutcomes();
        const happen = (all: typeof before) => {
          for (const one of all) outcomes[one.kind as "left" | "failed"](7_000, one.cause);
        };
        happen(before);
        outcomes.bought(7_000);
        happen(after);
        const codes = outcomes.codes();
        expect(codes).toHaveLength(7_001);
        expect(codes[7_000]).toBe(BOUGHT);
        expect(codes.slice(0, 7_000).every((code) => code === NEVER_CAME)).toBe(true);
      }),
    );
  });
});
