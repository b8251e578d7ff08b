import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { type ChargeScript, type GatewayScript, ScriptedGateway } from "./scripted-gateway.ts";

const REQUEST = { key: "k", order: "o", amount: 100, currency: "USD", paymentToken: "card" };
const run = <A>(effect: Effect.Effect<A>): A => Effect.runSync(effect);
const doing = (script: ChargeScript, more: Partial<GatewayScript> = {}) =>
  ScriptedGateway.make({ name: "g", charge: () => script, ...more });

describe("the scripted gateway", () => {
  it("captures once per key, and says the same again", () => {
    const gateway = doing("approve");
    const first = run(gateway.charge(REQUEST));
    expect(first).toEqual({ _tag: "Approved", reference: "g-charge-1" });
    expect(run(gateway.charge(REQUEST))).toEqual(first);
    expect(run(gateway.lookUp("k"))).toEqual(first);
    expect(gateway.charges()).toEqual([
      { gateway: "g", key: "k", order: "o", captured: 100, refunded: 0 },
    ]);
  });

  it("keeps to its word after it said that nothing was charged", () => {
    const gateway = doing("arriveLate");
    expect(run(gateway.charge(REQUEST))).toEqual({ _tag: "TimedOut" });
    expect(run(gateway.lookUp("k"))).toEqual({ _tag: "Absent" });
    expect(gateway.deliverLate()).toBe(0);
    expect(gateway.charges()).toEqual([]);
  });

  it("captures a request that arrives late where nobody had asked for it meanwhile", () => {
    const gateway = doing("arriveLate");
    run(gateway.charge(REQUEST));
    expect(gateway.deliverLate()).toBe(1);
    expect(gateway.deliverLate()).toBe(0);
    expect(run(gateway.lookUp("k"))._tag).toBe("Approved");
  });

  it("knows what it captured although it did not answer", () => {
    const gateway = doing("timeOutAfterCapture");
    expect(run(gateway.charge(REQUEST))._tag).toBe("TimedOut");
    expect(gateway.charges().length).toBe(1);
  });

  it("refunds once per key and never more than it captured", () => {
    const gateway = doing("approve");
    run(gateway.charge(REQUEST));
    const refund = { key: "r", reference: "g-charge-1", amount: 60, currency: "USD" };
    const first = run(gateway.refund(refund));
    expect(first._tag).toBe("Refunded");
    expect(run(gateway.refund(refund))).toEqual(first);
    expect(run(gateway.refund({ ...refund, key: "r2" }))._tag).toBe("RefundRefused");
    expect(run(gateway.refund({ ...refund, reference: "other" }))._tag).toBe("RefundRefused");
    expect(gateway.charges()[0]?.refunded).toBe(60);
  });

  it("remembers a decline under its key", () => {
    const gateway = doing("declineSoft");
    const answer = run(gateway.charge(REQUEST));
    expect(answer).toMatchObject({ _tag: "Declined", kind: "soft" });
    expect(run(gateway.lookUp("k"))).toEqual(answer);
    expect(gateway.charges()).toEqual([]);
  });
});
