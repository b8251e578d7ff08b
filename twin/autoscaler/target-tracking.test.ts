import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MINUTE } from "../../engine/time.ts";
import type { Datapoint, FleetView } from "./policy.ts";
import { type TargetTrackingSpec, trackTarget } from "./target-tracking.ts";

const spec: TargetTrackingSpec = {
  kind: "target-tracking",
  target: 0.5,
  period: MINUTE,
  metricDelay: 0,
  datapointsHigh: 3,
  datapointsLow: 15,
  lowShare: 0.9,
  instanceWarmUp: 5 * MINUTE,
};

function points(utilisation: number, count: number, instances = 10): Datapoint[] {
  return Array.from({ length: count }, () => ({ utilisation, instances }));
}

function fleet(change: Partial<FleetView> = {}): FleetView {
  return { desired: 10, min: 1, max: 100, warming: 0, settledFor: 0, ...change };
}

describe("target tracking", () => {
  it("scales out after three datapoints above the target, to what the load needs", () => {
    expect(trackTarget(spec, points(0.8, 2), fleet()).kind).toBe("stay");
    // 10 instances at 80 % need 16 at 50 %.
    expect(trackTarget(spec, points(0.8, 3), fleet())).toEqual({ kind: "out", desired: 16 });
    // 10 * 0.51 / 0.5 = 10.2: rounded up.
    expect(trackTarget(spec, points(0.51, 3), fleet())).toEqual({ kind: "out", desired: 11 });
    // 10 * 0.6 / 0.5 = 12 exactly: not 13.
    expect(trackTarget(spec, points(0.6, 3), fleet())).toEqual({ kind: "out", desired: 12 });
  });

  it("needs all three: one datapoint at the target, or one that is missing, breaks the row", () => {
    const high = points(0.8, 1)[0];
    for (const middle of [points(0.5, 1)[0], { utilisation: 0, instances: 0 }])
      expect(trackTarget(spec, [high, middle, high], fleet()).kind).toBe("stay");
  });

  it("follows the newest datapoint, whatever the older ones of the alarm were", () => {
    const rising = [0.6, 0.7, 0.9].map((utilisation) => ({ utilisation, instances: 10 }));
    expect(trackTarget(spec, rising, fleet())).toEqual({ kind: "out", desired: 18 });
  });

  it("counts instances that warm up in what is wanted but not in what is measured", () => {
    // 16 are wanted already; the 10 that are measured still need 16.
    const warming = fleet({ desired: 16, warming: 6 });
    expect(trackTarget(spec, points(0.8, 3), warming)).toEqual({ kind: "stay", why: "enough" });
    // The load goes on rising: 10 at 100 % need 20, while six still warm up.
    expect(trackTarget(spec, points(1, 3), warming)).toEqual({ kind: "out", desired: 20 });
  });

  it("scales in after fifteen datapoints below nine tenths of the target, rounding the removal down", () => {
    expect(trackTarget(spec, points(0.3, 14), fleet()).kind).toBe("stay");
    // 10 - 10 * 0.3 / 0.5 = 4 may go.
    expect(trackTarget(spec, points(0.3, 15), fleet())).toEqual({ kind: "in", desired: 6 });
    // 10 - 10 * 0.33 / 0.5 = 3.4: three go.
    expect(trackTarget(spec, points(0.33, 15), fleet())).toEqual({ kind: "in", desired: 7 });
    // 0.45 is not below 0.45.
    expect(trackTarget(spec, points(0.45, 15), fleet())).toEqual({ kind: "stay", why: "no-alarm" });
    // 10 - 10 * 0.449 / 0.5 = 1.02: one goes; of 5 none, as 0.51 rounds down to nothing.
    expect(trackTarget(spec, points(0.449, 15), fleet())).toEqual({ kind: "in", desired: 9 });
    const few = trackTarget(spec, points(0.449, 15, 5), fleet({ desired: 5 }));
    expect(few).toEqual({ kind: "stay", why: "enough" });
  });

  it("never scales in while anything warms up or is missing from the metric", () => {
    const warming = fleet({ desired: 12, warming: 2 });
    expect(trackTarget(spec, points(0.1, 15, 12), warming)).toEqual({
      kind: "stay",
      why: "warming",
    });
    const newcomer = fleet({ desired: 12 });
    expect(trackTarget(spec, points(0.1, 15, 10), newcomer)).toEqual({
      kind: "stay",
      why: "warming",
    });
  });

  it("does not remove twice on a datapoint from before the last removal", () => {
    // Measured: 10 at 30 %. Six are kept; a minute later the same picture says six again.
    const after = trackTarget(spec, points(0.3, 15), fleet({ desired: 6 }));
    expect(after).toEqual({ kind: "stay", why: "enough" });
  });

  it("stops at the bounds of the fleet", () => {
    const small = fleet({ max: 12, min: 8 });
    expect(trackTarget(spec, points(1, 3), small)).toEqual({ kind: "out", desired: 12 });
    expect(trackTarget(spec, points(0.1, 15), small)).toEqual({ kind: "in", desired: 8 });
    const full = fleet({ max: 10, min: 10 });
    expect(trackTarget(spec, points(1, 3), full)).toEqual({ kind: "stay", why: "at-limit" });
    expect(trackTarget(spec, points(0.1, 15), full)).toEqual({ kind: "stay", why: "at-limit" });
  });

  it("leaves the measured load at or below the target on whatever it decides", () => {
    const anything = fc.record({
      utilisation: fc.double({ min: 0, max: 1, noNaN: true }),
      instances: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(anything, ({ utilisation, instances }) => {
        const view = fleet({ desired: instances, max: 10_000 });
        const decision = trackTarget(spec, points(utilisation, 15, instances), view);
        if (decision.kind === "stay") return;
        expect((instances * utilisation) / decision.desired).toBeLessThanOrEqual(0.5 + 1e-9);
        if (decision.kind === "out") expect(decision.desired).toBeGreaterThan(instances);
        else expect(decision.desired).toBeLessThan(instances);
      }),
      { seed: 15, numRuns: 500 },
    );
  });
});
