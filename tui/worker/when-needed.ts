/** Background rehearsals whose workers start with the first that is asked for. */
import type {
  Background,
  BackgroundJob,
  BatchListener,
  RehearsalBatch,
} from "./background-rehearsals.ts";

export class WhenNeeded implements Background {
  readonly #start: () => Background;
  #started: Background | null = null;

  constructor(start: () => Background) {
    this.#start = start;
  }

  submit(jobs: readonly BackgroundJob[], listener: BatchListener): RehearsalBatch {
    this.#started ??= this.#start();
    return this.#started.submit(jobs, listener);
  }

  async close(): Promise<void> {
    await this.#started?.close();
  }
}
