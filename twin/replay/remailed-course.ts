/**
 * A recorded course as it would have been under another launch plan: whoever followed a mail keeps
 * their delay, and gets the mail when the other plan would have sent it. Which batch a visit
 * followed no recording says; it is drawn by how likely each batch, and the traffic that no mail
 * explains, is to bring a visit at that time (Bayes' rule over the scenario's own rates).
 */
import { RandomStream } from "../../engine/random.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import { distributionOf } from "../distributions.ts";
import type { LaunchSpec, PlanSpec, WorldSpec } from "../scenario/scenario.ts";
import { trafficRate } from "../traffic/traffic-rate.ts";
import type { Course } from "./recorded-course.ts";

/**
 * The course counted from the scenario's start, where the recording lies in its time; where it does
 * not, as with a live sale of another day, its first visit stands for the start.
 */
export function fromScenarioStart(course: Course, { starts, lasts }: WorldSpec): Course {
  const offset = (course.startsAt - starts.epochMillis) * MILLISECOND;
  if (offset <= 0 || offset >= lasts) return course;
  return {
    ...course,
    startsAt: starts.epochMillis,
    at: course.at.map((at) => at + offset),
    pagesAt: course.pagesAt.map((at) => at + offset),
  };
}

/** Whether two plans mail differently. */
export function mailsOtherwise(one: LaunchSpec, other: LaunchSpec): boolean {
  const keys = ["at", "batches", "every", "eachOver"] as const;
  return keys.some((key) => one[key] !== other[key]);
}

/** The course under the launch of another plan; the same seed gives the same one. */
export function remailedCourse(
  course: Course,
  { asItWas, changed }: { readonly asItWas: PlanSpec; readonly changed: PlanSpec },
  seed: string,
): Course {
  const mailing = new RecordedMailing(asItWas);
  const random = new RandomStream(seed, "replay.remailed");
  const times = course.at.map((at, visit) => {
    const draws = random.at(visit);
    const followed = mailing.followed(at, draws.next(), draws.next());
    if (followed === null) return at;
    return Math.round(sentAt(changed.launch, followed.rank) + followed.delay);
  });
  return inOrder(course, times);
}

interface Followed {
  /** The mail's place in the list, 0 to 1. */
  readonly rank: number;
  /** From when the mail was due to the visit. */
  readonly delay: Ticks;
}

/** When the mail at a place in the list is handed over. */
function sentAt({ at, batches, every, eachOver }: LaunchSpec, rank: number): Ticks {
  const place = Math.min(rank * batches, batches - 1e-9);
  const batch = Math.floor(place);
  return at + batch * every + (place - batch) * eachOver;
}

/** The mailing as it was, and how likely each of its batches is to have brought a visit. */
class RecordedMailing {
  readonly #plan: PlanSpec;
  readonly #clicked: (delay: Ticks) => number;
  /** Visits that a batch brings in all. */
  readonly #visitsOfBatch: number;

  constructor(plan: PlanSpec) {
    const { audience } = plan.world;
    this.#plan = plan;
    const { cdf } = distributionOf(audience.clickDelay);
    this.#clicked = (delay) => (delay <= 0 ? 0 : cdf(delay));
    this.#visitsOfBatch = (audience.recipients * audience.visitRate) / plan.launch.batches;
  }

  /** Null for a visit that no mail explains. `which` and `where` are uniform draws below 1. */
  followed(at: Ticks, which: number, where: number): Followed | null {
    const { launch, world } = this.#plan;
    const weights = Array.from({ length: launch.batches }, (_, batch) =>
      this.#perSecond(batch, at),
    );
    const uninvited = trafficRate(world.traffic, world.starts, at);
    let left = which * weights.reduce((sum, weight) => sum + weight, uninvited);
    for (const [batch, weight] of weights.entries()) {
      if (left < weight) return this.#within(batch, at, where);
      left -= weight;
    }
    return null;
  }

  /** Visits a second that a batch brings at a time. */
  #perSecond(batch: number, at: Ticks): number {
    const { at: first, every, eachOver } = this.#plan.launch;
    const since = at - first - batch * every;
    const over = Math.max(SECOND, eachOver);
    const clicked = this.#clicked(since) - this.#clicked(since - over);
    return (this.#visitsOfBatch * clicked * SECOND) / over;
  }

  /** Somewhere in the part of the batch that had been sent by then. */
  #within(batch: number, at: Ticks, where: number): Followed {
    const { at: first, batches, every, eachOver } = this.#plan.launch;
    const since = at - first - batch * every;
    const place = eachOver === 0 ? where : where * Math.min(1, since / eachOver);
    const delay = Math.max(0, since - place * eachOver);
    return { rank: (batch + place) / batches, delay };
  }
}

/** The columns of the course by other times, earliest first. */
function inOrder(course: Course, times: Float64Array): Course {
  const places = Array.from(times.keys()).sort(
    (one, other) => (times[one] ?? 0) - (times[other] ?? 0) || one - other,
  );
  const sorted = (column: Float64Array) =>
    Float64Array.from(places, (visit) => column[visit] ?? Number.NaN);
  // A shopper's first visit may be another one now.
  const first = new Map<number, number>();
  const firstVisit = Uint32Array.from(places, (visit, place) => {
    const shopper = course.firstVisit[visit] ?? visit;
    const known = first.get(shopper);
    if (known !== undefined) return known;
    first.set(shopper, place);
    return place;
  });
  return {
    ...course,
    at: sorted(times),
    firstVisit,
    totals: sorted(course.totals),
    slots: sorted(course.slots),
  };
}
