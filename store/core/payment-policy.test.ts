import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  backoffMillis,
  chargeKey,
  gatewayToAsk,
  jitterOf,
  PAYMENT_POLICY,
  policyProblem,
  refundKey,
} from "./payment-policy.ts";

const SEED = 20111125;

describe("the pause before the next call", () => {
  it("is that of stripe-node: doubling from 0.5 s, at most 5 s, times U(0.5, 1), at least 0.5 s", () => {
    const longest = [1, 2, 3, 4, 5, 6].map((failures) =>
      backoffMillis(PAYMENT_POLICY, failures, 1),
    );
    expect(longest).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    const shortest = [1, 2, 3, 4, 5, 6].map((failures) =>
      backoffMillis(PAYMENT_POLICY, failures, 0),
    );
    expect(shortest).toEqual([500, 500, 1_000, 2_000, 2_500, 2_500]);
  });

  it("stays within the policy for any policy, however many failures", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (initialMillis, more, failures, jitter) => {
          const maxMillis = initialMillis + more;
          const policy = { ...PAYMENT_POLICY, backoff: { initialMillis, maxMillis } };
          const pause = backoffMillis(policy, failures, jitter);
          expect(Number.isSafeInteger(pause)).toBe(true);
          expect(pause).toBeGreaterThanOrEqual(initialMillis);
          expect(pause).toBeLessThanOrEqual(maxMillis);
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("refuses a pause before any failure and a jitter that is no share", () => {
    expect(() => backoffMillis(PAYMENT_POLICY, 0, 0.5)).toThrow("assumption broken");
    expect(() => backoffMillis(PAYMENT_POLICY, 1, 1.5)).toThrow("assumption broken");
  });
});

describe("the jitter of an order", () => {
  it("belongs to the order and the call, and is the same in every run", () => {
    expect(jitterOf("order-1", 1)).toBe(jitterOf("order-1", 1));
    const draws = new Set(
      [1, 2, 3].flatMap((n) => [jitterOf(`order-${n}`, 1), jitterOf("order-9", n)]),
    );
    expect(draws.size).toBe(6);
  });

  it("is spread evenly from 0 to 1 over neighbouring orders", () => {
    const buckets = new Array<number>(10).fill(0);
    const orders = 20_000;
    for (let order = 0; order < orders; order += 1) {
      const bucket = Math.floor(jitterOf(`order-${order}`, 1) * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    const expected = orders / 10;
    const chiSquare = buckets.reduce(
      (sum, n) => sum + ((n - expected) * (n - expected)) / expected,
      0,
    );
    // 27.9 is the 99.9 % point of chi-square with 9 degrees of freedom.
    expect(chiSquare).toBeLessThan(27.9);
  });
});

describe("the gateway to ask", () => {
  const all = () => true;

  it("is the first, as long as it has calls left for the order", () => {
    expect(gatewayToAsk(PAYMENT_POLICY, [0, 0], all)).toBe(0);
    expect(gatewayToAsk(PAYMENT_POLICY, [2, 0], all)).toBe(0);
    expect(gatewayToAsk(PAYMENT_POLICY, [3, 0], all)).toBe(1);
    expect(gatewayToAsk(PAYMENT_POLICY, [3, 3], all)).toBeNull();
  });

  it("is the next one while the breaker of the first is open", () => {
    expect(gatewayToAsk(PAYMENT_POLICY, [0, 0], (gateway) => gateway === 1)).toBe(1);
    expect(gatewayToAsk(PAYMENT_POLICY, [0, 0], () => false)).toBeNull();
  });

  it("asks no breaker for leave that it does not use, because a leave may be the one trial", () => {
    const asked: number[] = [];
    gatewayToAsk(PAYMENT_POLICY, [0, 0, 0], (gateway) => asked.push(gateway) > 0);
    expect(asked).toEqual([0]);
    asked.length = 0;
    gatewayToAsk(PAYMENT_POLICY, [3, 0, 0], (gateway) => asked.push(gateway) > 0);
    expect(asked).toEqual([1]);
  });
});

describe("keys at a gateway", () => {
  it("differ for every call of an order and for its refund", () => {
    const keys = [chargeKey("o", 1), chargeKey("o", 2), chargeKey("p", 1), refundKey("o")];
    expect(new Set(keys).size).toBe(4);
  });
});

describe("a payment policy", () => {
  it("says what is wrong with it", () => {
    expect(policyProblem(PAYMENT_POLICY, 2)).toBeNull();
    const broken = [
      { attemptsPerGateway: 0 },
      { attemptsPerGateway: 51 },
      { lookUpsPerLostAnswer: 0 },
      { refundAttempts: 0 },
      { backoff: { initialMillis: 10, maxMillis: 5 } },
      { backoff: { initialMillis: -1, maxMillis: 5 } },
    ];
    for (const change of broken) {
      expect(policyProblem({ ...PAYMENT_POLICY, ...change }, 2)).toMatch(/must be/);
    }
  });
});
