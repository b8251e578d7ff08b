/**
 * Rehearsals on worker threads. Even a single one runs in a worker: it computes for seconds
 * without a pause, and the main thread must stay free to draw progress and to hear Ctrl+C. The
 * answers stand in the order of the tasks, whichever worker was first.
 */
/// <reference types="node" />
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import * as PlatformWorker from "@effect/platform/Worker";
import * as NodeWorker from "@effect/platform-node/NodeWorker";
import { Effect, Logger } from "effect";
import { VerbFailure } from "../cli/shell.ts";
import type { Board, RehearsalTask, TaskOutcome } from "./protocol.ts";
import { workerProgram } from "./worker-program.ts";

/** As many as there are rehearsals or cores, whichever is less, unless it is asked for otherwise. */
export function workersFor(tasks: number, asked: number | null): number {
  return Math.max(1, Math.min(tasks, asked ?? availableParallelism()));
}

/** Every task's outcome in the order of the tasks; null for one that a stop kept from starting. */
export function rehearseAll(
  tasks: readonly RehearsalTask[],
  options: { readonly board: Board; readonly workers: number },
): Effect.Effect<readonly (TaskOutcome | null)[], VerbFailure> {
  const { board, workers } = options;
  const rehearseEach = Effect.gen(function* () {
    const pool = yield* PlatformWorker.makePool<RehearsalTask, TaskOutcome, never>({
      size: workers,
    });
    return yield* Effect.forEach(
      tasks,
      (task) =>
        Effect.suspend(() => (board.stopped ? Effect.succeed(null) : pool.executeEffect(task))),
      { concurrency: workers },
    );
  });
  return rehearseEach.pipe(
    Effect.scoped,
    Effect.provide(NodeWorker.layer(() => spawnWorker(board))),
    // The platform logs a worker's end as a warning on stdout, where only results belong.
    Effect.provide(Logger.remove(Logger.defaultLogger)),
    Effect.mapError(
      (error) => new VerbFailure(`a worker ended before its rehearsal did: ${reasonOf(error)}.`),
    ),
  );
}

function spawnWorker(board: Board): Worker {
  return new Worker(workerProgram(), { eval: true, workerData: board.memory });
}

function reasonOf(error: { readonly cause: unknown; readonly message: string }): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
