/**
 * What is asked of the waiting room and what it answers. A shopper has one place in it: a ticket
 * waits in its lane, gets a pass when its turn comes, and once the pass is redeemed its shopper is
 * inside until they leave or have asked for nothing for a while. Whoever finds room walks in.
 *
 * Times are milliseconds since 1970-01-01T00:00Z.
 */

/** A line of its own. */
export interface LaneLimits {
  /** The name by which a shopper is sent here. */
  readonly name: string;
  /** Share of the admissions that it gets while every lane waits; the shares add up to 1. */
  readonly share: number;
  /**
   * When it begins to admit. The first round from then on draws lots among those who came before
   * it; null is from the first, without a lot.
   */
  readonly opensAt: number | null;
}

/** From when on the room holds anybody back. */
export interface RoomEngages {
  /** Before it everybody walks in; null is from the first. */
  readonly from: number | null;
  /** Until so many shoppers are inside at once everybody walks in, whatever the rate. */
  readonly above: number;
}

/** How the room follows the store's health; see gradient2.ts and codel.ts. */
export interface AdaptiveLimits {
  /** The fewest shoppers inside that it goes down to. */
  readonly activeMin: number;
  /** The store is overloaded where its quickest answer of an interval took longer than this. */
  readonly targetMillis: number;
  readonly intervalMillis: number;
}

export interface RoomLimits {
  /** Shoppers inside at once, passes that are out included; null is no limit. */
  readonly active: number | null;
  /** Shoppers let in per minute; null is no limit. */
  readonly perMinute: number | null;
  /** In the order in which they come first: a tie between lanes goes to the earlier one. */
  readonly lanes: readonly LaneLimits[];
  readonly engages: RoomEngages;
  /** How long a pass may be redeemed after its turn has come. */
  readonly passMillis: number;
  /** How long after their last request a shopper counts as inside. */
  readonly sessionMillis: number;
  /** How long a place is kept for a shopper who is not heard of. */
  readonly keptMillis: number;
  /** Null: the limits stand as they are. */
  readonly adaptive: AdaptiveLimits | null;
  /**
   * Decides the lot. The operator publishes its digest before the start and the seed after, so
   * that nobody can choose a lucky name and everybody can draw again.
   */
  readonly drawSeed: string;
}

export interface JoinRequest {
  readonly shopper: string;
  readonly lane: string;
  readonly now: number;
}

/** Waits for their turn. */
export interface Waiting {
  readonly _tag: "Waiting";
  readonly ticket: number;
  /** True where this step gave the place. */
  readonly taken: boolean;
  readonly lane: string;
  /** Shoppers of the lane whose turn comes before; null before the lot is drawn. */
  readonly ahead: number | null;
  /** Share of the way that is done, from 0 when the ticket was taken to 1. */
  readonly progress: number;
  /** Time until the turn; null while there is nothing to go by. */
  readonly estimateMillis: number | null;
  /** When the lane begins to admit, where that is still to come. */
  readonly opensAt: number | null;
  /** Everything is sold or held: the place is kept, and whoever wants to may go. */
  readonly soldOut: boolean;
}

/** The turn has come: a pass for this ticket is good until `until`. */
export interface Admitted {
  readonly _tag: "Admitted";
  readonly ticket: number;
  readonly shopper: string;
  readonly until: number;
}

export interface Inside {
  readonly _tag: "Inside";
  readonly ticket: number;
  /** True where this step let them in. */
  readonly entered: boolean;
}

/** The sale is over or sold out for good: nobody waits any more. */
export interface RoomClosed {
  readonly _tag: "RoomClosed";
  readonly why: "soldOut" | "over";
}

export interface UnknownLane {
  readonly _tag: "UnknownLane";
  readonly lane: string;
}

/** The ticket has ended, or never was, or is somebody else's. */
export interface NoPlace {
  readonly _tag: "NoPlace";
}

/** The pass was not redeemed in time; its place has gone to somebody else. */
export interface PassLate {
  readonly _tag: "PassLate";
}

export type JoinAnswer = Waiting | Admitted | Inside | RoomClosed | UnknownLane;
export type LookAnswer = Waiting | Admitted | Inside | RoomClosed | NoPlace;
export type RedeemAnswer = Inside | PassLate | NoPlace;

export interface TicketReference {
  readonly ticket: number;
  /** Nobody acts for another shopper: with a wrong name it is `NoPlace`. */
  readonly shopper: string;
  readonly now: number;
}

/**
 * Who asked for something inside lately, as the nodes of the shop tell it at a time: each column's
 * first `count` entries. Columns, because a busy shop tells of thousands in a second.
 */
export interface SeenInside {
  readonly count: number;
  /** The nodes have seen to it that each ticket was its shopper's own. */
  readonly tickets: Float64Array;
  /** When it was seen. */
  readonly at: Float64Array;
}

/** What a node's open door tells when it settles its last loan and asks for the next. */
export interface LoanRequest {
  readonly now: number;
  /** Shoppers that it let in since its last loan, and all that it let in and are still inside. */
  readonly used: number;
  readonly inside: number;
}

/** Why a place ended without, or after, its shopper being inside. */
export type PlaceEnd = "abandoned" | "noShow" | "idle" | "left" | "soldOut" | "over";

export interface EndedPlace {
  readonly ticket: number;
  readonly shopper: string;
  readonly lane: string;
  readonly why: PlaceEnd;
  /** False where they never came in. */
  readonly wasInside: boolean;
}

/** How long somebody waited, and how long they had been told at first that they would. */
export interface WaitScore {
  readonly waitedMillis: number;
  readonly estimatedMillis: number | null;
  /** The lane admitted during the wait at the pace of the minute before it, within a tenth. */
  readonly steady: boolean;
}

export interface AdmittedTicket extends WaitScore {
  readonly ticket: number;
  readonly shopper: string;
  readonly lane: string;
  readonly number: number;
  readonly until: number;
}

/** A lot was drawn: so many tickets of a lane got the numbers from `first` on. */
export interface DrawnLot {
  readonly lane: string;
  readonly tickets: number;
  readonly first: number;
}

/** The store's answers since the last report; null where there was none. */
export interface StoreHealth {
  readonly meanMillis: number;
  readonly quickestMillis: number;
}

export interface AdmitRequest {
  readonly now: number;
  /** At most so many are admitted in this step. */
  readonly limit: number;
}

export interface HealthReport {
  readonly now: number;
  readonly health: StoreHealth | null;
}

/** What one step admitted, and the lots that were drawn since the last one. */
export interface AdmitAnswer {
  readonly lots: readonly DrawnLot[];
  readonly admitted: readonly AdmittedTicket[];
}

/** What the sale has left: `held` may come back, `none` never. */
export type SaleLeft = "some" | "held" | "none" | "over";

/** The room at one moment; `taken = waiting + passes + inside + ended`. */
export interface RoomSnapshot {
  /** Places that are lent to an open door: of who is inside by it, and those that it may fill. */
  readonly lent: number;
  readonly taken: number;
  readonly waiting: number;
  readonly passes: number;
  readonly inside: number;
  readonly ended: number;
  /** Shoppers that may be inside now; null is no limit. */
  readonly activeLimit: number | null;
  /** Waiting per lane, in the order of the lanes. */
  readonly lanes: readonly number[];
}
