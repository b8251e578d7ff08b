import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import type { TrafficSpec } from "../scenario/scenario.ts";
import { BackgroundTraffic, rateCorners } from "./background-traffic.ts";
import { localTimeOfDay, profileAt, trafficRate } from "./traffic-rate.ts";

/** parameters.json, whitepaper.default.diurnal_hourly. */
const dailyProfile = [
  0.45, 0.3, 0.22, 0.18, 0.18, 0.25, 0.45, 0.75, 1.05, 1.3, 1.45, 1.5, 1.5, 1.45, 1.4, 1.35, 1.3,
  1.25, 1.25, 1.35, 1.45, 1.4, 1.1, 0.75,
];
/** 2011-11-25T06:00-05:00, where 06:00 is local. */
const starts = { epochMillis: 1_322_218_800_000, offsetMinutes: -300 };
const traffic: TrafficSpec = {
  rate: 2,
  dailyProfile,
  decayPerDay: 0.3015,
  ramp: 30 * MINUTE,
  steps: [],
  invited: 0,
};

/** Sessions expected from one tick to another, by the trapezoidal rule on ten-second steps. */
function expectedBetween(from: number, to: number): number {
  const step = 10 * SECOND;
  let sum = 0;
  for (let at = from; at < to; at += step)
    sum += (trafficRate(traffic, starts, at) + trafficRate(traffic, starts, at + step)) / 2;
  return (sum * step) / SECOND;
}

describe("the rate of background traffic", () => {
  it("knows the local time of day, before 1970 and across midnight too", () => {
    expect(localTimeOfDay(starts, 0)).toBe(6 * HOUR);
    expect(localTimeOfDay(starts, 20 * HOUR)).toBe(2 * HOUR);
    expect(localTimeOfDay({ epochMillis: -HOUR / 1_000, offsetMinutes: 0 }, 0)).toBe(23 * HOUR);
    expect(localTimeOfDay({ epochMillis: 0, offsetMinutes: 330 }, MINUTE)).toBe(
      5 * HOUR + 31 * MINUTE,
    );
  });

  it("has each hour's factor at mid-hour and runs linearly to the next, around midnight too", () => {
    dailyProfile.forEach((factor, hour) => {
      expect(profileAt(dailyProfile, hour * HOUR + 30 * MINUTE)).toBeCloseTo(factor, 12);
    });
    expect(profileAt(dailyProfile, 0)).toBeCloseTo((0.75 + 0.45) / 2, 12);
    expect(profileAt(dailyProfile, 9 * HOUR)).toBeCloseTo((1.05 + 1.3) / 2, 12);
  });

  it("starts from nothing, is up after the ramp, and loses its share every day", () => {
    const at = (ticks: number) => trafficRate(traffic, starts, ticks);
    expect(at(0)).toBe(0);
    const noRamp = trafficRate({ ...traffic, ramp: 0 }, starts, 15 * MINUTE);
    expect(at(15 * MINUTE)).toBeCloseTo(noRamp / 2, 12);
    // exp(-0.3015) = 0.73971: background times 0.74 a day, parameters.md section 8.3.
    expect(at(2 * DAY) / at(DAY)).toBeCloseTo(0.73971, 5);
  });

  it("is followed by its corners to within a ten-thousandth of a session per second", () => {
    const corners = rateCorners({ traffic, starts, lasts: DAY + 17 });
    for (let corner = 1; corner < corners.length; corner += 1) {
      const [before, after] = [corners[corner - 1], corners[corner]];
      const middle = Math.floor((before.at + after.at) / 2);
      const weight = (middle - before.at) / (after.at - before.at);
      const chord = before.perSecond + weight * (after.perSecond - before.perSecond);
      const rate = trafficRate(traffic, starts, middle);
      // The most is inside the ramp, where the product of two slopes bends.
      expect(Math.abs(chord - rate)).toBeLessThan(1e-4);
    }
  });
});

describe("background traffic", () => {
  const simulation = new Simulation({ seed: "traffic" });
  const perHour = new Float64Array(72);
  const visitors: number[] = [];
  const source = new BackgroundTraffic(simulation, {
    traffic,
    starts,
    lasts: 3 * DAY,
    visit: (visitor) => {
      visitors.push(visitor);
      perHour[Math.floor(simulation.now / HOUR)] += 1;
    },
  });

  it("keeps one event pending and ends with the sale", () => {
    expect(simulation.pending).toBe(1);
    expect(simulation.run()).toBe("drained");
    expect(simulation.now).toBeLessThan(3 * DAY);
    expect(source.visited).toBe(visitors.length);
  });

  it("numbers its visitors in order of arrival", () => {
    expect(visitors.every((visitor, place) => visitor === place)).toBe(true);
  });

  it("brings as many as the rate's integral, in total and hour by hour", () => {
    const total = expectedBetween(0, 3 * DAY);
    // A Poisson count of 350,000: 0.5 % are three standard errors.
    expect(Math.abs(visitors.length / total - 1)).toBeLessThan(0.005);
    let chiSquare = 0;
    for (let hour = 0; hour < perHour.length; hour += 1) {
      const expected = expectedBetween(hour * HOUR, (hour + 1) * HOUR);
      chiSquare += (perHour[hour] - expected) ** 2 / expected;
    }
    // 72 degrees of freedom: 99.9 % lie below 115, and a sum far below 72 would be too good.
    expect(chiSquare).toBeLessThan(115);
    expect(chiSquare).toBeGreaterThan(39);
  });
});

describe("a load test's traffic", () => {
  it("comes at each step's own rate, from its first tick on, whatever the hour", () => {
    const simulation = new Simulation({ seed: "steps" });
    const steps = [
      { at: HOUR, rate: 1 },
      { at: 2 * HOUR, rate: 4 },
      { at: 3 * HOUR, rate: 2 },
    ];
    const perHour = [0, 0, 0, 0];
    const visit = () => {
      perHour[Math.floor(simulation.now / HOUR)] += 1;
    };
    const load = { ...traffic, steps };
    new BackgroundTraffic(simulation, { traffic: load, starts, lasts: 4 * HOUR, visit });
    simulation.run();
    expect(perHour[0]).toBe(0);
    // Poisson counts of 3,600, 14,400 and 7,200: four standard errors.
    [1, 4, 2].forEach((rate, index) => {
      const expected = rate * 3_600;
      expect(Math.abs(perHour[index + 1] - expected)).toBeLessThan(4 * Math.sqrt(expected));
    });
  });
});
