import { describe, expect, it } from "vitest";
import { SECOND } from "../../engine/time.ts";
import {
  mostAskedFor,
  type PodAutoscalerSpec,
  type PodMetric,
  podsAskedFor,
  podsAskedForBy,
  rateLimited,
  stabilised,
} from "./replica-calculator.ts";

const spec: PodAutoscalerSpec = {
  kind: "hpa",
  inFlight: 0,
  target: 0.5,
  tolerance: 0.1,
  sync: 15 * SECOND,
  period: 15 * SECOND,
  metricDelay: 0,
  initialization: 300 * SECOND,
  readinessDelay: 30 * SECOND,
  up: {
    window: 0,
    policies: [
      { unit: "pods", by: 4, every: 15 * SECOND },
      { unit: "percent", by: 100, every: 15 * SECOND },
    ],
  },
  down: {
    window: 300 * SECOND,
    policies: [{ unit: "percent", by: 100, every: 15 * SECOND }],
  },
};

function ready(count: number, utilisation: number): PodMetric[] {
  return Array.from({ length: count }, () => ({ kind: "ready", utilisation }) as const);
}

function others(kind: "ignored" | "missing", count: number): PodMetric[] {
  return Array.from({ length: count }, () => ({ kind }));
}

describe("the pods that the metric asks for", () => {
  it("are as many as bring the utilisation to the target", () => {
    // 4 * 0.8 / 0.5 = 6.4; 3 * 0.2 / 0.5 = 1.2.
    expect(podsAskedFor(spec, ready(4, 0.8), 4)).toBe(7);
    expect(podsAskedFor(spec, ready(3, 0.2), 3)).toBe(2);
    // 6 * (5/6) / 0.5 = 10 exactly: not 11.
    expect(podsAskedFor(spec, ready(6, 5 / 6), 6)).toBe(10);
  });

  it("stay as they are within the tolerance, its bound included", () => {
    // Ratios of 1.1 and 0.9, then of 1.12 (4.48 pods) and 0.7 (2.8 pods).
    expect([0.55, 0.45].map((use) => podsAskedFor(spec, ready(4, use), 4))).toEqual([4, 4]);
    expect([0.56, 0.35].map((use) => podsAskedFor(spec, ready(4, use), 4))).toEqual([5, 3]);
  });

  it("count those that are not ready as idle where more are wanted", () => {
    // 3.2 / 6 / 0.5 = 1.07: within the tolerance. 4 / 6 / 0.5 = 1.33, times 6: 8.
    const starting = others("ignored", 2);
    expect(podsAskedFor(spec, [...ready(4, 0.8), ...starting], 6)).toBe(6);
    expect(podsAskedFor(spec, [...ready(4, 1), ...starting], 6)).toBe(8);
    // 1.2 / 4 / 0.5 = 0.6 would turn the direction of 1.2: nothing.
    expect(podsAskedFor(spec, [...ready(2, 0.6), ...starting], 4)).toBe(4);
  });

  it("leave those that are not ready out where fewer are wanted", () => {
    // 4 * 0.2 / 0.5 = 1.6.
    expect(podsAskedFor(spec, [...ready(4, 0.2), ...others("ignored", 2)], 6)).toBe(2);
  });

  it("count those without a metric as fully used where fewer are wanted", () => {
    // (0.9 + 1) / 4 / 0.5 = 0.95: nothing. (0.3 + 1) / 4 / 0.5 = 0.65, times 4: 2.6.
    const missing = others("missing", 1);
    expect(podsAskedFor(spec, [...ready(3, 0.3), ...missing], 4)).toBe(4);
    expect(podsAskedFor(spec, [...ready(3, 0.1), ...missing], 4)).toBe(3);
  });

  it("count those without a metric as idle where more are wanted", () => {
    // 2.4 / 4 / 0.5 = 1.2, times 4: 4.8.
    expect(podsAskedFor(spec, [...ready(3, 0.8), ...others("missing", 1)], 4)).toBe(5);
  });

  it("never go against the direction of the ratio", () => {
    // 4 / 6 / 0.5 = 1.33, times 6: 8, which is fewer than the ten there are.
    expect(podsAskedFor(spec, [...ready(4, 1), ...others("missing", 2)], 10)).toBe(10);
  });

  it("are as many as there are where no pod has a metric", () => {
    expect(podsAskedFor(spec, others("missing", 3), 3)).toBe(3);
  });
});

