import { Effect, Layer } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { type ChargeRequest, PaymentGateways } from "../../ports/payment-gateway.ts";
import { paymentGatewayContract } from "../../testing/payment-gateway.contract.ts";
import { amountAtStripe } from "./stripe-answers.ts";
import { type StripeGateway, type StripeGatewayOptions, stripeGateway } from "./stripe-gateway.ts";
import type { Intent } from "./testing/stripe-books.ts";
import {
  type StripeFault,
  type StripeServer,
  type StripeServerOptions,
  startStripeServer,
} from "./testing/stripe-server.ts";

const SECRET_KEY = "sk_test_of_ours";
/** Long where an answer is expected, so that a busy machine fails no test. */
const PATIENT = 20_000;
const IMPATIENT = 1_000;
const CREATE = "POST /v1/payment_intents";

const open: { close: () => unknown }[] = [];

afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

async function serverWith(options: Partial<StripeServerOptions> = {}): Promise<StripeServer> {
  const server = await startStripeServer({ secretKey: SECRET_KEY, ...options });
  open.push(server);
  return server;
}

function gatewayTo(
  { origin }: StripeServer,
  options: Partial<StripeGatewayOptions> = {},
): StripeGateway {
  const timeLimitMillis = PATIENT;
  const gateway = stripeGateway({ secretKey: SECRET_KEY, origin, timeLimitMillis, ...options });
  open.push(gateway);
  return gateway;
}

/** The fault meets the first request for a charge and no other. */
const firstCharge =
  (fault: StripeFault) =>
  (request: string, count: number): StripeFault | null =>
    request === CREATE && count === 1 ? fault : null;

const request = (over: Partial<ChargeRequest> = {}): ChargeRequest => ({
  key: "order-1.1",
  order: "order-1",
  amount: 2_500,
  currency: "USD",
  paymentToken: "pm_card_visa",
  ...over,
});

const answerTo = <Answer>(effect: Effect.Effect<Answer>) => Effect.runPromise(effect);

const captured = ({ books }: StripeServer) =>
  books.intents.filter(({ status }: Intent) => status === "succeeded");

const running = Effect.acquireRelease(
  Effect.promise(async () => {
    const server = await startStripeServer({ secretKey: SECRET_KEY });
    const gateway = stripeGateway({
      secretKey: SECRET_KEY,
      origin: server.origin,
      timeLimitMillis: PATIENT,
      paymentMethodOf: () => "pm_card_visa",
    });
    return { server, gateway };
  }),
  ({ server, gateway }) =>
    Effect.sync(() => {
      gateway.close();
      server.close();
    }),
);

paymentGatewayContract(
  "stripe",
  Layer.scoped(
    PaymentGateways,
    Effect.map(running, ({ gateway }) => ({ gateways: [gateway] })),
  ),
);

describe("a charge at Stripe", () => {
  it("is one intent, captured at once, that names its order", async () => {
    const server = await serverWith();
    const answer = await answerTo(gatewayTo(server).charge(request()));
    expect(answer).toEqual({ _tag: "Approved", reference: "pi_1" });
    expect(server.books.intents).toMatchObject([
      { amount: 2_500, currency: "usd", metadata: { order: "order-1", charge_key: "order-1.1" } },
    ]);
  });

  it("is declined for now or for good, as the decline code says", async () => {
    const server = await serverWith();
    const gateway = gatewayTo(server);
    const cases: [string, string, string][] = [
      ["pm_card_chargeDeclined", "soft", "generic_decline"],
      ["pm_card_chargeDeclinedInsufficientFunds", "soft", "insufficient_funds"],
      ["pm_card_chargeDeclinedStolenCard", "hard", "stolen_card"],
      ["pm_card_authenticationRequired", "soft", "authentication_required"],
      ["pm_unknown", "hard", "resource_missing"],
    ];
    for (const [paymentToken, kind, reason] of cases) {
      const answer = await answerTo(gateway.charge(request({ key: paymentToken, paymentToken })));
      expect(answer).toEqual({ _tag: "Declined", kind, reason });
    }
    expect(captured(server)).toEqual([]);
  });

  it("has not reached Stripe where it was turned away, or nobody was there", async () => {
    const server = await serverWith({ fault: firstCharge("rateLimit") });
    const limited = await answerTo(gatewayTo(server).charge(request()));
    expect(limited).toEqual({ _tag: "NetworkError", reason: "Stripe answers 429" });
    const stranger = gatewayTo(server, { secretKey: "sk_test_of_others" });
    expect(await answerTo(stranger.charge(request()))).toMatchObject({ _tag: "NetworkError" });
    expect(await stranger.check()).toContain("401");
    server.close();
    expect(await answerTo(gatewayTo(server).charge(request()))).toEqual({
      _tag: "NetworkError",
      reason: "ECONNREFUSED",
    });
  });

  it("waits while another request under its key is executed", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await serverWith({ execution: () => held });
    const first = answerTo(gatewayTo(server).charge(request()));
    const second = answerTo(gatewayTo(server).charge(request()));
    while (server.requests.length < 4) await new Promise((resolve) => setImmediate(resolve));
    release();
    expect(await second).toEqual(await first);
    expect(captured(server)).toHaveLength(1);
  });

  it("counts as Stripe counts, and is refused where Stripe cannot count it", async () => {
    expect(amountAtStripe(2_500, "USD")).toBe(2_500);
    expect(amountAtStripe(2_500, "JPY")).toBe(2_500);
    expect(amountAtStripe(2_500, "ISK")).toBe(250_000);
    expect(amountAtStripe(2_500, "MGA")).toBe(25);
    expect(amountAtStripe(2_501, "MGA")).toBeNull();
    expect(amountAtStripe(2_500, "KWD")).toBe(2_500);
    const server = await serverWith();
    const answer = await answerTo(
      gatewayTo(server).charge(request({ amount: 2_501, currency: "KWD" })),
    );
    expect(answer).toMatchObject({ _tag: "Declined", kind: "hard" });
    expect(server.requests).toEqual([]);
  });
});

