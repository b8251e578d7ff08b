/**
 * A cell before it is measured: its figures with 90 % intervals, its orders one by one, and when an
 * autoscaler would ask for more. The intervals are those of repeated simulations, made as much wider
 * as the same model needs at loads of the calibration that it was not told of.
 */
import { exp, log } from "../../engine/elementary.ts";
import { SECOND } from "../../engine/time.ts";
import { type DemandModel, FIGURES, type FigureName, type Widths } from "./capacity-profile.ts";
import { type CalibrationRun, type EstimateOptions, estimateDemands } from "./demand-estimate.ts";
import { type LoadFigures, loadFigures } from "./figures.ts";
import { type LoadPlan, ROUTES } from "./load-cell.ts";
import { predictedResponses, spentOn } from "./load-prediction.ts";

/** A figure of the whole load, or of one of its routes. */
export interface Figure {
  readonly name: FigureName;
  /** Null for all routes together. */
  readonly route: (typeof ROUTES)[number] | null;
  readonly value: number;
}

export interface Forecast {
  readonly name: FigureName;
  readonly route: (typeof ROUTES)[number] | null;
  readonly value: number;
  /** Bounds of the 90 % interval. */
  readonly low: number;
  readonly high: number;
}

export interface ForecastDecisions {
  readonly sold: number;
  readonly declined: number;
  readonly refused: number;
}

export interface CellForecast {
  readonly figures: readonly Forecast[];
  readonly decisions: ForecastDecisions;
  readonly openMost: number;
  readonly recovery: number;
  /** When the rule of {@link scalingInstant} asks for an instance; null where it does not. */
  readonly scalesAt: number | null;
}

/** Of each load that is simulated: the figures of one run of it are spread like theirs. */
const REPLICAS = 59;
/** Ten answers lie beyond a percentile; it says nothing of fewer, which are another ten each time. */
const COUNT_LEAST: Readonly<Record<FigureName, number>> = {
  throughput: 1,
  utilisation: 1,
  mean: 40,
  p50: 40,
  p95: 200,
  p99: 1_000,
};
/** Share of the measurements that the intervals are to hold, and half of the rest. */
const COVERAGE = 0.9;
const TAIL = (1 - COVERAGE) / 2;

/** The figures of a load, measured or simulated; `utilisation` in cores of the store. */
export function figuresOf(of: LoadFigures, utilisation: number): readonly Figure[] {
  const latencies = FIGURES.flatMap((name): Figure[] => {
    if (name === "throughput" || name === "utilisation") return [];
    const ofRoutes = of.routes.flatMap((figures, route): Figure[] =>
      figures === null || figures.count < COUNT_LEAST[name]
        ? []
        : [{ name, route: ROUTES[route], value: figures[name] }],
    );
    const ofAll: Figure[] =
      of.all.count < COUNT_LEAST[name] ? [] : [{ name, route: null, value: of.all[name] }];
    return [...ofAll, ...ofRoutes];
  });
  return [
    { name: "throughput", route: null, value: of.throughput },
    { name: "utilisation", route: null, value: utilisation },
    ...latencies,
  ];
}

/** The figures that the model gives a plan: each the middle of its replicas, and where 90 % are. */
export function simulatedFigures(model: DemandModel, plan: LoadPlan) {
  const utilisation = spentOn(model, plan).store / (plan.seconds * SECOND);
  const replicas = Array.from({ length: REPLICAS }, (_, replica) =>
    loadFigures(plan, predictedResponses(model, plan, `replica ${replica}`)),
  );
  const [first, ...rest] = replicas.map((replica) => figuresOf(replica, utilisation));
  const figures = first.map((figure, place): Forecast => {
    const values = Float64Array.from([figure, ...rest.map((other) => other[place])], ofFigure);
    values.sort();
    // Of a further one, 1 in 60 is below the least, and so on.
    const at = (share: number) => values[Math.round(share * (REPLICAS + 1)) - 1];
    return { ...figure, value: middleOf([...values]), low: at(TAIL), high: at(1 - TAIL) };
  });
  const openMost = middleOf(replicas.map((replica) => replica.openMost));
  const recovery = middleOf(replicas.map((replica) => replica.recovery));
  return { figures, openMost, recovery };
}

export function forecastCell(model: DemandModel, widths: Widths, plan: LoadPlan): CellForecast {
  const { figures, openMost, recovery } = simulatedFigures(model, plan);
  return {
    figures: figures.map((figure) => ({
      ...figure,
      low: Math.min(figure.value, figure.low * exp(-widths[figure.name])),
      high: Math.max(figure.value, figure.high * exp(widths[figure.name])),
    })),
    decisions: decisionsOf(plan),
    openMost,
    recovery,
    scalesAt: scalingInstant(loopShares(model, plan), thresholdOf(model, plan)),
  };
}

