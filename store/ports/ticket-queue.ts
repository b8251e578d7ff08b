/**
 * The waiting room's places. Every method is one atomic step, safe under any number of nodes, and
 * the places outlive every node: whoever asks next goes on where the last one stopped.
 */
import { Context, type Effect } from "effect";
import type {
  AdmitAnswer,
  AdmitRequest,
  EndedPlace,
  HealthReport,
  Inside,
  JoinAnswer,
  JoinRequest,
  LoanRequest,
  LookAnswer,
  NoPlace,
  RedeemAnswer,
  RoomSnapshot,
  SaleLeft,
  SeenInside,
  TicketReference,
} from "../core/ticket.ts";
import type { PortUnavailable } from "./port-unavailable.ts";

export interface EndedPlaces {
  readonly ended: readonly EndedPlace[];
  /** True where more places are due than the limit let this step end. */
  readonly more: boolean;
}

export interface TicketQueueService {
  /** Settles the loan of the shop's open door, and answers how many it may let in unasked. */
  readonly lend: (request: LoanRequest) => Effect.Effect<number, PortUnavailable>;
  /** A place for a shopper who has none; the same place again for one who has. */
  readonly join: (request: JoinRequest) => Effect.Effect<JoinAnswer, PortUnavailable>;
  /** Where a ticket stands. It is also the sign that its shopper still waits. */
  readonly look: (request: TicketReference) => Effect.Effect<LookAnswer, PortUnavailable>;
  /** Lets the shopper of an admitted ticket in; asked again it repeats itself. */
  readonly redeem: (request: TicketReference) => Effect.Effect<RedeemAnswer, PortUnavailable>;
  /** A sign of life from inside. */
  readonly renew: (request: TicketReference) => Effect.Effect<Inside | NoPlace, PortUnavailable>;
  /** The signs of life that came to one node since it last told. */
  readonly renewAll: (seen: SeenInside) => Effect.Effect<void, PortUnavailable>;
  /** Gives a place up, wherever it is; null where there is none. */
  readonly leave: (request: TicketReference) => Effect.Effect<EndedPlace | null, PortUnavailable>;
  /** How the store answered since the last report; an adaptive room goes by it. */
  readonly report: (report: HealthReport) => Effect.Effect<void, PortUnavailable>;
  /** Draws the lots that are due and admits those whose turn it is, at most `limit` of them. */
  readonly admit: (request: AdmitRequest) => Effect.Effect<AdmitAnswer, PortUnavailable>;
  /** Ends the places whose time is over, at most `limit` of them. */
  readonly expire: (request: {
    readonly now: number;
    readonly limit: number;
  }) => Effect.Effect<EndedPlaces, PortUnavailable>;
  /** What the sale has left to come in for. */
  readonly tell: (left: SaleLeft) => Effect.Effect<void, PortUnavailable>;
  readonly snapshot: Effect.Effect<RoomSnapshot, PortUnavailable>;
}

export class TicketQueue extends Context.Tag("store/TicketQueue")<
  TicketQueue,
  TicketQueueService
>() {}