describe("a lost answer of Stripe", () => {
  const LOST: readonly StripeFault[] = ["dropBefore", "dropAfter", "silence"];

  for (const fault of LOST) {
    for (const restarted of [false, true]) {
      const who = restarted ? "a store that restarted" : "the store";
      it(`is settled by ${who}: ${fault}`, async () => {
        const server = await serverWith({ fault: firstCharge(fault) });
        const impatient = gatewayTo(server, { timeLimitMillis: IMPATIENT });
        expect(await answerTo(impatient.charge(request()))).toEqual({ _tag: "TimedOut" });
        const gateway = restarted ? gatewayTo(server) : impatient;
        const found = await answerTo(gateway.lookUp("order-1.1"));
        expect(found._tag).toBe(fault === "dropBefore" ? "Absent" : "Approved");
        expect(captured(server)).toHaveLength(fault === "dropBefore" ? 0 : 1);
      });
    }
  }

  it("of a decline is found again, from Stripe's memory or from its index", async () => {
    const server = await serverWith({ fault: firstCharge("dropAfter") });
    const gateway = gatewayTo(server);
    const paymentToken = "pm_card_chargeDeclinedStolenCard";
    expect(await answerTo(gateway.charge(request({ paymentToken })))).toEqual({ _tag: "TimedOut" });
    const declined = { _tag: "Declined", kind: "hard", reason: "stolen_card" };
    expect(await answerTo(gateway.lookUp("order-1.1"))).toEqual(declined);
    expect(await answerTo(gatewayTo(server).lookUp("order-1.1"))).toEqual(declined);
  });

  it("stays in doubt, and never absent, while the index lags behind a restart", async () => {
    const server = await serverWith({ fault: firstCharge("dropAfter") });
    server.books.indexes = false;
    await answerTo(gatewayTo(server).charge(request()));
    const restarted = gatewayTo(server);
    expect(await answerTo(restarted.lookUp("order-1.1"))).toEqual({ _tag: "Undecided" });
    server.books.index();
    expect((await answerTo(restarted.lookUp("order-1.1")))._tag).toBe("Approved");
  });

  it("behind an error 500 is found by what Stripe did, not by what it said", async () => {
    const server = await serverWith({ fault: firstCharge("failAfter") });
    const gateway = gatewayTo(server);
    expect(await answerTo(gateway.charge(request()))).toEqual({ _tag: "TimedOut" });
    expect((await answerTo(gateway.lookUp("order-1.1")))._tag).toBe("Approved");
  });

  it("of which nothing came stays in doubt until the index must know of it", async () => {
    const server = await serverWith({ fault: firstCharge("failBefore") });
    let now = 1_700_000_000_000;
    const gateway = gatewayTo(server, { now: () => now });
    expect(await answerTo(gateway.charge(request()))).toEqual({ _tag: "TimedOut" });
    expect(await answerTo(gateway.lookUp("order-1.1"))).toEqual({ _tag: "Undecided" });
    now += 3_600_000;
    expect(await answerTo(gateway.lookUp("order-1.1"))).toEqual({ _tag: "Undecided" });
    now += 3_600_000;
    expect(await answerTo(gateway.lookUp("order-1.1"))).toEqual({ _tag: "Absent" });
    expect(captured(server)).toEqual([]);
  });

  it("is found by the index where Stripe has forgotten the key", async () => {
    const server = await serverWith({ fault: firstCharge("dropAfter") });
    let now = 1_700_000_000_000;
    const gateway = gatewayTo(server, { now: () => now });
    await answerTo(gateway.charge(request()));
    server.keys.forget();
    now += 25 * 3_600_000;
    expect((await answerTo(gateway.lookUp("order-1.1")))._tag).toBe("Approved");
    expect(captured(server)).toHaveLength(1);
  });

  it("of a charge that arrives after the look-up captures nothing, on any node", async () => {
    const server = await serverWith();
    expect(await answerTo(gatewayTo(server).lookUp("order-1.1"))).toEqual({ _tag: "Absent" });
    const late = await answerTo(gatewayTo(server).charge(request()));
    expect(late).toEqual({ _tag: "Declined", kind: "hard", reason: "the key is closed" });
    expect(await answerTo(gatewayTo(server).lookUp("order-1.1"))).toEqual({ _tag: "Absent" });
    expect(captured(server)).toEqual([]);
  });

  it("is settled although the look-up itself met an error that Stripe keeps", async () => {
    const server = await serverWith({ fault: firstCharge("failBefore") });
    const gateway = gatewayTo(server);
    expect(await answerTo(gateway.lookUp("order-1.1"))).toEqual({ _tag: "TimedOut" });
    expect(await answerTo(gateway.lookUp("order-1.1"))).toEqual({ _tag: "Absent" });
    expect((await answerTo(gateway.charge(request())))._tag).toBe("Declined");
    expect(captured(server)).toEqual([]);
  });

  it("cannot be looked up while Stripe is away", async () => {
    const server = await serverWith();
    server.close();
    expect((await answerTo(gatewayTo(server).lookUp("k")))._tag).toBe("NetworkError");
  });
});

