import { describe, expect, it } from "vitest";
import { dayFirstOf, PLAIN_TIMES, readTime } from "./recorded-time.ts";

const read = (written: string, dayFirst: boolean | null = null) => {
  const found = readTime(written, { ...PLAIN_TIMES, dayFirst });
  return "why" in found ? found.why : new Date(found.at).toISOString();
};

describe("one moment", () => {
  it.each([
    "2024-11-29T09:05:00Z",
    "2024-11-29T09:05:00.000Z",
    "2024-11-29T10:05:00+01:00",
    "2024-11-29T10:05:00+01",
    "2024-11-29 9:05 AM",
    "2024/11/29 09:05:00",
    "29/Nov/2024:10:05:00 +0100",
    "29.11.2024 09:05",
    "29.11.24, 09:05:00",
    "Nov 29, 2024 9:05:00 AM",
    "Friday, November 29, 2024 9:05 AM",
    "Fri, 29 Nov 2024 09:05:00 GMT",
    "29-Nov-2024 09:05",
    "20241129T090500Z",
    "20241129090500",
    "1732871100",
    "1.7328711e9",
    "1732871100000",
    "1732871100000000",
    "1732871100000000000",
  ])("is written %s", (written) => {
    expect(read(written)).toBe("2024-11-29T09:05:00.000Z");
  });
});

it("noon and midnight are twelve", () => {
  expect(read("2024-11-29 12:00 am")).toBe("2024-11-29T00:00:00.000Z");
  expect(read("2024-11-29 12:00 p.m.")).toBe("2024-11-29T12:00:00.000Z");
  expect(read("2024-11-29 13:00 pm")).toBe("there is no such time of day");
});

it("slashes ask which of day and month is first, where the date does not tell", () => {
  expect(read("03/04/2024 10:00")).toContain("day or month first?");
  expect(read("03/04/2024 10:00", true)).toBe("2024-04-03T10:00:00.000Z");
  expect(read("03/04/2024 10:00", false)).toBe("2024-03-04T10:00:00.000Z");
  expect(["03/04/2024", "29/11/24", "11/29/2024"].map(dayFirstOf)).toEqual([null, true, false]);
});

it.each(["2024-02-30", "2024-02-30T10:00:00Z", "31.04.2024", "29 Foo 2024"])(
  "%s is no day",
  (written) => {
    expect(read(written)).toBe("there is no such day");
  },
);

it("a number counts from the start that is told, and is no date then", () => {
  const since = Date.UTC(2024, 0, 1);
  expect(readTime("20240101", { ...PLAIN_TIMES, since })).toMatchObject({
    at: since + 20_240_101_000,
  });
});
