import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { SECOND } from "../../engine/time.ts";
import type { GatewaySpec } from "../scenario/scenario.ts";
import { type ChargeAnswer, PaymentNetwork } from "./payment-network.ts";

const sound: GatewaySpec = {
  latency: { kind: "lognormal", median: 0.9 * SECOND, sigma: 0.5 },
  decline: 0,
  softShare: 0.8,
  error: 0,
  timeoutBeforeCapture: 0,
  timeoutAfterCapture: 0,
};

function network(spec: Partial<GatewaySpec> = {}, seed = "payments"): PaymentNetwork {
  return new PaymentNetwork(new Simulation({ seed }), "primary", { ...sound, ...spec });
}

function call(order: number, attempt = 1) {
  return { key: `key-${order}`, amount: 8_000, order, attempt };
}

function chargeMany(of: PaymentNetwork, orders: number): ChargeAnswer[] {
  return Array.from({ length: orders }, (_none, order) => of.charge(call(order)));
}

function shareOf(answers: readonly ChargeAnswer[], is: (answer: ChargeAnswer) => boolean): number {
  return answers.filter(is).length / answers.length;
}

/** Three standard errors of a share over this many trials. */
function tolerance(share: number, trials: number): number {
  return 3 * Math.sqrt((share * (1 - share)) / trials);
}

describe("a payment network", () => {
  it("answers in a lognormal time with the configured median", () => {
    const latencies = chargeMany(network(), 20_001)
      .map((answer) => answer.latency)
      .sort((a, b) => a - b);
    expect(latencies.every(Number.isSafeInteger)).toBe(true);
    // The standard error of the median's logarithm is 1.25 * sigma / sqrt(n) = 0.44 %.
    expect(Math.abs(latencies[10_000] / (0.9 * SECOND) - 1)).toBeLessThan(0.0133);
    // parameters.json, pay.latency: p99 about 2.9 s.
    expect(Math.abs(latencies[19_800] / (2.9 * SECOND) - 1)).toBeLessThan(0.05);
  });

  it("declines by kind and reason in the published shares", () => {
    const orders = 40_000;
    const answers = chargeMany(network({ decline: 0.25 }), orders);
    const declined = answers.filter((answer) => answer.kind === "declined");
    expect(Math.abs(declined.length / orders - 0.25)).toBeLessThan(tolerance(0.25, orders));
    for (const [reason, share] of [
      ["insufficient-funds", 0.444],
      ["suspected-fraud", 0.094],
      ["do-not-honour", 0.356],
      ["card-not-accepted", 0.106],
    ] as const) {
      const seen = shareOf(
        declined,
        (answer) => answer.kind === "declined" && answer.reason === reason,
      );
      expect(Math.abs(seen - share), reason).toBeLessThan(tolerance(share, declined.length));
    }
    const soft = shareOf(
      declined,
      (answer) => answer.kind === "declined" && answer.decline === "soft",
    );
    expect(Math.abs(soft - 0.8)).toBeLessThan(tolerance(0.8, declined.length));
  });

  it("loses calls before and after the capture in the configured shares", () => {
    const orders = 40_000;
    const of = network({ error: 0.02, timeoutBeforeCapture: 0.03, timeoutAfterCapture: 0.05 });
    const answers = chargeMany(of, orders);
    const errors = shareOf(answers, (answer) => answer.kind === "error");
    const silences = shareOf(answers, (answer) => answer.kind === "silence");
    expect(Math.abs(errors - 0.02)).toBeLessThan(tolerance(0.02, orders));
    expect(Math.abs(silences - 0.08)).toBeLessThan(tolerance(0.08, orders));
    const silentlyTaken = answers.filter(
      (answer, order) => answer.kind === "silence" && of.takenFor(`key-${order}`) > 0,
    );
    expect(Math.abs(silentlyTaken.length / orders - 0.05)).toBeLessThan(tolerance(0.05, orders));
    expect(of.captured).toBe(8_000 * of.approvals);
  });

  it("takes the money although nobody is told, and says so when it is asked", () => {
    const of = network({ timeoutAfterCapture: 1 });
    expect(of.charge(call(1)).kind).toBe("silence");
    expect(of.takenFor("key-1")).toBe(8_000);
    expect(of.lookUp("key-1")).toMatchObject({ kind: "approved" });
  });

  it("closes a key that a look-up found unknown, so that a late charge takes nothing", () => {
    const of = network();
    expect(of.lookUp("key-1")).toBeNull();
    expect(of.charge(call(1))).toMatchObject({ kind: "declined", decline: "hard" });
    expect(of.takenFor("key-1")).toBe(0);
  });

  it("gives money back once per key and never more than was taken", () => {
    const of = network();
    const charged = of.charge(call(1));
    if (charged.kind !== "approved") throw new Error("a sound network approves");
    const { reference } = charged;
    expect(of.refund({ key: "refund-1", reference, amount: 5_000 })).toBe(true);
    expect(of.refund({ key: "refund-1", reference, amount: 5_000 })).toBe(true);
    expect(of.takenFor("key-1")).toBe(3_000);
    expect(of.refund({ key: "refund-2", reference, amount: 3_001 })).toBe(false);
    expect(of.refund({ key: "refund-3", reference: "unknown", amount: 1 })).toBe(false);
    expect(of.refunded).toBe(5_000);
  });

  it("captures at most once per key, whatever is asked how often and how it ends", () => {
    const asked = fc.array(
      fc.record({ order: fc.integer({ min: 0, max: 5 }), lookUp: fc.boolean() }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(asked, fc.string(), (steps, seed) => {
        const shares = { error: 0.2, timeoutBeforeCapture: 0.2, timeoutAfterCapture: 0.3 };
        const of = network({ ...shares, decline: 0.2 }, seed);
        const attempts = new Map<number, number>();
        const told = new Map<number, string>();
        for (const { order, lookUp } of steps) {
          const attempt = (attempts.get(order) ?? 0) + 1;
          attempts.set(order, attempt);
          const answer = lookUp ? of.lookUp(`key-${order}`) : of.charge(call(order, attempt));
          if (answer?.kind === "approved" || answer?.kind === "declined") {
            expect(answer.kind).toBe(told.get(order) ?? answer.kind);
            told.set(order, answer.kind);
          }
          expect([0, 8_000]).toContain(of.takenFor(`key-${order}`));
        }
        const taken = [...attempts.keys()].reduce((sum, o) => sum + of.takenFor(`key-${o}`), 0);
        expect(of.captured).toBe(taken);
      }),
      { seed: 13, numRuns: 200 },
    );
  });

  it("draws by order and attempt alone, whatever was asked in between", () => {
    const shares = { decline: 0.3, error: 0.1, timeoutAfterCapture: 0.1 };
    const one = network(shares);
    const other = network(shares);
    chargeMany(other, 500);
    const again = { ...call(7, 2), key: "another card" };
    const { latency, kind } = one.charge(again);
    expect(other.charge(again)).toMatchObject({ latency, kind });
  });
});
