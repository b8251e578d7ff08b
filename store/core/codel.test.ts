import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CODEL_LIMITS_MILLIS, refuses, startCodel } from "./codel.ts";

const LIMITS = CODEL_LIMITS_MILLIS;

describe("CoDel for requests", () => {
  it("follows a trace worked by hand", () => {
    const codel = startCodel();
    expect(refuses(codel, LIMITS, 50, 0)).toBe(false); // the first of all
    // The second judges what there is of an interval: 50 > 5, so overloaded until 101.
    expect(refuses(codel, LIMITS, 60, 1)).toBe(false);
    expect(codel.overloaded).toBe(true);
    expect(codel.intervalEndsAt).toBe(101);
    expect(refuses(codel, LIMITS, 60, 2)).toBe(true);
    expect(refuses(codel, LIMITS, 10, 3)).toBe(false); // not above twice the target
    expect(refuses(codel, LIMITS, 10.01, 4)).toBe(true);
    expect(refuses(codel, LIMITS, 4, 50)).toBe(false); // somebody got through at once
    expect(refuses(codel, LIMITS, 60, 101)).toBe(true); // the interval is not over before 101
    // At 102 the interval is judged by its least wait, 4: healthy again.
    expect(refuses(codel, LIMITS, 80, 102)).toBe(false);
    expect(codel.overloaded).toBe(false);
    expect(refuses(codel, LIMITS, 80, 150)).toBe(false);
    // Everybody in (102, 202] waited 80: overloaded from 203 on, and the judge itself may pass.
    expect(refuses(codel, LIMITS, 90, 203)).toBe(false);
    expect(refuses(codel, LIMITS, 90, 204)).toBe(true);
  });

  it("refuses nobody while one request of every interval waits no longer than the target", () => {
    const delays = fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { maxLength: 300 });
    fc.assert(
      fc.property(delays, (waits) => {
        const codel = startCodel();
        refuses(codel, LIMITS, 0, 0);
        waits.forEach((wait, index) => {
          // Two requests a millisecond apart, the second one lucky.
          expect(refuses(codel, LIMITS, wait, 2 * index + 1)).toBe(false);
          expect(refuses(codel, LIMITS, LIMITS.target, 2 * index + 2)).toBe(false);
        });
      }),
    );
  });

  it("never refuses a request that waited no longer than twice the target", () => {
    const request = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(fc.array(request, { maxLength: 300 }), (requests) => {
        const codel = startCodel();
        let now = 0;
        for (const [gap, delay] of requests) {
          now += gap;
          if (refuses(codel, LIMITS, delay, now)) expect(delay).toBeGreaterThan(10);
        }
      }),
    );
  });
});
