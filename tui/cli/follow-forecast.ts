/** What `follow` sets a live sale beside: rehearsals of its scenario, made before the first look. */
/// <reference types="node" />
import { Effect, Option } from "effect";
import { seedsFrom } from "../../twin/experiments/jobs.ts";
import { type RehearsedCourse, SaleForecast } from "../../twin/experiments/sale-forecast.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { rehearsedCourses } from "../live/rehearsed-courses.ts";
import type { Rehearsed } from "../model/forecast-watch.ts";
import { withProgress } from "../progress.ts";
import { Board } from "../worker/protocol.ts";
import { chosenPlan } from "./experiment.ts";
import { withInterrupts } from "./interrupts.ts";
import { scaleFlag, seedsFlag } from "./options.ts";
import { reasonOf } from "./reasons.ts";
import { fileWord } from "./repeat.ts";
import { scenarioFile } from "./scenario-file.ts";
import { EXIT_INTERRUPTED, EXIT_MISSED, Shell, VerbFailure } from "./shell.ts";

export interface ForecastFlags {
  readonly scenario: Option.Option<string>;
  readonly plan: Option.Option<string>;
  readonly set: readonly string[];
  readonly seeds: Option.Option<string>;
  readonly scale: Option.Option<string>;
}

/** Fewer rehearsals leave a band too wide to say anything. */
const SEEDS = 10;

/** Null where no scenario is named. */
export const rehearsedFor = (
  flags: ForecastFlags,
): Effect.Effect<Rehearsed | null, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const path = Option.getOrNull(flags.scenario);
    if (path === null) return null;
    const scale = yield* scaleFlag(flags.scale);
    const seeds = (yield* seedsFlag(flags.seeds)) ?? SEEDS;
    const { scenario } = yield* scenarioFile({ path, sets: flags.set, scale });
    const plan = yield* chosenPlan(scenario, flags.plan);
    // Levers are told for the whole world, not for a smaller one that was rehearsed.
    const whole = yield* scenarioFile({ path, sets: flags.set, scale: 1 });
    const courses = yield* coursesOf(plan, seedsFrom(scenario.seed, seeds));
    const forecast = new SaleForecast({ courses, lasts: plan.world.lasts, scale });
    const levers = yield* chosenPlan(whole.scenario, flags.plan);
    return { plan: levers, forecast, file: fileWord(path) };
  });

/** Between two looks at whether to stop. */
const SLICE_MILLIS = 40;

const coursesOf = (
  plan: PlanSpec,
  seeds: readonly string[],
): Effect.Effect<readonly RehearsedCourse[], VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const board = Board.forTasks(seeds.length);
    const { lasts } = plan.world;
    const work = Effect.tryPromise({
      try: () =>
        rehearsedCourses({
          ...{ plan, seeds, sliceMillis: SLICE_MILLIS, isStopped: () => board.stopped },
          onProgress: ({ row, done, events }) =>
            board.report(row, { ticks: done * lasts, of: lasts, events }),
        }),
      catch: (cause) =>
        new VerbFailure(`the rehearsal broke off: ${reasonOf(cause)}.`, EXIT_MISSED),
    });
    const done = yield* withInterrupts(
      () => board.stop(),
      shell.watched ? withProgress(board, work) : work,
    );
    if (done.length === seeds.length) return done;
    return yield* Effect.fail(
      new VerbFailure("rehearse: interrupted before the forecast was made.", EXIT_INTERRUPTED),
    );
  });
