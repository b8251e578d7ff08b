import { describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import type { Datapoint, FleetView } from "./policy.ts";
import {
  adjusted,
  type SimpleScalingSpec,
  type StepScalingSpec,
  scaleBySteps,
  scaleSimply,
} from "./step-scaling.ts";

const metric = {
  period: MINUTE,
  metricDelay: 0,
  datapointsHigh: 1,
  datapointsLow: 1,
  instanceWarmUp: 5 * MINUTE,
};

/** The example of the user guide: nothing within 10 points of the threshold, then 10 %, then 30 %. */
const steps = [
  { from: 0, to: 0.1, by: 0 },
  { from: 0.1, to: 0.2, by: 10 },
  { from: 0.2, to: null, by: 30 },
];
const stepSpec: StepScalingSpec = {
  kind: "step",
  ...metric,
  adjustment: "percent",
  high: 0.5,
  low: 0.4,
  minimum: 1,
  out: steps,
  in: steps,
};
const simpleSpec: SimpleScalingSpec = {
  kind: "simple",
  ...metric,
  adjustment: "change",
  high: 0.6,
  low: 0.3,
  minimum: 1,
  out: 3,
  in: 2,
  cooldown: 300 * SECOND,
};

function at(utilisation: number, instances = 10): Datapoint[] {
  return [{ utilisation, instances }];
}

function fleet(change: Partial<FleetView> = {}): FleetView {
  return { desired: 10, min: 1, max: 100, warming: 0, settledFor: 1e12, ...change };
}

describe("step scaling", () => {
  /**
   * The trace of the user guide. Ten instances, threshold 50 %. At 60 %: 10 points above, which is
   * the second step (its lower bound is inclusive): 10 % of 10, one more: 11. At 70 % while that
   * one warms up: 30 % of the 10 that are warm, 13 in all, so two more. Then below 40 %, all 13
   * warm: at 30 %, 10 % of 13 = 1.3, one goes: 12. At 20 %: 30 % of 12 = 3.6, three go: 9.
   */
  it("follows the example of the user guide", () => {
    expect(scaleBySteps(stepSpec, at(0.6), fleet())).toEqual({ kind: "out", desired: 11 });
    const warming = fleet({ desired: 11, warming: 1 });
    expect(scaleBySteps(stepSpec, at(0.7), warming)).toEqual({ kind: "out", desired: 13 });
    const thirteen = fleet({ desired: 13 });
    expect(scaleBySteps(stepSpec, at(0.3), thirteen)).toEqual({ kind: "in", desired: 12 });
    const twelve = fleet({ desired: 12 });
    expect(scaleBySteps(stepSpec, at(0.2), twelve)).toEqual({ kind: "in", desired: 9 });
  });

  it("does not order again what already warms up", () => {
    const warming = fleet({ desired: 13, warming: 3 });
    expect(scaleBySteps(stepSpec, at(0.7), warming)).toEqual({ kind: "stay", why: "enough" });
  });

  it("does not shrink while anything warms up", () => {
    const warming = fleet({ desired: 13, warming: 1 });
    expect(scaleBySteps(stepSpec, at(0.1), warming)).toEqual({ kind: "stay", why: "warming" });
  });

  it("takes the step whose lower bound is reached and whose upper is not", () => {
    const change: StepScalingSpec = { ...stepSpec, adjustment: "change" };
    const desired = (utilisation: number) => {
      const decision = scaleBySteps(change, at(utilisation), fleet());
      return decision.kind === "stay" ? 10 : decision.desired;
    };
    // 0.7 - 0.5 is 0.19999999999999996 in doubles; it is the third step all the same.
    expect([0.55, 0.599, 0.6, 0.699, 0.7, 1].map(desired)).toEqual([10, 10, 20, 20, 40, 40]);
  });

  it("asks for every datapoint of the alarm", () => {
    const patient = { ...stepSpec, datapointsHigh: 2 };
    expect(scaleBySteps(patient, at(0.9), fleet()).kind).toBe("stay");
    expect(scaleBySteps(patient, [...at(0.9), ...at(0.9)], fleet()).kind).toBe("out");
    expect(scaleBySteps(patient, [...at(0.9), ...at(0.9, 0)], fleet()).kind).toBe("stay");
  });

  it("keeps to the bounds of the fleet", () => {
    expect(scaleBySteps(stepSpec, at(0.9), fleet({ max: 11 }))).toEqual({
      kind: "out",
      desired: 11,
    });
    expect(scaleBySteps(stepSpec, at(0.9), fleet({ max: 10 }))).toEqual({
      kind: "stay",
      why: "at-limit",
    });
    expect(scaleBySteps(stepSpec, at(0.1), fleet({ min: 9 }))).toEqual({ kind: "in", desired: 9 });
  });
});

describe("an adjustment", () => {
  const percent = { adjustment: "percent", high: 0.6, low: 0.3, minimum: 1 } as const;

  it("rounds percentages towards nothing, but not to nothing", () => {
    // 12.7, 0.67, -0.58 and -6.67 instances: the four examples of the user guide.
    expect(adjusted(percent, 127, 10) - 127).toBe(12);
    expect(adjusted(percent, 67, 1) - 67).toBe(1);
    expect(adjusted(percent, 58, -1) - 58).toBe(-1);
    expect(adjusted(percent, 667, -1) - 667).toBe(-6);
    expect(adjusted(percent, 10, 0)).toBe(10);
  });

  it("in percent comes to the minimum at least", () => {
    // 25 % of 4 is 1; the user guide's group with a minimum of 2 grows to 6.
    expect(adjusted({ ...percent, minimum: 2 }, 4, 25)).toBe(6);
    expect(adjusted({ ...percent, minimum: 2 }, 4, -25)).toBe(2);
  });

  it("may be exact", () => {
    expect(adjusted({ ...percent, adjustment: "exact" }, 4, 20)).toBe(20);
    expect(adjusted({ ...percent, adjustment: "exact" }, 40, -20)).toBe(20);
  });
});

describe("simple scaling", () => {
  /**
   * Ten instances at 80 %: three more, 13. While they come (`settledFor` null) and for 300 s after
   * they have, nothing, however high the load; then three more, 16. At 20 %, settled: two go.
   */
  it("makes one change and waits until it is done and the cooldown over", () => {
    const desired13 = (settledFor: number | null) => fleet({ desired: 13, settledFor });
    expect(scaleSimply(simpleSpec, at(0.8), fleet())).toEqual({ kind: "out", desired: 13 });
    for (const waiting of [null, 0, 299 * SECOND])
      expect(scaleSimply(simpleSpec, at(1), desired13(waiting))).toEqual({
        kind: "stay",
        why: "cooling-down",
      });
    const rested = desired13(300 * SECOND);
    expect(scaleSimply(simpleSpec, at(1), rested)).toEqual({ kind: "out", desired: 16 });
    expect(scaleSimply(simpleSpec, at(0.2), rested)).toEqual({ kind: "in", desired: 11 });
    expect(scaleSimply(simpleSpec, at(0.5), rested)).toEqual({ kind: "stay", why: "no-alarm" });
  });
});
