/**
 * How many visitors come who were not mailed, as a rate over time: the time of day at the shop,
 * a slow decay over the days of the sale, and a ramp while the word spreads at its start.
 */
import { assert } from "../../engine/assert.ts";
import { exp } from "../../engine/elementary.ts";
import { DAY, HOUR, MILLISECOND, MINUTE, type Ticks } from "../../engine/time.ts";
import type { TrafficSpec, WorldSpec } from "../scenario/scenario.ts";

const HOURS_PER_DAY = 24;

/** The time of day at the shop, ticks since local midnight. */
export function localTimeOfDay(starts: WorldSpec["starts"], at: Ticks): Ticks {
  // Days are whole in epoch milliseconds; reduced before scaling, so that no digit is lost.
  const dayMillis = DAY / MILLISECOND;
  const startMillis = starts.epochMillis + (starts.offsetMinutes * MINUTE) / MILLISECOND;
  const sinceMidnight = (((startMillis % dayMillis) + dayMillis) % dayMillis) * MILLISECOND;
  return (sinceMidnight + at) % DAY;
}

/** The daily profile at a time of day: linear between the middles of the hours, around midnight too. */
export function profileAt(dailyProfile: readonly number[], timeOfDay: Ticks): number {
  assert(dailyProfile.length === HOURS_PER_DAY, "a daily profile has 24 hours");
  const hours = timeOfDay / HOUR - 0.5 + HOURS_PER_DAY;
  const before = Math.floor(hours);
  const weight = hours - before;
  const left = dailyProfile[before % HOURS_PER_DAY];
  const right = dailyProfile[(before + 1) % HOURS_PER_DAY];
  return left + (right - left) * weight;
}

/** Sessions per second at a tick of the simulation: of a load test's step, where there are steps. */
export function trafficRate(traffic: TrafficSpec, starts: WorldSpec["starts"], at: Ticks): number {
  if (traffic.steps.length > 0) return traffic.steps.findLast((step) => step.at <= at)?.rate ?? 0;
  const daily = profileAt(traffic.dailyProfile, localTimeOfDay(starts, at));
  const decay = exp((-traffic.decayPerDay * at) / DAY);
  const ramp = at < traffic.ramp ? at / traffic.ramp : 1;
  return traffic.rate * daily * decay * ramp;
}
