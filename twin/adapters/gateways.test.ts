import { Effect, Layer } from "effect";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SECOND } from "../../engine/time.ts";
import { PaymentGateways } from "../../store/ports/payment-gateway.ts";
import { paymentGatewayContract } from "../../store/testing/payment-gateway.contract.ts";
import { PaymentNetwork } from "../payments/payment-network.ts";
import type { GatewaySpec } from "../scenario/scenario.ts";
import { type GatewayCounts, gatewaysOf, paymentTokenOf } from "./gateways.ts";

const SOUND: GatewaySpec = {
  latency: { kind: "constant", value: SECOND },
  decline: 0,
  softShare: 0.8,
  error: 0,
  timeoutBeforeCapture: 0,
  timeoutAfterCapture: 0,
};

function gateway(spec: Partial<GatewaySpec>, timeLimit = 10 * SECOND) {
  const network = new PaymentNetwork(new Simulation({ seed: "gateway" }), "primary", {
    ...SOUND,
    ...spec,
  });
  const slept: number[] = [];
  const clock = { sleep: (ticks: number) => Effect.sync(() => void slept.push(ticks)) };
  const counts: GatewayCounts = { charges: 0, failed: 0, timedOut: 0 };
  const service = gatewaysOf([{ network, clock, counts, timeLimit }]);
  return { network, slept, counts, service };
}

paymentGatewayContract(
  "the twin's payment network",
  Layer.sync(PaymentGateways, () => gateway({}).service),
);

describe("the payment port on virtual time", () => {
  const charge = {
    key: "k",
    order: "order-1",
    amount: 500,
    currency: "USD",
    paymentToken: paymentTokenOf(1, 0),
  };

  it("answers after the network's latency", () => {
    const { service, slept } = gateway({});
    const answer = Effect.runSync(service.gateways[0]?.charge(charge) ?? Effect.die("no gateway"));
    expect(answer._tag).toBe("Approved");
    expect(slept).toEqual([SECOND]);
  });

  it("gives up at its time limit, whether money was taken or not", () => {
    for (const spec of [
      { latency: { kind: "constant", value: 60 * SECOND } },
      { timeoutBeforeCapture: 1 },
      { timeoutAfterCapture: 1 },
    ] as const) {
      const { service, slept, counts, network } = gateway(spec);
      const answer = Effect.runSync(
        service.gateways[0]?.charge(charge) ?? Effect.die("no gateway"),
      );
      expect(answer._tag).toBe("TimedOut");
      expect(slept).toEqual([10 * SECOND]);
      expect(counts).toEqual({ charges: 1, failed: 0, timedOut: 1 });
      expect(network.takenFor("k")).toBe("timeoutBeforeCapture" in spec ? 0 : 500);
    }
  });

  it("finds a charge whose answer was lost, and charges it once", () => {
    const { service, network } = gateway({ timeoutAfterCapture: 1 });
    const [primary] = service.gateways;
    if (primary === undefined) throw new Error("there is a gateway");
    Effect.runSync(primary.charge(charge));
    Effect.runSync(primary.charge(charge));
    expect(Effect.runSync(primary.lookUp("k"))._tag).toBe("Approved");
    expect(network.captured).toBe(500);
  });

  it("reaches nobody in an outage, for look-ups and refunds as little as for charges", () => {
    for (const [outage, tag, waited] of [
      ["error", "NetworkError", SECOND / 4],
      ["silence", "TimedOut", 10 * SECOND],
    ] as const) {
      const { service, network, slept, counts } = gateway({});
      const [primary] = service.gateways;
      if (primary === undefined) throw new Error("there is a gateway");
      network.setOutage(outage);
      const refund = { key: "r", reference: "primary-1", amount: 1, currency: "USD" };
      expect(Effect.runSync(primary.charge(charge))._tag).toBe(tag);
      expect(Effect.runSync(primary.lookUp("k"))._tag).toBe(tag);
      expect(Effect.runSync(primary.refund(refund))._tag).toBe(tag);
      expect(slept.slice(1)).toEqual([waited, waited]);
      expect(counts.failed + counts.timedOut).toBe(1);
      network.setOutage(null);
      expect(Effect.runSync(primary.lookUp("k"))._tag).toBe("Absent");
    }
  });
});
