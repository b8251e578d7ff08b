/** What shoppers and faults know of whatever makes the pages: a fleet of instances, or functions. */
import type { Ticks } from "../../engine/time.ts";
import type { Database } from "./database.ts";
import type { FleetFigures } from "./fleet-figures.ts";

/** The answer is a page. */
export const OK = 0;
/** The request was turned away at once: nobody in service, or no room (503, 429). */
export const REFUSED = 1;
/** The instance crashed, or was taken away, with the request inside (502). */
export const FAILED = 2;
/** The request waited for a connection to the database for too long (503). */
export const OVERTAXED = 3;
/** The instance refused it because more is asked than it can do (503 with Retry-After). */
export const SHED = 4;
export type Outcome = typeof OK | typeof REFUSED | typeof FAILED | typeof OVERTAXED | typeof SHED;

/**
 * `latency`: ticks from `submit` until the shopper has the answer; the call comes at that time or
 * before it, for a refusal during `submit` itself.
 */
export type OnOutcome = (request: number, outcome: Outcome, latency: Ticks) => void;

export interface Servers {
  readonly figures: FleetFigures;
  /** Whether the priority of a request makes a difference. */
  readonly sheds: boolean;
  /** Null where pages take their I/O time and no more. */
  readonly database: Database | null;
  /**
   * The `n`th page of a session asks for a page (an index of PAGE_CLASSES). `request` names the
   * shopper's row, which comes back with the outcome; `priority` matters where load is shed. Answers
   * with the job that `abandon` takes, or NONE where the outcome is known already.
   */
  submit(request: number, page: number, session: number, n: number, priority?: number): number;
  /** Nobody waits for a job any more: it is worked off all the same, and no outcome is told. */
  abandon(job: number): void;
  /** Every page's I/O time and every query's is this multiple of what it was; 1 ends it. */
  slowDatabase(times: number): void;
  /** Pages that come from now on need this multiple of their CPU time; 1 ends it. */
  slowCpu(times: number): void;
}
