/**
 * Background rehearsals on the thread that asks for them, one after the other, with a turn for
 * everybody else in between: for where there are no threads, and for tests of what waits for them.
 */
/// <reference types="node" />
import { rehearse } from "../../twin/world.ts";
import type { Background, Batch, Work, WorkListener } from "./background.ts";

export class InProcess implements Background {
  readonly #batches = new Set<Batch>();

  start(works: readonly Work[], listener: WorkListener): Batch {
    let stopped = false;
    const batch: Batch = {
      stop: () => {
        stopped = true;
        this.#batches.delete(batch);
      },
    };
    this.#batches.add(batch);
    const next = (place: number): void => {
      const work = works[place];
      if (stopped || work === undefined) {
        this.#batches.delete(batch);
        return;
      }
      rehearseOne(work, place, listener);
      setImmediate(next, place + 1);
    };
    setImmediate(next, 0);
    return batch;
  }

  async close(): Promise<void> {
    for (const batch of this.#batches) batch.stop();
  }
}

function rehearseOne(work: Work, place: number, { onRehearsed, onFailed }: WorkListener): void {
  try {
    onRehearsed(place, rehearse(work));
  } catch (cause) {
    onFailed(cause instanceof Error ? cause.message : String(cause));
  }
}
