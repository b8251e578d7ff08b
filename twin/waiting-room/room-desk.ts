/**
 * What the shoppers' model asks of the waiting room, as it sees it; behind it stands the real
 * engine (twin/adapters). Every answer is there when the call returns.
 */
import type { StoreHealth } from "../../store/core/ticket.ts";

/** In the shop, or let in now. */
export const IN = 0;
export const WAITS = 1;
/** The turn has come. */
export const CALLED = 2;
/** Sold out for good, or over: nobody waits any more. */
export const CLOSED = 3;
/** The place is not there any more. */
export const GONE = 4;
export type RoomAnswer = 0 | 1 | 2 | 3 | 4;

/** Who was admitted, and how good their estimate was. */
export interface Call {
  readonly ticket: number;
  readonly waitedMillis: number;
  readonly estimatedMillis: number | null;
  readonly steady: boolean;
}

export interface RoomDesk {
  /** The ticket of the last answer of `arrive`. */
  readonly ticket: number;
  /** Lets a shopper in by the open door: the stamp of their session, or SHUT where it is not open. */
  letIn(): number;
  /** A request of who came in by the open door: the new stamp, or SHUT. */
  sees(stamp: number): number;
  arrive(shopper: string, tier: number): RoomAnswer;
  look(ticket: number, shopper: string): RoomAnswer;
  /** Comes in with the pass of a ticket that was called. */
  enter(ticket: number, shopper: string): RoomAnswer;
  renew(ticket: number, shopper: string): RoomAnswer;
  /** The same with no answer: the room hears of it before its next round ends what is due. */
  seen(ticket: number): void;
  /** Ends what is due and calls those whose turn it is. */
  round(health: StoreHealth | null): readonly Call[];
  /** Tells the room what the sale has left; true where nobody is to wait any more. */
  tellLeft(): boolean;
  /** Places of those who wait, of those who have gone without a word as well. */
  readonly waiting: number;
  /** Passes that nobody came in with. */
  readonly noShows: number;
  /** Shoppers who came in out of turn, as the sale log has it. */
  readonly inversions: number;
}
