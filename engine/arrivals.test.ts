import { describe, expect, it } from "vitest";
import { type Arrivals, NO_ARRIVAL, PoissonArrivals } from "./arrivals.ts";
import { sin } from "./elementary.ts";
import { RandomStream } from "./random.ts";
import { HOUR, MINUTE, SECOND, type Ticks } from "./time.ts";

/** All arrival times, at most a million of them. */
function arrivalTimes(arrivals: Arrivals, name: string, until = NO_ARRIVAL): Ticks[] {
  const random = new RandomStream("arrivals.test", name);
  const times: Ticks[] = [];
  let at = arrivals.next(random, 0);
  while (at < until && times.length < 1_000_000) {
    times.push(at);
    at = arrivals.next(random, at);
  }
  return times;
}

function countBetween(times: readonly Ticks[], from: Ticks, to: Ticks): number {
  return times.filter((at) => at >= from && at < to).length;
}

/** How many standard deviations of a Poisson count lie between it and its mean. */
function deviation(count: number, mean: number): number {
  return Math.abs(count - mean) / Math.sqrt(mean);
}

describe("Poisson arrivals with a piecewise linear rate", () => {
  const corners = [
    { at: 0, perSecond: 0 },
    { at: HOUR, perSecond: 40 },
    { at: 2 * HOUR, perSecond: 40 },
    { at: 3 * HOUR, perSecond: 0 },
    { at: 4 * HOUR, perSecond: 0 },
    { at: 4 * HOUR + 1, perSecond: 10 },
    { at: 5 * HOUR, perSecond: 10 },
  ];
  const times = arrivalTimes(new PoissonArrivals({ corners }), "linear");

  it("come as often as the rate's integral says, in every interval", () => {
    const means = [18_000, 54_000, 144_000, 108_000, 36_000];
    expect(deviation(countBetween(times, 0, HOUR / 2), means[0])).toBeLessThan(3.5);
    expect(deviation(countBetween(times, HOUR / 2, HOUR), means[1])).toBeLessThan(3.5);
    expect(deviation(countBetween(times, HOUR, 2 * HOUR), means[2])).toBeLessThan(3.5);
    expect(deviation(countBetween(times, 2 * HOUR, 2.5 * HOUR), 54_000)).toBeLessThan(3.5);
    expect(deviation(countBetween(times, 4 * HOUR, 5 * HOUR), means[4])).toBeLessThan(3.5);
  });

  it("never come while the rate is zero, nor before or after the curve", () => {
    expect(countBetween(times, 3 * HOUR, 4 * HOUR)).toBe(0);
    expect(times.every((at) => Number.isSafeInteger(at) && at >= 0 && at < 5 * HOUR)).toBe(true);
  });

  it("come in order, and counts per minute vary as Poisson counts do", () => {
    expect(times.every((at, index) => index === 0 || at >= times[index - 1])).toBe(true);
    const counts = new Float64Array(60);
    for (const at of times) {
      if (at >= HOUR && at < 2 * HOUR) counts[Math.floor((at - HOUR) / MINUTE)] += 1;
    }
    const mean = counts.reduce((sum, count) => sum + count, 0) / 60;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 59;
    // Variance over mean of 60 Poisson counts is chi-square(59) / 59: 0.57 to 1.6 in 99.8 of 100.
    expect(variance / mean).toBeGreaterThan(0.57);
    expect(variance / mean).toBeLessThan(1.6);
  });

  it("lose nothing to whole ticks: 3 million a second for a tenth of a second", () => {
    const fast = new PoissonArrivals({
      corners: [
        { at: 0, perSecond: 3_000_000 },
        { at: SECOND / 10, perSecond: 3_000_000 },
      ],
    });
    expect(deviation(arrivalTimes(fast, "fast").length, 300_000)).toBeLessThan(3.5);
  });

  it("are drawn from any later start, as if the earlier ones had not been asked for", () => {
    const source = new PoissonArrivals({ corners });
    const random = new RandomStream("arrivals.test", "later");
    expect(source.next(random, 3.5 * HOUR)).toBeGreaterThanOrEqual(4 * HOUR);
    expect(source.next(random, 0)).toBeLessThan(HOUR);
    expect(source.next(random, 5 * HOUR)).toBe(NO_ARRIVAL);
  });
});

describe("Poisson arrivals with any rate", () => {
  const rate = (at: Ticks): number => 20 + 15 * sin((2 * Math.PI * at) / HOUR);
  const arrivals = new PoissonArrivals({ rate, ceiling: 35, until: 10 * HOUR });
  const times = arrivalTimes(arrivals, "thinned");

  it("come as often as the rate's integral says, in the high half and in the low", () => {
    let high = 0;
    for (let hour = 0; hour < 10; hour++) {
      high += countBetween(times, hour * HOUR, (hour + 0.5) * HOUR);
    }
    const swing = (15 * 3_600) / Math.PI;
    expect(deviation(high, 10 * (36_000 + swing))).toBeLessThan(3.5);
    expect(deviation(times.length - high, 10 * (36_000 - swing))).toBeLessThan(3.5);
  });

  it("agree with the exact inversion of a rate that is linear", () => {
    const ramp = (at: Ticks): number => (40 * at) / HOUR;
    const thinned = new PoissonArrivals({ rate: ramp, ceiling: 40, until: HOUR });
    const counts = arrivalTimes(thinned, "ramp");
    expect(deviation(counts.length, 72_000)).toBeLessThan(3.5);
    expect(deviation(countBetween(counts, 0, HOUR / 2), 18_000)).toBeLessThan(3.5);
  });

  it("end the run where the rate breaks its ceiling", () => {
    const broken = new PoissonArrivals({ rate: () => 2, ceiling: 1 });
    expect(() => broken.next(new RandomStream("arrivals.test", "broken"), 0)).toThrow("ceiling");
  });
});
