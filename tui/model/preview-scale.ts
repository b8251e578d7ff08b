/**
 * How small a world is quick enough for a look: the largest round share of full size whose expected
 * visits stay within a budget. It follows from the plan alone, so that the same file gives the same
 * preview on every machine.
 */
import { MINUTE } from "../../engine/time.ts";
import { visitsOf } from "../../twin/forecast/visits.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";

/** Visits of one rehearsal that answers a lever: eight of them take well under a second. */
export const LEVER_VISITS = 8_000;
/** Visits of one rehearsal of a preview: a second or less. */
export const PREVIEW_VISITS = 60_000;

export const SCALES = [
  0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,
] as const;

/** A share of full size. */
export function previewScale(plans: readonly PlanSpec[], visits: number): number {
  const expected = Math.max(1, ...plans.map(expectedVisits));
  return SCALES.findLast((scale) => expected * scale <= visits) ?? SCALES[0];
}

/** Of a plan at its own size, mailed and not. */
function expectedVisits(plan: PlanSpec): number {
  const step = Math.max(MINUTE, plan.world.lasts / BINS);
  const { mail, traffic } = visitsOf(plan, { step, count: Math.ceil(plan.world.lasts / step) });
  return sum(mail) + sum(traffic);
}

const BINS = 200;

function sum(values: Float64Array): number {
  return values.reduce((total, one) => total + one, 0);
}

/**
 * Cores of the smallest fleet of a plan at a scale, before they are rounded up to whole ones. Below
 * one the servers of that small world are larger than they should be, and queues too short.
 */
export function coresAt({ world }: PlanSpec, scale: number): number {
  return world.fleet.min * world.fleet.cores * scale;
}

/** The scale as `--scale` takes it. */
export function scaleWord(scale: number): string {
  return `${Number((scale * 100).toPrecision(12))}%`;
}
