/**
 * From runs of which the whole cost and every latency are known to what each request costs. CPU
 * time is taken apart by regression: it repeats where latency does not. What a latency has beyond
 * the simulated loop is kept as it was measured.
 */
import { assert } from "../../engine/assert.ts";
import { interpolate } from "../../engine/interpolate.ts";
import { RandomStream } from "../../engine/random.ts";
import { SECOND } from "../../engine/time.ts";
import {
  type DemandModel,
  RESIDUAL_SHARES,
  type ResidualLevel,
  routesOf,
  type SpentTimes,
} from "./capacity-profile.ts";
import { nonNegativeLeastSquares } from "./least-squares.ts";
import { countsOf, type LoadPlan, PAYS, ROUTES, WRITES } from "./load-cell.ts";
import { sojournsOf, withoutStalls } from "./load-prediction.ts";
import { duringStalls, estimateStalls, stallsOf, usualResponses } from "./stalls.ts";

/** A load that the store was put under; times at the speed of the reference. */
export interface CalibrationRun {
  readonly plan: LoadPlan;
  /** Runs of one round were made one after the other: each load once. */
  readonly round: number;
  /** From the time due, microseconds, in the order of the plan; NaN without a good answer. */
  readonly responses: Float64Array;
  /** Microseconds of CPU time over `seconds`, which is longer than the plan by its last answers. */
  readonly spent: SpentTimes;
  readonly seconds: number;
}

export interface EstimateOptions {
  readonly cores: number;
  readonly commit: DemandModel["commit"];
}

/** Levels closer than this are one. */
const BUSY_APART = 0.06;
/** A curve stands on at least so many requests. */
const REQUESTS_LEAST = 60;
const DRAWS = 40;
const SHARES = Float64Array.from(RESIDUAL_SHARES);
const GOLDEN_RATIO = 0.618033988749895;
/** Of the search for a curve, and how far each goes. */
const ROUNDS = 12;
const STEP = 0.6;
const NO_LEVEL: ResidualLevel = {
  busy: 0,
  requests: 0,
  residual: RESIDUAL_SHARES.map(() => 0),
};

export function estimateDemands(
  runs: readonly CalibrationRun[],
  { cores, commit }: EstimateOptions,
): DemandModel {
  assert(runs.length > 0, "demands are estimated from runs");
  const found = demandsOf(runs);
  const draws = bootstrapped(runs);
  const usual = usualResponses(runs);
  const bound = (route: number, share: number): SpentTimes => spentAt(draws, route, share);
  const bare: DemandModel = {
    cores,
    commit,
    fixedPerSecond: found[ROUTES.length],
    stalls: estimateStalls(runs, usual),
    routes: routesOf((name) => {
      const route = ROUTES.indexOf(name);
      return {
        demand: found[route],
        low: bound(route, 0.05),
        high: bound(route, 0.95),
        writes: WRITES.has(name),
        turns: PAYS.has(name) ? 2 : 1,
        levels: [NO_LEVEL],
      };
    }),
  };
  const levels = residualLevels(bare, runs, usual);
  const routes = routesOf((name) => ({
    ...bare.routes[name],
    levels: levels[ROUTES.indexOf(name)],
  }));
  return { ...bare, routes };
}

/** By route, and last by second. */
function demandsOf(runs: readonly CalibrationRun[]): readonly SpentTimes[] {
  const of = (kind: keyof SpentTimes) =>
    nonNegativeLeastSquares(
      runs.map(({ plan, spent, seconds }) => ({
        amounts: [...countsOf(plan), seconds],
        total: spent[kind],
        weight: 1 / Math.max(1, spent[kind]) / Math.max(1, spent[kind]),
      })),
    );
  const [loop, store, machine] = [of("loop"), of("store"), of("machine")];
  return loop.map((time, place) => ({ loop: time, store: store[place], machine: machine[place] }));
}

/** The same from runs drawn anew with putting back (Efron 1979). */
function bootstrapped(runs: readonly CalibrationRun[]): readonly (readonly SpentTimes[])[] {
  const random = new RandomStream("bootstrap", "runs");
  return Array.from({ length: DRAWS }, (_, draw) => {
    random.at(draw);
    return demandsOf(runs.map(() => runs[random.below(runs.length)]));
  });
}

