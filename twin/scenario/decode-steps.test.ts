import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import { starterScenario } from "./starter.ts";

describe("the steps of a load test", () => {
  const steps = (written: string, scale = 1) =>
    decodeScenario({
      text: starterScenario(),
      path: "starter.yaml",
      sets: ["traffic.rate=0/s", `traffic.steps=${written}`],
      scale,
    });

  it("are ticks and sessions per second, cut by the scale", () => {
    const half = steps("[{ at: +0s, rate: 60/min }, { at: +40min, rate: 8/s }]", 0.5);
    if (Array.isArray(half)) throw new Error(JSON.stringify(half));
    expect(half.plans[0]?.world.traffic.steps).toEqual([
      { at: 0, rate: 0.5 },
      { at: 40 * MINUTE, rate: 4 },
    ]);
  });

  it.each([
    ["[{ at: +2min, rate: 1/s }, { at: +2min, rate: 2/s }]", "traffic.steps.1.at"],
    ["[{ at: 1999-01-01T00:00Z, rate: 1/s }]", "traffic.steps.0.at"],
    ["[{ at: +900d, rate: 1/s }]", "traffic.steps.0.at"],
  ])("refuses %s at its place", (written, path) => {
    expect(JSON.stringify(steps(written))).toContain(path);
  });
});

it("steps and a rate beside them are a contradiction", () => {
  const both = decodeScenario({
    text: starterScenario(),
    path: "starter.yaml",
    sets: ["traffic.rate=2/s", "traffic.steps=[{ at: +0s, rate: 1/s }]"],
  });
  expect(JSON.stringify(both)).toContain("has no effect beside steps");
});

describe("the ramp", () => {
  it("may be longer than a sale to which nobody comes by it", () => {
    const short = (rate: string) =>
      decodeScenario({
        text: starterScenario(),
        path: "starter.yaml",
        sets: ["lasts=10min", `traffic.rate=${rate}`],
      });
    expect(JSON.stringify(short("1/s"))).toContain("traffic.ramp");
    expect(JSON.stringify(short("0/s"))).not.toContain("longer than the scenario lasts");
  });
});
