/**
 * What a store will do under a load that it has not been put under: the loops simulated with the
 * demands of its profile and with stalls like those that were seen, and beyond the loop the
 * residuals that were measured when the machine was as busy.
 */
import { lognormalFromMean } from "../../engine/distribution.ts";
import { interpolate } from "../../engine/interpolate.ts";
import { RandomStream } from "../../engine/random.ts";
import { MILLISECOND, SECOND } from "../../engine/time.ts";
import {
  type DemandModel,
  RESIDUAL_SHARES,
  type ResidualLevel,
  type SpentTimes,
} from "./capacity-profile.ts";
import { type LoopRequest, simulateLoops } from "./event-loop-model.ts";
import { countsOf, type LoadPlan, ROUTES } from "./load-cell.ts";
import { drawnRun, drawnStall, drawnStalls, durableAt } from "./stalls.ts";

/** Assumed: the work of one request on the loop varies like this around its mean. */
const WORK_CV = 0.5;
/** Assumed: a commit that does not stall varies like this. */
const COMMIT_CV = 0.6;
/**
 * Assumed: where orders are on servers, a request leaves the loop to others with each question to
 * one of them, and so does its work in parts of at most this, microseconds.
 */
const PART_MAX = 300;
/** How far around a request the machine's load is looked at. */
const BUSY_WINDOW = SECOND;
/** No answer is quicker than this, microseconds. */
const RESPONSE_LEAST = 100;

/** No stall of any kind: for what is measured outside them. */
export function withoutStalls(model: DemandModel): DemandModel {
  return { ...model, stalls: { loop: [], commit: [] } };
}

/** The stalls that the run of a seed has: each kind's like those of one calibrated run. */
function stallsFor({ stalls }: DemandModel, { seconds }: LoadPlan, seed: string) {
  const random = new RandomStream(seed, "stalls");
  const loop = drawnRun(stalls.loop, random);
  const commit = drawnStalls(drawnRun(stalls.commit, random), { seconds, random });
  return { loop, commit };
}

/** Only what the model computes: without residuals. */
export function sojournsOf(model: DemandModel, plan: LoadPlan, seed: string): Float64Array {
  const random = new RandomStream(seed, "work");
  const payments = new RandomStream(seed, "payment");
  const commits = new RandomStream(seed, "commit");
  const collections = new RandomStream(seed, "loop-stalls");
  const { commit } = model;
  const stalls = stallsFor(model, plan, seed);
  const holds = commit.onLoop && commit.micros > 0;
  const commitTime = lognormalFromMean({ mean: Math.max(1, commit.micros), cv: COMMIT_CV });
  const unit = lognormalFromMean({ mean: 1, cv: WORK_CV });
  const { from = 0, to = 0 } = plan.cell.paymentMillis ?? {};
  const requests = plan.requests.map(({ due, route, instance }, place): LoopRequest => {
    const { demand, turns, writes } = model.routes[ROUTES[route]];
    const draws = random.at(place);
    const turn = demand.loop / turns;
    const parts = commit.onLoop ? 1 : Math.max(1, Math.ceil(turn / PART_MAX));
    const work = Array.from({ length: turns }, () => (turn / parts) * unit.sample(draws)).flatMap(
      (part) => new Array<number>(parts).fill(Math.round(part)),
    );
    work[0] += drawnStall(stalls.loop, collections.at(place));
    const pauses = new Array<number>(work.length - 1).fill(0);
    if (turns > 1) {
      const late = from + (to - from) * payments.at(place).next();
      pauses[parts - 1] = Math.round(late * MILLISECOND);
    }
    return { at: due, instance, work, pauses, writes: writes && holds };
  });
  const { sojourns } = simulateLoops({
    instances: plan.cell.instances ?? 1,
    requests,
    commit: (now) => {
      if (!holds) return 0;
      const end = now + Math.round(commitTime.sample(commits));
      return durableAt(end, stalls.commit) - now;
    },
  });
  return sojourns;
}

/** Responses from the time due, microseconds, in the order of the plan. */
export function predictedResponses(model: DemandModel, plan: LoadPlan, seed: string): Float64Array {
  const sojourns = sojournsOf(model, plan, seed);
  const busy = busyAround(model, plan);
  const random = new RandomStream(seed, "residual");
  const responses = sojourns.map((sojourn, place) => {
    const { levels } = model.routes[ROUTES[plan.requests[place].route]];
    const share = random.at(place).next();
    return Math.max(RESPONSE_LEAST, sojourn + residualAt(levels, busy[place], share));
  });
  if (!model.commit.onLoop) delayByCommits(responses, { model, plan, seed });
  return responses;
}

/**
 * Where another process makes orders durable, its stalls delay those who wait for it and nobody
 * else: whoever would have been done while one lasts is done at its end.
 */
function delayByCommits(
  responses: Float64Array,
  of: { readonly model: DemandModel; readonly plan: LoadPlan; readonly seed: string },
): void {
  const { model, plan, seed } = of;
  const { commit } = stallsFor(model, plan, seed);
  plan.requests.forEach(({ due, route }, place) => {
    if (!model.routes[ROUTES[route]].writes) return;
    responses[place] = durableAt(due + responses[place], commit) - due;
  });
}

const SHARES = Float64Array.from(RESIDUAL_SHARES);

/** The residual that a share of the requests stays below while the machine is as busy. */
export function residualAt(levels: readonly ResidualLevel[], busy: number, share: number): number {
  const values = levels.map(({ residual }) =>
    interpolate(SHARES, Float64Array.from(residual), share),
  );
  if (levels.length === 1) return values[0];
  const levelsOfBusy = Float64Array.from(levels, (level) => level.busy);
  return interpolate(levelsOfBusy, Float64Array.from(values), busy);
}

/** The share of the machine's cores that is busy around each request, 0 to 1. */
export function busyAround(model: DemandModel, { requests, seconds }: LoadPlan): Float64Array {
  const { cores, fixedPerSecond } = model;
  const costs = requests.map(({ route }) => model.routes[ROUTES[route]].demand.machine);
  const busy = new Float64Array(requests.length);
  let sum = 0;
  let first = 0;
  let next = 0;
  for (let place = 0; place < requests.length; place += 1) {
    const from = Math.max(0, requests[place].due - BUSY_WINDOW / 2);
    const to = Math.min(seconds * SECOND, requests[place].due + BUSY_WINDOW / 2);
    while (next < requests.length && requests[next].due <= to) sum += costs[next++];
    while (requests[first].due < from) sum -= costs[first++];
    const spent = sum / Math.max(1, to - from) + fixedPerSecond.machine / SECOND;
    busy[place] = Math.min(1, spent / cores);
  }
  return busy;
}

/** Microseconds of CPU time that a plan will take. */
export function spentOn(model: DemandModel, plan: LoadPlan): SpentTimes {
  const counts = countsOf(plan);
  const of = (kind: keyof SpentTimes) =>
    counts.reduce(
      (sum, count, route) => sum + count * model.routes[ROUTES[route]].demand[kind],
      model.fixedPerSecond[kind] * plan.seconds,
    );
  return { loop: of("loop"), store: of("store"), machine: of("machine") };
}
