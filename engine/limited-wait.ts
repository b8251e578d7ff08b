/** Waiting for anything, but not for ever. */
import type { Abandonment, Process, Processes, Waitable } from "./process.ts";
import type { Ticks } from "./time.ts";

/** A wait with a limit. After it, `expired` says whether the patience ran out first. */
export interface LimitedWait extends Waitable {
  readonly expired: boolean;
}

/**
 * Waits for something, but no longer than the patience.
 *
 * ```ts
 * const wait = within(processes, doors, 5 * SECOND);
 * yield wait;
 * if (wait.expired) return;
 * ```
 */
export function within(processes: Processes, waitable: Waitable, patience: Ticks): LimitedWait {
  const wait = {
    expired: false,
    begin(process: Process<unknown>): boolean {
      if (waitable.begin(process)) return true;
      processes.limitWait(process, patience);
      return false;
    },
    abandon(process: Process<unknown>, why: Abandonment): void {
      wait.expired = why === "patience";
      waitable.abandon(process, why);
    },
  };
  return wait;
}
