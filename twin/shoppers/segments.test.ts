import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { TIERS } from "../../store/core/tier.ts";
import { Segments } from "./segments.ts";

const tiersOf = (vip: number, loyal: number, seed = "segments/1"): readonly string[] => {
  const simulation = new Simulation({ seed });
  const segments = new Segments(simulation, { vip: { share: vip }, loyal: { share: loyal } });
  return Array.from({ length: 20_000 }, (_, shopper) => TIERS[segments.of(shopper)] as string);
};

const shareOf = (tiers: readonly string[], tier: string): number =>
  tiers.filter((each) => each === tier).length / tiers.length;

describe("the segments of an audience", () => {
  it("hold the shares that were asked for", () => {
    const tiers = tiersOf(0.05, 0.2);
    expect(shareOf(tiers, "vip")).toBeCloseTo(0.05, 2);
    expect(shareOf(tiers, "loyal")).toBeCloseTo(0.2, 1.7);
    expect(shareOf(tiers, "regular")).toBeCloseTo(0.75, 1.7);
  });

  it("keep a VIP a VIP when more shoppers become loyal", () => {
    const before = tiersOf(0.05, 0);
    const after = tiersOf(0.05, 0.5);
    expect(before.every((tier, shopper) => tier !== "vip" || after[shopper] === "vip")).toBe(true);
  });

  it("leave everybody regular where the list knows no tiers", () => {
    expect(new Set(tiersOf(0, 0))).toEqual(new Set(["regular"]));
  });

  it("may take in everybody", () => {
    expect(new Set(tiersOf(0.4, 0.6))).toEqual(new Set(["vip", "loyal"]));
  });
});
