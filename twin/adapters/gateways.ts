/**
 * The payment port answered by the twin's payment networks, on virtual time. The adapter keeps
 * the time limit, as a live gateway's client does: what has not answered by then is `TimedOut`,
 * and whether money was taken is for the store to find out.
 */
import type { Effect } from "effect";
import { SECOND, type Ticks } from "../../engine/time.ts";
import { fnv1a } from "../../store/core/fnv.ts";
import { inSteps } from "../../store/ports/at-once.ts";
import type {
  ChargeAnswer,
  LookUpAnswer,
  PaymentGateway,
  PaymentGatewaysService,
  RefundAnswer,
} from "../../store/ports/payment-gateway.ts";
import type { ChargeState, Outage, PaymentNetwork } from "../payments/payment-network.ts";

export interface GatewayClock {
  readonly sleep: (delay: Ticks) => Effect.Effect<void>;
}

/** What the store's client sees of the gateways, all together. */
export interface GatewayCounts {
  charges: number;
  /** Charges that the network answered with an error, or refused. */
  failed: number;
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
const networkError = {
  _tag: "NetworkError",
  reason: "the payment network answered with an error",
} as const;

/** A call: the network decides at once, and the store hears of it later. */
type Call<Answer> = Effect.fn.Return<Answer>;

/** What the store knows a shopper's card by; the draws of its charges are keyed by it. */
export function paymentTokenOf(shopper: number, card: number): string {
  return `card-${shopper}-${card}`;
}

/** A number from 0 to 2^31 - 1 for a name. */
function numberOf(name: string): number {
  return fnv1a(name) >>> 1;
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
    inSteps(function* (): Call<ChargeAnswer> {
      const attempt = (attempts.get(request.order) ?? 0) + 1;
      attempts.set(request.order, attempt);
      const { key, amount, paymentToken } = request;
      const answer = network.charge({ key, amount, order: numberOf(paymentToken), attempt });
      counts.charges += 1;
      if (answer.kind === "silence" || answer.latency > timeLimit) {
        counts.timedOut += 1;
        yield* clock.sleep(timeLimit);
        return timedOut;
      }
      if (answer.kind === "error") counts.failed += 1;
      yield* clock.sleep(answer.latency);
      return answer.kind === "error" ? networkError : told(answer);
    });

  /** A call that an outage keeps from the network: known at once, or given up on. */
  function* kept(outage: Outage): Call<typeof networkError | typeof timedOut> {
    yield* clock.sleep(outage === "silence" ? timeLimit : LEDGER_CALL);
    return outage === "silence" ? timedOut : networkError;
  }

  const lookUp: PaymentGateway["lookUp"] = (key) =>
    inSteps(function* (): Call<LookUpAnswer> {
      if (network.outage !== null) return yield* kept(network.outage);
      const state = network.lookUp(key);
      yield* clock.sleep(LEDGER_CALL);
      return state === null ? { _tag: "Absent" } : told(state);
    });

  const refund: PaymentGateway["refund"] = (request) =>
    inSteps(function* (): Call<RefundAnswer> {
      if (network.outage !== null) return yield* kept(network.outage);
      const done = network.refund(request);
      yield* clock.sleep(LEDGER_CALL);
      return done
        ? { _tag: "Refunded", reference: request.reference }
        : { _tag: "RefundRefused", reason: "the network knows no such charge" };
    });

  return { name: network.name, charge, lookUp, refund };
}

/** The networks in the order in which the store tries them. */
export function gatewaysOf(options: readonly GatewayOptions[]): PaymentGatewaysService {
  return { gateways: options.map(gatewayOf) };
}
