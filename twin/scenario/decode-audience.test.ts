import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { PlanSpec } from "./scenario.ts";
import { starterScenario } from "./starter.ts";

function decode(sets: readonly string[], scale?: number) {
  const input = { text: starterScenario(), path: "starter", sets };
  return decodeScenario(scale === undefined ? input : { ...input, scale });
}

function plan(sets: readonly string[], scale?: number): PlanSpec {
  const scenario = decode(sets, scale);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario.plans[0];
}

function problem(...sets: string[]): string {
  const scenario = decode(sets);
  if (!Array.isArray(scenario)) return "none";
  return scenario.map(({ path, message }) => `${path} ${message}`).join("; ");
}

const VIP = "audience.segments.vip.share=10%";

describe("segments of a list", () => {
  it("come as the rest does and with the rest, unless they say so", () => {
    const { audience, sale } = plan([VIP]).world;
    const { visitRate } = audience;
    expect(audience.segments.vip).toEqual({ share: 0.1, visitRate, mailedBefore: 0 });
    expect(sale.earlyAccessFor).toEqual(["regular", "loyal", "vip"]);
  });

  it("may have visits of their own, be mailed before the rest, and be let in before it", () => {
    const sets = [
      VIP,
      "audience.segments.vip={visits: 60%, mailed-before: 10min}",
      "sale={early-access: +0s, early-access-for: [vip], public: +30min}",
    ];
    const { world } = plan([...sets, ...laterLaunches()]);
    expect(world.audience.segments.vip).toMatchObject({
      visitRate: 0.6,
      mailedBefore: 10 * MINUTE,
    });
    expect(world.sale.earlyAccessFor).toEqual(["vip"]);
    const small = plan([...sets, ...laterLaunches()], 0.02).world.audience.segments;
    expect(small).toEqual(world.audience.segments);
  });

  it("cannot be mailed before the scenario starts", () => {
    expect(problem(VIP, "audience.segments.vip.mailed-before=10h")).toContain("mailed 10h before");
    expect(problem("audience.segments.vip.mailed-before=10h")).toBe("none");
    expect(problem(VIP, "audience.segments.vip.mailed-befor=1min")).toContain("mailed-befor");
  });

  it("cannot be let in early by a list of tiers that admits nobody", () => {
    const early = "sale={early-access: +0s, public: +30min}";
    const after = laterLaunches();
    expect(problem(early, "sale.early-access-for=[vip]", ...after)).toContain("tiers are empty");
    expect(problem(early, "sale.early-access-for=[]", ...after)).toContain("admits nobody early");
    expect(problem("sale.early-access-for=[regular, regular]")).toContain("names a tier twice");
    expect(problem("sale.early-access-for=[gold]")).toContain("sale.early-access-for");
    expect(problem(early, VIP, "sale.early-access-for=[vip]", ...after)).toBe("none");
  });
});

/** Every plan of the starter, launched an hour after the start. */
function laterLaunches(): readonly string[] {
  const scenario = decode([]);
  if (Array.isArray(scenario)) throw new Error("the starter is sound");
  return scenario.plans.map(({ name }) => `plans.${name}.launch.at=+1h`);
}
