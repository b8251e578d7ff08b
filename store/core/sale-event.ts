/**
 * What the sale log tells: one line per fact, in the order in which the facts came to be. The live
 * store and a rehearsal write the same lines, so that either can be replayed or audited as the
 * other. Times are epoch milliseconds, money is integer minor units.
 */
import type { ExitReason } from "./feedback.ts";
import type { SerialRange, StockLine } from "./hold.ts";
import type { OrderLine } from "./order.ts";
import type { SalePhase } from "./sale.ts";
import type { PlaceEnd } from "./ticket.ts";

interface At {
  readonly at: number;
}
interface OfCart extends At {
  readonly shopper: string;
  readonly cart: string;
  readonly sku: string;
  readonly units: number;
}
interface OfHold extends At {
  readonly hold: string;
  readonly shopper: string;
  readonly lines: readonly StockLine[];
}
interface OfOrder extends At {
  readonly order: string;
  readonly shopper: string;
}
interface OfTicket extends At {
  readonly ticket: number;
  readonly shopper: string;
  readonly lane: string;
}

interface OfCode extends At {
  readonly code: string;
  readonly offer: string;
  readonly shopper: string;
}
interface OfClaim {
  readonly order: string;
  /** Minor units. */
  readonly amount: number;
}

export type SaleEvent =
  | (At & { readonly kind: "PhaseOpened"; readonly phase: SalePhase })
  | (At & { readonly kind: "StockAdded"; readonly sku: string; readonly units: number })
  | (At & { readonly kind: "StockWrittenOff"; readonly sku: string; readonly units: number })
  /** Nobody waited and there was room: in without a ticket to wait with. */
  | (OfTicket & { readonly kind: "WalkedIn" })
  /** The same of many, by the open door, since the last such line or ticket. */
  | (At & { readonly kind: "DoorPassed"; readonly shoppers: number })
  | (OfTicket & { readonly kind: "TicketTaken" })
  /** Those of the lane who came before it opened have their places by lot. */
  | (At & { readonly kind: "LotDrawn"; readonly lane: string; readonly tickets: number })
  | (OfTicket & {
      readonly kind: "TicketAdmitted";
      readonly waitedMillis: number;
      readonly estimatedMillis: number | null;
      readonly steady: boolean;
    })
  /** A ticket ended before its shopper was inside. */
  | (OfTicket & { readonly kind: "TicketEnded"; readonly why: PlaceEnd })
  | (OfCart & { readonly kind: "CartLineAdded" })
  /** `units` is what the line now stands at. */
  | (OfCart & { readonly kind: "CartLineChanged" })
  | (OfCart & { readonly kind: "CartLineRemoved" })
  /** A request was turned away; told once until somebody is let through again. */
  | (At & {
      readonly kind: "RequestLimited";
      readonly shopper: string;
      readonly step: LimitedStep;
      readonly by: "shopper" | "network";
      readonly network: string | null;
    })
  /** No units were held: too many live holds, or too soon after one that lapsed. */
  | (At & {
      readonly kind: "HoldRefused";
      readonly shopper: string;
      readonly by: "shopper" | "network" | "lapses";
      readonly network: string | null;
    })
  | (OfHold & { readonly kind: "HoldPlaced" })
  | (OfHold & { readonly kind: "HoldReleased" })
  | (OfHold & { readonly kind: "HoldExpired" })
  /** The units of a hold that had ended were taken again for an order already charged. */
  | (OfHold & { readonly kind: "HoldHonoured"; readonly order: string })
  | (OfHold & {
      readonly kind: "HoldSold";
      readonly order: string;
      readonly serials: readonly SerialRange[];
    })
  | (OfOrder & {
      readonly kind: "OrderPlaced";
      readonly hold: string;
      readonly lines: readonly OrderLine[];
      /** What the buyer is known by, where anything is. */
      readonly person?: readonly string[];
      readonly total: number;
      /** What codes take off, minor units; left out where there are none. */
      readonly discount?: number;
      readonly currency: string;
    })
  | (OfOrder & { readonly kind: "OrderAuthorising"; readonly gateway: string })
  | (OfOrder & { readonly kind: "OrderInDoubt"; readonly gateway: string })
  | (OfOrder & {
      readonly kind: "OrderPaid";
      readonly gateway: string;
      readonly reference: string;
      readonly total: number;
      readonly currency: string;
    })
  | (OfOrder & {
      readonly kind: "OrderConfirmed";
      readonly total: number;
      readonly currency: string;
    })
  | (OfOrder & {
      readonly kind: "OrderDeclined";
      readonly decline: "soft" | "hard";
      readonly reason: string;
    })
  | (OfOrder & { readonly kind: "OrderCancelled"; readonly reason: string })
  | (OfOrder & { readonly kind: "OrderExpired" })
  | (OfOrder & {
      readonly kind: "OrderRefunding";
      readonly total: number;
      readonly currency: string;
    })
  | (OfOrder & {
      readonly kind: "OrderRefunded";
      readonly total: number;
      readonly currency: string;
    })
  /** The shopper was given a code of the offer. */
  | (OfCode & { readonly kind: "OfferMade"; readonly expiresAt: number })
  | (OfCode & OfClaim & { readonly kind: "CodeClaimed" })
  /** The order was sold `amount` cheaper. */
  | (OfCode & OfClaim & { readonly kind: "CodeRedeemed" })
  /** The order ended without a sale, so the code can be used again. */
  | (OfCode & OfClaim & { readonly kind: "CodeReleased" })
  | (At & { readonly kind: "ExitAsked"; readonly shopper: string })
  | (At & { readonly kind: "ExitAnswered"; readonly shopper: string; readonly reason: ExitReason })
  | (OfOrder & { readonly kind: "SurveyAsked" })
  | (OfOrder & {
      readonly kind: "SurveyAnswered";
      readonly satisfaction: number;
      readonly recommend: number;
    });

/** The steps of a sale that a rate limit stands before. */
export type LimitedStep = "cart" | "checkout" | "order";

export type SaleEventKind = SaleEvent["kind"];
