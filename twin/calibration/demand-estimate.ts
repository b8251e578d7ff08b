/**
 * From runs of which the whole cost and every latency are known to what each request costs. CPU
 * time is taken apart by regression: it repeats where latency does not. What a latency has beyond
 * the simulated loop is kept as it was measured.
 */
import { assert } from "../../engine/assert.ts";
import { RandomStream } from "../../engine/random.ts";
import {
  type DemandModel,
  RESIDUAL_SHARES,
  type ResidualLevel,
  routesOf,
  type SpentTimes,
} from "./capacity-profile.ts";
import { nonNegativeLeastSquares } from "./least-squares.ts";
import { countsOf, type LoadPlan, ROUTES, type RouteName } from "./load-cell.ts";
import { sojournsOf } from "./load-prediction.ts";

/** A load that the store was put under; times at the speed of the reference. */
export interface CalibrationRun {
  readonly plan: LoadPlan;
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

const WRITES: ReadonlySet<RouteName> = new Set(["cart", "order", "declined"]);
const PAYS: ReadonlySet<RouteName> = new Set(["order", "declined"]);
/** Levels closer than this are one. */
const BUSY_APART = 0.06;
/** A curve stands on at least so many requests. */
const REQUESTS_LEAST = 60;
const DRAWS = 40;
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
  const bound = (route: number, share: number): SpentTimes => spentAt(draws, route, share);
  const bare: DemandModel = {
    cores,
    commit,
    fixedPerSecond: found[ROUTES.length],
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
  const levels = residualLevels(bare, runs);
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

interface Pool {
  busy: number;
  runs: number;
  readonly residuals: number[];
}

/** What each route's answers had beyond the loop, at the levels at which the machine was busy. */
function residualLevels(
  model: DemandModel,
  runs: readonly CalibrationRun[],
): readonly (readonly [ResidualLevel, ...ResidualLevel[]])[] {
  const pools: Pool[][] = ROUTES.map(() => []);
  const ordered = runs
    .map((run) => ({ ...run, busy: run.spent.machine / run.seconds / 1e6 / model.cores }))
    .sort((one, other) => one.busy - other.busy);
  for (const { plan, responses, busy } of ordered) {
    const sojourns = sojournsOf(model, plan, "calibration");
    const ofRun: number[][] = ROUTES.map(() => []);
    plan.requests.forEach(({ route }, place) => {
      if (!Number.isNaN(responses[place])) ofRun[route].push(responses[place] - sojourns[place]);
    });
    ofRun.forEach((residuals, route) => {
      if (residuals.length > 0) addTo(pools[route], busy, residuals);
    });
  }
  return pools.map((of) => {
    const [first, ...rest] = of.map(levelOf);
    return first === undefined ? [NO_LEVEL] : [first, ...rest];
  });
}

/** Runs come in the order in which the machine was busy. */
function addTo(pools: Pool[], busy: number, residuals: readonly number[]): void {
  const last = pools.at(-1);
  const joins =
    last !== undefined && (busy - last.busy < BUSY_APART || last.residuals.length < REQUESTS_LEAST);
  if (!joins || last === undefined) {
    pools.push({ busy, runs: 1, residuals: [...residuals] });
    return;
  }
  last.busy = (last.busy * last.runs + busy) / (last.runs + 1);
  last.runs += 1;
  last.residuals.push(...residuals);
}

function levelOf({ busy, residuals }: Pool): ResidualLevel {
  const sorted = Float64Array.from(residuals).sort();
  const residual = RESIDUAL_SHARES.map(
    (share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)],
  );
  return { busy: Math.min(1, busy), requests: sorted.length, residual };
}
