import { Effect } from "effect";
import { describe, expect, it } from "vitest";
import { statusOf } from "../core/checkout.ts";
import { backoffMillis, jitterOf, PAYMENT_POLICY } from "../core/payment-policy.ts";
import type { ChargeScript } from "../memory/scripted-gateway.ts";
import {
  answerOf,
  findings,
  HOLD_FOR,
  KETTLE,
  OPENS,
  openCheckout,
  place,
  reconcile,
  request,
  sweep,
  type TrialStore,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";
import { makeReconciliation } from "./reconcile.ts";

/** Does the one after the other, and the last for ever. */
const inTurn = (...scripts: ChargeScript[]) => ({
  name: "first",
  charge: (call: number): ChargeScript => scripts[Math.min(call, scripts.length) - 1] ?? "approve",
});
const SECOND = { name: "second" };
const callsOf = (trial: TrialStore) => trial.gateways.map((gateway) => gateway.chargeCalls());
const keptBy = (trial: TrialStore) =>
  trial.gateways.map((gateway) =>
    gateway.charges().reduce((sum, charge) => sum + charge.captured - charge.refunded, 0),
  );

describe("getting an order paid", () => {
  it("waits as the policy says between calls at one gateway, and goes to the next at once", () => {
    const trial = trialStore({ gateways: [inTurn("networkError"), SECOND] });
    expect(place(trial)._tag).toBe("Confirmed");
    expect(callsOf(trial)).toEqual([3, 1]);
    const pauses = [1, 2].map((n) => backoffMillis(PAYMENT_POLICY, n, jitterOf("order-1", n)));
    expect(trial.time.now - OPENS).toBe(pauses.reduce((sum, pause) => sum + pause));
    expect(findings(trial)).toEqual([]);
  });

  it("never asks another gateway while the first may have charged", () => {
    const trial = trialStore({ gateways: [inTurn("timeOutAfterCapture"), SECOND] });
    expect(place(trial)._tag).toBe("Confirmed");
    expect(callsOf(trial)).toEqual([1, 0]);
    expect(keptBy(trial)).toEqual([2_500, 0]);
    expect(trial.log.map((event) => event.kind)).toContain("OrderInDoubt");
    expect(findings(trial)).toEqual([]);
  });

  it("charges once where the first request arrives after the second gateway was paid", () => {
    const policy = { attemptsPerGateway: 1 };
    const trial = trialStore({ gateways: [inTurn("arriveLate"), SECOND], policy });
    expect(place(trial)._tag).toBe("Confirmed");
    expect(trial.gateways[0]?.deliverLate()).toBe(0);
    expect(keptBy(trial)).toEqual([0, 2_500]);
    expect(findings(trial)).toEqual([]);
  });

  it("does not take a decline for an outage: no other gateway is asked, no breaker opens", () => {
    const policy = { breaker: { failures: 1, openForMillis: 30_000 } };
    const trial = trialStore({
      gateways: [inTurn("declineHard", "declineSoft", "approve"), SECOND],
      policy,
    });
    const checkout = openCheckout(trial);
    const asked = (key: string) => place(trial, request({ key }), checkout)._tag;
    expect([asked("1"), asked("2"), asked("3")]).toEqual(["Declined", "Declined", "Confirmed"]);
    expect(callsOf(trial)).toEqual([3, 0]);
  });

  it("does not take a question to the cardholder for an outage, and waits for no answer", () => {
    const policy = { breaker: { failures: 1, openForMillis: 30_000 } };
    const first = inTurn("askCardholder", "askCardholder", "approve");
    const trial = trialStore({ gateways: [first, SECOND], policy });
    const checkout = openCheckout(trial);
    const before = trial.time.now;
    const asked = (key: string) => place(trial, request({ key }), checkout);
    const answer = asked("1");
    expect([answer._tag, statusOf(answer)]).toEqual(["PaymentInDoubt", 202]);
    expect([asked("2")._tag, asked("3")._tag]).toEqual(["PaymentInDoubt", "Confirmed"]);
    expect([callsOf(trial), trial.time.now]).toEqual([[3, 0], before]);
    // They confirm: what was asked is charged, once each.
    expect(trial.gateways[0]?.deliverLate()).toBe(2);
    expect(reconcile(trial)).toEqual({ found: 2, ended: 2, left: 0 });
    expect(findings(trial)).toEqual([]);
  });

  it("leaves the first gateway alone once its breaker is open, and tries it again later", () => {
    const policy = { breaker: { failures: 3, openForMillis: 30_000 } };
    const first = inTurn("networkError", "networkError", "networkError", "approve");
    const trial = trialStore({ gateways: [first, SECOND], policy });
    const checkout = openCheckout(trial);
    const pay = (key: string) => place(trial, request({ key }), checkout)._tag;
    expect(pay("1")).toBe("Confirmed");
    expect(callsOf(trial)).toEqual([3, 1]);
    expect(pay("2")).toBe("Confirmed");
    expect(callsOf(trial)).toEqual([3, 2]);
    trial.time.now += 30_000;
    expect(pay("3")).toBe("Confirmed");
    expect(pay("4")).toBe("Confirmed");
    expect(callsOf(trial)).toEqual([5, 2]);
    expect(findings(trial)).toEqual([]);
  });

  it("refuses at once while no gateway may be asked, and gives the units back", () => {
    const policy = { breaker: { failures: 1, openForMillis: 30_000 }, attemptsPerGateway: 1 };
    const trial = trialStore({ gateways: [inTurn("networkError")], policy });
    const checkout = openCheckout(trial);
    place(trial, request(), checkout);
    const before = trial.time.now;
    const answer = place(trial, request({ key: "key-2" }), checkout);
    expect(answer).toMatchObject({ _tag: "PaymentUnavailable" });
    expect(statusOf(answer)).toBe(503);
    expect(trial.time.now).toBe(before);
    expect(unitsOf(trial)).toEqual({ available: 10, held: 0, sold: 0 });
    expect(findings(trial)).toEqual([]);
  });

  it("asks for no money any more once the hold is over", () => {
    const slow = { ...inTurn("timeOutBeforeCapture"), timeLimitMillis: HOLD_FOR };
    const trial = trialStore({ gateways: [slow, SECOND] });
    expect(place(trial)).toMatchObject({ _tag: "HoldExpired" });
    expect(callsOf(trial)).toEqual([1, 0]);
    sweep(trial);
    expect(unitsOf(trial)).toEqual({ available: 10, held: 0, sold: 0 });
    expect(findings(trial)).toEqual([]);
  });
});

describe("an order whose charge nobody can look up", () => {
  const silent = (calls: number) => ({
    ...inTurn("timeOutAfterCapture"),
    lookUp: (call: number) => (call <= calls ? ("timeOut" as const) : ("answer" as const)),
  });

  it("is in doubt, keeps its key busy, and is confirmed by the reconciliation: charged once", () => {
    const trial = trialStore({ gateways: [silent(2), SECOND] });
    const answer = place(trial);
    expect(answer).toEqual({ _tag: "PaymentInDoubt", order: "order-1" });
    expect(statusOf(answer)).toBe(202);
    expect(place(trial)).toEqual(answer);
    expect(reconcile(trial)).toEqual({ found: 1, ended: 1, left: 0 });
    expect(place(trial)._tag).toBe("Confirmed");
    expect(keptBy(trial)).toEqual([2_500, 0]);
    expect(findings(trial)).toEqual([]);
  });

  it("gets its units although the hold lapsed meanwhile, as long as there are any", () => {
    const trial = trialStore({ units: 1, gateways: [silent(2)] });
    place(trial);
    trial.time.now += HOLD_FOR;
    sweep(trial);
    reconcile(trial);
    expect(place(trial)._tag).toBe("Confirmed");
    expect(unitsOf(trial)).toEqual({ available: 0, held: 0, sold: 1 });
    expect(trial.log.map((event) => event.kind)).toContain("HoldHonoured");
    expect(findings(trial)).toEqual([]);
  });

  it("gets its money back where the units have gone to somebody else", () => {
    const trial = trialStore({ units: 1, gateways: [silent(2)] });
    place(trial);
    trial.time.now += HOLD_FOR;
    sweep(trial);
    const hold = { hold: "bob's", shopper: "bob", lines: [{ sku: "TOASTER", units: 1 }] };
    const until = { now: trial.time.now, expiresAt: trial.time.now + HOLD_FOR };
    trial.stock.stock.hold({ ...hold, ...until });
    reconcile(trial);
    const answer = place(trial);
    expect(answer).toMatchObject({ _tag: "Refunded", total: 2_500 });
    expect(keptBy(trial)).toEqual([0]);
    expect(findings(trial, { quiescent: true, logWhole: false })).toEqual([]);
  });
});

describe("an order that its gateway tells of", () => {
  const settle = (trial: TrialStore, order: string) =>
    makeReconciliation(trial.ports, trial.settings).settle(order);

  it("is ended at once where it was in doubt, and once", () => {
    const lookUp = (call: number) => (call <= 2 ? ("timeOut" as const) : ("answer" as const));
    const trial = trialStore({ gateways: [{ ...inTurn("timeOutAfterCapture"), lookUp }] });
    expect(place(trial)._tag).toBe("PaymentInDoubt");
    expect(answerOf(trial, settle(trial, "order-1"))).toMatchObject({ _tag: "Confirmed" });
    expect(answerOf(trial, settle(trial, "order-1"))).toBeNull();
    expect(answerOf(trial, settle(trial, "order-9"))).toBeNull();
    expect(keptBy(trial)).toEqual([2_500]);
    expect(findings(trial)).toEqual([]);
  });

  it("is left to its request while that is being answered, and never sold twice", () => {
    for (const [at, tag] of [
      [10_000, null],
      [25_000, "Confirmed"],
    ] as const) {
      const slow = { ...inTurn("timeOutAfterCapture"), latencyMillis: 20_000 };
      const trial = trialStore({ gateways: [{ ...slow, timeLimitMillis: 20_000 }] });
      const pay = openCheckout(trial).placeOrder(request());
      const news = Effect.delay(settle(trial, "order-1"), at);
      const both = Effect.all([pay, news], { concurrency: 2 });
      const [answer, settled] = answerOf(trial, both);
      expect(answer._tag).toBe("Confirmed");
      expect(settled?._tag ?? null).toBe(tag);
      expect(keptBy(trial)).toEqual([2_500]);
      expect(unitsOf(trial).sold).toBe(1);
      expect(findings(trial)).toEqual([]);
    }
  });
});

describe("a reconciliation", () => {
  it("leaves an order alone that was touched a moment ago", () => {
    const slow = { ...inTurn("approve"), latencyMillis: 20_000 };
    const trial = trialStore({ gateways: [slow] });
    const round = makeReconciliation(trial.ports, trial.settings).reconcile(60_000);
    const both = Effect.all(
      [openCheckout(trial).placeOrder(request()), Effect.delay(round, 10_000)],
      { concurrency: 2 },
    );
    const [answer, reconciled] = answerOf(trial, both);
    expect(answer._tag).toBe("Confirmed");
    expect(reconciled).toEqual({ found: 0, ended: 0, left: 0 });
    expect(findings(trial)).toEqual([]);
  });

  it("takes an order from a request that is still alive without charging or selling twice", () => {
    const story = (script: ChargeScript, at: number) => {
      const slow = { ...inTurn(script), latencyMillis: 20_000, timeLimitMillis: 20_000 };
      const trial = trialStore({ gateways: [slow, SECOND] });
      const round = makeReconciliation(trial.ports, trial.settings).reconcile(0);
      const intruder = Effect.delay(round, at);
      const both = Effect.all([openCheckout(trial).placeOrder(request()), intruder], {
        concurrency: 2,
      });
      answerOf(trial, both);
      trial.time.now += HOLD_FOR;
      reconcile(trial);
      sweep(trial);
      expect(findings(trial, { quiescent: true, logWhole: false })).toEqual([]);
      const kept = keptBy(trial).reduce((sum, amount) => sum + amount, 0);
      expect(kept).toBe(unitsOf(trial).sold * 2_500);
    };
    for (const script of ["approve", "timeOutAfterCapture", "timeOutBeforeCapture"] as const) {
      for (const at of [1, 19_999, 20_000, 20_001, 40_000, 40_500, 60_000]) story(script, at);
    }
  });

  it("leaves no units behind that a slow request held for an order it had just undone", () => {
    const trial = trialStore();
    const { stock } = trial.ports;
    const slow = {
      ...stock,
      hold: (asked: Parameters<typeof stock.hold>[0]) => Effect.delay(stock.hold(asked), 100),
    };
    const pay = openCheckout(trial, { ...trial.ports, stock: slow }).placeOrder(request());
    const round = makeReconciliation(trial.ports, trial.settings).reconcile(0);
    const both = Effect.all([pay, Effect.delay(round, 50)], { concurrency: 2 });
    const [answer] = answerOf(trial, both);
    expect(answer).toEqual({ _tag: "Interrupted", order: "order-1" });
    expect(place(trial)).toEqual(answer);
    expect(unitsOf(trial)).toEqual({ available: 10, held: 0, sold: 0 });
    expect(callsOf(trial)).toEqual([0]);
    expect(findings(trial)).toEqual([]);
  });

  it("comes past an order that its gateway cannot decide yet to those behind it", () => {
    const first = {
      ...inTurn("timeOutAfterCapture"),
      lookUp: (call: number) => (call <= 4 ? ("undecided" as const) : ("answer" as const)),
    };
    const trial = trialStore({ gateways: [first] });
    for (const shopper of ["ann", "bob", "cay"]) {
      expect(place(trial, request({ shopper }))._tag).toBe("PaymentInDoubt");
    }
    expect(reconcile(trial)).toEqual({ found: 3, ended: 2, left: 1 });
    expect(reconcile(trial)).toEqual({ found: 1, ended: 1, left: 0 });
    expect(keptBy(trial)).toEqual([7_500]);
    expect(findings(trial)).toEqual([]);
  });

  it("comes past a refund that is refused to those behind it", () => {
    const lost = [1, 2, 4, 5];
    const first = {
      ...inTurn("timeOutAfterCapture"),
      lookUp: (call: number) => (lost.includes(call) ? ("timeOut" as const) : ("answer" as const)),
      refund: () => "refuse" as const,
    };
    const trial = trialStore({ units: 1, gateways: [first] });
    place(trial);
    trial.time.now += HOLD_FOR;
    sweep(trial);
    const hold = { hold: "bob's", shopper: "bob", lines: [{ sku: "TOASTER", units: 1 }] };
    const until = { now: trial.time.now, expiresAt: trial.time.now + HOLD_FOR };
    trial.stock.stock.hold({ ...hold, ...until });
    expect(reconcile(trial)).toEqual({ found: 1, ended: 0, left: 1 });
    const items = { lines: [{ sku: KETTLE.sku, units: 1, unitPrice: KETTLE.salePrice }] };
    const kettle = request({ shopper: "cay", items });
    expect(place(trial, kettle)._tag).toBe("PaymentInDoubt");
    expect(reconcile(trial)).toEqual({ found: 2, ended: 1, left: 1 });
    expect(place(trial, kettle)._tag).toBe("Confirmed");
  });

  it("does not wait twice in a round for a gateway that is silent", () => {
    const dead = {
      ...inTurn("timeOutAfterCapture"),
      lookUp: () => "timeOut" as const,
      timeLimitMillis: 80_000,
    };
    const trial = trialStore({ gateways: [dead], policy: { lookUpsPerLostAnswer: 1 } });
    for (const shopper of ["ann", "bob", "cay"]) place(trial, request({ shopper }));
    const before = trial.time.now;
    expect(reconcile(trial)).toEqual({ found: 3, ended: 0, left: 3 });
    expect(trial.time.now - before).toBe(80_000);
  });
});
