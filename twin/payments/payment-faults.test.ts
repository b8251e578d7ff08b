import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND } from "../../engine/time.ts";
import type { Brownout, GatewaySpec } from "../scenario/scenario.ts";
import { PaymentNetwork } from "./payment-network.ts";

const SPEC: GatewaySpec = {
  latency: { kind: "lognormal", median: 0.9 * SECOND, sigma: 0.5 },
  decline: 0.08,
  softShare: 0.8,
  error: 0.01,
  timeoutBeforeCapture: 0.01,
  timeoutAfterCapture: 0.01,
};
const BROWNOUT: Brownout = {
  kind: "gateway-brownout",
  network: "primary",
  latency: 4,
  error: 0.3,
  timeoutBeforeCapture: 0.05,
  timeoutAfterCapture: 0.1,
};

function networked(spec: Partial<GatewaySpec> = {}) {
  const simulation = new Simulation({ seed: "faults" });
  const network = new PaymentNetwork(simulation, "primary", { ...SPEC, ...spec });
  const charge = (order: number) =>
    network.charge({ key: `key-${order}`, amount: 1_000, order, attempt: 1 });
  const chargeMany = (orders: number) =>
    Array.from({ length: orders }, (_none, order) => charge(order));
  return { simulation, network, charge, chargeMany };
}

describe("an outage of a payment network", () => {
  it("keeps every call from the ledger, at once or in silence, and leaves no trace when it ends", () => {
    for (const outage of ["error", "silence"] as const) {
      const { network, chargeMany } = networked();
      network.setOutage(outage);
      const during = chargeMany(1_000);
      expect(new Set(during.map(({ kind }) => kind))).toEqual(new Set([outage]));
      expect(during.every(({ latency }) => latency === 50 * MILLISECOND)).toBe(true);
      expect(network).toMatchObject({ captured: 0, approvals: 0, declines: 0, outage });
      network.setOutage(null);
      expect(network.outage).toBeNull();
      expect(chargeMany(1_000)).toEqual(networked().chargeMany(1_000));
    }
  });

  it("is nobody's to look up or refund in", () => {
    const { network } = networked();
    network.setOutage("error");
    expect(() => network.lookUp("key-1")).toThrow("during its outage");
    const refund = { key: "r", reference: "primary-1", amount: 1 };
    expect(() => network.refund(refund)).toThrow("during its outage");
  });
});

describe("a brownout of a payment network", () => {
  it("adds to the shares of lost calls and multiplies each latency", () => {
    const orders = 40_000;
    const sound = networked();
    const dim = networked();
    dim.network.setBrownout(BROWNOUT);
    const before = sound.chargeMany(orders);
    const during = dim.chargeMany(orders);
    const close = (seen: number, share: number) =>
      expect(Math.abs(seen / orders - share)).toBeLessThan(
        4 * Math.sqrt((share * (1 - share)) / orders),
      );
    close(dim.network.errors, 0.31);
    close(dim.network.silences, 0.17);
    during.forEach(({ latency }, order) => {
      expect(Math.abs(latency - 4 * (before[order]?.latency ?? 0))).toBeLessThanOrEqual(2);
    });
    // Of those without an answer, the ones that were charged hold money all the same.
    const charged = during.filter(
      ({ kind }, order) => kind === "silence" && dim.network.takenFor(`key-${order}`) > 0,
    );
    close(charged.length, 0.11 * (1 - SPEC.decline));
    dim.network.setBrownout(null);
    expect(dim.network.charge({ key: "x", amount: 1, order: 1, attempt: 9 })).toEqual(
      sound.network.charge({ key: "x", amount: 1, order: 1, attempt: 9 }),
    );
  });
});

describe("a rate limit of a payment network", () => {
  it("takes one second's calls at once and then those of its rate, and refuses the rest at once", () => {
    const { simulation, network, charge } = networked({ error: 0 });
    network.setRateLimit(10);
    // 40 calls a second for 10 s: 10 of the full bucket, 10 more each second.
    const refused: number[] = [];
    const call = simulation.defineEvent("test.call", (order) => {
      const { kind, latency } = charge(order);
      if (kind === "error") refused.push(latency);
    });
    for (let order = 0; order < 400; order += 1)
      simulation.schedule(order * (SECOND / 40), call, order);
    simulation.run();
    expect(network.rateLimited).toBe(refused.length);
    expect(400 - refused.length).toBeGreaterThanOrEqual(109);
    expect(400 - refused.length).toBeLessThanOrEqual(110);
    expect(refused.every((latency) => latency === 50 * MILLISECOND)).toBe(true);
    network.setRateLimit(null);
    const errors = network.errors;
    for (let order = 400; order < 500; order += 1) charge(order);
    expect(network.errors).toBe(errors);
  });

  it("does nothing to a store that stays below it", () => {
    const { simulation, network, charge } = networked({ error: 0 });
    network.setRateLimit(0.5);
    const call = simulation.defineEvent("test.call", (order) => void charge(order));
    for (let order = 0; order < 50; order += 1)
      simulation.schedule(order * 2 * SECOND, call, order);
    simulation.run();
    expect(network.rateLimited).toBe(0);
  });
});
