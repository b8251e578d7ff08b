/**
 * What a store will do under a load that it has not been put under: the loops simulated with the
 * demands of its profile and with stalls as often as they were seen, and beyond the loop the
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
import { type LoopRequest, type LoopStall, simulateLoops } from "./event-loop-model.ts";
import { countsOf, type LoadPlan, ROUTES } from "./load-cell.ts";
import { drawnLength, drawnStalls } from "./stalls.ts";

/** Assumed: the work of one request on the loop varies like this around its mean. */
const WORK_CV = 0.5;
/** Assumed: a commit that does not stall varies like this. */
const COMMIT_CV = 0.6;
/** How far around a request the machine's load is looked at. */
const BUSY_WINDOW = SECOND;
/** No answer is quicker than this, microseconds. */
const RESPONSE_LEAST = 100;

/** No stall of any kind: for what is measured outside them. */
export function withoutStalls(model: DemandModel): DemandModel {
  const { loop, commit } = model.stalls;
  return { ...model, stalls: { loop: { ...loop, rate: 0 }, commit: { ...commit, rate: 0 } } };
}

/** Only what the model computes: without residuals. */
export function sojournsOf(model: DemandModel, plan: LoadPlan, seed: string): Float64Array {
  const random = new RandomStream(seed, "work");
  const pauses = new RandomStream(seed, "payment");
  const commits = new RandomStream(seed, "commit");
  const { commit } = model;
  const holds = commit.onLoop && commit.micros > 0;
  const commitTime = lognormalFromMean({ mean: Math.max(1, commit.micros), cv: COMMIT_CV });
  const unit = lognormalFromMean({ mean: 1, cv: WORK_CV });
  const { from = 0, to = 0 } = plan.cell.paymentMillis ?? {};
  const requests = plan.requests.map(({ due, route, instance }, place): LoopRequest => {
    const { demand, turns, writes } = model.routes[ROUTES[route]];
    const draws = random.at(place);
    const work = Array.from({ length: turns }, () =>
      Math.round((demand.loop / turns) * unit.sample(draws)),
    );
    const late = turns === 1 ? 0 : from + (to - from) * pauses.at(place).next();
    return { at: due, instance, work, pause: Math.round(late * MILLISECOND), writes };
  });
  const instances = plan.cell.instances ?? 1;
  const stalled = model.stalls.commit;
  const commitStalls = () =>
    commits.next() < stalled.rate ? Math.round(drawnLength(stalled, commits)) : 0;
  const { sojourns } = simulateLoops({
    instances,
    requests,
    stalls: loopStalls(model, { plan, instances, seed }),
    commit: () => (holds ? Math.round(commitTime.sample(commits)) + commitStalls() : 0),
  });
  return sojourns;
}

function loopStalls(
  { stalls }: DemandModel,
  of: { readonly plan: LoadPlan; readonly instances: number; readonly seed: string },
): readonly LoopStall[] {
  const random = new RandomStream(of.seed, "loop-stalls");
  return Array.from({ length: of.instances }, (_, instance) => instance).flatMap((instance) =>
    drawnStalls(stalls.loop, { seconds: of.plan.seconds, random: random.at(instance) }).map(
      ({ begin, lasts }) => ({ at: begin, instance, lasts }),
    ),
  );
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
 * else: one begins when a request has been made durable, and whoever would have been done while it
 * lasts is done at its end.
 */
function delayByCommits(
  responses: Float64Array,
  of: { readonly model: DemandModel; readonly plan: LoadPlan; readonly seed: string },
): void {
  const { model, plan, seed } = of;
  const random = new RandomStream(seed, "commit-stalls");
  const writers = plan.requests
    .map(({ due, route }, place) => ({ place, due, done: due + responses[place], route }))
    .filter(({ route }) => model.routes[ROUTES[route]].writes)
    .sort((one, other) => one.done - other.done || one.place - other.place);
  let until = 0;
  for (const { place, due, done } of writers) {
    const draws = random.at(place);
    if (draws.next() < model.stalls.commit.rate) {
      until = Math.max(until, done + drawnLength(model.stalls.commit, draws));
    }
    if (done < until) responses[place] = until - due;
  }
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
