/** `rehearse replay`: a past sale through the twin, recorded against simulated. */
import * as Args from "@effect/cli/Args";
import * as Command from "@effect/cli/Command";
import { Effect, Option } from "effect";
import { MILLISECOND } from "../../engine/time.ts";
import { seedsFrom } from "../../twin/experiments/jobs.ts";
import { drawnCourse, fitCourse } from "../../twin/replay/fitted-course.ts";
import {
  COURSE_VISITS_MAX,
  type Course,
  courseOf,
  slotsOf,
  spanOf,
} from "../../twin/replay/recorded-course.ts";
import type { VisitsKept } from "../../twin/replay/recorded-visits.ts";
import {
  fromScenarioStart,
  mailsOtherwise,
  remailedCourse,
} from "../../twin/replay/remailed-course.ts";
import {
  type ReplayProcess,
  type ReplayResult,
  replayResult,
} from "../../twin/replay/replay-result.ts";
import { type ReplayShop, replayShop } from "../../twin/replay/replay-shop.ts";
import { renderProblem } from "../../twin/scenario/problem.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { canonicalJson } from "../report/json.ts";
import { durationText, plainNumber } from "../report/quantity.ts";
import { replayMarkdown, replayText } from "../report/replay-text.ts";
import { VERSION } from "../version.ts";
import { replayOptions, seedFlag, seedsFlag } from "./options.ts";
import { appendStepSummary, outputFiles, writeOutput } from "./outputs.ts";
import { recordedVisits } from "./recorded-visits-file.ts";
import { noFile } from "./recording-source.ts";
import { playingFlags, processFlag, type ReplayFlags, sampleFlag } from "./replay-flags.ts";
import { asksForLedger, replayedLedgers } from "./replay-ledger.ts";
import { replayCommandLine } from "./replay-repeat.ts";
import { type ReplayTask, runReplays, timeOf } from "./replay-runs.ts";
import { replayedTargets } from "./replay-targets.ts";
import { readText } from "./scenario-file.ts";
import { Shell, VerbFailure } from "./shell.ts";

const recordingArgument = Args.text({ name: "recording" });
const FORMATS = ["json", "md"] as const;

export const replayCommand = Command.make(
  "replay",
  { recording: recordingArgument, ...replayOptions },
  ({ recording, ...flags }) => replayVerb(recording, flags),
);

/** Everything that can be wrong is found before the first replay starts. */
const replayVerb = (path: string, flags: ReplayFlags) =>
  Effect.gen(function* () {
    if (noFile(path) === null && (yield* asksForLedger(path, flags)))
      return yield* replayedLedgers(path, flags);
    const seed = yield* seedFlag(flags.seed);
    const seeds = yield* seedsFlag(flags.seeds);
    const process = yield* processFlag(flags.process);
    const share = yield* sampleFlag(flags.sample);
    const playing = yield* playingFlags(flags);
    const outputs = yield* outputFiles(flags.out, { formats: FORMATS, reads: [path] });
    const kept = yield* recordedVisits(path, flags, share);
    if (!("basis" in kept)) {
      const beside = yield* replayedTargets(path, kept, flags);
      return yield* publish(beside, flags, outputs);
    }
    const shop = yield* shopOf(flags);
    if (kept.visits.length * playing.loops > COURSE_VISITS_MAX)
      return yield* Effect.fail(new VerbFailure(tooMany(kept, playing.loops)));
    const { asItWas, changed } = shop;
    const named = Option.isSome(flags.scenario);
    const played = courseOf(kept, playing);
    const course = named ? fromScenarioStart(played, asItWas.world) : played;
    yield* refuseTooLong(course);
    const base = seed ?? shop.seed;
    const count = seeds ?? shop.seeds;
    const all = seedsFrom(base, count);
    const courses = yield* coursesOf(course, process);
    const tasks = (plan: PlanSpec): readonly ReplayTask[] => {
      const remails = named && mailsOtherwise(plan.launch, asItWas.launch);
      const remailed = (one: string) =>
        remailedCourse(courses(one), { asItWas, changed: plan }, one);
      return all.map((seed) => ({
        plan,
        seed,
        course: () => (remails ? remailed : courses)(seed),
      }));
    };
    const before = tasks(asItWas);
    const after = changed === null ? [] : tasks(changed);
    if (flags.dryRun) return yield* sayDryRun(course, [...before, ...after]);
    const done = yield* runReplays([...before, ...after]);
    const result = replayResult(
      {
        recording: path,
        version: VERSION,
        process,
        course,
        playing,
        seeds: all,
        changes: flags.change,
        currency: course.currency ?? asItWas.world.currency,
        repeat: replayCommandLine(path, flags, { seed: base, seeds: count }),
      },
      done.slice(0, before.length),
      done.slice(before.length),
    );
    yield* publish(result, flags, outputs);
  });

