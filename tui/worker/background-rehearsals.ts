/**
 * Rehearsals in the background of a screen. The workers stay warm from one batch to the next, so
 * that a small rehearsal costs no start-up; batches are worked off in the order in which they come,
 * and each rehearsal is told of as soon as it is finished. A batch that is cancelled tells nothing
 * more from that moment on, and its workers are free within some 10 ms.
 */
/// <reference types="node" />
import { availableParallelism } from "node:os";
import type { Rehearsal } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";
import { lossText, RehearsalWorker } from "./pool.ts";
import { Board, type TaskOutcome } from "./protocol.ts";

export interface BackgroundJob {
  readonly plan: PlanSpec;
  readonly seed: string;
  readonly interventions?: readonly Intervention[];
}

export interface BatchListener {
  /** `place` is the job's in the batch. */
  readonly onRehearsed: (place: number, rehearsal: Rehearsal) => void;
  /** Why a job came to nothing, as a plain sentence. */
  readonly onFailed: (place: number, why: string) => void;
  /** Every job has been told of; not after a cancel. */
  readonly onEnd?: () => void;
}

export interface RehearsalBatch {
  /** From 0 to 1, rehearsals under way by the virtual time that they have come to. */
  readonly progress: number;
  cancel(): void;
}

/** What of the background a screen needs. */
export type Background = Pick<BackgroundRehearsals, "submit" | "close">;

interface BackgroundOptions {
  /** One less than there are cores, for the screen and what it plays, where left out. */
  readonly workers?: number;
  /** The workers' program; the bundled one where left out. */
  readonly program?: string;
}

/** A job on its way through the batch it came with. */
interface Work {
  readonly job: BackgroundJob;
  readonly place: number;
  readonly batch: Batch;
}

export class BackgroundRehearsals {
  readonly #board: Board;
  /** One for each row of the board. */
  readonly #workers: readonly RehearsalWorker[];
  readonly #waiting: Work[] = [];
  /** By row; null where a worker has nothing to do. */
  readonly #running: (Work | null)[];
  #isClosed = false;

  /** Starts the workers at once. */
  constructor({ workers, program }: BackgroundOptions = {}) {
    const count = workers ?? Math.max(1, availableParallelism() - 1);
    const board = Board.forTasks(count);
    this.#board = board;
    this.#workers = Array.from({ length: count }, () => new RehearsalWorker(board, program));
    this.#running = this.#workers.map(() => null);
  }

  submit(jobs: readonly BackgroundJob[], listener: BatchListener): RehearsalBatch {
    const batch: Batch = new Batch({
      jobs: jobs.length,
      listener,
      underWay: () => this.#progressOf(batch),
      onCancel: () => this.#cancel(batch),
    });
    if (this.#isClosed) return batch;
    this.#waiting.push(...jobs.map((job, place) => ({ job, place, batch })));
    for (const [row, worker] of this.#workers.entries()) void this.#work(row, worker);
    return batch;
  }

  /** Ends the workers and whatever they are at; nothing is told after this call. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#waiting.length = 0;
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  /** Works off what waits, one job after the other, on one row of the board. */
  async #work(row: number, worker: RehearsalWorker): Promise<void> {
    if (this.#running[row] !== null) return;
    for (let work = this.#waiting.shift(); work !== undefined; work = this.#waiting.shift()) {
      this.#running[row] = work;
      this.#board.clear(row);
      const { plan, seed, interventions = [] } = work.job;
      const task = { plan, seed, interventions, row, eventsPath: null, outcomes: false };
      const outcome = await worker.rehearse(task).catch(lost);
      if (this.#isClosed) return;
      // Still busy while it is told of: who then submits more must not start this worker twice.
      work.batch.take(work.place, outcome);
      this.#running[row] = null;
    }
  }

  #cancel(batch: Batch): void {
    const others = this.#waiting.filter((work) => work.batch !== batch);
    this.#waiting.splice(0, Infinity, ...others);
    for (const [row, work] of this.#running.entries()) {
      if (work?.batch === batch) this.#board.stopRow(row);
    }
  }

  /** The sum over the jobs of a batch that are under way. */
  #progressOf(batch: Batch): number {
    let sum = 0;
    for (const [row, work] of this.#running.entries()) {
      if (work?.batch !== batch) continue;
      const { ticks, of } = this.#board.read(row);
      sum += of === 0 ? 0 : ticks / of;
    }
    return sum;
  }
}

function lost(cause: unknown): TaskOutcome {
  return { kind: "failed", why: lossText(cause) };
}

interface BatchOptions {
  readonly jobs: number;
  readonly listener: BatchListener;
  readonly underWay: () => number;
  readonly onCancel: () => void;
}

class Batch implements RehearsalBatch {
  readonly #options: BatchOptions;
  #told = 0;
  #isCancelled = false;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  get progress(): number {
    const { jobs, underWay } = this.#options;
    return jobs === 0 ? 1 : Math.min(1, (this.#told + underWay()) / jobs);
  }

  cancel(): void {
    if (this.#isCancelled) return;
    this.#isCancelled = true;
    this.#options.onCancel();
  }

  take(place: number, outcome: TaskOutcome): void {
    if (this.#isCancelled) return;
    const { jobs, listener } = this.#options;
    this.#told += 1;
    if (outcome.kind === "failed") listener.onFailed(place, outcome.why);
    else listener.onRehearsed(place, outcome.rehearsal);
    if (this.#told === jobs) listener.onEnd?.();
  }
}
