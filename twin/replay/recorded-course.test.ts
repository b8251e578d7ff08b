import { describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import type { RecordedFact } from "../recordings/recorded-fact.ts";
import { AS_RECORDED, courseOf, slotsOf, spanOf } from "./recorded-course.ts";
import { RecordedVisits } from "./recorded-visits.ts";

const NOTHING: RecordedFact = {
  kind: "",
  at: null,
  shopper: null,
  order: null,
  total: null,
  currency: null,
  units: null,
  lines: null,
  slot: null,
  metric: null,
  value: null,
  sale: null,
  after: null,
  lasts: null,
  tolerance: null,
  method: null,
  path: null,
  status: null,
  millis: null,
  run: null,
};
const NOON = Date.UTC(2024, 2, 1, 12);

function order(seconds: number, shopper: string, more: Partial<RecordedFact> = {}): RecordedFact {
  const at = NOON + seconds * 1_000;
  return {
    ...NOTHING,
    kind: "OrderConfirmed",
    at,
    shopper,
    total: 1_000,
    currency: "EUR",
    ...more,
  };
}

function kept(facts: readonly RecordedFact[], options = { share: 1 }) {
  const visits = new RecordedVisits(options);
  for (const fact of facts) visits.take(fact);
  const found = visits.kept();
  if (found === null) throw new Error("something is kept");
  return found;
}

describe("the visits of a recording", () => {
  it("stand in the order of their times, whatever the order of the lines", () => {
    const { basis, visits, currency } = kept([order(60, "b"), order(0, "a"), order(30, "a")]);
    expect([basis, currency]).toEqual(["orders", "EUR"]);
    expect(visits.map(({ at }) => (at - NOON) / 1_000)).toEqual([0, 30, 60]);
  });

  it("are whole shoppers or none of them, the same ones for every order of the lines", () => {
    const facts = Array.from({ length: 2_000 }, (_, index) => order(index, `${index % 400}`));
    const options = { share: 0.25 };
    const some = kept(facts, options).visits;
    const again = kept([...facts].reverse(), options).visits;
    expect(new Set(again.map(({ shopper }) => shopper))).toEqual(
      new Set(some.map(({ shopper }) => shopper)),
    );
    const shoppers = new Set(some.map(({ shopper }) => shopper)).size;
    expect(some.length).toBe(shoppers * 5);
    // A quarter of 400, four standard deviations to either side.
    expect(Math.abs(shoppers - 100)).toBeLessThan(4 * Math.sqrt(400 * 0.25 * 0.75));
  });

  it("that are too many are halved by shoppers, and the part is told", () => {
    const facts = Array.from({ length: 1_000 }, (_, index) => order(index, `${index}`));
    const { visits, share } = kept(facts, { share: 1, most: 300 } as { share: number });
    expect(visits.length).toBeLessThanOrEqual(300);
    expect(share).toBe(0.25);
  });

  it("of a web server's log begin after half an hour of silence", () => {
    const request = (seconds: number, shopper: string): RecordedFact => ({
      ...order(seconds, shopper),
      kind: "Request",
      method: "GET",
      path: "/",
    });
    const found = kept([
      request(0, "a"),
      request(600, "a"),
      request(700, "b"),
      request(600 + 1_801, "a"),
    ]);
    const { basis, visits } = found;
    expect(basis).toBe("requests");
    const told = visits.map(({ at, pages }) => [(at - NOON) / 1_000, pages]);
    expect(told).toEqual([
      [0, [0, 600_000]],
      [700, [0]],
      [2_401, [0]],
    ]);
    const { pagesAt } = courseOf(found, { speed: 2, loops: 1, gapMillisMax: null });
    expect([...pagesAt].map((at) => at / SECOND)).toEqual([0, 300, 350, 1_200.5]);
  });

  it("of a web server's log have pages without their parts, and are not those of machines", () => {
    const asks = (path: string, seconds: number, shopper: string): RecordedFact => ({
      ...order(seconds, shopper),
      kind: "Request",
      method: "GET",
      path,
      status: path === "/cart" ? 503 : 200,
      millis: path === "/cart" ? 4_000 : 100,
    });
    const robot = Array.from({ length: 10_001 }, (_, index) => asks("/", index, "robot"));
    const person = ["/", "/site.css", "/p/1", "/logo.png", "/cart"].map((path, index) =>
      asks(path, index, "a"),
    );
    const { visits } = kept([...person, ...robot]);
    expect(visits.map(({ pages }) => pages)).toEqual([[0, 2_000, 4_000]]);
    expect(kept(person).answers?.failedShare).toBeCloseTo(1 / 3, 12);
    const took = kept(person).answers?.tookBelow ?? (() => Number.NaN);
    expect(Math.abs(took(0.5) / 100 - 1)).toBeLessThan(0.01);
    expect(Math.abs(took(0.95) / 4_000 - 1)).toBeLessThan(0.01);
  });

  it("of counts stand at even distances in their interval", () => {
    const count = (seconds: number, value: number): RecordedFact => {
      const at = NOON + seconds * 1_000;
      return { ...NOTHING, kind: "Count", at, metric: "orders", value, lasts: 60_000 };
    };
    const { basis, counted, visits } = kept([count(0, 2), count(60, 3)]);
    expect([basis, counted]).toEqual(["counts", "orders"]);
    expect(visits.map(({ at }) => (at - NOON) / 1_000)).toEqual([15, 45, 70, 90, 110]);
  });
});

describe("the course of a recording", () => {
  const visits = kept([order(0, "a"), order(10, "b"), order(610, "a"), order(620, "c")]);

  it("begins at the whole second of the first visit and knows who came before", () => {
    const course = courseOf(visits, AS_RECORDED);
    expect(course.startsAt).toBe(NOON);
    expect([...course.at]).toEqual([0, 10 * SECOND, 610 * SECOND, 620 * SECOND]);
    expect([...course.firstVisit]).toEqual([0, 1, 0, 3]);
    expect(spanOf(course)).toBe(620 * SECOND);
  });

  it("is played faster, and with long gaps cut", () => {
    const fast = courseOf(visits, { ...AS_RECORDED, speed: 2 });
    expect([...fast.at]).toEqual([0, 5 * SECOND, 305 * SECOND, 310 * SECOND]);
    const cut = courseOf(visits, { ...AS_RECORDED, gapMillisMax: 60_000 });
    expect([...cut.at]).toEqual([0, 10 * SECOND, 10 * SECOND + MINUTE, 20 * SECOND + MINUTE]);
  });

  it("is played again by other shoppers after it ended", () => {
    const twice = courseOf(visits, { ...AS_RECORDED, loops: 2 });
    expect(twice.at).toHaveLength(8);
    expect(twice.at[4]).toBeGreaterThan(twice.at[3] ?? 0);
    expect((twice.at[7] ?? 0) - (twice.at[4] ?? 0)).toBe(620 * SECOND);
    expect([...twice.firstVisit].slice(4)).toEqual([4, 5, 4, 7]);
  });

  it("has slots where their numbers go on with time, and none where they do not", () => {
    const slotted = kept([order(0, "a", { slot: "7" }), order(30, "b", { slot: "9" })]);
    expect(slotsOf(courseOf(slotted, AS_RECORDED))).toEqual({
      numbers: [7, 9],
      starts: [0, 30 * SECOND],
    });
    const mixed = kept([order(0, "a", { slot: "9" }), order(30, "b", { slot: "7" })]);
    expect(slotsOf(courseOf(mixed, AS_RECORDED))).toBeNull();
  });
});
