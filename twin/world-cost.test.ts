import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeScenario } from "./scenario/decode.ts";
import { rehearse } from "./world.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

/** Thirty minutes of the small drop on a fleet that nothing changes unless a test does. */
function metricsWith(...sets: readonly string[]): Readonly<Record<string, number>> {
  const fixed = [
    "platform.autoscaler.kind=none",
    "platform.price={instance: €1.20, asleep: €0.03}",
  ];
  const scenario = decodeScenario({ text, path, sets: [...fixed, ...sets] });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  return rehearse({ plan: scenario.plans[0], seed: "cost" }).metrics;
}

describe("the cost of a rehearsal", () => {
  it("is the instance hours at their price", () => {
    // Two instances for half an hour at €1.20: €1.20, in cents; €2.40 an hour.
    const metrics = metricsWith();
    expect(metrics).toMatchObject({ "instance.hours": 1, cost: 120, "cost.perHour": 240 });
    expect(metrics["cost.perOrder"]).toBe(120 / metrics.orders);
  });

  it("includes the instances asleep in the warm pool", () => {
    // Four more for half an hour at €0.03: 2 hours, €0.06.
    expect(metricsWith("platform.warm-pool.prepared=6")).toMatchObject({
      "instance.hours{asleep}": 2,
      "cost{instances}": 120,
      "cost{asleep}": 6,
      cost: 126,
    });
  });

  it("grows with what is scheduled, from the order on", () => {
    // Two more from the tenth minute to the thirtieth: 2/3 of an hour, 80 cents.
    const scheduled = "platform.autoscaler.scheduled=[{at: +10min, desired: 4}]";
    const onTime = "platform.autoscaler.scheduled-delay={constant: 0s}";
    const metrics = metricsWith(scheduled, onTime);
    expect(metrics.cost).toBe(200);
    expect(metrics["instances.peak"]).toBe(4);
  });
});
