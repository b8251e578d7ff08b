/** Published milestones of sales, and delays after a mailing, as a recording holds them. */
import type { RecordedMilestones } from "../recordings/recorded-sale.ts";
import { type DelayFit, type DelayPoint, fitDelayCurve } from "./delay-curve.ts";
import { fitMilestones, type Milestone, type MilestoneFit, scoreMilestones } from "./milestones.ts";

export interface MilestonesOfSale {
  readonly sale: string;
  readonly metric: string;
  readonly milestones: readonly Milestone[];
  /** Best first; empty where there are too few milestones for any shape. */
  readonly fits: readonly MilestoneFit[];
  /** How near another sale's fit comes to it; null where there is no other. */
  readonly predicted: { readonly from: string; readonly wmape: number } | null;
}

export interface DelaysOfSource {
  /** Null: all together. */
  readonly source: string | null;
  readonly points: number;
  readonly fits: readonly DelayFit[];
}

/** Metrics that say how soon a mail is opened. */
const OPENED = /open|click/iu;
/** Metrics that are parts of the whole already. */
const PARTS = /share|part|fraction/iu;
const PERCENT = /pct|percent|%/iu;

function wholeOf(metric: string, last: number): number {
  if (PERCENT.test(metric)) return 100;
  return PARTS.test(metric) ? 1 : last;
}

export function fitSales(recorded: readonly RecordedMilestones[]): readonly MilestonesOfSale[] {
  const sales = recorded
    .filter(({ metric }) => !OPENED.test(metric))
    .flatMap(({ sale, metric, points }) => {
      const told = points.filter(({ seconds, value }) => seconds > 0 && value > 0);
      const last = told.reduce((most, one) => (one.seconds > most.seconds ? one : most), {
        seconds: 0,
        value: 0,
      });
      const whole = wholeOf(metric, last.value);
      const milestones = told
        .map(({ seconds, value }) => ({ seconds, share: value / whole }))
        .filter(({ share }) => share <= 1)
        .sort((one, other) => one.seconds - other.seconds);
      return milestones.length === 0 ? [] : [{ sale, metric, milestones, lasts: last.seconds }];
    })
    .map((sale) => ({ ...sale, fits: fitMilestones(sale.milestones, sale.lasts) }));
  return sales.map(({ lasts, ...sale }) => {
    const others = sales.filter(
      (one) => one.metric === sale.metric && one.sale !== sale.sale && one.fits.length > 0,
    );
    const [base] = others.sort((one, other) => other.milestones.length - one.milestones.length);
    const inside = sale.milestones.filter(({ seconds }) => seconds < lasts);
    const curve = base?.fits[0]?.curve;
    if (base === undefined || curve === undefined || inside.length === 0)
      return { ...sale, predicted: null };
    return {
      ...sale,
      predicted: { from: base.sale, wmape: scoreMilestones(inside, curve).wmape },
    };
  });
}

/** All together first, then each source with points enough. */
export function fitDelays(recorded: readonly RecordedMilestones[]): readonly DelaysOfSource[] {
  const sources = recorded
    .filter(({ metric }) => OPENED.test(metric))
    .map(({ sale, metric, points }) => ({ source: sale, points: delayPoints(metric, points) }));
  if (sources.length === 0) return [];
  const all = sources.flatMap(({ points }) => points);
  return [
    { source: null, points: all.length, fits: fitDelayCurve(all) },
    ...sources.map(({ source, points }) => ({
      source,
      points: points.length,
      fits: fitDelayCurve(points),
    })),
  ];
}

function delayPoints(metric: string, points: RecordedMilestones["points"]): readonly DelayPoint[] {
  const last = points.reduce((most, { value }) => Math.max(most, value), 0);
  const whole = wholeOf(metric, last);
  return points
    .map(({ seconds, value }) => ({ seconds, share: value / whole }))
    .filter(({ seconds, share }) => seconds > 0 && share > 0 && share < 1);
}
