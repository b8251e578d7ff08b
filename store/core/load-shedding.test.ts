import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GRADIENT2_LIMITS } from "./gradient2.ts";
import {
  LoadShedding,
  PRIORITIES,
  priorityOf,
  type RequestFacts,
  retryAfterSeconds,
  toldTo,
} from "./load-shedding.ts";

const CODEL = { interval: 100, target: 5 };
const range = { minSeconds: 5, maxSeconds: 30 };

describe("the order in which requests are refused", () => {
  const of = (page: RequestFacts["page"], hasCart = false, known = true) =>
    PRIORITIES[priorityOf({ page, hasCart, known })];

  it("goes from who is not known and who arrives to who pays", () => {
    expect([
      of("payment", true, false),
      of("landing"),
      of("list"),
      of("product"),
      of("list", true),
      of("cart"),
      of("checkout", true),
      of("payment", true),
    ]).toEqual([
      "unknown",
      "arriving",
      "browsing",
      "browsing",
      "cart",
      "cart",
      "checkout",
      "payment",
    ]);
  });

  it("refuses no priority where a lower one would be taken, at the door and in line", () => {
    const request = fc.record({
      inFlight: fc.nat({ max: 250 }),
      latency: fc.integer({ min: 1, max: 5_000 }),
      waited: fc.nat({ max: 500 }),
      gap: fc.nat({ max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 200 }), (requests) => {
        const inLine = PRIORITIES.map(
          () => new LoadShedding({ codel: CODEL, gradient2: GRADIENT2_LIMITS }),
        );
        let now = 0;
        for (const { inFlight, latency, waited, gap } of requests) {
          now += gap;
          // The same course for each, but for the priority of who asks.
          const door = inLine.map((one, priority) => one.refusesAtDoor(priority, inFlight));
          const line = inLine.map((one, priority) => one.refusesInLine(priority, waited, now));
          for (const one of inLine) one.noteAnswer(latency, inFlight);
          for (const refused of [door, line])
            expect(refused).toEqual([...refused].sort((a, b) => Number(b) - Number(a)));
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});

describe("refusing in line", () => {
  it("begins with an interval in which everybody waited, and stands twice as long each priority", () => {
    const longest = PRIORITIES.map((_name, priority) => {
      let most = 0;
      for (let waited = 0; waited <= 400; waited += 1) {
        const shedding = new LoadShedding({ codel: CODEL, gradient2: null });
        shedding.refusesInLine(priority, 50, 0);
        shedding.refusesInLine(priority, 50, 1);
        if (!shedding.refusesInLine(priority, waited, 2)) most = waited;
      }
      return most;
    });
    expect(longest).toEqual([10, 20, 40, 80, 160, 320]);
  });

  it("refuses nobody in a line that somebody passes at once", () => {
    const shedding = new LoadShedding({ codel: CODEL, gradient2: null });
    for (let now = 0; now < 2_000; now += 1) {
      expect(shedding.refusesInLine(0, now % 2 === 0 ? 0 : 900, now)).toBe(false);
    }
  });

  it("refuses nobody at the door, and is new after a restart", () => {
    const shedding = new LoadShedding({ codel: CODEL, gradient2: null });
    expect(shedding.refusesAtDoor(0, 1_000_000)).toBe(false);
    shedding.refusesInLine(0, 50, 0);
    shedding.refusesInLine(0, 50, 1);
    expect(shedding.refusesInLine(0, 50, 2)).toBe(true);
    shedding.restart();
    expect(shedding.refusesInLine(0, 50, 3)).toBe(false);
  });
});

describe("refusing at the door", () => {
  const fixed = (places: number) =>
    new LoadShedding({
      codel: null,
      gradient2: { ...GRADIENT2_LIMITS, initial: places, min: places, max: places },
    });

  it("gives each priority its part of the limit, and nobody in a server less than half full", () => {
    const admitted = PRIORITIES.map((_name, priority) => {
      const shedding = fixed(100);
      let inFlight = 0;
      while (!shedding.refusesAtDoor(priority, inFlight)) inFlight += 1;
      return inFlight;
    });
    expect(admitted).toEqual([50, 60, 70, 80, 90, 100]);
  });

  it("has a place for everybody in an empty server", () => {
    for (let priority = 0; priority < PRIORITIES.length; priority += 1)
      expect(fixed(1).refusesAtDoor(priority, 0)).toBe(false);
  });

  it("learns from latency: a queue makes the limit smaller", () => {
    const limits = { ...GRADIENT2_LIMITS, initial: 100 };
    const shedding = new LoadShedding({ codel: null, gradient2: limits });
    for (let sample = 0; sample < 50; sample += 1) shedding.noteAnswer(100, 100);
    const calm = shedding.limit;
    for (let sample = 0; sample < 50; sample += 1) shedding.noteAnswer(1_000, calm);
    expect(calm).toBeGreaterThanOrEqual(100);
    expect(shedding.limit).toBeLessThan(calm / 2);
  });
});

describe("what the refused are told", () => {
  it("is a whole number of seconds, each in the range equally likely", () => {
    const counts = new Map<number, number>();
    const draws = 26_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const seconds = retryAfterSeconds(range, (draw + 0.5) / draws);
      counts.set(seconds, (counts.get(seconds) ?? 0) + 1);
    }
    expect([...counts.keys()]).toEqual(Array.from({ length: 26 }, (_value, index) => 5 + index));
    expect(new Set(counts.values())).toEqual(new Set([1_000]));
  });

  it("is the waiting room, where there is one, for who has no cart yet", () => {
    const told = (roomOpen: boolean) =>
      PRIORITIES.map(
        (_name, priority) => toldTo(priority, { roomOpen, range, chance: 0.999 })._tag,
      );
    expect(new Set(told(false))).toEqual(new Set(["RetryAfter"]));
    const room = "SentToWaitingRoom";
    const again = "RetryAfter";
    expect(told(true)).toEqual([room, room, room, again, again, again]);
    expect(toldTo(5, { roomOpen: true, range, chance: 0.999 })).toEqual({
      _tag: "RetryAfter",
      seconds: 30,
    });
  });
});
