/**
 * Stalls: moments in which a loop, or what makes its orders durable, answers nobody: a collection of
 * garbage, a disk that is slow for once, a machine that gives its core to somebody else. They delay
 * all who are there together, so that they are told apart from what each request takes by itself.
 *
 * A loop stalls by the requests that it works on, which make the garbage, and commits stall by the
 * second, whoever waits for one. Both have better and worse minutes, so that they are kept run by
 * run: a simulated run has the stalls of one calibrated run, each as likely, and not those of all of
 * them mixed.
 */
import { exp } from "../../engine/elementary.ts";
import type { RandomStream } from "../../engine/random.ts";
import { MILLISECOND, SECOND } from "../../engine/time.ts";
import type { StallRun, Stalls } from "./capacity-profile.ts";
import { type LoadPlan, ROUTES, WRITES } from "./load-cell.ts";

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
/** Nobody may have come while a stall lasted; no stall counts for more than so many of its length. */
const WEIGHT_MAX = 3;

/** Where most answers of a run are later than this times what is usual, it was in stalls for most of its time. */
const USUAL_TIMES = 2;

/** The median of each route over all runs, microseconds; 0 for one that nobody asked for. */
export function usualResponses(runs: readonly Answered[]): readonly number[] {
  const answers = ROUTES.map((): number[] => []);
  for (const run of runs) addAnswers(run, answers);
  return answers.map(medianOf);
}

/** The stalls of a run, each from when the first request that it delayed was due. */
export function stallsOf(run: Answered, usual: readonly number[]): readonly SeenStall[] {
  const { plan, responses } = run;
  const answers = ROUTES.map((): number[] => []);
  addAnswers(run, answers);
  const medians = answers.map((own, route) => Math.min(USUAL_TIMES * usual[route], medianOf(own)));
  const stalls: { begin: number; lasts: number; end: number }[] = [];
  plan.requests.forEach(({ due, route }, place) => {
    const response = responses[place];
    const later = response - medians[route];
    if (!(later > Math.max(LATER_BY, LATER_TIMES * medians[route]))) return;
    const end = due + response;
    const last = stalls.at(-1);
    if (last === undefined || due > last.end) {
      stalls.push({ begin: due, lasts: later, end });
      return;
    }
    last.end = Math.max(last.end, end);
    // Whoever came first waited longest; those behind wait for one another besides.
    last.lasts = Math.max(last.lasts, later);
  });
  return stalls;
}

function addAnswers({ plan, responses }: Answered, answers: readonly number[][]): void {
  plan.requests.forEach(({ route }, place) => {
    if (!Number.isNaN(responses[place])) answers[route].push(responses[place]);
  });
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
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
 * The stalls of each run: of the loop by its requests, from loads that do not write, and of the
 * commits by the second, from those that do, less what their loops will have had.
 */
export function estimateStalls(runs: readonly Answered[], usual: readonly number[]): Stalls {
  const loop = runs
    .filter(({ plan }) => !plan.requests.some(writes))
    .map((run) => ({ amount: run.plan.requests.length, lengths: lengthsOf(run, usual) }))
    .filter(({ amount }) => amount > 0);
  const requests = loop.reduce((sum, { amount }) => sum + amount, 0);
  const stalls = loop.reduce((sum, { lengths }) => sum + lengths.length, 0);
  const perRequest = stalls / Math.max(1, requests);
  const commit = runs
    .filter(({ plan }) => plan.requests.some(writes))
    .map((run) => {
      // Which of them were the loop's cannot be seen; those are short.
      const expected = Math.round(perRequest * run.plan.requests.length);
      const lengths = lengthsOf(run, usual).slice(expected);
      return { amount: secondsFor(run.plan, lengths), lengths };
    });
  return { loop, commit };
}

const writes = ({ route }: { readonly route: number }) => WRITES.has(ROUTES[route]);

/**
 * The seconds to which stalls of these lengths belong: fewer than those of the load, as some will
 * have gone by while nobody wrote (Horvitz and Thompson 1952).
 */
function secondsFor({ requests, seconds }: LoadPlan, lengths: readonly number[]): number {
  const perMicro = requests.filter(writes).length / seconds / SECOND;
  const weights = lengths.map((lasts) => Math.min(WEIGHT_MAX, 1 / (1 - exp(-perMicro * lasts))));
  const counted = weights.reduce((sum, weight) => sum + weight, 0);
  return counted === 0 ? seconds : (seconds * lengths.length) / counted;
}

/** Shortest first. */
function lengthsOf(run: Answered, usual: readonly number[]): number[] {
  return stallsOf(run, usual)
    .map(({ lasts }) => Math.round(lasts))
    .sort((one, other) => one - other);
}

/** No stall of a kind. */
export const NO_STALLS: StallRun = { amount: 1, lengths: [] };

/** One of the runs whose stalls are known, each as likely. */
export function drawnRun(runs: readonly StallRun[], random: RandomStream): StallRun {
  return runs.length === 0 ? NO_STALLS : runs[random.below(runs.length)];
}

/** The time for which a loop stalls at one of its requests, microseconds; 0 where it does not. */
export function drawnStall({ amount, lengths }: StallRun, random: RandomStream): number {
  if (random.next() * amount >= lengths.length) return 0;
  return lengths[random.below(lengths.length)];
}

/** The stalls of the commits of so many seconds, at any time with the same chance. */
export function drawnStalls(
  { amount, lengths }: StallRun,
  { seconds, random }: { readonly seconds: number; readonly random: RandomStream },
): readonly Stall[] {
  const stalls: Stall[] = [];
  if (lengths.length === 0) return stalls;
  let at = 0;
  for (;;) {
    at += random.exponential() * (amount / lengths.length) * SECOND;
    if (at >= seconds * SECOND) return stalls;
    stalls.push({ begin: Math.round(at), lasts: lengths[random.below(lengths.length)] });
  }
}

/** When what would be durable at a time is, with these stalls, which begin one after the other. */
export function durableAt(at: number, stalls: readonly Stall[]): number {
  return stalls.reduce(
    (end, { begin, lasts }) => (begin <= end && end < begin + lasts ? begin + lasts : end),
    at,
  );
}
