/** Replays run to their end one after the other, a slice at a time, so that Ctrl+C is heard. */
/// <reference types="node" />
import { Effect } from "effect";
import type { Course } from "../../twin/replay/recorded-course.ts";
import { type Replayed, ReplayRun } from "../../twin/replay/replay-run.ts";
import { planOfCourse } from "../../twin/replay/replay-shop.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { withProgress } from "../progress.ts";
import { Board } from "../worker/protocol.ts";
import { withInterrupts } from "./interrupts.ts";
import { reasonOf } from "./reasons.ts";
import { EXIT_INTERRUPTED, EXIT_MISSED, Shell, VerbFailure } from "./shell.ts";

export interface ReplayTask {
  readonly plan: PlanSpec;
  readonly seed: string;
  /** Made when the task begins: of what is fitted, each seed has a course of its own. */
  readonly course: () => Course;
}

/** Between two looks at whether to stop: long enough to cost nothing. */
const SLICE_MILLIS = 40;

/** In the order of the tasks; an interrupted replay says nothing of a sale and ends the verb. */
export const runReplays = (
  tasks: readonly ReplayTask[],
): Effect.Effect<readonly Replayed[], VerbFailure, Shell> =>
  Effect.gen(function* () {
    const shell = yield* Shell;
    const board = Board.forTasks(tasks.length);
    const work = Effect.tryPromise({
      try: async () => {
        const done: Replayed[] = [];
        for (const [row, task] of tasks.entries()) {
          const replayed = await replay(task, { board, row });
          if (replayed === null) break;
          done.push(replayed);
        }
        return done;
      },
      catch: (cause) => new VerbFailure(`the replay broke off: ${reasonOf(cause)}.`, EXIT_MISSED),
    });
    const done = yield* withInterrupts(
      () => board.stop(),
      shell.watched ? withProgress(board, work) : work,
    );
    if (done.length < tasks.length) {
      const said = `rehearse: interrupted after ${done.length} of ${tasks.length} replays; nothing is printed of a part.`;
      return yield* Effect.fail(new VerbFailure(said, EXIT_INTERRUPTED));
    }
    return done;
  });

/** How long a dry run plays, to see how fast it is. */
const TRIAL_MILLIS = 1_000;

/** Plays the beginning of a task and says how long all of it would take, milliseconds. */
export const timeOf = (task: ReplayTask): Effect.Effect<number, VerbFailure> =>
  Effect.try({
    try: () => {
      const course = task.course();
      const began = performance.now();
      const run = new ReplayRun(course, planOfCourse(task.plan, course), task.seed);
      let over = false;
      while (!over && performance.now() - began < TRIAL_MILLIS) over = run.advance();
      const taken = performance.now() - began;
      const share = over ? 1 : Math.max(run.visited / course.at.length, run.done);
      return taken / Math.max(share, 1e-6);
    },
    catch: (cause) => new VerbFailure(`the replay broke off: ${reasonOf(cause)}.`, EXIT_MISSED),
  });

interface Place {
  readonly board: Board;
  readonly row: number;
}

/** Null where it was stopped. */
async function replay(task: ReplayTask, { board, row }: Place): Promise<Replayed | null> {
  const course = task.course();
  const planned = planOfCourse(task.plan, course);
  const run = new ReplayRun(course, planned, task.seed);
  const { lasts } = planned.plan.world;
  for (let over = false; !over; ) {
    const until = performance.now() + SLICE_MILLIS;
    while (!over && performance.now() < until) over = run.advance();
    board.report(row, { ticks: run.done * lasts, of: lasts, events: run.events });
    await new Promise(setImmediate);
    if (board.stopped && !over) return null;
  }
  return run.result();
}
