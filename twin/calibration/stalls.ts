/**
 * Stalls: moments in which a loop, or what makes its orders durable, answers nobody: a disk that is
 * slow for once, a collection of garbage, a machine that gives its core to somebody else. They delay
 * all who are there together, so that they are told apart from what each request takes by itself.
 */
import { exp } from "../../engine/elementary.ts";
import { interpolate } from "../../engine/interpolate.ts";
import type { RandomStream } from "../../engine/random.ts";
import { MILLISECOND, SECOND } from "../../engine/time.ts";
import type { StallKind, Stalls } from "./capacity-profile.ts";
import { type LoadPlan, ROUTES, type RouteName, WRITES } from "./load-cell.ts";

/** A time in which nobody was answered; microseconds since the start of the load. */
export interface Stall {
  readonly begin: number;
  readonly lasts: number;
}

/** A stall that was seen, and when the last of those whom it delayed was answered. */
export interface SeenStall extends Stall {
  readonly end: number;
}

interface Answered {
  readonly plan: LoadPlan;
  /** From the time due, microseconds, in the order of the plan; NaN without a good answer. */
  readonly responses: Float64Array;
}

/** An answer is part of a stall if it is later than its route's median by this and twice that. */
const LATER_BY = 5 * MILLISECOND;
const LATER_TIMES = 2;
/** Nobody may have come while a stall lasted; no stall counts for more than so many of its kind. */
const WEIGHT_MAX = 3;
/** The shares at which the lengths of stalls are kept. */
export const LENGTH_SHARES = Float64Array.from({ length: 11 }, (_, tenth) => tenth / 10);

/** The stalls of a run, each from when the first request that it delayed was due. */
export function stallsOf({ plan, responses }: Answered): readonly SeenStall[] {
  const medians = ROUTES.map((_, route) => medianOf(route, { plan, responses }));
  const stalls: { begin: number; lasts: number; end: number }[] = [];
  plan.requests.forEach(({ due, route }, place) => {
    const response = responses[place];
    const usual = medians[route];
    if (!(response > usual + Math.max(LATER_BY, LATER_TIMES * usual))) return;
    const end = due + response;
    const last = stalls.at(-1);
    if (last === undefined || due > last.end) {
      stalls.push({ begin: due, lasts: response - usual, end });
      return;
    }
    last.end = Math.max(last.end, end);
    last.lasts = Math.max(last.lasts, end - usual - last.begin);
  });
  return stalls;
}

function medianOf(route: number, { plan, responses }: Answered): number {
  const own = Float64Array.from(
    [...responses].filter(
      (response, place) => plan.requests[place].route === route && !Number.isNaN(response),
    ),
  ).sort();
  return own[Math.floor((own.length - 1) / 2)] ?? 0;
}

/** Whether each request of a plan was due while a stall lasted. */
export function duringStalls({ requests }: LoadPlan, stalls: readonly SeenStall[]): Uint8Array {
  const during = new Uint8Array(requests.length);
  let next = 0;
  requests.forEach(({ due }, place) => {
    while (next < stalls.length && stalls[next].end < due) next += 1;
    if (next < stalls.length && stalls[next].begin <= due) during[place] = 1;
  });
  return during;
}

/**
 * How often there are stalls, and how long they are: of the loop by the second, from loads that do
 * not write, and of the commits by what is written, from those that do and have more of them.
 */
export function estimateStalls(runs: readonly Answered[]): Stalls {
  const reading = runs.filter(({ plan }) => writesOf(plan) === 0);
  const writing = runs.filter(({ plan }) => writesOf(plan) > 0);
  const loop = countedIn(reading);
  const commit = countedIn(writing);
  const perSecond = loop.seconds === 0 ? 0 : loop.count / loop.seconds;
  const writes = writing.reduce((sum, { plan }) => sum + writesOf(plan), 0);
  const ofCommits = Math.max(0, commit.count - perSecond * commit.seconds);
  return {
    loop: { rate: perSecond, lengths: loop.lengths },
    commit: { rate: writes === 0 ? 0 : Math.min(1, ofCommits / writes), lengths: commit.lengths },
  };
}

function writesOf({ requests }: LoadPlan): number {
  return requests.filter(({ route }) => WRITES.has(ROUTES[route] as RouteName)).length;
}

function countedIn(runs: readonly Answered[]) {
  const lengths: number[] = [];
  let count = 0;
  let seconds = 0;
  for (const run of runs) {
    seconds += run.plan.seconds;
    const perMicro = run.plan.requests.length / run.plan.seconds / SECOND;
    for (const { lasts } of stallsOf(run)) {
      // The share of the stalls of this length during which somebody comes (Horvitz-Thompson).
      const noticed = 1 - exp(-perMicro * lasts);
      count += Math.min(WEIGHT_MAX, 1 / noticed);
      lengths.push(lasts);
    }
  }
  const sorted = Float64Array.from(lengths).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { count, seconds, lengths: [...LENGTH_SHARES].map(at) };
}

/** A length of a stall of a kind, microseconds. */
export function drawnLength({ lengths }: StallKind, random: RandomStream): number {
  return interpolate(LENGTH_SHARES, Float64Array.from(lengths), random.next());
}

/** Stalls at so many a second, one after the other. */
export function drawnStalls(
  kind: StallKind,
  { seconds, random }: { readonly seconds: number; readonly random: RandomStream },
): readonly Stall[] {
  const stalls: Stall[] = [];
  if (kind.rate <= 0) return stalls;
  let at = 0;
  for (;;) {
    at += (random.exponential() / kind.rate) * SECOND;
    if (at >= seconds * SECOND) return stalls;
    stalls.push({ begin: Math.round(at), lasts: Math.round(drawnLength(kind, random)) });
  }
}
