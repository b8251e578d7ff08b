import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY, HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import {
  isCurrency,
  parseCount,
  parseDuration,
  parseFactor,
  parseMoney,
  parseRate,
  parseShare,
  parseSize,
  type Reading,
  toMinor,
  writeDuration,
} from "./units.ts";

function value<Value>(reading: Reading<Value>): Value | string {
  return reading.ok ? reading.value : reading.why;
}

function advice(reading: Reading<unknown>): string {
  return reading.ok ? "" : reading.instead;
}

describe("durations", () => {
  it("are whole ticks in every unit", () => {
    expect(value(parseDuration("90s"))).toBe(90 * SECOND);
    expect(value(parseDuration("14.8min"))).toBe(888 * SECOND);
    expect(value(parseDuration("250ms"))).toBe(250_000);
    expect(value(parseDuration("7us"))).toBe(7);
    expect(value(parseDuration("3d"))).toBe(3 * DAY);
    expect(value(parseDuration("2.761h"))).toBe(9_939_600_000);
    expect(value(parseDuration(0))).toBe(0);
  });

  it("need a unit, and say which one was meant", () => {
    expect(parseDuration(90).ok).toBe(false);
    expect(advice(parseDuration(90))).toContain("90s");
    expect(advice(parseDuration("5 minutes"))).toBe("write 5min");
    expect(advice(parseDuration("5m"))).toBe("write 5min");
    expect(advice(parseDuration("5 fortnights"))).toContain("us, ms, s, min, h and d");
  });

  it("are not negative, endless or something else", () => {
    for (const written of ["-3s", "4000d", "soon", "", "1,000s", "3d4h"]) {
      expect(parseDuration(written).ok, written).toBe(false);
    }
  });

  it("read what they write", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 366 * DAY }), (ticks) => {
        expect(value(parseDuration(writeDuration(ticks)))).toBe(ticks);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(writeDuration(90 * MINUTE)).toBe("1.5h");
    expect(writeDuration(2 * HOUR)).toBe("2h");
  });
});

describe("rates", () => {
  it("are events per second", () => {
    expect(value(parseRate("200/s"))).toBe(200);
    expect(value(parseRate("5M/h"))).toBeCloseTo(5e6 / 3600, 9);
    expect(value(parseRate("12k/min"))).toBe(200);
    expect(value(parseRate("17.53/s"))).toBe(17.53);
  });

  it("keep their number where they are asked for in their own unit", () => {
    expect(value(parseRate("0.3015/d", DAY))).toBe(0.3015);
  });

  it("need a unit of time", () => {
    for (const written of ["200", "200/fortnight", "200/s/s", "/s", "-1/s", 200]) {
      expect(parseRate(written).ok, String(written)).toBe(false);
    }
  });
});

describe("shares", () => {
  it("are a percentage or a ratio", () => {
    expect(value(parseShare("16%"))).toBe(0.16);
    expect(value(parseShare("46.83%"))).toBe(0.4683);
    expect(value(parseShare(0.16))).toBe(0.16);
    expect(value(parseShare("0.16"))).toBe(0.16);
    expect(value(parseShare("0%"))).toBe(0);
    expect(value(parseShare("100%"))).toBe(1);
  });

  it("lie between nothing and everything", () => {
    expect(value(parseShare("116%"))).toContain("more than 100%");
    expect(value(parseShare("-1%"))).toContain("negative");
    expect(advice(parseShare(16))).toBe("write 16% or 0.16");
  });
});

describe("counts", () => {
  it("are whole numbers, in thousands and millions where that is shorter", () => {
    expect(value(parseCount(110000))).toBe(110_000);
    expect(value(parseCount("110_000"))).toBe(110_000);
    expect(value(parseCount("110k"))).toBe(110_000);
    expect(value(parseCount("5.27M"))).toBe(5_270_000);
  });

  it("have no commas, fractions or signs", () => {
    expect(advice(parseCount("5,270,000"))).toBe("write 5270000 or 5_270_000");
    expect(parseCount("1.5").ok).toBe(false);
    expect(parseCount(-3).ok).toBe(false);
    expect(parseCount("12 apples").ok).toBe(false);
    expect(parseCount(Number.POSITIVE_INFINITY).ok).toBe(false);
  });
});

describe("plain numbers", () => {
  it("have no unit and no sign", () => {
    expect(value(parseFactor("0.8"))).toBe(0.8);
    expect(value(parseFactor(1.1))).toBe(1.1);
    for (const written of ["", "0.8s", -1, "0x10", Number.NaN]) {
      expect(parseFactor(written).ok, String(written)).toBe(false);
    }
  });
});

describe("sizes", () => {
  it("are bytes, in thousands or in powers of two", () => {
    expect(value(parseSize("2GB"))).toBe(2e9);
    expect(value(parseSize("512MiB"))).toBe(512 * 1024 * 1024);
    expect(parseSize(512).ok).toBe(false);
    expect(parseSize("2 gigs").ok).toBe(false);
  });
});

describe("money", () => {
  it("is an amount with its sign or code", () => {
    expect(value(parseMoney("$80"))).toEqual({ major: 80, currency: "$" });
    expect(value(parseMoney("$4.3M"))).toEqual({ major: 4_300_000, currency: "$" });
    expect(value(parseMoney("€12.50"))).toEqual({ major: 12.5, currency: "€" });
    expect(value(parseMoney("80 USD"))).toEqual({ major: 80, currency: "USD" });
    expect(value(parseMoney(80))).toEqual({ major: 80, currency: null });
  });

  it("is not negative, doubled or in words", () => {
    for (const written of ["-$3", "$80 USD", "eighty", "$", "$1,000"]) {
      expect(parseMoney(written).ok, written).toBe(false);
    }
  });

  it("becomes whole minor units of its currency", () => {
    expect(toMinor({ major: 12.5, currency: "€" }, "EUR")).toBe(1250);
    expect(toMinor({ major: 0.29, currency: null }, "USD")).toBe(29);
    expect(toMinor({ major: 500, currency: "¥" }, "JPY")).toBe(500);
    expect(toMinor({ major: 1.25, currency: null }, "KWD")).toBe(1250);
    expect(toMinor({ major: 500, currency: null }, "XOF")).toBe(500);
  });

  it("knows which currencies its sign can stand for", () => {
    expect(isCurrency({ major: 1, currency: "$" }, "CAD")).toBe(true);
    expect(isCurrency({ major: 1, currency: "€" }, "USD")).toBe(false);
    expect(isCurrency({ major: 1, currency: null }, "USD")).toBe(true);
  });
});
