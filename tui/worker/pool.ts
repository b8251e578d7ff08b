/**
 * Rehearsals on worker threads. Even a single one runs in a worker: it computes for seconds
 * without a pause, and the main thread must stay free to draw progress and to hear Ctrl+C. The
 * answers stand in the order of the tasks, whichever worker was first.
 */
/// <reference types="node" />
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { Effect } from "effect";
import { assert } from "../../engine/assert.ts";
import { VerbFailure } from "../cli/shell.ts";
import type { Board, RehearsalTask, TaskOutcome } from "./protocol.ts";
import { workerProgram } from "./worker-program.ts";

/** As many as there are rehearsals or cores, whichever is less, unless it is asked for otherwise. */
export function workersFor(tasks: number, asked: number | null): number {
  return Math.max(1, Math.min(tasks, asked ?? availableParallelism()));
}

/** One thread that takes one task at a time and is there for the next, until it is closed. */
export class RehearsalWorker {
  readonly #board: Board;
  readonly #program: string;
  /** Null where the last one has ended by itself. */
  #thread: Worker | null;
  #settle: { resolve: (outcome: TaskOutcome) => void; reject: (cause: Error) => void } | null =
    null;
  #isClosed = false;

  /** Starts the thread at once, so that it is warm when a task comes. */
  constructor(board: Board, program: string = workerProgram()) {
    this.#board = board;
    this.#program = program;
    this.#thread = this.#start();
  }

  /** Rejects where the thread ends before its task does; another is started for the next. */
  rehearse(task: RehearsalTask): Promise<TaskOutcome> {
    assert(this.#settle === null && !this.#isClosed, "a worker takes one task at a time");
    this.#thread ??= this.#start();
    this.#thread.postMessage(task);
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  /** Ends the thread in the middle of whatever it is at. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#thread?.terminate();
  }

  #start(): Worker {
    const thread = new Worker(this.#program, { eval: true, workerData: this.#board.memory });
    thread.on("message", (outcome: TaskOutcome) => {
      const settle = this.#settle;
      this.#settle = null;
      settle?.resolve(outcome);
    });
    thread.on("error", (cause) => this.#lose(thread, cause));
    thread.on("exit", (code) => this.#lose(thread, new Error(`it ended with code ${code}`)));
    return thread;
  }

  /** An error is followed by an exit; what comes first is told. */
  #lose(thread: Worker, cause: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = null;
    const settle = this.#settle;
    this.#settle = null;
    settle?.reject(cause);
  }
}

/** Every task's outcome in the order of the tasks; null for one that a stop kept from starting. */
export function rehearseAll(
  tasks: readonly RehearsalTask[],
  options: { readonly board: Board; readonly workers: number },
): Effect.Effect<readonly (TaskOutcome | null)[], VerbFailure> {
  const { board, workers } = options;
  return Effect.acquireUseRelease(
    Effect.sync(() => Array.from({ length: workers }, () => new RehearsalWorker(board))),
    (started) =>
      Effect.tryPromise({
        try: () => workOff(tasks, started, board),
        catch: (cause) => new VerbFailure(lossText(cause)),
      }),
    (started) => Effect.promise(() => Promise.all(started.map((worker) => worker.close()))),
  );
}

async function workOff(
  tasks: readonly RehearsalTask[],
  workers: readonly RehearsalWorker[],
  board: Board,
): Promise<readonly (TaskOutcome | null)[]> {
  const outcomes: (TaskOutcome | null)[] = tasks.map(() => null);
  const waiting = tasks.entries();
  const work = async (worker: RehearsalWorker) => {
    for (const [place, task] of waiting) {
      if (!board.stopped) outcomes[place] = await worker.rehearse(task);
    }
  };
  await Promise.all(workers.map(work));
  return outcomes;
}

/** What to say of a worker that was lost, as a sentence. */
export function lossText(cause: unknown): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  return `a worker ended before its rehearsal did: ${why}.`;
}
