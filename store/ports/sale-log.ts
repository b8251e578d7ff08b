/**
 * The log of the sale: every event of the store once, in the order in which it was appended.
 * It is the second witness of every audit and the recording that a replay starts from.
 */
import { Context, type Effect } from "effect";
import type { SaleEvent } from "../core/sale-event.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface LoggedEvent {
  /** 1 for the first event of the log, without gaps. */
  readonly sequence: number;
  readonly event: SaleEvent;
}

export interface SaleLogService {
  /** Answers with the sequence number of the event. */
  readonly append: (event: SaleEvent) => Effect.Effect<number, PortUnavailable>;
  /** The events after a sequence number (0 for all that are kept), at most `limit`. */
  readonly read: (request: {
    readonly after: number;
    readonly limit: number;
  }) => Effect.Effect<readonly LoggedEvent[], PortUnavailable>;
  /** How many events were appended, kept or not. */
  readonly length: Effect.Effect<number, PortUnavailable>;
}

export class SaleLog extends Context.Tag("store/SaleLog")<SaleLog, SaleLogService>() {}
