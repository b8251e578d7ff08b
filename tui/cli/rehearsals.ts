/**
 * Rehearses jobs of one scenario file on workers, with progress and Ctrl+C; what `run`, `compare`
 * and `check` have in common.
 */
/// <reference types="node" />
import { Effect } from "effect";
import { assert } from "../../engine/assert.ts";
import type { Job } from "../../twin/experiments/jobs.ts";
import type { Rehearsal } from "../../twin/result.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";
import { withProgress } from "../progress.ts";
import { rehearseAll, workersFor } from "../worker/pool.ts";
import { Board, type RehearsalTask, type TaskOutcome } from "../worker/protocol.ts";
import { joinSaleLogs } from "../worker/sale-log-file.ts";
import { withInterrupts } from "./interrupts.ts";
import { reasonOf } from "./outputs.ts";
import type { ScenarioFile } from "./scenario-file.ts";
import { EXIT_MISSED, Shell, VerbFailure } from "./shell.ts";

export interface JobOfFile extends Job {
  readonly file: ScenarioFile;
  /** Whether to say what became of every shopper; not, where it is left out. */
  readonly outcomes?: boolean;
  /** What is changed on the way; nothing where it is left out. */
  readonly interventions?: readonly Intervention[];
}

/** Rehearsals in the order of the jobs; null for one that was interrupted before it began. */
export interface Rehearsals {
  readonly rehearsals: readonly (Rehearsal | null)[];
  readonly interrupted: boolean;
  readonly timing: Timing;
}

/** Wall-clock figures: for people and benchmarks, never part of a result. */
export interface Timing {
  readonly seconds: number;
  readonly workers: number;
  readonly events: number;
  /** Events of all rehearsals over the sum of their own times: what one core does. */
  readonly eventsPerSecondPerCore: number;
  /** Largest resident memory of the process with all its workers, bytes. */
  readonly memoryPeak: number;
  readonly rehearsals: readonly {
    readonly plan: string;
    readonly seed: string;
    readonly seconds: number;
  }[];
}

export interface RehearsalOptions {
  readonly workers: number | null;
  /** The sale log of all rehearsals in the order of the jobs, or null. */
  readonly events: string | null;
}

export const rehearseJobs = (
  jobs: readonly JobOfFile[],
  options: RehearsalOptions,
): Effect.Effect<Rehearsals, VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const workers = workersFor(jobs.length, options.workers);
    const board = Board.forTasks(jobs.length);
    const tasks = jobs.map((job, row) => taskOf(job, row, options.events));
    const started = performance.now();
    const work = rehearseAll(tasks, { board, workers });
    const outcomes = yield* withInterrupts(
      () => board.stop(),
      shell.watched ? withProgress(board, work) : work,
    );
    if (options.events !== null) yield* joinParts(options.events, tasks);
    const seconds = (performance.now() - started) / 1_000;
    yield* refuseFailures(outcomes, jobs);
    return {
      rehearsals: outcomes.map((one) => (one?.kind === "rehearsed" ? one.rehearsal : null)),
      interrupted: board.stopped,
      timing: timingOf({ outcomes, jobs, seconds, workers }),
    };
  });

function taskOf(
  { file, plan, seed, outcomes = false, interventions = [] }: JobOfFile,
  row: number,
  events: string | null,
): RehearsalTask {
  const spec = file.scenario.plans.find((one) => one.name === plan);
  assert(spec !== undefined, "a job names a plan of its scenario");
  const eventsPath = events === null ? null : `${events}.part-${row}`;
  return { plan: spec, seed, row, eventsPath, outcomes, interventions };
}

/** Every worker writes its own part; joined in the order of the jobs they are the same file for any number of workers. */
function joinParts(
  events: string,
  tasks: readonly RehearsalTask[],
): Effect.Effect<void, VerbFailure> {
  const parts = tasks.flatMap((task) => task.eventsPath ?? []);
  return Effect.try({
    try: () => joinSaleLogs(events, parts),
    catch: (cause) =>
      new VerbFailure(`--events ${events}: could not be written: ${reasonOf(cause)}.`),
  });
}

function refuseFailures(
  outcomes: readonly (TaskOutcome | null)[],
  jobs: readonly Job[],
): Effect.Effect<void, VerbFailure> {
  const lines = outcomes.flatMap((outcome, index) =>
    outcome?.kind === "failed"
      ? [`plan ${jobs[index]?.plan}, seed ${jobs[index]?.seed}: ${outcome.why}`]
      : [],
  );
  return lines.length === 0 ? Effect.void : Effect.fail(new VerbFailure(lines, EXIT_MISSED));
}

interface TimingInput {
  readonly outcomes: readonly (TaskOutcome | null)[];
  readonly jobs: readonly Job[];
  readonly seconds: number;
  readonly workers: number;
}

function timingOf({ outcomes, jobs, seconds, workers }: TimingInput): Timing {
  const rehearsals = outcomes.flatMap((outcome, index) => {
    const job = jobs[index];
    return outcome?.kind === "rehearsed" && job !== undefined
      ? [
          {
            plan: job.plan,
            seed: job.seed,
            seconds: outcome.seconds,
            events: outcome.rehearsal.events,
          },
        ]
      : [];
  });
  const events = rehearsals.reduce((sum, one) => sum + one.events, 0);
  const busy = rehearsals.reduce((sum, one) => sum + one.seconds, 0);
  return {
    seconds: rounded(seconds),
    workers,
    events,
    eventsPerSecondPerCore: busy === 0 ? 0 : Math.round(events / busy),
    memoryPeak: process.resourceUsage().maxRSS * 1_024,
    rehearsals: rehearsals.map((one) => ({
      plan: one.plan,
      seed: one.seed,
      seconds: rounded(one.seconds),
    })),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
