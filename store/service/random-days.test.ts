import { Exit } from "effect";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlaceOrderAnswer, PlaceOrderRequest } from "../core/checkout.ts";
import type { CallScript, ChargeScript } from "../memory/scripted-gateway.ts";
import { type Fault, FaultyPorts } from "../testing/faulty-ports.ts";
import { codeNumbered, offerOf } from "../testing/offers.ts";
import {
  acknowledge,
  answerOf,
  findings,
  HOLD_FOR,
  KETTLE,
  openCheckout,
  reconcile,
  request,
  sweep,
  TOASTER,
  type TrialStore,
  trialStore,
  unitsOf,
} from "../testing/trial-store.ts";

const FOREVER = 1_000 * HOLD_FOR;
/** Money enough for two orders with a kettle, or for one more without. */
const BUDGET = { codes: 3, redemptions: 2, money: 900 };
const OFFERS = [
  offerOf("stay", { budget: BUDGET, validForMillis: FOREVER, stacks: true }),
  offerOf("more", { budget: BUDGET, validForMillis: FOREVER, stacks: true }),
];
/** One code, two that stack, and one that is another's. */
const CODES: ReadonlyMap<string, readonly string[]> = new Map([
  ["s1", [codeNumbered(1)]],
  ["s2", [codeNumbered(2), codeNumbered(3)]],
  ["s3", [codeNumbered(1)]],
]);

/** One thing that happens on a random day in the store. */
type Happening =
  | {
      readonly what: "order";
      readonly shopper: number;
      readonly key: number;
      readonly kettles: number;
    }
  | { readonly what: "hold"; readonly shopper: number }
  | { readonly what: "pay"; readonly shopper: number; readonly key: number }
  | { readonly what: "wait"; readonly millis: number }
  /** Every hold lapses, and its units go back on sale. */
  | { readonly what: "lapse" }
  | { readonly what: "sweep" }
  | { readonly what: "reconcile"; readonly quiet: boolean }
  | { readonly what: "restart" }
  | { readonly what: "fault"; readonly fault: Fault };

const CHARGES: readonly ChargeScript[] = [
  "approve",
  "approve",
  "declineSoft",
  "networkError",
  "timeOutBeforeCapture",
  "timeOutAfterCapture",
  "timeOutAfterCapture",
  "arriveLate",
];
const CALLS: readonly CallScript[] = ["answer", "answer", "answer", "networkError", "timeOut"];

const shopper = fc.integer({ min: 0, max: 3 });
const key = fc.integer({ min: 0, max: 2 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant("order" as const),
      shopper,
      key,
      kettles: fc.integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("hold" as const), shopper }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("pay" as const), shopper, key }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("wait" as const),
      millis: fc.integer({ min: 0, max: HOLD_FOR }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ what: "lapse" } as const) },
  { weight: 1, arbitrary: fc.constant({ what: "sweep" } as const) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("reconcile" as const), quiet: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ what: "restart" } as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("fault" as const),
      fault: fc.record<Fault>({
        call: fc.integer({ min: 1, max: 25 }),
        side: fc.constantFrom("before", "after"),
        kind: fc.constantFrom("crash", "interrupt", "unavailable"),
      }),
    }),
  },
);

