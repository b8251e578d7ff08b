/** Charges whose bank asks the cardholder first, as far as the gateway has to do with them. */
import { Effect } from "effect";
import { afterEach, describe, expect, it } from "vitest";
import { type StripeGateway, stripeGateway } from "./stripe-gateway.ts";
import { type StripeServer, startStripeServer } from "./testing/stripe-server.ts";

const secretKey = "sk_test_of_ours";
const MINUTE = 60_000;
const REQUEST = {
  key: "order-1.1",
  order: "order-1",
  amount: 2_500,
  currency: "USD",
  paymentToken: "pm_card_authenticationRequired",
};

const open: { close: () => unknown }[] = [];
afterEach(() => {
  for (const each of open.splice(0).reverse()) each.close();
});

async function stripeServer(): Promise<StripeServer> {
  const server = await startStripeServer({ secretKey });
  open.push(server);
  return server;
}

function gatewayTo({ origin }: StripeServer, now = Date.now): StripeGateway {
  const timeLimitMillis = 20_000;
  const gateway = stripeGateway({ secretKey, origin, timeLimitMillis, asksCardholder: true, now });
  open.push(gateway);
  return gateway;
}

const answerTo = <Answer>(effect: Effect.Effect<Answer>) => Effect.runPromise(effect);
const statuses = ({ books }: StripeServer) => books.intents.map(({ status }) => status);

describe("a charge whose bank asks the cardholder", () => {
  it("is undecided until they have answered, and is then what they said", async () => {
    for (const confirmed of [true, false]) {
      const server = await stripeServer();
      const gateway = gatewayTo(server);
      expect(await answerTo(gateway.charge(REQUEST))).toEqual({ _tag: "Undecided" });
      expect(await answerTo(gateway.lookUp(REQUEST.key))).toEqual({ _tag: "Undecided" });
      const secret = await gateway.cardholderSecret(REQUEST.key);
      expect(secret).toBe("pi_1_secret_pi_1");
      server.books.authenticate(secret ?? "", confirmed);
      expect(await answerTo(gateway.lookUp(REQUEST.key))).toMatchObject(
        confirmed ? { _tag: "Approved", reference: "pi_1" } : { _tag: "Declined", kind: "soft" },
      );
    }
  });

  it("can be asked about by a store that restarted, once Stripe has it in its index", async () => {
    const server = await stripeServer();
    server.books.indexes = false;
    await answerTo(gatewayTo(server).charge(REQUEST));
    const restarted = gatewayTo(server);
    expect(await restarted.cardholderSecret(REQUEST.key)).toBeNull();
    server.books.index();
    expect(await restarted.cardholderSecret(REQUEST.key)).toBe("pi_1_secret_pi_1");
    expect(await restarted.cardholderSecret("order-2.1")).toBeNull();
  });

  it("is cancelled at Stripe after ten minutes, before the store calls it declined", async () => {
    const server = await stripeServer();
    let later = 0;
    const gateway = gatewayTo(server, () => Date.now() + later);
    await answerTo(gateway.charge(REQUEST));
    later = 9 * MINUTE;
    expect(await answerTo(gateway.lookUp(REQUEST.key))).toEqual({ _tag: "Undecided" });
    later = 11 * MINUTE;
    expect(await answerTo(gateway.lookUp(REQUEST.key))).toMatchObject({ _tag: "Declined" });
    expect(statuses(server)).toEqual(["canceled"]);
    // Whoever comes to the question now finds it gone.
    expect(() => server.books.authenticate("pi_1_secret_pi_1", true)).toThrow();
  });
});
