import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../engine/time.ts";
import { parseDate, parseTimePoint, ticksSince } from "./date.ts";

function millis(written: string): number | string {
  const date = parseDate(written);
  return date.ok ? date.value.epochMillis : date.why;
}

describe("dates", () => {
  it("are moments with their own offset", () => {
    expect(parseDate("2011-11-25T06:00-05:00")).toEqual({
      ok: true,
      value: { epochMillis: 1_322_218_800_000, offsetMinutes: -300 },
    });
    expect(millis("1970-01-01T00:00Z")).toBe(0);
    expect(millis("2024-03-01T18:00:30+01:00")).toBe(1_709_312_430_000);
  });

  it("agree with the calendar of the language for every day of four centuries", () => {
    const days = fc.integer({ min: -62_000, max: 84_000 });
    fc.assert(
      fc.property(days, (day) => {
        const written = new Date(day * 86_400_000).toISOString().replace(":00.000Z", "Z");
        expect(millis(written)).toBe(day * 86_400_000);
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it("refuse days and hours that do not exist", () => {
    expect(millis("2011-02-29T06:00Z")).toContain("no such day");
    expect(millis("2012-02-29T06:00Z")).toBe(1_330_495_200_000);
    expect(millis("2011-13-01T06:00Z")).toContain("no such day");
    expect(millis("2011-11-25T24:00Z")).toContain("no such time");
    expect(millis("2011-11-25T06:00+23:00")).toContain("so far from UTC");
  });

  it("must say their offset", () => {
    expect(millis("2011-11-25T06:00")).toContain("offset from UTC is missing");
    expect(millis("2011-11-25")).toContain("not a date");
  });
});

describe("times of the sale", () => {
  const starts = { epochMillis: 1_322_218_800_000, offsetMinutes: -300 };

  it("are so long after the start, or a date", () => {
    const later = parseTimePoint("+20min");
    const date = parseTimePoint("2011-11-25T08:00-05:00");
    expect(later.ok && ticksSince(starts, later.value)).toBe(20 * MINUTE);
    expect(date.ok && ticksSince(starts, date.value)).toBe(2 * HOUR);
  });

  it("are negative where a date lies before the start", () => {
    const date = parseTimePoint("2011-11-25T05:00-05:00");
    expect(date.ok && ticksSince(starts, date.value)).toBe(-HOUR);
  });

  it("begin with + where they are durations", () => {
    expect(parseTimePoint("20min").ok).toBe(false);
    expect(parseTimePoint("+20").ok).toBe(false);
  });
});
