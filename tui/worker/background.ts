/**
 * Rehearsals in the background of a screen: many of them, each told as soon as it is there, and
 * given up when the screen wants others.
 */
import type { Rehearsal } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";

export interface Work {
  readonly plan: PlanSpec;
  readonly seed: string;
}

export interface WorkListener {
  readonly onRehearsed: (place: number, rehearsal: Rehearsal) => void;
  /** What a rehearsal could not do, as a plain sentence; the others go on. */
  readonly onFailed: (why: string) => void;
}

/** Work under way. */
export interface Batch {
  /** Nothing of it is told any more; what has not begun never does. */
  stop(): void;
}

export interface Background {
  /** Begins with the first; several at once where there are cores. Told only after this returns. */
  start(works: readonly Work[], listener: WorkListener): Batch;
  close(): Promise<void>;
}
