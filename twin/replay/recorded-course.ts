/**
 * The course of a recorded sale on the clock of a rehearsal: its visits as ticks since its start,
 * played faster or slower, several times, or with its long gaps cut short.
 */
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import type { Slots } from "./order-course.ts";
import type { AnswersFound } from "./recorded-answers.ts";
import type { RecordedVisit, VisitBasis, VisitsKept } from "./recorded-visits.ts";

/** The columns of a course, each as long as there are visits. */
export interface Course {
  readonly basis: VisitBasis;
  /** Milliseconds since 1970 of tick 0, at a whole second. */
  readonly startsAt: number;
  /** Ticks, ascending. */
  readonly at: Float64Array;
  /** By whose visit: the place of that shopper's first one. */
  readonly firstVisit: Uint32Array;
  /** Minor units; not a number where it is not known. */
  readonly totals: Float64Array;
  /** Not a number where there are no slots. */
  readonly slots: Float64Array;
  /** Ticks of each page that was asked for, ascending; none where requests were not recorded. */
  readonly pagesAt: Float64Array;
  /** Of all shoppers, the part that is in it. */
  readonly share: number;
  readonly currency: string | null;
  readonly counted: string | null;
  /** How the recorded server answered; null where no requests were recorded. */
  readonly answers: AnswersFound | null;
}

export interface Playing {
  /** 2 plays twice as fast, so that twice as many come at a time. */
  readonly speed: number;
  /** How often it is played, one time after the other, each by people of its own. */
  readonly loops: number;
  /** Longer times without a visit are cut to this, milliseconds; null leaves them. */
  readonly gapMillisMax: number | null;
}

export const AS_RECORDED: Playing = { speed: 1, loops: 1, gapMillisMax: null };

/** Visits of all loops together: the store of a replay keeps some kilobytes of each order. */
export const COURSE_VISITS_MAX = 300_000;

/** `kept` has a visit. */
export function courseOf(kept: VisitsKept, { speed, loops, gapMillisMax }: Playing): Course {
  const { visits } = kept;
  const startsAt = Math.floor((visits[0]?.at ?? 0) / 1_000) * 1_000;
  const millis = timesOf(visits, startsAt, gapMillisMax);
  const last = millis.at(-1) ?? 0;
  // The next time begins where an interval like the mean one after the last visit ends.
  const length = last + Math.max(1_000, last / visits.length);
  const size = visits.length * loops;
  const course = {
    at: new Float64Array(size),
    firstVisit: new Uint32Array(size),
    totals: new Float64Array(size),
    slots: new Float64Array(size),
  };
  const pagesAt: Ticks[] = [];
  const slotsPerLoop = spanOfSlots(visits);
  for (let loop = 0; loop < loops; loop += 1) {
    const from = loop * visits.length;
    const first = new Map<number, number>();
    for (const [index, { shopper, total, slot, pages }] of visits.entries()) {
      const place = from + index;
      const known = first.get(shopper);
      if (known === undefined) first.set(shopper, place);
      const begin = loop * length + (millis[index] ?? 0);
      course.at[place] = toTicks(begin / speed);
      for (const after of pages ?? []) pagesAt.push(toTicks(Math.max(0, begin + after) / speed));
      course.firstVisit[place] = known ?? place;
      course.totals[place] = total ?? Number.NaN;
      course.slots[place] = slot === null ? Number.NaN : slot + loop * slotsPerLoop;
    }
  }
  const { basis, share, currency, counted, answers } = kept;
  const ascending = Float64Array.from(pagesAt).sort();
  return { basis, startsAt, ...course, pagesAt: ascending, share, currency, counted, answers };
}

function toTicks(millis: number): Ticks {
  return Math.round(millis * MILLISECOND);
}

/** Milliseconds since the start, with long gaps cut. */
function timesOf(
  visits: readonly RecordedVisit[],
  startsAt: number,
  gapMillisMax: number | null,
): readonly number[] {
  let cut = 0;
  let before = startsAt;
  return visits.map(({ at }) => {
    if (gapMillisMax !== null) cut += Math.max(0, at - before - gapMillisMax);
    before = at;
    return at - startsAt - cut;
  });
}

function spanOfSlots(visits: readonly RecordedVisit[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { slot } of visits) {
    if (slot === null) continue;
    low = Math.min(low, slot);
    high = Math.max(high, slot);
  }
  return high >= low ? high - low + 1 : 0;
}

/** From the start to the last visit, at least a second. */
export function spanOf({ at }: Course): Ticks {
  return Math.max(SECOND, at.at(-1) ?? 0);
}

/** Numbers of more slots than this are no numbers of slots. */
const SLOTS_MAX = 10_000_000;

/** A slot begins with its first visit; numbers that go back in time are no slots. */
export function slotsOf({ at, slots }: Course): Slots | null {
  const numbers: number[] = [];
  const starts: Ticks[] = [];
  for (let visit = 0; visit < at.length; visit += 1) {
    const slot = slots[visit] ?? Number.NaN;
    const last = numbers.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (Number.isNaN(slot) || slot < last) return null;
    if (slot === last) continue;
    numbers.push(slot);
    starts.push(at[visit] ?? 0);
  }
  const [first] = numbers;
  const last = numbers.at(-1);
  if (first === undefined || last === undefined || last - first > SLOTS_MAX) return null;
  return { numbers, starts };
}

/** Whether each visit of the course is an order. */
export function isOfOrders({ basis, counted }: Course): boolean {
  return basis === "orders" || (basis === "counts" && /order|sale|checkout/iu.test(counted ?? ""));
}
