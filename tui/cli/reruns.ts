/** Runs the program of an explanation: each batch of reruns on workers, with progress and Ctrl+C. */
/// <reference types="node" />
import { Effect } from "effect";
import type { Answers, Rerun, Reruns } from "../../twin/experiments/explain/reruns.ts";
import { SIGNALS } from "./interrupts.ts";
import { rehearseJobs } from "./rehearsals.ts";
import type { ScenarioFile } from "./scenario-file.ts";
import { Shell, type VerbFailure } from "./shell.ts";

export interface RerunOptions {
  readonly file: ScenarioFile;
  readonly workers: number | null;
  /** True where what went before was interrupted: nothing is rehearsed. */
  readonly stopped: boolean;
}

/** After an interruption nothing more is rehearsed, and the program ends with what it has. */
export const runReruns = <Result>(
  program: Reruns<Result>,
  options: RerunOptions,
): Effect.Effect<Result, VerbFailure, Shell> =>
  Effect.suspend(() => {
    const stop = { asked: options.stopped };
    return betweenBatches(stop, goThrough(program, options, stop));
  });

interface Stop {
  asked: boolean;
}

const goThrough = <Result>(
  program: Reruns<Result>,
  options: RerunOptions,
  stop: Stop,
): Effect.Effect<Result, VerbFailure, Shell> =>
  Effect.gen(function* () {
    let done = 0;
    let step = program.next();
    while (step.done !== true) {
      const batch = step.value;
      if (stop.asked) step = program.next(batch.map(() => null));
      else {
        yield* sayBatch(batch.length, done);
        const answers = yield* rehearsed(batch, options);
        if (answers.some((one) => one?.complete !== true)) stop.asked = true;
        done += batch.length;
        step = program.next(answers);
      }
    }
    return step.value;
  });

/** A signal that comes between two batches is heard too; during one, its rehearsals answer it. */
function betweenBatches<A, E, R>(stop: Stop, effect: Effect.Effect<A, E, R>) {
  const listening = Effect.acquireRelease(
    Effect.sync(() => {
      const onSignal = () => {
        stop.asked = true;
      };
      for (const signal of SIGNALS) process.on(signal, onSignal);
      return onSignal;
    }),
    (onSignal) =>
      Effect.sync(() => {
        for (const signal of SIGNALS) process.off(signal, onSignal);
      }),
  );
  return Effect.scoped(Effect.zipRight(listening, effect));
}

/** How many batches follow depends on what this one gives, so there is no total to be shown. */
const sayBatch = (size: number, done: number): Effect.Effect<void, never, Shell> =>
  Effect.flatMap(Shell, (shell) =>
    shell.watched
      ? shell.say(`explain: ${size} rehearsals now, ${done} done before them`)
      : Effect.void,
  );

/** Each rerun as a job of a file whose one plan is that of the rerun. */
const rehearsed = (
  batch: readonly Rerun[],
  { file, workers }: RerunOptions,
): Effect.Effect<Answers, VerbFailure, Shell> => {
  const jobs = batch.map(({ plan, seed, outcomes }) => ({
    plan: plan.name,
    seed,
    outcomes,
    file: { ...file, scenario: { ...file.scenario, plans: [plan] } },
  }));
  return Effect.map(rehearseJobs(jobs, { workers, events: null }), ({ rehearsals }) => rehearsals);
};
