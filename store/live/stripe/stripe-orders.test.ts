/**
 * Orders of the real store paid at a Stripe that loses, refuses and forgets what it is asked, as a
 * seed draws it. When Stripe is well again and the store has reconciled, every confirmed order was
 * captured once and every other keeps nothing: by the store's ledger and by Stripe's own books.
 */
import { Effect } from "effect";
import seedrandom from "seedrandom";
import { afterEach, describe, expect, it } from "vitest";
import { auditOrders } from "../../core/order-audit.ts";
import { auditPayments, type GatewayCharge } from "../../core/payment-audit.ts";
import { makeCheckout } from "../../service/checkout.ts";
import { makeReconciliation } from "../../service/reconcile.ts";
import { request, trialStore } from "../../testing/trial-store.ts";
import { stripeGateway } from "./stripe-gateway.ts";
import type { Intent } from "./testing/stripe-books.ts";
import { type StripeFault, type StripeServer, startStripeServer } from "./testing/stripe-server.ts";

const SECRET_KEY = "sk_test_of_ours";
const DAY = 86_400_000;
const ORDERS = 40;
const FAULT_SHARE = 0.4;
const FAULTS: readonly StripeFault[] = [
  "dropBefore",
  "dropAfter",
  "failBefore",
  "failAfter",
  "rateLimit",
];
const CARDS = ["pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined"];

const open: { close: () => unknown }[] = [];

afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

interface Weather {
  fine: boolean;
}

async function stormyStripe(seed: string, weather: Weather): Promise<StripeServer> {
  const draw = seedrandom(seed);
  const server = await startStripeServer({
    secretKey: SECRET_KEY,
    fault: () => {
      const struck = draw() < FAULT_SHARE;
      const fault = FAULTS[Math.floor(draw() * FAULTS.length)] ?? null;
      return struck && !weather.fine ? fault : null;
    },
  });
  open.push(server);
  return server;
}

function gatewayTo({ origin }: StripeServer, now: () => number = Date.now) {
  const gateway = stripeGateway({ secretKey: SECRET_KEY, origin, timeLimitMillis: 20_000, now });
  open.push(gateway);
  return gateway;
}

const answerTo = <A, E>(program: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(program);

const chargeOf = ({ metadata, status, amount, refunded }: Intent): GatewayCharge => ({
  gateway: "stripe",
  key: metadata.charge_key ?? "",
  order: metadata.order ?? "",
  captured: status === "succeeded" ? amount : 0,
  refunded,
});

describe("orders paid at a Stripe in bad weather", () => {
  for (const seed of ["weather/1", "weather/2", "weather/3"]) {
    it(`end with one capture or none: ${seed}`, async () => {
      const weather = { fine: false };
      const server = await stormyStripe(seed, weather);
      server.books.indexes = false;
      const trial = trialStore({ units: 1_000 });
      const now = Date.now();
      const settings = {
        ...trial.settings,
        sale: { earlyAccessAt: now - DAY, publicAt: now - DAY, closesAt: now + DAY },
        payment: {
          ...trial.settings.payment,
          backoff: { initialMillis: 1, maxMillis: 1 },
          breaker: { failures: 1_000, openForMillis: 1 },
        },
      };
      const portsOver = (gateway: ReturnType<typeof gatewayTo>) => ({
        ...trial.ports,
        gateways: [gateway],
      });
      const { placeOrder } = makeCheckout(portsOver(gatewayTo(server)), settings);
      const answers = await Promise.all(
        Array.from({ length: ORDERS }, (_, index) => {
          const paymentToken = CARDS[index % CARDS.length] ?? "";
          return answerTo(placeOrder(request({ shopper: `shopper-${index}`, paymentToken })));
        }),
      );
      // The store has restarted: what it remembered of its charges is gone.
      let later = 0;
      const restarted = gatewayTo(server, () => Date.now() + later);
      const { reconcile } = makeReconciliation(portsOver(restarted), settings);
      await answerTo(reconcile(0));
      weather.fine = true;
      server.books.index();
      while ((await answerTo(reconcile(0))).ended > 0) later += 1;
      later = 3 * 3_600_000;
      while ((await answerTo(reconcile(0))).ended > 0) later += 1;
      expect(trial.orders.book.unfinishedSize).toBe(0);

      const orders = trial.orders.book.snapshot();
      const { holds, levels } = trial.stock.stock.snapshot();
      const charges = server.books.intents.map(chargeOf).filter(({ captured }) => captured > 0);
      expect([
        ...auditOrders({ orders, holds, levels, acknowledged: [], quiescent: true }),
        ...auditPayments({ orders, charges, quiescent: true }),
      ]).toEqual([]);
      const confirmed = orders.orders.filter(({ state }) => state === "confirmed");
      expect(confirmed).toHaveLength(charges.length);
      expect(confirmed.length).toBeGreaterThan(ORDERS / 4);
      expect(answers.filter(({ _tag }) => _tag === "PaymentInDoubt").length).toBeGreaterThan(0);
    });
  }
});
