/**
 * The payment port answered by the twin's payment networks, on virtual time. The adapter keeps
 * the time limit, as a live gateway's client does: what has not answered by then is `TimedOut`,
 * and whether money was taken is for the store to find out.
 */
import { Effect } from "effect";
import { SECOND, type Ticks } from "../../engine/time.ts";
import type {
  ChargeAnswer,
  LookUpAnswer,
  PaymentGateway,
  PaymentGatewaysService,
  RefundAnswer,
} from "../../store/ports/payment-gateway.ts";
import type { ChargeState, PaymentNetwork } from "../payments/payment-network.ts";

export interface GatewayClock {
  readonly sleep: (delay: Ticks) => Effect.Effect<void>;
}

/** What the store's client sees of the gateways, all together. */
export interface GatewayCounts {
  charges: number;
  /** Charges that were not answered within the time limit. */
  timedOut: number;
}

export interface GatewayOptions {
  readonly counts: GatewayCounts;
  readonly network: PaymentNetwork;
  readonly clock: GatewayClock;
  /** How long the store's client waits for an answer. */
  readonly timeLimit: Ticks;
}

/** Time that a look-up or a refund takes: a read of the network's own ledger. */
const LEDGER_CALL: Ticks = SECOND / 4;

const timedOut = { _tag: "TimedOut" } as const;

/** What the store knows a shopper's card by; the draws of its charges are keyed by it. */
export function paymentTokenOf(shopper: number, card: number): string {
  return `card-${shopper}-${card}`;
}

/** A number from 0 to 2^31 - 1 for a name: FNV-1a, 32 bits. */
function numberOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash >>> 1;
}

/** What the store is told of a settled charge. */
function told(state: ChargeState) {
  return state.kind === "approved"
    ? ({ _tag: "Approved", reference: state.reference } as const)
    : ({ _tag: "Declined", kind: state.decline, reason: state.reason } as const);
}

function gatewayOf({ network, clock, counts, timeLimit }: GatewayOptions): PaymentGateway {
  const attempts = new Map<string, number>();

  const charge: PaymentGateway["charge"] = (request) =>
    Effect.suspend((): Effect.Effect<ChargeAnswer> => {
      const attempt = (attempts.get(request.order) ?? 0) + 1;
      attempts.set(request.order, attempt);
      const { key, amount, paymentToken } = request;
      const answer = network.charge({ key, amount, order: numberOf(paymentToken), attempt });
      counts.charges += 1;
      if (answer.kind === "silence" || answer.latency > timeLimit) {
        counts.timedOut += 1;
        return Effect.as(clock.sleep(timeLimit), timedOut);
      }
      const answered: ChargeAnswer =
        answer.kind === "error"
          ? { _tag: "NetworkError", reason: "the payment network answered with an error" }
          : told(answer);
      return Effect.as(clock.sleep(answer.latency), answered);
    });

  const lookUp: PaymentGateway["lookUp"] = (key) =>
    Effect.suspend((): Effect.Effect<LookUpAnswer> => {
      const state = network.lookUp(key);
      return Effect.as(clock.sleep(LEDGER_CALL), state === null ? { _tag: "Absent" } : told(state));
    });

  const refund: PaymentGateway["refund"] = (request) =>
    Effect.suspend((): Effect.Effect<RefundAnswer> => {
      const done = network.refund(request);
      const answer: RefundAnswer = done
        ? { _tag: "Refunded", reference: request.reference }
        : { _tag: "RefundRefused", reason: "the network knows no such charge" };
      return Effect.as(clock.sleep(LEDGER_CALL), answer);
    });

  return { name: network.name, charge, lookUp, refund };
}

/** The networks in the order in which the store tries them. */
export function gatewaysOf(options: readonly GatewayOptions[]): PaymentGatewaysService {
  return { gateways: options.map(gatewayOf) };
}
