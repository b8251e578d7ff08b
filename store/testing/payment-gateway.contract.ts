/**
 * The contract of a payment gateway that is up and answers: what its word is worth. How it fails
 * (errors, time-outs, lost answers) is for each adapter's own tests.
 */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import {
  type ChargeRequest,
  type PaymentGateway,
  PaymentGateways,
} from "../ports/payment-gateway.ts";
import { type ContractCase, contract } from "./contract.ts";

/** The first gateway of the layer approves every card, and starts each case with empty books. */
export function paymentGatewayContract(name: string, layer: Layer.Layer<PaymentGateways>): void {
  contract(`payment gateway: ${name}`, paymentGatewayCases, layer);
}

function chargeOf(key: string): ChargeRequest {
  return { key, order: "o-1", amount: 2_500, currency: "USD", paymentToken: "card" };
}

const approved = (gateway: PaymentGateway, key: string) =>
  Effect.map(gateway.charge(chargeOf(key)), (answer): string => {
    expect(answer._tag).toBe("Approved");
    return answer._tag === "Approved" ? answer.reference : "";
  });

const refundOf = (key: string, reference: string, amount: number) => ({
  key,
  reference,
  amount,
  currency: "USD",
});

function gatewayCase(
  sentence: string,
  body: (gateway: PaymentGateway) => Effect.Effect<void>,
): ContractCase<PaymentGateways> {
  const program = Effect.flatMap(PaymentGateways, ({ gateways }) => body(gateways[0]));
  return { sentence, program };
}

const paymentGatewayCases: readonly ContractCase<PaymentGateways>[] = [
  gatewayCase("a key is charged once, however often and however many at once ask", (gateway) =>
    Effect.gen(function* () {
      const first = yield* approved(gateway, "k-1");
      expect(yield* approved(gateway, "k-1")).toBe(first);
      const many = Array.from({ length: 10 }, () =>
        Effect.zipRight(Effect.yieldNow(), approved(gateway, "k-2")),
      );
      const references = yield* Effect.all(many, { concurrency: "unbounded" });
      expect(new Set(references).size).toBe(1);
      expect(references[0]).not.toBe(first);
    }),
  ),
  gatewayCase("a charge that was made is found under its key", (gateway) =>
    Effect.gen(function* () {
      const reference = yield* approved(gateway, "k-1");
      expect(yield* gateway.lookUp("k-1")).toEqual({ _tag: "Approved", reference });
    }),
  ),
  gatewayCase("a key that was found absent is never charged after", (gateway) =>
    Effect.gen(function* () {
      expect(yield* gateway.lookUp("k-1")).toEqual({ _tag: "Absent" });
      expect((yield* gateway.charge(chargeOf("k-1")))._tag).not.toBe("Approved");
      expect((yield* gateway.lookUp("k-1"))._tag).not.toBe("Approved");
    }),
  ),
  gatewayCase("a refund is made once per key", (gateway) =>
    Effect.gen(function* () {
      const reference = yield* approved(gateway, "k-1");
      const refund = gateway.refund(refundOf("r-1", reference, 2_500));
      const first = yield* refund;
      expect(first._tag).toBe("Refunded");
      expect(yield* refund).toEqual(first);
    }),
  ),
  gatewayCase("no more is returned than was charged, and nothing of an unknown charge", (gateway) =>
    Effect.gen(function* () {
      const reference = yield* approved(gateway, "k-1");
      expect((yield* gateway.refund(refundOf("r-1", reference, 2_000)))._tag).toBe("Refunded");
      expect((yield* gateway.refund(refundOf("r-2", reference, 501)))._tag).toBe("RefundRefused");
      expect((yield* gateway.refund(refundOf("r-3", reference, 500)))._tag).toBe("Refunded");
      expect((yield* gateway.refund(refundOf("r-4", "no charge", 1)))._tag).toBe("RefundRefused");
    }),
  ),
];
