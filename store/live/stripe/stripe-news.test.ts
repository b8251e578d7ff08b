import { Effect } from "effect";
import Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { makeCheckout } from "../../service/checkout.ts";
import { makeReconciliation } from "../../service/reconcile.ts";
import { request, trialStore } from "../../testing/trial-store.ts";
import { stripeGateway } from "./stripe-gateway.ts";
import { stripeNews } from "./stripe-news.ts";
import { StripeWebhook } from "./stripe-webhook.ts";
import { startStripeServer } from "./testing/stripe-server.ts";

const SECRET_KEY = "sk_test_of_ours";
const SIGNING = "whsec_the_one_of_today";
const DAY = 86_400_000;

const open: { close: () => unknown }[] = [];

afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

function delivery(order: string, secret = SIGNING) {
  const payload = JSON.stringify({
    id: `evt_${order}`,
    type: "payment_intent.succeeded",
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    data: { object: { id: "pi_1", metadata: { order, charge_key: `${order}.1` } } },
  });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  return { body: Buffer.from(payload), headers: { "stripe-signature": signature } };
}

const answerTo = <A, E>(program: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(program);

/** The store with one order that was captured at Stripe and is in doubt. */
async function storeInDoubt() {
  const weather = { fine: false };
  const server = await startStripeServer({
    secretKey: SECRET_KEY,
    fault: () => (weather.fine ? null : "dropAfter"),
  });
  const { origin } = server;
  const gateway = stripeGateway({ secretKey: SECRET_KEY, origin, timeLimitMillis: 20_000 });
  open.push(server, gateway);
  const trial = trialStore();
  const now = Date.now();
  const settings = {
    ...trial.settings,
    sale: { earlyAccessAt: now - DAY, publicAt: now - DAY, closesAt: now + DAY },
    payment: { ...trial.settings.payment, backoff: { initialMillis: 1, maxMillis: 1 } },
  };
  const ports = { ...trial.ports, gateways: [gateway] };
  const asked = request({ paymentToken: "pm_card_visa" });
  const answer = await answerTo(makeCheckout(ports, settings).placeOrder(asked));
  expect(answer._tag).toBe("PaymentInDoubt");
  weather.fine = true;
  const { settle } = makeReconciliation(ports, settings);
  const stateOf = () => trial.orders.book.find("order-1")?.state;
  return { server, settle: (order: string) => answerTo(settle(order)), stateOf };
}

const webhookOf = () => new StripeWebhook({ secrets: [SIGNING], live: false });

describe("news of Stripe", () => {
  it("ends an order that was in doubt, with the one capture that there is", async () => {
    const { server, settle, stateOf } = await storeInDoubt();
    const told: string[] = [];
    const handle = stripeNews({
      webhook: webhookOf(),
      settle,
      onNews: ({ news }) => told.push(news),
    });
    expect(await handle(delivery("order-1"))).toEqual({ _tag: "Taken" });
    expect(stateOf()).toBe("confirmed");
    expect(await handle(delivery("order-1"))).toEqual({ _tag: "Taken" });
    expect(told).toEqual(["captured"]);
    const captured = server.books.intents.filter(({ status }) => status === "succeeded");
    expect(captured).toHaveLength(1);
  });

  it("of somebody else, or of no order of ours, changes nothing", async () => {
    const { settle, stateOf } = await storeInDoubt();
    const handle = stripeNews({ webhook: webhookOf(), settle });
    const forged = await handle(delivery("order-1", "whsec_of_somebody_else"));
    expect(forged).toEqual({ _tag: "Refused" });
    const unsigned = await handle({ ...delivery("order-1"), headers: {} });
    expect(unsigned).toEqual({ _tag: "Refused" });
    expect(await handle(delivery("order-9"))).toEqual({ _tag: "Taken" });
    expect(stateOf()).toBe("inDoubt");
  });

  it("that the store could not act on is taken when it comes again", async () => {
    const { settle, stateOf } = await storeInDoubt();
    let down = true;
    const handle = stripeNews({
      webhook: webhookOf(),
      settle: (order) => (down ? Promise.reject(new Error("the ledger is down")) : settle(order)),
    });
    await expect(handle(delivery("order-1"))).rejects.toThrow("the ledger is down");
    down = false;
    expect(await handle(delivery("order-1"))).toEqual({ _tag: "Taken" });
    expect(stateOf()).toBe("confirmed");
  });
});
