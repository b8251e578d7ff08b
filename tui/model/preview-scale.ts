/** How small the world is in which a lever answers, and what that does to it. */
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { estimatedEvents } from "../../twin/stepped/preview-scale.ts";

/** Events of one rehearsal of so small a world: eight of them take well under a second. */
const LEVER_EVENTS = 60_000;

export const SCALES: readonly number[] = [
  ...[0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005],
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
];

/** The largest round share of full size that is quick enough to answer while somebody waits. */
export function leverScale(plan: PlanSpec): number {
  const events = estimatedEvents(plan);
  return SCALES.findLast((scale) => events * scale <= LEVER_EVENTS) ?? SCALES[0] ?? 1;
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