/** What the store's rules decide, whatever the times: stock for so many, a card that is declined. */
export function decisionsOf({ requests }: LoadPlan): ForecastDecisions {
  const count = (name: string) => requests.filter(({ route }) => ROUTES[route] === name).length;
  return { sold: count("order"), declined: count("declined"), refused: count("refused") };
}

/** Seconds of a datapoint of the scaling rule. */
export const DATAPOINT_SECONDS = 0.25;
const DATAPOINTS = 2;

/** Share of a core that the loops use in each datapoint. */
export function loopShares(model: DemandModel, plan: LoadPlan): readonly number[] {
  const shares = new Array<number>(Math.ceil(plan.seconds / DATAPOINT_SECONDS)).fill(
    model.fixedPerSecond.loop / SECOND,
  );
  for (const { due, route } of plan.requests) {
    const place = Math.floor(due / SECOND / DATAPOINT_SECONDS);
    if (place >= shares.length) continue;
    shares[place] += model.routes[ROUTES[route]].demand.loop / SECOND / DATAPOINT_SECONDS;
  }
  return shares;
}

/** Where the rule of a stepped load draws the line: half way between its lowest and its highest. */
export function thresholdOf(model: DemandModel, plan: LoadPlan): number {
  if (plan.cell.phases.length === 1) return Number.POSITIVE_INFINITY;
  const shares = loopShares(model, plan);
  const per = Math.max(1, Math.floor(shares.length / plan.cell.phases.length));
  const means = plan.cell.phases.map((_, phase) => {
    const part = shares.slice(phase * per, (phase + 1) * per);
    return part.reduce((sum, share) => sum + share, 0) / part.length;
  });
  return (Math.min(...means) + Math.max(...means)) / 2;
}

/** The end of the second datapoint in a row above the threshold, seconds; null where there is none. */
export function scalingInstant(shares: readonly number[], threshold: number): number | null {
  let above = 0;
  for (const [place, share] of shares.entries()) {
    above = share > threshold ? above + 1 : 0;
    if (above === DATAPOINTS) return (place + 1) * DATAPOINT_SECONDS;
  }
  return null;
}

/** The figures that a run has shown. */
export function measuredFigures({ plan, responses, spent }: CalibrationRun) {
  return figuresOf(loadFigures(plan, responses), spent.store / (plan.seconds * SECOND));
}

/**
 * What the simulated intervals lack at mixes and in minutes that the model has not been told of:
 * for each kind of figure how far, as a logarithm, a measurement lies outside of its interval
 * (below 0 inside), so that nine in ten are not further, with the correction for few
 * (conformalised quantile regression, Romano, Patterson and Candès 2019, leaving out the load and
 * its round: a machine is quicker in one quarter of an hour than in the next). Intervals are not
 * made narrower than simulated: a few quiet loads would be no reason.
 */
export function intervalWidths(runs: readonly CalibrationRun[], options: EstimateOptions): Widths {
  const errors = new Map<FigureName, number[]>(FIGURES.map((name) => [name, []]));
  const rounds = new Set(runs.map(({ round }) => round));
  for (const one of runs) {
    const { plan, round } = one;
    const isMix = Object.keys(plan.cell.mix).length > 1;
    const rest = runs.filter(
      (other) =>
        other.plan.cell.name !== plan.cell.name && (other.round !== round || rounds.size === 1),
    );
    if (!isMix || rest.length === 0) continue;
    const model = estimateDemands(rest, options);
    const measured = measuredFigures(one);
    for (const figure of simulatedFigures(model, plan).figures) {
      const same = measured.find(
        ({ name, route }) => name === figure.name && route === figure.route,
      );
      if (same === undefined || !(same.value > 0 && figure.low > 0)) continue;
      const below = log(figure.low / same.value);
      errors.get(figure.name)?.push(Math.max(below, log(same.value / figure.high)));
    }
  }
  return Object.fromEntries(
    FIGURES.map((name) => [name, conformal(errors.get(name) ?? [])]),
  ) as unknown as Widths;
}

function conformal(errors: readonly number[]): number {
  if (errors.length === 0) return 1;
  const sorted = [...errors].sort((one, other) => one - other);
  const rank = Math.ceil((sorted.length + 1) * COVERAGE);
  return Math.max(0, sorted[Math.min(sorted.length, rank) - 1]);
}

function ofFigure({ value }: Figure): number {
  return value;
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const last = sorted.length - 1;
  return (sorted[Math.floor(last / 2)] + sorted[Math.ceil(last / 2)]) / 2;
}
