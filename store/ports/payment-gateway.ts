/**
 * The payment gateways, in the order in which they are to be tried. A gateway keeps its own time
 * limit and answers `TimedOut` itself, so the programs above need no clock of their own. What a
 * gateway says is a value; there is no error channel, because every failure has a meaning here.
 */
import { Context, type Effect } from "effect";

export interface ChargeRequest {
  /** The gateway charges at most once per key, whatever is asked how often. */
  readonly key: string;
  readonly order: string;
  /** Minor units of the currency. */
  readonly amount: number;
  readonly currency: string;
  /** Stands for the card; the store never sees the number. */
  readonly paymentToken: string;
}

/** The money is captured. */
export interface Approved {
  readonly _tag: "Approved";
  /** The gateway's own name for the charge. */
  readonly reference: string;
}

/** Nothing was captured. A soft decline may pass another time or with another card. */
export interface Declined {
  readonly _tag: "Declined";
  readonly kind: "soft" | "hard";
  readonly reason: string;
}

/** The call failed at once and did not reach the gateway's ledger: nothing was captured. */
export interface NetworkError {
  readonly _tag: "NetworkError";
  readonly reason: string;
}

/** No answer within the gateway's time limit: the charge may or may not have been made. */
export interface TimedOut {
  readonly _tag: "TimedOut";
}

/** `Undecided` where the bank asks the cardholder first: a look-up says how that ended. */
export type ChargeAnswer = Approved | Declined | Undecided | NetworkError | TimedOut;

/** A promise: no call made so far has captured anything under this key, or ever will. */
export interface Absent {
  readonly _tag: "Absent";
}

/** The gateway is there and cannot say yet: to be asked again later, not at once. */
export interface Undecided {
  readonly _tag: "Undecided";
}

/** `Approved` and `Declined` are what the charge was answered, or would have been. */
export type LookUpAnswer = Approved | Declined | Absent | Undecided | NetworkError | TimedOut;

export interface RefundRequest {
  /** Refunds at most once per key. */
  readonly key: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
}

export interface Refunded {
  readonly _tag: "Refunded";
  readonly reference: string;
}

/** The gateway refuses the refund for good, for example because the charge is unknown. */
export interface RefundRefused {
  readonly _tag: "RefundRefused";
  readonly reason: string;
}

export type RefundAnswer = Refunded | RefundRefused | NetworkError | TimedOut;

/** One gateway. */
export interface PaymentGateway {
  readonly name: string;
  /** Authorises and captures in one step. */
  readonly charge: (request: ChargeRequest) => Effect.Effect<ChargeAnswer>;
  /** What became of a charge. */
  readonly lookUp: (key: string) => Effect.Effect<LookUpAnswer>;
  readonly refund: (request: RefundRequest) => Effect.Effect<RefundAnswer>;
}

export interface PaymentGatewaysService {
  /** The primary first; at least one. */
  readonly gateways: readonly PaymentGateway[];
}

export class PaymentGateways extends Context.Tag("store/PaymentGateways")<
  PaymentGateways,
  PaymentGatewaysService
>() {}
