/**
 * What the sale log tells: one line per fact, in the order in which the facts came to be. The live
 * store and a rehearsal write the same lines, so that either can be replayed or audited as the
 * other. Times are epoch milliseconds, money is integer minor units.
 */
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
      readonly total: number;
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
    });

export type SaleEventKind = SaleEvent["kind"];
