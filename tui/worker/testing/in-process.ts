/**
 * Background rehearsals on the thread that asks for them, one after the other, with a turn for
 * everybody else in between: for tests of what waits for them.
 */
/// <reference types="node" />
import { rehearse } from "../../../twin/world.ts";
import type {
  Background,
  BackgroundJob,
  BatchListener,
  RehearsalBatch,
} from "../background-rehearsals.ts";

export class InProcess implements Background {
  readonly #batches = new Set<RehearsalBatch>();

  submit(jobs: readonly BackgroundJob[], listener: BatchListener): RehearsalBatch {
    let cancelled = false;
    let told = 0;
    const batch: RehearsalBatch = {
      get progress() {
        return jobs.length === 0 ? 1 : told / jobs.length;
      },
      cancel: () => {
        cancelled = true;
        this.#batches.delete(batch);
      },
    };
    this.#batches.add(batch);
    const next = (place: number): void => {
      const job = jobs[place];
      if (cancelled || job === undefined) {
        this.#batches.delete(batch);
        return;
      }
      told = place + 1;
      rehearseOne(job, place, listener);
      if (!cancelled && told === jobs.length) listener.onEnd?.();
      setImmediate(next, place + 1);
    };
    setImmediate(next, 0);
    return batch;
  }

  async close(): Promise<void> {
    for (const batch of this.#batches) batch.cancel();
  }
}

function rehearseOne(
  job: BackgroundJob,
  place: number,
  { onRehearsed, onFailed }: BatchListener,
): void {
  try {
    onRehearsed(place, rehearse(job));
  } catch (cause) {
    onFailed(place, cause instanceof Error ? cause.message : String(cause));
  }
}
