/**
 * What Stripe's answers and errors mean to the store. Sources: Stripe's API reference on errors,
 * idempotent requests and the life of a PaymentIntent, and its table of decline codes.
 */
import Stripe from "stripe";
import type {
  Approved,
  Declined,
  LookUpAnswer,
  NetworkError,
  RefundAnswer,
  TimedOut,
} from "../../ports/payment-gateway.ts";
import { CallFailed } from "./stripe-http-client.ts";

/** The key was used with other parameters, and executes nothing any more but what it did then. */
export interface KeyBound {
  readonly _tag: "KeyBound";
}

/** Another request under the key is being executed. */
export interface KeyInUse {
  readonly _tag: "KeyInUse";
}

/** Stripe refuses the request itself; nothing was executed. */
export interface Refused {
  readonly _tag: "Refused";
  readonly code: string;
  readonly message: string;
}

/** Stripe repeats an error 500 that it keeps under the key: these parameters have spent it. */
export interface KeptFailure {
  readonly _tag: "KeptFailure";
}

export type Failure =
  | Declined
  | NetworkError
  | TimedOut
  | KeyBound
  | KeyInUse
  | KeptFailure
  | Refused;

export const TIMED_OUT: TimedOut = { _tag: "TimedOut" };

/** Decline codes after which the same card is not worth another try. */
const HARD_DECLINES: ReadonlySet<string> = new Set([
  "card_not_supported",
  "currency_not_supported",
  "expired_card",
  "fraudulent",
  "incorrect_number",
  "invalid_account",
  "invalid_number",
  "lost_card",
  "merchant_blacklist",
  "new_account_information_available",
  "no_action_taken",
  "not_permitted",
  "pickup_card",
  "restricted_card",
  "revocation_of_all_authorizations",
  "revocation_of_authorization",
  "security_violation",
  "service_not_allowed",
  "stolen_card",
  "stop_payment_order",
  "testmode_decline",
  "transaction_not_allowed",
]);

export function declinedBy(code: string | null | undefined, declineCode?: string | null): Declined {
  // The package writes an empty text where Stripe sent no decline code.
  const reason = declineCode || code || "card_declined";
  return { _tag: "Declined", kind: HARD_DECLINES.has(reason) ? "hard" : "soft", reason };
}

/** What a call that threw has left; throws again what did not come from Stripe or the way there. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Stripe.errors.StripeConnectionError) {
    const detail: unknown = error.detail;
    if (!(detail instanceof CallFailed) || detail.result._tag === "Unanswered") return TIMED_OUT;
    return { _tag: "NetworkError", reason: detail.result.reason };
  }
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { code = "", message, statusCode = 0 } = error;
  if (error instanceof Stripe.errors.StripeCardError) return declinedBy(code, error.decline_code);
  if (statusCode === 409 || code === "idempotency_key_in_use") return { _tag: "KeyInUse" };
  if (error instanceof Stripe.errors.StripeIdempotencyError) return { _tag: "KeyBound" };
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    return { _tag: "Refused", code, message };
  }
  // Turned away at the door: without a right to come in, or one of too many.
  if (statusCode === 401 || statusCode === 403 || statusCode === 429) {
    return { _tag: "NetworkError", reason: `Stripe answers ${statusCode} ${code}`.trimEnd() };
  }
  const isKept = error.headers?.["idempotent-replayed"] === "true";
  return isKept ? { _tag: "KeptFailure" } : TIMED_OUT;
}

/** What a PaymentIntent of ours has come to; `TimedOut` while that may still change. */
export function verdictOf(intent: Stripe.PaymentIntent): Approved | Declined | TimedOut {
  switch (intent.status) {
    case "succeeded":
      return { _tag: "Approved", reference: intent.id };
    case "requires_payment_method": {
      const { code, decline_code: declineCode } = intent.last_payment_error ?? {};
      return declinedBy(code, declineCode);
    }
    case "canceled":
      return { _tag: "Declined", kind: "soft", reason: "the payment was cancelled" };
    default:
      return TIMED_OUT;
  }
}

/** ISO 4217 has no decimals for these any more; Stripe still writes two. */
const HUNDREDTHS_AT_STRIPE = new Set(["ISK", "UGX"]);
/** ISO 4217 has two decimals for it; Stripe takes whole ones. */
const WHOLE_AT_STRIPE = new Set(["MGA"]);
/** Three decimals, of which Stripe takes two. */
const TENTHS_AT_STRIPE = new Set(["BHD", "JOD", "KWD", "OMR", "TND"]);

/** The store's minor units as Stripe counts them; null where Stripe cannot take the amount. */
export function amountAtStripe(amount: number, currency: string): number | null {
  if (HUNDREDTHS_AT_STRIPE.has(currency)) return amount * 100;
  if (WHOLE_AT_STRIPE.has(currency)) return amount % 100 === 0 ? amount / 100 : null;
  if (TENTHS_AT_STRIPE.has(currency)) return amount % 10 === 0 ? amount : null;
  return amount;
}

/** What a refund has come to. */
export function refundAnswer({ id, status }: Stripe.Refund): RefundAnswer {
  if (status === "failed" || status === "canceled") {
    return { _tag: "RefundRefused", reason: `the refund is ${status}` };
  }
  return { _tag: "Refunded", reference: id };
}

/** A question about a charge that may exist was not answered. */
export function unknownAfter(failure: Failure): LookUpAnswer {
  return failure._tag === "NetworkError" ? failure : TIMED_OUT;
}