describe("a refund at Stripe", () => {
  const refund = { key: "order-1.refund", reference: "pi_1", amount: 2_500, currency: "USD" };

  it("is made once, also where Stripe has forgotten its key", async () => {
    const server = await serverWith();
    const gateway = gatewayTo(server);
    await answerTo(gateway.charge(request()));
    const first = await answerTo(gateway.refund(refund));
    expect(first).toEqual({ _tag: "Refunded", reference: "re_1" });
    server.keys.forget();
    expect(await answerTo(gateway.refund(refund))).toEqual(first);
    const other = await answerTo(gateway.refund({ ...refund, key: "another" }));
    expect(other).toEqual({ _tag: "RefundRefused", reason: "charge_already_refunded" });
    expect(server.books.intents[0]?.refunded).toBe(2_500);
  });

  it("is made once where Stripe keeps an error under its key, made or not", async () => {
    for (const fault of ["failBefore", "failAfter"] as const) {
      const failing = (asked: string, count: number) =>
        asked === "POST /v1/refunds" && count === 1 ? fault : null;
      const server = await serverWith({ fault: failing });
      const gateway = gatewayTo(server);
      await answerTo(gateway.charge(request()));
      expect(await answerTo(gateway.refund(refund))).toEqual({ _tag: "TimedOut" });
      const made = await answerTo(gateway.refund(refund));
      expect(made).toEqual({ _tag: "Refunded", reference: "re_1" });
      expect(await answerTo(gateway.refund(refund))).toEqual(made);
      expect(server.books.intents[0]?.refunded).toBe(2_500);
    }
  });

  it("that was not answered is asked for again and made once", async () => {
    const lost = (asked: string, count: number) =>
      // Over a kept connection a request is tried twice before its answer counts as lost.
      asked === "POST /v1/refunds" && count <= 2 ? "dropAfter" : null;
    const server = await serverWith({ fault: lost });
    const gateway = gatewayTo(server);
    await answerTo(gateway.charge(request()));
    expect(await answerTo(gateway.refund(refund))).toEqual({ _tag: "TimedOut" });
    expect(await answerTo(gateway.refund(refund))).toMatchObject({ _tag: "Refunded" });
    expect(server.books.intents[0]?.refunded).toBe(2_500);
  });
});
