import { describe, expect, it } from "vitest";
import { decodeDefinition, defineScenario } from "./define-scenario.ts";

const SALE = defineScenario({
  name: "in-code",
  seed: "in-code/1",
  starts: "2024-03-01T18:00Z",
  lasts: "1d",
  sellers: [
    { name: "shop", catalog: { products: 3, "sale-price": { mean: 20 } }, stock: { units: 9 } },
  ],
  audience: { recipients: 500, "click-delay": { exponential: { mean: "1h" } } },
  plans: {
    now: { launch: { "each-over": "5min" } },
    later: { launch: { at: "+1h", "each-over": "5min" }, audience: { visits: "30%" } },
  },
});

describe("a scenario in TypeScript", () => {
  it("means what the same file would mean", () => {
    const scenario = decodeDefinition({ definition: SALE, path: "in-code.ts" });
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
    expect(scenario.plans.map((plan) => plan.name)).toEqual(["now", "later"]);
    expect(scenario.plans[1]?.world.audience.visitRate).toBe(0.3);
    expect(scenario.plans[0]?.world.sellers[0]?.items).toHaveLength(3);
  });

  it("takes settings and a scale", () => {
    const sets = ["audience.recipients=1k"];
    const scenario = decodeDefinition({ definition: SALE, path: "in-code.ts", sets, scale: 0.5 });
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
    expect(scenario.plans[0]?.world.audience.recipients).toBe(500);
  });

  it("is refused for the same reasons", () => {
    const definition = defineScenario({ ...SALE, lasts: "3 days" });
    expect(decodeDefinition({ definition, path: "in-code.ts" })).toMatchObject([
      { file: "in-code.ts", path: "lasts", suggestion: "write 3d" },
    ]);
  });
});
