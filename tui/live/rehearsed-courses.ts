/** Rehearses a plan for a forecast, a slice at a time beside whatever else the process does. */
/// <reference types="node" />
import { CourseRun, type RehearsedCourse } from "../../twin/experiments/sale-forecast.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";

export interface CourseProgress {
  /** The place of the seed, and how much of its rehearsal is done, 0 to 1. */
  readonly row: number;
  readonly done: number;
  readonly events: number;
}

export interface RehearsedCoursesOptions {
  readonly plan: PlanSpec;
  readonly seeds: readonly string[];
  /** How long nothing else is done, milliseconds. */
  readonly sliceMillis: number;
  readonly onProgress?: (progress: CourseProgress) => void;
  readonly isStopped: () => boolean;
}

/** A course a seed; fewer where it was stopped. */
export async function rehearsedCourses({
  plan,
  seeds,
  sliceMillis,
  onProgress,
  isStopped,
}: RehearsedCoursesOptions): Promise<readonly RehearsedCourse[]> {
  const courses: RehearsedCourse[] = [];
  for (const [row, seed] of seeds.entries()) {
    const run = new CourseRun(plan, seed);
    for (let over = false; !over; ) {
      const until = performance.now() + sliceMillis;
      while (!over && performance.now() < until) over = run.advance();
      onProgress?.({ row, done: run.done, events: run.events });
      await new Promise(setImmediate);
      if (isStopped() && !over) return courses;
    }
    courses.push(run.course());
  }
  return courses;
}
