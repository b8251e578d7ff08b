/** The scenario of a live sale, rehearsed while the screen goes on. */
import { Effect, Either } from "effect";
import { seedsFrom } from "../../../twin/experiments/jobs.ts";
import { SaleForecast } from "../../../twin/experiments/sale-forecast.ts";
import { fileWord } from "../../cli/repeat.ts";
import { scenarioFile } from "../../cli/scenario-file.ts";
import { rehearsedCourses } from "../../live/rehearsed-courses.ts";
import type { Rehearsed } from "../../model/forecast-watch.ts";

const SEEDS = 10;
/** So that a key is answered at once. */
const SLICE_MILLIS = 8;
/** A larger world is rehearsed smaller: nobody waits minutes for a band. */
const VISITS_MAX = 20_000;

/** The first plan of the scenario; or why it cannot be rehearsed. */
export async function rehearsedScenario(
  path: string,
  isStopped: () => boolean,
): Promise<Rehearsed | { readonly why: string }> {
  const read = (scale: number) =>
    Effect.runPromise(Effect.either(scenarioFile({ path, sets: [], scale })));
  const whole = await read(1);
  if (Either.isLeft(whole)) return { why: whole.left.lines[0] ?? `${path} cannot be read` };
  const { scenario } = whole.right;
  const visits = Math.max(...scenario.plans.map(({ world }) => visitsOf(world)));
  const scale = Math.min(1, VISITS_MAX / Math.max(1, visits));
  const scaled = scale === 1 ? whole : await read(scale);
  const plan = Either.isLeft(scaled) ? undefined : scaled.right.scenario.plans[0];
  if (plan === undefined) return { why: `${path} has no plan that can be rehearsed smaller` };
  const seeds = seedsFrom(scenario.seed, SEEDS);
  const options = { plan, seeds, sliceMillis: SLICE_MILLIS, isStopped };
  const courses = await rehearsedCourses(options);
  if (courses.length === 0) return { why: "the rehearsal was stopped" };
  const forecast = new SaleForecast({ courses, lasts: plan.world.lasts, scale });
  // Levers are told for the whole world, not for the smaller one that was rehearsed.
  return { plan: scenario.plans[0] ?? plan, forecast, file: fileWord(path) };
}

/** About how many come. */
function visitsOf({ audience, traffic, lasts }: Rehearsed["plan"]["world"]): number {
  return audience.recipients * audience.visitRate + (traffic.rate * lasts) / 1_000_000;
}
