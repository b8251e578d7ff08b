/** Runs the program of an explanation: each batch of reruns on workers, with progress and Ctrl+C. */
import { Effect } from "effect";
import type { Answers, Rerun, Reruns } from "../../twin/experiments/explain/reruns.ts";
import { rehearseJobs } from "./rehearsals.ts";
import type { ScenarioFile } from "./scenario-file.ts";
import { Shell, type VerbFailure } from "./shell.ts";

export interface RerunOptions {
  readonly file: ScenarioFile;
  readonly workers: number | null;
}

/** After an interruption nothing more is rehearsed, and the program ends with what it has. */
export const runReruns = <Result>(
  program: Reruns<Result>,
  options: RerunOptions,
): Effect.Effect<Result, VerbFailure, Shell> =>
  Effect.gen(function* () {
    let done = 0;
    let interrupted = false;
    let step = program.next();
    while (step.done !== true) {
      const batch = step.value;
      if (interrupted) step = program.next(batch.map(() => null));
      else {
        yield* sayBatch(batch.length, done);
        const answers = yield* rehearsed(batch, options);
        interrupted = answers.some((one) => one?.complete !== true);
        done += batch.length;
        step = program.next(answers);
      }
    }
    return step.value;
  });

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
