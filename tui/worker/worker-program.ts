/** The program of `rehearsal-worker.ts` as text, so that the bundle of the command line is one file. */

/** Set by the bundler. */
declare const REHEARSAL_WORKER: string;

export function workerProgram(): string {
  return REHEARSAL_WORKER;
}
