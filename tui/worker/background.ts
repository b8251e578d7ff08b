/**
 * Rehearsals in the background of a screen: many of them, each told as soon as it is there, and
 * given up when the screen wants others.
 */
import type { Rehearsal } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";

export interface BackgroundJob {
  readonly plan: PlanSpec;
  readonly seed: string;
}

export interface BatchListener {
  /** `place` is the job's in the batch. */
  readonly onRehearsed: (place: number, rehearsal: Rehearsal) => void;
  /** Why a job came to nothing, as a plain sentence. */
  readonly onFailed: (place: number, why: string) => void;
}

/** Work under way; after a cancel nothing of it is told any more. */
export interface RehearsalBatch {
  cancel(): void;
}

export interface Background {
  /** Told only after this has returned. */
  submit(jobs: readonly BackgroundJob[], listener: BatchListener): RehearsalBatch;
  close(): Promise<void>;
}
