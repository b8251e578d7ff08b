import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  admitsAtOnce,
  GRADIENT2_LIMITS,
  type Gradient2Limits,
  noteLatency,
  startGradient2,
} from "./gradient2.ts";

const LIMITS: Gradient2Limits = { ...GRADIENT2_LIMITS, initial: 100 };

describe("Gradient2", () => {
  it("follows a trace worked by hand", () => {
    const limiter = startGradient2(LIMITS);
    // Busy at the usual latency: gradient 1, so 100 * 0.8 + (100 + 4) * 0.2 = 100.8.
    noteLatency(limiter, LIMITS, 100, 100);
    expect(limiter.limit).toBeCloseTo(100.8, 9);
    expect(limiter.longLatency).toBe(100);
    // Twice as slow: the plain mean is 150, the gradient 0.75, 100.8 * 0.75 + 4 = 79.6,
    // and 100.8 * 0.8 + 79.6 * 0.2 = 96.56.
    noteLatency(limiter, LIMITS, 200, 100);
    expect(limiter.longLatency).toBeCloseTo(150, 9);
    expect(limiter.limit).toBeCloseTo(96.56, 9);
    // Ten times as slow: mean (100 + 200 + 1200) / 3 = 500, gradient 500 / 1200 held at 0.5,
    // 96.56 * 0.5 + 4 = 52.28, and 96.56 * 0.8 + 52.28 * 0.2 = 87.704.
    noteLatency(limiter, LIMITS, 1200, 100);
    expect(limiter.longLatency).toBeCloseTo(500, 9);
    expect(limiter.limit).toBeCloseTo(87.704, 9);
    // Back to 100: mean (1500 + 100) / 4 = 400, four times the sample, so it shrinks to 360;
    // the gradient is 1: 87.704 * 0.8 + 91.704 * 0.2 = 88.504.
    noteLatency(limiter, LIMITS, 100, 100);
    expect(limiter.longLatency).toBeCloseTo(360, 9);
    expect(limiter.limit).toBeCloseTo(88.504, 9);
    expect(admitsAtOnce(limiter)).toBe(88);
  });

  it("averages plainly over the warm-up and then with weight 2 / (window + 1)", () => {
    const limiter = startGradient2(LIMITS);
    for (let sample = 0; sample < LIMITS.warmup; sample += 1) noteLatency(limiter, LIMITS, 100, 0);
    noteLatency(limiter, LIMITS, 701, 0);
    expect(limiter.longLatency).toBeCloseTo(100 + (601 * 2) / 601, 9);
  });

  it("does not move while fewer than half of the limit are in work", () => {
    const limiter = startGradient2(LIMITS);
    noteLatency(limiter, LIMITS, 100, 49);
    noteLatency(limiter, LIMITS, 900, 49);
    expect(limiter.limit).toBe(100);
    noteLatency(limiter, LIMITS, 900, 50);
    expect(limiter.limit).toBeLessThan(100);
  });

  it("stays between its limits and never loses more than a tenth of itself in one step", () => {
    const step = fc.record({
      latency: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
      inFlight: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const limiter = startGradient2(LIMITS);
        for (const { latency, inFlight } of steps) {
          const before = limiter.limit;
          noteLatency(limiter, LIMITS, latency, inFlight);
          expect(limiter.limit).toBeGreaterThanOrEqual(LIMITS.min);
          expect(limiter.limit).toBeLessThanOrEqual(LIMITS.max);
          expect(limiter.limit).toBeGreaterThanOrEqual(before * (1 - 0.5 * LIMITS.smoothing));
          expect(limiter.limit).toBeLessThanOrEqual(
            before + LIMITS.queueSize * LIMITS.smoothing + 1e-9,
          );
        }
      }),
    );
  });

  it("grows to its maximum on a healthy busy store and sinks to its minimum on one ever slower", () => {
    const healthy = startGradient2(LIMITS);
    for (let sample = 0; sample < 1_000; sample += 1) noteLatency(healthy, LIMITS, 100, 200);
    expect(admitsAtOnce(healthy)).toBe(LIMITS.max);
    const slowing = startGradient2(LIMITS);
    let latency = 100;
    for (let sample = 0; sample < 1_000; sample += 1) {
      latency *= 1.02;
      noteLatency(slowing, LIMITS, latency, 200);
    }
    expect(admitsAtOnce(slowing)).toBe(LIMITS.min);
  });
});
