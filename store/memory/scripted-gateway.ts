/**
 * A payment gateway that does what a script says, call by call, and keeps books of its own. The
 * books are the witness of every payment test: they know what was really captured, whatever the
 * store was told, and at most once per key.
 */
import { Effect } from "effect";
import { assert } from "../core/assert.ts";
import type { GatewayCharge } from "../core/payment-audit.ts";
import type {
  ChargeAnswer,
  ChargeRequest,
  Declined,
  LookUpAnswer,
  PaymentGateway,
  RefundAnswer,
  RefundRequest,
} from "../ports/payment-gateway.ts";

/** What becomes of one call for a charge. */
export type ChargeScript =
  | "approve"
  | "declineSoft"
  | "declineHard"
  | "networkError"
  | "timeOutBeforeCapture"
  | "timeOutAfterCapture"
  /** No answer now; the request arrives when the test calls `deliverLate`. */
  | "arriveLate"
  /** The bank asks the cardholder first; the look-ups say how that ends. */
  | "askCardholder";
/** What becomes of one look-up or refund; a refund that times out late was made. */
export type CallScript =
  | "answer"
  | "networkError"
  | "timeOut"
  | "timeOutAfterRefund"
  | "refuse"
  | "undecided";

export interface GatewayScript {
  readonly name: string;
  /** `call` counts the calls of this kind from 1. */
  readonly charge?: (call: number, request: ChargeRequest) => ChargeScript;
  readonly lookUp?: (call: number, key: string) => CallScript;
  readonly refund?: (call: number, request: RefundRequest) => CallScript;
  /** How long an answer takes. */
  readonly latencyMillis?: number;
  /** How long a call without an answer takes to be given up. */
  readonly timeLimitMillis?: number;
}

interface BookedCharge {
  readonly order: string;
  readonly reference: string;
  /** Minor units captured, and of these returned. */
  readonly captured: number;
  refunded: number;
  readonly refundKeys: Map<string, string>;
}

export interface ScriptedGateway extends PaymentGateway {
  /** Every charge ever captured, in that order. */
  readonly charges: () => readonly GatewayCharge[];
  /** Calls for a charge that reached the script, whatever became of them. */
  readonly chargeCalls: () => number;
  /** Lets the requests that were on their way arrive, and answers how many of them captured. */
  readonly deliverLate: () => number;
}

const NETWORK_ERROR = { _tag: "NetworkError", reason: "the connection was refused" } as const;
const TIMED_OUT = { _tag: "TimedOut" } as const;

/** The books: what was captured, declined and closed under each key. */
class Books {
  readonly #charges = new Map<string, BookedCharge>();
  readonly #declines = new Map<string, Declined>();
  readonly #closed = new Set<string>();

  get size(): number {
    return this.#charges.size;
  }

  capture(name: string, request: ChargeRequest): ChargeAnswer {
    const known = this.#known(request.key);
    if (known !== null) return known;
    if (this.#closed.has(request.key)) {
      return { _tag: "Declined", kind: "hard", reason: "the key is closed" };
    }
    assert(request.amount > 0, "a charge is above zero");
    const { key, order, amount: captured } = request;
    const reference = `${name}-charge-${this.#charges.size + 1}`;
    const charge = { order, reference, captured, refunded: 0, refundKeys: new Map() };
    this.#charges.set(key, charge);
    return { _tag: "Approved", reference };
  }

  decline(request: ChargeRequest, kind: "soft" | "hard"): ChargeAnswer {
    const known = this.#known(request.key);
    if (known !== null) return known;
    const reason = kind === "soft" ? "insufficient funds" : "stolen card";
    const declined: Declined = { _tag: "Declined", kind, reason };
    this.#declines.set(request.key, declined);
    return declined;
  }

  lookUp(key: string): LookUpAnswer {
    const known = this.#known(key);
    if (known !== null) return known;
    this.#closed.add(key);
    return { _tag: "Absent" };
  }

