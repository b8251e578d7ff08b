import { describe, expect, it } from "vitest";
import { meanInterval } from "./interval.ts";
import { enoughReplications } from "./replication.ts";

const rule = { relativeHalfWidth: 0.02, replicationsMax: 50 };

describe("the decision to stop replicating", () => {
  it("asks for more while there is no interval, or too few to believe it", () => {
    expect(enoughReplications([], rule)).toEqual({ kind: "more", interval: null, expected: 3 });
    expect(enoughReplications([100, 100], rule).kind).toBe("more");
  });

  it("stops where the half-width is reached", () => {
    const answer = enoughReplications([100, 101, 99, 100, 100], rule);
    expect(answer.kind).toBe("enough");
    expect(answer.interval).toEqual(meanInterval([100, 101, 99, 100, 100]));
  });

  it("goes on where it is not, and says how long about", () => {
    const answer = enoughReplications([100, 110, 90, 105], rule);
    expect(answer.kind).toBe("more");
    // The half-width is 13.6 and 2 is wanted: (13.6 / 2)^2 times four replications and more, held
    // at the limit.
    expect(answer.kind === "more" && answer.expected).toBe(50);
  });

  it("gives up at the limit instead of going on for ever", () => {
    const values = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? 1 : 1_000));
    expect(enoughReplications(values, rule).kind).toBe("limit");
  });

  it("takes an absolute half-width where the mean is near zero", () => {
    const values = [-0.1, 0.1, 0, 0.05];
    expect(enoughReplications(values, rule).kind).toBe("more");
    expect(enoughReplications(values, { halfWidth: 0.5, replicationsMax: 50 }).kind).toBe("enough");
  });

  it("refuses a rule that wants nothing", () => {
    expect(() => enoughReplications([1, 2], { replicationsMax: 5 })).toThrow("half-width");
  });
});