const day = fc.record({
  happenings: fc.array(happening, { minLength: 1, maxLength: 30 }),
  charges: fc.array(fc.constantFrom(...CHARGES), { minLength: 1, maxLength: 12 }),
  /** Look-ups and refunds; on a third of the days nobody answers one until the day is over. */
  calls: fc.oneof(
    { weight: 2, arbitrary: fc.array(fc.constantFrom(...CALLS), { minLength: 1, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constant<readonly CallScript[]>(["timeOut"]) },
  ),
  limit: fc.constantFrom(null, 2),
  units: fc.integer({ min: 1, max: 4 }),
});

class Day {
  readonly trial: TrialStore;
  private checkout;
  private readonly holds = new Map<string, string>();
  private readonly told = new Map<string, { asked: PlaceOrderRequest; answer: PlaceOrderAnswer }>();
  private nextFault: Fault | null = null;
  private lines = true;
  private healed = false;

  constructor(of: {
    readonly charges: readonly ChargeScript[];
    readonly calls: readonly CallScript[];
    readonly limit: number | null;
    readonly units: number;
  }) {
    const charge = (call: number) => of.charges[call % of.charges.length] ?? "approve";
    const other = (call: number): CallScript =>
      this.healed ? "answer" : (of.calls[call % of.calls.length] ?? "answer");
    const first = { name: "first", charge, lookUp: other, refund: other, latencyMillis: 700 };
    const second = { ...first, name: "second", timeLimitMillis: 80_000 };
    const policy = { attemptsPerGateway: 2, breaker: { failures: 4, openForMillis: 60_000 } };
    const { units, limit: limitPerShopper } = of;
    const gateways = [first, second];
    this.trial = trialStore({ units, limitPerShopper, policy, gateways, offers: OFFERS });
    const { book } = this.trial.promotions;
    const { now } = this.trial.time;
    const give = (offer: string, shopper: string, code: string) => {
      book.issue({ offer, shopper, code, now });
      const at = { at: now, code, offer, shopper, expiresAt: now + FOREVER };
      answerOf(this.trial, this.trial.ports.saleLog.append({ kind: "OfferMade", ...at }));
    };
    give("stay", "s1", codeNumbered(1));
    give("stay", "s2", codeNumbered(2));
    give("more", "s2", codeNumbered(3));
    this.checkout = openCheckout(this.trial);
  }

  /** False once a fault may have kept a line from the log. */
  get logWhole(): boolean {
    return this.lines;
  }

  happen(event: Happening): void {
    switch (event.what) {
      case "order":
        this.order(`s${event.shopper}`, event.key, event.kettles);
        return;
      case "hold":
        this.hold(`s${event.shopper}`);
        return;
      case "pay":
        this.pay(`s${event.shopper}`, event.key);
        return;
      case "wait":
        this.trial.time.now += event.millis;
        return;
      case "lapse":
        this.trial.time.now += HOLD_FOR;
        sweep(this.trial);
        return;
      case "sweep":
        sweep(this.trial);
        return;
      case "reconcile":
        reconcile(this.trial, event.quiet ? HOLD_FOR : 0);
        return;
      case "restart":
        this.checkout = openCheckout(this.trial);
        return;
      case "fault":
        this.nextFault = event.fault;
    }
  }

  private order(shopper: string, key: number, kettles: number): void {
    const toaster = { sku: TOASTER.sku, units: 1, unitPrice: TOASTER.salePrice };
    const kettle = { sku: KETTLE.sku, units: kettles, unitPrice: KETTLE.salePrice };
    const lines = kettles === 0 ? [toaster] : [kettle, toaster];
    const codes = CODES.get(shopper) ?? [];
    this.place(request({ shopper, key: `k${key}`, items: { lines }, codes }));
  }

  private hold(shopper: string): void {
    const answer = answerOf(this.trial, this.checkout.startCheckout(request({ shopper })));
    if (answer._tag === "CheckoutStarted") this.holds.set(shopper, answer.hold);
  }

  private pay(shopper: string, key: number): void {
    const hold = this.holds.get(shopper);
    if (hold !== undefined) this.place(request({ shopper, key: `h${key}`, hold }));
  }

  private place(asked: PlaceOrderRequest): void {
    const fault = this.nextFault;
    this.nextFault = null;
    const faulty = new FaultyPorts(this.trial.ports, fault);
    const checkout = fault === null ? this.checkout : openCheckout(this.trial, faulty.ports);
    const exit = this.trial.time.run(checkout.placeOrder(asked));
    if (fault !== null && faulty.calls >= fault.call) this.lines = false;
    if (Exit.isSuccess(exit)) this.heard(asked, exit.value);
    else expect(fault, String(exit.cause)).not.toBeNull();
  }

  /** The same request never hears two different final answers. */
  private heard(asked: PlaceOrderRequest, answer: PlaceOrderAnswer): void {
    acknowledge(this.trial, asked, answer);
    const name = JSON.stringify([asked.shopper, asked.key, asked.items, asked.hold ?? null]);
    const before = this.told.get(name);
    const acknowledged = this.trial.acknowledged.at(-1)?.answer === answer;
    if (before !== undefined) expect(answer).toEqual(before.answer);
    else if (acknowledged) this.told.set(name, { asked, answer });
  }

  /** After the last fault gateways can be asked again, everything comes to rest, and stays as it was told. */
  rest(): void {
    this.nextFault = null;
    this.healed = true;
    for (let round = 0; round < 4; round += 1) {
      this.trial.time.now += HOLD_FOR;
      reconcile(this.trial);
      for (const gateway of this.trial.gateways) gateway.deliverLate();
      sweep(this.trial);
    }
    for (const { asked } of [...this.told.values()]) this.place(asked);
  }
}

describe("any day in the store", () => {
  it("oversells nothing, charges nobody twice and loses no order, whatever happens in it", () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(day, ({ happenings, ...of }) => {
        const a = new Day(of);
        for (const event of happenings) {
          a.happen(event);
          expect(findings(a.trial, { quiescent: false, logWhole: a.logWhole })).toEqual([]);
        }
        a.rest();
        expect(findings(a.trial, { quiescent: true, logWhole: a.logWhole })).toEqual([]);
        for (const { sku } of [TOASTER, KETTLE]) expect(unitsOf(a.trial, sku).held).toBe(0);
        for (const order of a.trial.orders.book.snapshot().orders) {
          ends.set(order.state, (ends.get(order.state) ?? 0) + 1);
        }
      }),
      { seed: 20111125, numRuns: 200 },
    );
    const reached = [...ends.keys()].sort();
    expect(reached).toEqual(["cancelled", "confirmed", "declined", "expired", "refunded"]);
  });
});
