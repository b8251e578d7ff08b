/** Where the times of a sale are kept while it is on, with the record of what operators did. */
import { Context, type Effect } from "effect";
import type {
  AuditEntry,
  ControlAnswer,
  ControlChange,
  ControlledSale,
  RecordedEntry,
} from "../core/sale-control.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface SaleControlService {
  readonly read: Effect.Effect<ControlledSale, PortUnavailable>;
  /** Changes the times and records who did it, both or neither. */
  readonly change: (change: ControlChange) => Effect.Effect<ControlAnswer, PortUnavailable>;
  /** Records something else that an operator did; answers with its sequence number. */
  readonly note: (entry: AuditEntry) => Effect.Effect<number, PortUnavailable>;
  /** The entries after a sequence number (0 for all), the oldest first. */
  readonly entries: (request: {
    readonly after: number;
    readonly limit: number;
  }) => Effect.Effect<readonly RecordedEntry[], PortUnavailable>;
}

export class SaleControl extends Context.Tag("store/SaleControl")<
  SaleControl,
  SaleControlService
>() {}
