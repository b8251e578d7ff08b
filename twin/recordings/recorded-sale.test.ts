import { describe, expect, it } from "vitest";
import { IntervalCounts } from "./interval-counts.ts";
import { RecordedCounts } from "./recorded-counts.ts";
import { type RecordedFact, recordedFact } from "./recorded-fact.ts";
import { RecordedSale } from "./recorded-sale.ts";

const START = Date.UTC(2024, 2, 1, 17);

function saleOf(events: readonly object[]): RecordedSale {
  const sale = new RecordedSale();
  for (const event of events) {
    const fact = recordedFact(JSON.stringify(event));
    if (fact !== null) sale.take(fact);
  }
  return sale;
}

function factOf(event: object): RecordedFact {
  const fact = recordedFact(JSON.stringify(event));
  if (fact === null) throw new Error("no event");
  return fact;
}

const at = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

describe("a recording", () => {
  const lines = [
    { sku: "A", units: 2 },
    { sku: "B", units: 1 },
  ];
  const placed = { kind: "OrderPlaced", at: at(1), order: "o-1", lines };
  const paid = {
    kind: "OrderConfirmed",
    at: at(2),
    order: "o-1",
    shopper: "s",
    total: 900,
    currency: "EUR",
  };
  const never = { kind: "OrderPlaced", at: at(3), order: "o-2", lines };

  it("knows of a paid order what was in it when it was placed, in either order", () => {
    for (const events of [
      [placed, paid, never],
      [paid, never, placed],
    ]) {
      const sale = saleOf(events);
      expect(sale.orderCount).toBe(1);
      expect(sale.sampledOrders).toMatchObject([{ total: 900, units: 3, lines: 2 }]);
    }
  });

  it("is one rehearsal of a file that tells of several", () => {
    const runs = ["a", "a", "b"].map((seed, n) => ({ ...paid, order: `o-${n}`, plan: "p", seed }));
    const sale = saleOf(runs);
    expect(sale.orderCount).toBe(2);
    expect(sale.run).toBe("plan p, seed a");
    expect(sale.ofOtherRuns).toBe(1);
  });

  it("leaves out values of another currency than that of most orders", () => {
    const orders = ["EUR", "EUR", "USD"].map((currency, n) => ({
      ...paid,
      order: `${n}`,
      currency,
    }));
    const sale = saleOf(orders);
    expect(sale.currency).toBe("EUR");
    expect(sale.sampledOrders.map(({ total }) => total)).toEqual([900, 900, null]);
  });
});

describe("the visits of a web server's log", () => {
  const get = (seconds: number, path: string, shopper = "a") => {
    return { kind: "Request", at: at(seconds), shopper, method: "GET", path, status: 200 };
  };

  it("end after half an hour, whatever order their requests are told in", () => {
    const events = [
      get(0, "/"),
      get(40, "/p/1"),
      get(41, "/p/1.css"),
      { ...get(60, "/api/orders"), method: "POST" },
      get(60 + 1_801, "/"),
      get(5, "/", "b"),
    ];
    for (const told of [events, events.toReversed()]) {
      const found = saleOf(told).sessions.found();
      expect(found).toMatchObject({ sessions: 3, bought: 1, machines: 0, share: 1 });
      expect(found?.lengths).toEqual([60]);
      expect(found?.pages.toSorted()).toEqual([1, 1, 2]);
    }
  });

  it("do not count who asks more than a person can", () => {
    const events = Array.from({ length: 10_001 }, (_none, n) => get(n, "/"));
    expect(saleOf(events).sessions.found()).toMatchObject({ sessions: 0, machines: 1 });
  });
});

describe("counts per interval", () => {
  it("leave out the few that a clock that jumped put years away, on both sides", () => {
    const counts = new IntervalCounts();
    for (let n = 0; n < 1_000; n += 1) counts.add(START + n * 1_000);
    counts.add(0);
    counts.add(Date.UTC(2099, 0));
    expect(counts.mainStretch).toMatchObject({ every: 1, from: START, strayed: 2 });
    expect(counts.mainStretch?.counts).toHaveLength(1_000);
  });

  it("keep what came days later, and stay bounded", () => {
    const counts = new IntervalCounts(100);
    for (let n = 0; n < 1_000; n += 1) counts.add(START + n * 60_000);
    counts.add(START + 86_400_000);
    const stretch = counts.mainStretch;
    expect(stretch?.strayed).toBe(0);
    expect(stretch?.counts.length).toBeLessThanOrEqual(100);
    expect(stretch?.counts.reduce((sum, count) => sum + count, 0)).toBe(1_001);
  });
});

it("a table of counts has the length of its own interval, in any order of its rows", () => {
  const rows = [3, 0, 1].map((place) => ({
    kind: "Count",
    at: at(600 * place),
    metric: "orders",
    value: 10 + place,
  }));
  const telling = saleOf(rows).counts.telling();
  expect(telling).toMatchObject({ metric: "orders", every: 600, from: START });
  expect(telling).toMatchObject({ filled: 1, strayed: 0 });
  expect([...(telling?.counts ?? [])]).toEqual([10, 11, 11.75, 13]);
});

describe("a table of counts with gaps", () => {
  const countsOf = (rows: readonly (readonly [minute: number, value: number])[], most?: number) => {
    const counts = new RecordedCounts(most);
    for (const [minute, value] of rows)
      counts.take(factOf({ kind: "Count", at: at(60 * minute), metric: "orders", value }));
    return counts;
  };

  it("has nothing there where little comes, and the level beside it where much does", () => {
    const few = countsOf([0, 1, 3, 4, 6, 7, 10].map((minute) => [minute, 1])).telling();
    expect([...(few?.counts ?? [])]).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1]);
    expect(few?.filled).toBe(0);
    const much = countsOf([0, 1, 4, 5].map((minute) => [minute, 40 + minute])).telling();
    expect(much?.filled).toBe(2);
    expect(much?.counts[2]).toBeGreaterThan(40);
    const noted = countsOf([0, 1, 2, 4].map((minute) => [minute, minute % 2])).telling();
    expect(noted?.filled).toBe(1);
    expect([
      ...(countsOf([
        [0, 50],
        [1, 50],
        [3, 50],
      ]).telling(false)?.counts ?? []),
    ]).toEqual([50, 50, 0, 50]);
  });

  it("loses no row where there are more than can be kept, and no interval to a shorter day", () => {
    const many = countsOf(
      Array.from({ length: 5_000 }, (_none, minute) => [minute, 2]),
      1_000,
    );
    const told = many.telling();
    expect(told?.counts.length).toBeLessThanOrEqual(1_000);
    expect(told?.counts.reduce((sum, count) => sum + count, 0)).toBe(10_000);
    const days = Array.from({ length: 60 }, (_none, day) => day * 1_440 - (day > 30 ? 60 : 0));
    const daily = countsOf(days.map((minute) => [minute, 9])).telling();
    expect(daily).toMatchObject({ every: 86_400, filled: 0 });
    expect(daily?.counts.length).toBe(60);
  });

  it("leaves out a row that a clock put years away", () => {
    const rows = Array.from({ length: 200 }, (_none, minute) => [minute, 5] as const);
    const told = countsOf([...rows, [-9_000_000, 5]]).telling();
    expect(told).toMatchObject({ strayed: 1, from: START });
  });
});