describe("the stabilisation windows", () => {
  /** Ten pods. Asked for: 10 at 0 s, 4 at 60 s, now 5. Down only when the 10 is 300 s old: to 5. */
  it("hold the number down to the most that was asked for in five minutes", () => {
    const earlier = [
      { at: 0, pods: 10 },
      { at: 60 * SECOND, pods: 4 },
    ];
    const at = (seconds: number) =>
      stabilised(spec, earlier, { now: seconds * SECOND, current: 10, asked: 5 });
    expect([120, 299, 300].map(at)).toEqual([10, 10, 5]);
  });

  it("hold it up only where there is a window for that", () => {
    const earlier = [{ at: 0, pods: 6 }];
    const state = { now: 10 * SECOND, current: 5, asked: 9 };
    expect(stabilised(spec, earlier, state)).toBe(9);
    const careful = { ...spec, up: { ...spec.up, window: 60 * SECOND } };
    expect(stabilised(careful, earlier, state)).toBe(6);
  });
});

describe("the rate limits", () => {
  const state = { now: 60 * SECOND, current: 10, recommended: 100, min: 1, max: 1000 };

  /**
   * Ten pods, a hundred wanted: four more or twice as many, the larger holds: 20. Ten seconds
   * later the ten that were added are taken off first: still 20. Fifteen seconds later: 40.
   */
  it("let the number double or grow by four in 15 s, whichever is more", () => {
    expect(rateLimited(spec, [], state)).toBe(20);
    const added = [{ at: 60 * SECOND, pods: 10 }];
    const later = (seconds: number) => ({ ...state, now: seconds * SECOND, current: 20 });
    expect(rateLimited(spec, added, later(70))).toBe(20);
    expect(rateLimited(spec, added, later(75))).toBe(40);
    expect(rateLimited(spec, [], { ...state, current: 1 })).toBe(5);
  });

  it("let it fall to nothing at once, down to the bound", () => {
    expect(rateLimited(spec, [], { ...state, recommended: 2 })).toBe(2);
    expect(rateLimited(spec, [], { ...state, recommended: 2, min: 4 })).toBe(4);
  });

  it("may be slower: two pods a minute", () => {
    const policies = [{ unit: "pods", by: 2, every: 60 * SECOND }] as const;
    const slow = { ...spec, down: { ...spec.down, policies } };
    expect(rateLimited(slow, [], { ...state, recommended: 2 })).toBe(8);
    const gone = [{ at: 50 * SECOND, pods: -2 }];
    expect(rateLimited(slow, gone, { ...state, current: 8, recommended: 2 })).toBe(8);
  });

  it("never leave the bounds", () => {
    expect(rateLimited(spec, [], { ...state, max: 15 })).toBe(15);
    expect(rateLimited(spec, [], { ...state, recommended: 10, min: 12 })).toBe(12);
    expect(rateLimited(spec, [], { ...state, recommended: 10, max: 8 })).toBe(8);
  });
});

describe("several metrics", () => {
  it("ask for the most that one of them asks for", () => {
    expect(mostAskedFor([3, 5], 4)).toBe(5);
    expect(mostAskedFor([2, 3], 4)).toBe(3);
  });

  it("never ask for fewer pods while one has failed", () => {
    expect(mostAskedFor([2, null], 4)).toBe(4);
    expect(mostAskedFor([6, null], 4)).toBe(6);
    expect(mostAskedFor([null, null], 4)).toBe(4);
    expect(podsAskedForBy(spec, [{ kind: "missing" }, { kind: "ignored" }], 4)).toBeNull();
  });
});