function spentAt(
  draws: readonly (readonly SpentTimes[])[],
  route: number,
  share: number,
): SpentTimes {
  const of = (kind: keyof SpentTimes) => {
    const values = draws.map((draw) => draw[route][kind]).sort((one, other) => one - other);
    return values[Math.min(values.length - 1, Math.floor(share * values.length))];
  };
  return { loop: of("loop"), store: of("store"), machine: of("machine") };
}

/** Answers of a route at one level, and what the simulated loop has of them. */
interface Pool {
  busy: number;
  runs: number;
  readonly responses: number[];
  readonly sojourns: number[];
}

/** What answers had beyond the loop outside stalls, by route and by how busy the machine was. */
function residualLevels(
  model: DemandModel,
  runs: readonly CalibrationRun[],
  usual: readonly number[],
): readonly (readonly [ResidualLevel, ...ResidualLevel[]])[] {
  const pools: Pool[][] = ROUTES.map(() => []);
  const ordered = runs
    .map((run) => ({ ...run, busy: run.spent.machine / run.seconds / SECOND / model.cores }))
    .sort((one, other) => one.busy - other.busy);
  for (const { plan, responses, busy } of ordered) {
    const sojourns = sojournsOf(withoutStalls(model), plan, "calibration");
    const stalled = duringStalls(plan, stallsOf({ plan, responses }, usual));
    const ofRun = ROUTES.map((): Pool => ({ busy, runs: 1, responses: [], sojourns: [] }));
    plan.requests.forEach(({ route }, place) => {
      if (Number.isNaN(responses[place]) || stalled[place] === 1) return;
      ofRun[route].responses.push(responses[place]);
      ofRun[route].sojourns.push(sojourns[place]);
    });
    ofRun.forEach((pool, route) => {
      if (pool.responses.length > 0) addTo(pools[route], pool);
    });
  }
  return pools.map((of) => {
    const [first, ...rest] = of.map(levelOf);
    return first === undefined ? [NO_LEVEL] : [first, ...rest];
  });
}

/** Runs come in the order in which the machine was busy. */
function addTo(pools: Pool[], { busy, responses, sojourns }: Pool): void {
  const last = pools.at(-1);
  const joins =
    last !== undefined && (busy - last.busy < BUSY_APART || last.responses.length < REQUESTS_LEAST);
  if (!joins || last === undefined) {
    pools.push({ busy, runs: 1, responses: [...responses], sojourns: [...sojourns] });
    return;
  }
  last.busy = (last.busy * last.runs + busy) / (last.runs + 1);
  last.runs += 1;
  last.responses.push(...responses);
  last.sojourns.push(...sojourns);
}

/**
 * The curve which, drawn anew beside the simulated times, gives the measured quantiles again: found
 * by moving it by what is missing, some times over.
 */
function levelOf({ busy, responses, sojourns }: Pool): ResidualLevel {
  const measured = quantilesOf(Float64Array.from(responses));
  const mean = sojourns.reduce((sum, one) => sum + one, 0) / sojourns.length;
  let residual = measured.map((value) => value - mean);
  for (let round = 0; round < ROUNDS; round += 1) {
    const curve = Float64Array.from(residual);
    const sums = Float64Array.from(sojourns, (sojourn, place) => {
      // Spread evenly over the shares, whatever the order of the times.
      const share = (place * GOLDEN_RATIO) % 1;
      return sojourn + interpolate(SHARES, curve, share);
    });
    const simulated = quantilesOf(sums);
    let least = Number.NEGATIVE_INFINITY;
    residual = residual.map((value, place) => {
      least = Math.max(least, value + STEP * (measured[place] - simulated[place]));
      return least;
    });
  }
  return { busy: Math.min(1, busy), requests: responses.length, residual };
}

function quantilesOf(values: Float64Array): readonly number[] {
  const sorted = values.sort();
  return RESIDUAL_SHARES.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]);
}