/** The course of each seed: the recorded one for all, or one drawn for each. */
const coursesOf = (
  course: Course,
  process: ReplayProcess,
): Effect.Effect<(seed: string) => Course, VerbFailure> => {
  if (process === "recorded") return Effect.succeed(() => course);
  const fit = fitCourse(course, slotsOf(course));
  if ("why" in fit)
    return Effect.fail(new VerbFailure(`nothing can be fitted to it: ${fit.why}.`, EXIT_OUTSIDE));
  return Effect.succeed((seed) => drawnCourse(fit, seed));
};

/** What would be done goes to stdout, how long it would take on this machine to stderr. */
const sayDryRun = (course: Course, tasks: readonly ReplayTask[]) =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const [first] = tasks;
    if (first === undefined) return;
    const visits = plainNumber(course.at.length, 0);
    const lasts = durationText(spanOf(course) / MILLISECOND);
    const from = new Date(course.startsAt).toISOString();
    yield* shell.print(
      `${tasks.length} replays of ${visits} visits each, from ${from}, ${lasts} of virtual time\n`,
    );
    const millis = (yield* timeOf(first)) * tasks.length;
    yield* shell.say(`rehearse: it would take about ${durationText(millis)} on this machine.`);
  });

/** Outside of what can be concluded from. */
const EXIT_OUTSIDE = 4;

function tooMany({ visits }: VisitsKept, loops: number): string {
  return `${visits.length} visits ${loops} times are more than the ${COURSE_VISITS_MAX} that are replayed at once. Use fewer --loops, or --sample.`;
}

/** The longest sale of a scenario, as its schema has it. */
const LASTS_DAYS_MAX = 366;

const refuseTooLong = ({ at }: Course): Effect.Effect<void, VerbFailure> => {
  const days = (at.at(-1) ?? 0) / 86_400_000_000;
  if (days <= LASTS_DAYS_MAX) return Effect.void;
  return Effect.fail(
    new VerbFailure(
      `the recording lasts ${Math.ceil(days)} days; a replay lasts ${LASTS_DAYS_MAX} at most. Cut its quiet times short with --gaps 10min, or play it faster with --speed 200%.`,
    ),
  );
};

const shopOf = (flags: ReplayFlags): Effect.Effect<ReplayShop, VerbFailure> =>
  Effect.gen(function* () {
    const path = Option.getOrNull(flags.scenario);
    const scenario = path === null ? null : { path, text: yield* readText(path) };
    const plan = Option.getOrNull(flags.plan);
    const found = replayShop({ scenario, plan, sets: flags.set, changes: flags.change });
    if ("asItWas" in found) return found;
    return yield* Effect.fail(new VerbFailure(found.slice(0, 20).map(renderProblem)));
  });

const publish = (
  result: ReplayResult,
  flags: ReplayFlags,
  outputs: readonly { readonly path: string; readonly format: (typeof FORMATS)[number] }[],
) =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    yield* shell.exitWith(result.exit.code);
    const json = canonicalJson(result);
    const markdown = replayMarkdown(result);
    yield* shell.print(flags.json ? json : replayText(result, { colour: shell.colour }));
    yield* Effect.forEach(outputs, ({ path, format }) =>
      writeOutput(path, format === "json" ? json : markdown),
    );
    yield* appendStepSummary(markdown);
  });
