/**
 * What can become of a visit, for the parts that decide it (`purchase.ts`, `retries.ts`): the
 * shopper reads the page, asks for another, or leaves.
 */
import type { Ticks } from "../../engine/time.ts";
import type { Cause } from "./tally.ts";

export interface VisitMoves {
  /** A page is there after `latency` since its request: wait no longer, or read and go on. */
  answered(row: number, latency: Ticks): void;
  /** Asks for the page of the step `next` after `delay`, whole ticks counted from the last request. */
  goOn(row: number, next: number, delay: Ticks): void;
  leave(row: number, cause: Cause): void;
  /** The visit counts as concurrent until the idle time-out after its last request. */
  scheduleEnd(row: number): void;
  sinceRequest(row: number): Ticks;
  /** Time since the request, and what the server's I/O and the way back still take. */
  waited(row: number): Ticks;
}
