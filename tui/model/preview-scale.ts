/** How small the world is in which a lever answers, and what that does to it. */
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { estimatedEvents, largestScale } from "../../twin/stepped/preview-scale.ts";

/** Events of one rehearsal of so small a world: eight of them take well under a second. */
const LEVER_EVENTS = 60_000;

/** The largest round share of full size that is quick enough to answer while somebody waits. */
export function leverScale(plan: PlanSpec): number {
  return largestScale(estimatedEvents(plan), LEVER_EVENTS);
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
