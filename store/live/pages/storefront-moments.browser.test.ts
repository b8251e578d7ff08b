/** The storefront at its harder moments, in a real browser: refused, paused, asked, written to. */
import { Effect } from "effect";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { offerOf } from "../../testing/offers.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { HTTP_LIMITS } from "../http/http-limits.ts";
import { smtpTransport } from "../mailer/mail-transport.ts";
import { liveMailer } from "../mailer/mailer.ts";
import { OrderMails } from "../mailer/order-mails.ts";
import { startSmtpSink } from "../mailer/testing/smtp-sink.ts";
import {
  barriersOn,
  type TrialBrowser,
  type TrialPage,
  trialBrowser,
} from "../testing/trial-browser.ts";
import { toCart, toCheckout } from "../testing/trial-buyer.ts";
import { trialSetup } from "../testing/trial-server.ts";
import { type TrialShop, type TrialShopOptions, trialShop } from "../testing/trial-shop.ts";

const DAY = 86_400_000;
await describeWithServer("chromium", "the storefront in a browser, when", ({ url: program }) => {
  let browser: TrialBrowser;
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

  async function openShop(options: Partial<TrialShopOptions> = {}): Promise<TrialShop> {
    const shop = await trialShop({ setup: trialSetup(), ...options });
    open.push(shop.close);
    return shop;
  }

  async function visit(): Promise<TrialPage> {
    const visitor = await browser.visit();
    open.push(() => visitor.context.close());
    return visitor;
  }

  it("the shop has taken too many new shoppers, says so and when to come back", async () => {
    const newShoppersPerNetwork = { tokens: 1, everyMillis: 60_000, burst: 1 };
    const shop = await openShop({ http: { limits: { ...HTTP_LIMITS, newShoppersPerNetwork } } });
    await toCart((await visit()).page, shop);
    const { page } = await visit();
    await page.goto(`${shop.origin}/product/toasting`);
    const refused = page.waitForResponse((response) => response.status() === 429);
    await page.getByRole("button", { name: "Add to cart" }).click();
    expect(Number((await refused).headers()["retry-after"])).toBeGreaterThan(0);
    await page.getByRole("heading", { name: "A little slower" }).waitFor();
    expect(await barriersOn(page)).toEqual([]);
  });

  it("the shop is full up to the door, and is there again at the next try", async () => {
    const shop = await openShop();
    const { page } = await visit();
    await page.goto(shop.origin);
    const { overload } = shop.server.desk;
    overload.inWork += 1_024;
    const answer = await page.goto(`${shop.origin}/cart`);
    expect([answer?.status(), Number(answer?.headers()["retry-after"]) > 0]).toEqual([503, true]);
    await page.getByRole("heading", { name: "The shop is very busy" }).waitFor();
    overload.inWork -= 1_024;
    await page.goto(`${shop.origin}/cart`);
    await page.getByRole("heading", { name: "Your cart" }).waitFor();
  });

  it("the sale is paused: nobody buys, and what is in the cart is kept", async () => {
    const shop = await openShop();
    const { page } = await visit();
    await toCart(page, shop);
    const entry = { at: Date.now(), by: "ops", action: "sale.pause", details: "" };
    const set = (paused: boolean) =>
      Effect.runPromise(shop.store.control.change((times) => ({ ...times, paused }), entry));
    await set(true);
    await page.getByRole("button", { name: "Check out" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("paused");
    expect(await page.locator(".line").textContent()).toContain("Toaster");
    expect(await barriersOn(page)).toEqual([]);
    await set(false);
    await page.goto(`${shop.origin}/cart`);
    await page.getByRole("button", { name: "Check out" }).click();
    await page.getByRole("heading", { name: "Checkout" }).waitFor();
  });

  it("only the invited may buy yet: others see when, an invitation lets in", async () => {
    const now = Date.now();
    const sale = { earlyAccessAt: now - DAY, publicAt: now + DAY, closesAt: now + 2 * DAY };
    const shop = await openShop({ setup: trialSetup({ sale }) });
    const { page, complaints } = await visit();
    await page.goto(`${shop.origin}/product/toasting`);
    expect(await page.getByRole("note").textContent()).toContain("Opens to everybody in");
    expect(await page.getByRole("button", { name: "Add to cart" }).count()).toBe(0);
    expect(await barriersOn(page)).toEqual([]);
    const guest = { guest: "ann", tier: "vip" as const, invited: true };
    const invitation = shop.server.desk.tokens.signInvitation(guest, now + DAY);
    await page.goto(`${shop.origin}/invitation?token=${encodeURIComponent(invitation)}`);
    await page.getByRole("button", { name: "Come in" }).click();
    await toCart(page, shop);
    expect(complaints).toEqual([]);
  });

  it("a shopper is written to about what they bought", async () => {
    const sink = await startSmtpSink();
    open.push(sink.close);
    const setup = trialSetup();
    const shop = await openShop({
      setup,
      mails: (parts) => {
        const transport = smtpTransport({ url: `smtp://127.0.0.1:${sink.port}` });
        const sender = { name: "Trial", address: "shop@shop.example" };
        const mailer = liveMailer({ file: ":memory:", transport, shop: sender });
        return new OrderMails({ mailer, parts, feedback: setup.feedback, onProblem: () => {} });
      },
    });
    const mails = shop.server.desk.mails;
    mails?.leadTo(shop.origin);
    const { page } = await visit();
    await toCheckout(page, shop);
    expect(await page.getByText("Your confirmation goes to this email").count()).toBe(1);
    await pay(page);
    await mails?.look();
    await mails?.mailer.deliverDue();
    const [mail] = sink.mails;
    expect(mail?.to).toEqual(["ann@example.com"]);
    // The link of the mail leads whoever bought to the order.
    const link = /See the order: (\S+)/.exec(mail?.data.replaceAll("=\r\n", "") ?? "")?.[1];
    await page.goto(link ?? "");
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
  });

  it("the survey of an order is out: it is offered there, and answered once", async () => {
    const setup = trialSetup();
    const surveyAfterMillis = { from: 0, to: 0 };
    const shop = await openShop({
      setup: { ...setup, feedback: { ...setup.feedback, surveyAfterMillis } },
    });
    const { page, complaints } = await visit();
    await toCheckout(page, shop);
    await pay(page);
    const order = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect(await page.getByRole("link", { name: "Answer two questions" }).count()).toBe(0);
    await Effect.runPromise(shop.store.surveys.scheduleSurvey(order));
    await Effect.runPromise(shop.store.surveys.surveysDue);
    await page.reload();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole("link", { name: "Answer two questions" }).click();
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel("Very happy").check();
    await page.getByLabel("9", { exact: true }).check();
    await page.getByRole("button", { name: "Send" }).click();
    await page.getByRole("heading", { name: "Thank you" }).waitFor();
    await page.goto(`${shop.origin}/orders/${order}`);
    await page.getByText("Thank you for your answers.").waitFor();
    const { surveysAnswered } = await Effect.runPromise(shop.store.parts.feedback.figures);
    expect([surveysAnswered, complaints]).toEqual([1, []]);
  });

  it("a shopper turns to leave: they are asked why, once, and can send the dialog away", async () => {
    const shop = await openShop();
    const { page, complaints } = await visit();
    await page.goto(shop.origin);
    await leave(page);
    await toCart(page, shop);
    await leave(page);
    const dialog = page.getByRole("dialog", { name: "Before you go" });
    await dialog.waitFor();
    expect(await barriersOn(page)).toEqual([]);
    // The focus stays within, however often it is moved on.
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.closest('main, header')")).toBeNull();
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await leave(page);
    await page.goto(`${shop.origin}/products`, { waitUntil: "networkidle" });
    await leave(page);
    expect(await page.getByRole("dialog").count()).toBe(0);
    const { exitAsked } = await Effect.runPromise(shop.store.parts.feedback.figures);
    expect([exitAsked, complaints]).toEqual([1, []]);
  });

  it("a shopper comes back from another tab, and says what kept them", async () => {
    const shop = await openShop();
    const { page, complaints } = await visit();
    await toCart(page, shop);
    await page.evaluate(AWAY_AND_BACK);
    const dialog = page.getByRole("dialog", { name: "Before you go" });
    await dialog.getByLabel("It costs too much").check();
    await dialog.getByRole("button", { name: "Send" }).click();
    await page.getByText("Thank you. Your answer helps.").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    const { reasons } = await Effect.runPromise(shop.store.parts.feedback.figures);
    expect([reasons.price, complaints]).toEqual([1, []]);
  });

  it("a shopper who has looked at three products turns to leave: they are offered less", async () => {
    const offers = [offerOf("stay", { segment: "high-intent" })];
    const setup = trialSetup({ offers });
    const shop = await openShop({
      setup: { ...setup, feedback: { ...setup.feedback, exitShare: 0 } },
    });
    const { page, complaints } = await visit();
    for (const product of ["toasting", "boiling", "toasting"]) {
      await page.goto(`${shop.origin}/product/${product}`, { waitUntil: "networkidle" });
    }
    await leave(page);
    const dialog = page.getByRole("dialog", { name: "10 % off for you" });
    await dialog.waitFor();
    expect(await barriersOn(page)).toEqual([]);
    const code = (await dialog.locator("code").textContent()) ?? "";
    await dialog.getByRole("button", { name: "No, thanks" }).click();
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByLabel(/code/i).fill(code);
    await page.getByRole("button", { name: "Check out" }).click();
    await page.getByRole("button", { name: "Pay $22.50" }).waitFor();
    expect(complaints).toEqual([]);
  });
});

async function pay(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Pay/ }).click();
  await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
}

/** The pointer goes out at the top, as towards another tab. */
async function leave(page: Page): Promise<void> {
  await page.mouse.move(300, 200);
  await page.mouse.move(300, 1);
  await page.dispatchEvent("html", "mouseleave", { clientY: -1 });
}

/** What a browser tells a page whose tab is left and looked at again. */
const AWAY_AND_BACK = `for (const state of ["hidden", "visible"]) {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
  document.dispatchEvent(new Event("visibilitychange"));
}`;