  refund(name: string, request: RefundRequest): RefundAnswer {
    for (const charge of this.#charges.values()) {
      if (charge.reference !== request.reference) continue;
      const before = charge.refundKeys.get(request.key);
      if (before !== undefined) return { _tag: "Refunded", reference: before };
      if (charge.refunded + request.amount > charge.captured) {
        return { _tag: "RefundRefused", reason: "more than was charged" };
      }
      const reference = `${name}-refund-${charge.refundKeys.size + 1}-of-${charge.reference}`;
      charge.refundKeys.set(request.key, reference);
      charge.refunded += request.amount;
      return { _tag: "Refunded", reference };
    }
    return { _tag: "RefundRefused", reason: "no such charge" };
  }

  charges(gateway: string): readonly GatewayCharge[] {
    return [...this.#charges].map(([key, { order, captured, refunded }]) => ({
      gateway,
      key,
      order,
      captured,
      refunded,
    }));
  }

  #known(key: string): ChargeAnswer | null {
    const charge = this.#charges.get(key);
    if (charge !== undefined) return { _tag: "Approved", reference: charge.reference };
    return this.#declines.get(key) ?? null;
  }
}

function make(script: GatewayScript): ScriptedGateway {
  const { name, latencyMillis = 0, timeLimitMillis = 0 } = script;
  const books = new Books();
  const late: ChargeRequest[] = [];
  const calls = { charge: 0, lookUp: 0, refund: 0 };

  const chargeNow = (request: ChargeRequest): ChargeAnswer => {
    calls.charge += 1;
    switch (script.charge?.(calls.charge, request) ?? "approve") {
      case "approve":
        return books.capture(name, request);
      case "declineSoft":
        return books.decline(request, "soft");
      case "declineHard":
        return books.decline(request, "hard");
      case "networkError":
        return NETWORK_ERROR;
      case "timeOutBeforeCapture":
        return TIMED_OUT;
      case "timeOutAfterCapture":
        books.capture(name, request);
        return TIMED_OUT;
      case "arriveLate":
        late.push(request);
        return TIMED_OUT;
      case "askCardholder":
        late.push(request);
        return { _tag: "Undecided" };
    }
  };
  const lookUpNow = (key: string): LookUpAnswer => {
    calls.lookUp += 1;
    const does = script.lookUp?.(calls.lookUp, key) ?? "answer";
    if (does === "answer") return books.lookUp(key);
    if (does === "undecided") return { _tag: "Undecided" };
    return does === "networkError" ? NETWORK_ERROR : TIMED_OUT;
  };
  const refundNow = (request: RefundRequest): RefundAnswer => {
    calls.refund += 1;
    const does = script.refund?.(calls.refund, request) ?? "answer";
    if (does === "networkError") return NETWORK_ERROR;
    if (does === "refuse") return { _tag: "RefundRefused", reason: "the account is closed" };
    if (does === "timeOut") return TIMED_OUT;
    const answer = books.refund(name, request);
    return does === "timeOutAfterRefund" ? TIMED_OUT : answer;
  };
  /** The call has its effect at once; the caller hears of it after the latency or the time limit. */
  const heard = <Answer extends { readonly _tag: string }>(call: () => Answer) =>
    Effect.suspend(() => {
      const answer = call();
      const takes = answer._tag === "TimedOut" ? timeLimitMillis : latencyMillis;
      return takes === 0 ? Effect.succeed(answer) : Effect.as(Effect.sleep(takes), answer);
    });

  return {
    name,
    charge: (request) => heard(() => chargeNow(request)),
    lookUp: (key) => heard(() => lookUpNow(key)),
    refund: (request) => heard(() => refundNow(request)),
    charges: () => books.charges(name),
    chargeCalls: () => calls.charge,
    deliverLate: () => {
      const before = books.size;
      for (const request of late.splice(0)) books.capture(name, request);
      return books.size - before;
    },
  };
}

export const ScriptedGateway = { make } as const;
