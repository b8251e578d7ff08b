/** `rehearse serve`, as it is shipped, where Stripe takes the money: a Stripe of our own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type StripeServer,
  startStripeServer,
} from "../../store/live/stripe/testing/stripe-server.ts";

const BUNDLE = resolve("dist/rehearse.js");
const KEYS = { secretKey: "sk_test_of_ours", publishableKey: "pk_test_of_ours" };

let stripe: StripeServer;
let url = "";
let greeting = "";
let end: () => Promise<unknown>;

beforeAll(async () => {
  stripe = await startStripeServer(KEYS);
  const env = {
    ...process.env,
    STRIPE_SECRET_KEY: KEYS.secretKey,
    STRIPE_PUBLISHABLE_KEY: KEYS.publishableKey,
    STRIPE_API_URL: stripe.origin,
  };
  const child = spawn(process.execPath, [BUNDLE, "serve", "--demo", "--memory", "--port", "0"], {
    env,
  });
  end = async () => {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    await exit;
  };
  for await (const text of child.stdout) {
    greeting += text;
    url = /open at (http:\S+)[\s\S]*Ctrl\+C/.exec(greeting)?.[1] ?? "";
    if (url !== "") break;
  }
});
afterAll(async () => {
  await end();
  stripe.close();
});

async function asked(path: string, token: string, body?: unknown) {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      "idempotency-key": "mine",
      ...(token !== "" && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

describe("rehearse serve with Stripe", () => {
  it("says so, and that no money moves with a test key", () => {
    expect(greeting).toContain("Stripe with a test key: no money moves");
  });

  it("confirms an order once its bank's customer has said yes", async () => {
    const token = (await asked("/api/shoppers", "", {})).body.token ?? "";
    const lines = [{ sku: "lamp-cone", units: 1, unitPrice: 3_700 }];
    const order = { lines, paymentToken: "pm_card_authenticationRequired" };
    const placed = await asked("/api/orders", token, order);
    expect(placed).toMatchObject({ status: 202, body: { status: "payment-in-doubt" } });
    const path = `/api/orders/${placed.body.order}`;
    const waiting = await asked(path, token);
    expect(waiting.body).toMatchObject({ cardholder: { clientSecret: expect.any(String) } });
    const [intent] = stripe.books.intents;
    stripe.books.authenticate(intent?.client_secret ?? "", true);
    const settled = await asked(`${path}/settle`, token, {});
    expect(settled).toMatchObject({ status: 200, body: { status: "confirmed" } });
    const confirmed = await asked(path, token);
    expect(confirmed.body).toMatchObject({ status: "confirmed", total: 3_700 });
    expect(confirmed.body.cardholder).toBeUndefined();
  });
});
