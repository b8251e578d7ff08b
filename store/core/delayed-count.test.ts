import { describe, expect, it } from "vitest";
import { DelayedCount } from "./delayed-count.ts";

describe("a count of some time ago", () => {
  it("is nothing before, and then what it was, to within a part of the delay", () => {
    const delayed = new DelayedCount(32_000);
    for (let second = 0; second < 200; second += 1) {
      delayed.note(second * 1_000, second + 1);
      expect(Math.abs(delayed.earlier - Math.max(0, second + 1 - 32))).toBeLessThanOrEqual(1);
    }
  });

  it("holds what was told last after a silence longer than the delay", () => {
    const delayed = new DelayedCount(32_000);
    delayed.note(0, 7);
    delayed.note(1_000_000, 9);
    expect(delayed.earlier).toBe(7);
  });
});
