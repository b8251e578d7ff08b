/** The checkout where Stripe takes the money, in a real browser and with a Stripe of our own. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { describeWithServer } from "../../testing/real-servers.ts";
import { stripeForm } from "../payments.ts";
import { stripeGateway } from "../stripe/stripe-gateway.ts";
import { type StripeServer, startStripeServer } from "../stripe/testing/stripe-server.ts";
import {
  barriersOn,
  type TrialBrowser,
  type TrialPage,
  trialBrowser,
} from "../testing/trial-browser.ts";
import { toCheckout } from "../testing/trial-buyer.ts";
import { trialSetup } from "../testing/trial-server.ts";
import { type TrialShop, trialShop } from "../testing/trial-shop.ts";
import type { CardForm } from "./card-form.ts";

const secretKey = "sk_test_of_ours";
const publishableKey = "pk_test_of_ours";
const VISA = "4242424242424242";
/** Its bank asks whoever pays with it. */
const ASKING = "4000002500003155";
const PRICE_PAID = 2_500;

await describeWithServer("chromium", "the checkout with Stripe", ({ url: program }) => {
  let browser: TrialBrowser;
  let stripe: StripeServer;
  /** By how much the gateway's clock is ahead, milliseconds. */
  let later = 0;
  const open: (() => unknown)[] = [];

  beforeAll(async () => {
    browser = await trialBrowser(program);
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function openShop(card?: CardForm): Promise<TrialShop> {
    later = 0;
    stripe = await startStripeServer({ secretKey, publishableKey });
    const { origin } = stripe;
    const gateway = stripeGateway({
      secretKey,
      origin,
      timeLimitMillis: 20_000,
      asksCardholder: true,
      now: () => Date.now() + later,
    });
    const { cardholderSecret: cardholder } = gateway;
    const given = stripeForm({
      STRIPE_PUBLISHABLE_KEY: publishableKey,
      STRIPE_JS_URL: `${origin}/v3/`,
      STRIPE_API_URL: origin,
    });
    open.push(stripe.close, gateway.close);
    const shop = await trialShop({
      setup: trialSetup(),
      payments: { gateway, cardholder, card: card ?? given },
    });
    open.push(shop.close);
    return shop;
  }

  async function visit(javaScriptEnabled = true): Promise<TrialPage> {
    const visitor = await browser.visit({ javaScriptEnabled });
    open.push(() => visitor.context.close());
    return visitor;
  }

  it("takes the card in Stripe's own frame, and the shop is told no number", async () => {
    const shop = await openShop();
    const { page, complaints } = await visit();
    const bodies: string[] = [];
    page.on("request", (request) => {
      if (request.url().startsWith(shop.origin)) bodies.push(request.postData() ?? "");
    });
    await toCheckout(page, shop);
    expect(await page.getByLabel("Test card").count()).toBe(0);
    await payWith(page, VISA);
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(stripe.books.intents).toMatchObject([{ status: "succeeded", amount: PRICE_PAID }]);
    expect(bodies.some((body) => body.includes("pm_card_visa"))).toBe(true);
    expect(bodies.filter((body) => body.includes(VISA))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("says what is wrong with a card, and pays with another on the same page", async () => {
    const shop = await openShop();
    const { page } = await visit();
    await toCheckout(page, shop);
    await payWith(page, "1234");
    await page.getByRole("alert").getByText("Your card number is invalid.").waitFor();
    expect(stripe.books.intents).toEqual([]);
    await payWith(page, VISA);
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(stripe.books.intents).toHaveLength(1);
  });

  it.each([
    { answer: "Yes, it was", heading: "Thank you, it is yours", status: "succeeded" },
    { answer: "No", heading: "This was not bought", status: "requires_payment_method" },
  ])("puts the bank's question to its customer, who says: $answer", async (asked) => {
    const shop = await openShop();
    const { page, complaints } = await visit();
    await toCheckout(page, shop);
    await payWith(page, ASKING);
    await page.getByRole("heading", { name: "Your bank asks whether it is you" }).waitFor();
    const bank = page.frameLocator('iframe[title="Your bank"]');
    await bank.getByRole("button", { name: asked.answer }).click();
    await page.getByRole("heading", { name: asked.heading }).waitFor();
    expect(stripe.books.intents).toMatchObject([{ status: asked.status }]);
    expect(complaints).toEqual([]);
  });

  it("waits ten minutes for the bank's customer, and then charges nothing any more", async () => {
    const shop = await openShop();
    const { page } = await visit();
    await toCheckout(page, shop);
    await payWith(page, ASKING);
    await page.getByRole("heading", { name: "Your bank asks whether it is you" }).waitFor();
    await shop.reconcile(0);
    expect(stripe.books.intents).toMatchObject([{ status: "requires_action" }]);
    later = 11 * 60_000;
    await shop.reconcile(0);
    expect(stripe.books.intents).toMatchObject([{ status: "canceled" }]);
    await page.reload();
    await page.getByRole("heading", { name: "This was not bought" }).waitFor();
  });

  it("lets the checkout alone load anything of Stripe's", async () => {
    const shop = await openShop();
    const policyOf = async (page: Page, path: string) =>
      (await page.goto(`${shop.origin}${path}`))?.headers()["content-security-policy"];
    const { page } = await visit();
    await toCheckout(page, shop);
    expect(await barriersOn(page)).toEqual([]);
    expect(await policyOf(page, "/checkout")).toContain(`script-src 'self' ${stripe.origin};`);
    expect(await policyOf(page, "/cart")).not.toContain(stripe.origin);
  });

  it("says why without a script no card can be taken", async () => {
    const shop = await openShop();
    const { page } = await visit(false);
    await toCheckout(page, shop);
    const words = page.locator("noscript p");
    expect(await words.isVisible()).toBe(true);
    expect(await words.textContent()).toContain("Paying by card needs JavaScript");
    await page.getByRole("button", { name: /^Pay/ }).click();
    expect(await page.getByRole("alert").first().textContent()).toContain("Enter your card");
    expect(stripe.books.intents).toEqual([]);
  });

  it("says where cards can be taken if not on its pages", async () => {
    const shop = await openShop(stripeForm({}));
    const { page, complaints } = await visit();
    await toCheckout(page, shop);
    expect(await page.getByText("only through the shop's API").count()).toBe(1);
    expect(await page.getByRole("button", { name: /^Pay/ }).count()).toBe(0);
    expect(await barriersOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe("the key that browsers are told", () => {
  it("is never a secret one", () => {
    expect(() => stripeForm({ STRIPE_PUBLISHABLE_KEY: secretKey })).toThrow("begins with pk_");
  });

  it("goes with Stripe's own addresses where none are named", () => {
    expect(stripeForm({ STRIPE_PUBLISHABLE_KEY: publishableKey })).toEqual({
      kind: "stripe",
      publishableKey,
      scriptUrl: "https://js.stripe.com/v3/",
      apiOrigin: "https://api.stripe.com",
    });
  });
});

async function payWith(page: Page, number: string): Promise<void> {
  const frame = page.frameLocator('iframe[title="Secure card payment input frame"]');
  await frame.getByLabel("Card number").fill(number);
  await page.getByRole("button", { name: /^Pay/ }).click();
}
