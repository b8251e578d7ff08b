/** The storefront in a real browser, on a real socket, with the sandbox as its bank. */
import { Effect } from "effect";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { RoomSetup, SaleSetup } from "../../service/sale-setup.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import {
  barriersOn,
  overhangOf,
  type TrialBrowser,
  type TrialPage,
  trialBrowser,
} from "../testing/trial-browser.ts";
import { fillIn, toCart, toCheckout } from "../testing/trial-buyer.ts";
import { TrialShopper, trialSetup } from "../testing/trial-server.ts";
import { type TrialShop, type TrialShopOptions, trialShop } from "../testing/trial-shop.ts";

const MINUTE = 60_000;
const PRICE_PAID = 2_500;
const CHARGES_MAX = 100;
/** Every page is looked through by axe, which on a busy machine takes seconds for each. */
const EVERY_PAGE_MILLIS_MAX = 240_000;

/** One may be inside at a time. */
const NARROW: RoomSetup = {
  limits: {
    active: 1,
    perMinute: null,
    lanes: [{ name: "all", share: 1, opensAt: null }],
    engages: { from: null, above: 0 },
    passMillis: MINUTE,
    sessionMillis: 5 * MINUTE,
    keptMillis: MINUTE,
    adaptive: null,
    drawSeed: "drawn in the open",
  },
  laneOf: { regular: "all", loyal: "all", vip: "all" },
};

await describeWithServer("chromium", "the storefront in a browser", ({ url: program }) => {
  let browser: TrialBrowser;
  const open: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    browser = await trialBrowser(program);
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });

  async function openShop(
    setup: SaleSetup = trialSetup(),
    options: Omit<TrialShopOptions, "setup"> = {},
  ): Promise<TrialShop> {
    const shop = await trialShop({ setup, ...options });
    open.push(shop.close);
    return shop;
  }

  async function visit(options: Parameters<TrialBrowser["visit"]>[0] = {}): Promise<TrialPage> {
    const visitor = await browser.visit(options);
    open.push(() => visitor.context.close());
    return visitor;
  }

  it.each([
    { script: true, words: "with its script" },
    { script: false, words: "without any script" },
  ])("sells to a person $words", async ({ script }) => {
    const shop = await openShop();
    const { page, complaints } = await visit({ javaScriptEnabled: script });
    await page.goto(shop.origin);
    await page.getByRole("link", { name: "All items" }).first().click();
    await page.getByRole("link", { name: /Toaster/ }).click();
    await page.getByLabel("Units").fill("2");
    await page.getByRole("button", { name: "Add to cart" }).click();
    expect(await page.locator("[data-cart-units]").textContent()).toBe(script ? "2" : "");
    await page.getByRole("button", { name: "Check out" }).click();
    await fillIn(page);
    await page.getByRole("button", { name: "Pay $50.00" }).click();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(await page.locator(".bill").textContent()).toContain("2 × Toaster");
    expect(await page.locator("[data-cart-units]").textContent()).toBe("");
    expect(charged(shop)).toEqual([2 * PRICE_PAID]);
    expect(complaints).toEqual([]);
    // Sent again by a reload: the same page, no second charge.
    await page.reload();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    await page.goto(`${shop.origin}/cart`);
    expect(await page.getByText("There is nothing in it yet.").count()).toBe(1);
    expect(charged(shop)).toEqual([2 * PRICE_PAID]);
  });

  it("charges once where the answer to the payment is lost, and shows the order", async () => {
    const shop = await openShop();
    const { page, complaints } = await visit();
    await toCheckout(page, shop);
    let sendings = 0;
    await page.route("**/orders", async (route) => {
      sendings += 1;
      if (sendings > 1) return route.continue();
      // The shop takes the order; nothing of its answer comes back.
      await route.fetch({ maxRedirects: 0 });
      await route.abort("connectionreset");
    });
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByText("The connection was lost").waitFor();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(sendings).toBe(2);
    expect(charged(shop)).toEqual([PRICE_PAID]);
    expect(await ordersOf(shop)).toBe(1);
    expect(complaints.filter((each) => !each.includes("ERR_CONNECTION_RESET"))).toEqual([]);
  });

  it("keeps trying while the shopper is offline, and pays once they are back", async () => {
    const shop = await openShop();
    const { page, context } = await visit();
    await toCheckout(page, shop);
    await context.setOffline(true);
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByText("The connection was lost").waitFor();
    expect(charged(shop)).toEqual([]);
    await context.setOffline(false);
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(charged(shop)).toEqual([PRICE_PAID]);
    expect(await ordersOf(shop)).toBe(1);
  });

  it("shows who comes back without a script what became of a payment that broke off", async () => {
    const shop = await openShop();
    const { page } = await visit({ javaScriptEnabled: false });
    await toCheckout(page, shop);
    await page.route("**/orders", async (route) => {
      await route.fetch({ maxRedirects: 0 });
      await route.abort("connectionreset");
    });
    const broken = page.waitForEvent("requestfailed");
    await page.getByRole("button", { name: /^Pay/ }).click({ noWaitAfter: true });
    await broken;
    await page.unroute("**/orders");
    expect(charged(shop)).toEqual([PRICE_PAID]);
    await page.waitForURL(/^chrome-error:/);
    await page.goto(`${shop.origin}/checkout`);
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(charged(shop)).toEqual([PRICE_PAID]);
    expect(await ordersOf(shop)).toBe(1);
  });

  it("sends a payment once for two clicks", async () => {
    const shop = await openShop(trialSetup(), { bank: { latencyMillis: { from: 300, to: 300 } } });
    const { page } = await visit();
    await toCheckout(page, shop);
    let sendings = 0;
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/orders")) sendings += 1;
    });
    await page.getByRole("button", { name: /^Pay/ }).dblclick();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(sendings).toBe(1);
    expect(charged(shop)).toEqual([PRICE_PAID]);
  });

  it("says what is wrong with which field, and goes on once it is put right", async () => {
    const shop = await openShop();
    const { page } = await visit({ javaScriptEnabled: false });
    await toCheckout(page, shop);
    await page.getByLabel("Email").fill("ann at example");
    await page.getByLabel("City").fill("");
    await page.getByRole("button", { name: /^Pay/ }).click();
    const email = page.getByLabel("Email");
    expect(await email.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("#email-error").textContent()).toContain("name@example.com");
    expect(await email.getAttribute("aria-describedby")).toBe("email-error");
    expect(await page.getByRole("alert").textContent()).toContain("Enter the city");
    expect(await page.getByLabel("Postcode").inputValue()).toBe("10115");
    expect(charged(shop)).toEqual([]);
    await fillIn(page);
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(charged(shop)).toEqual([PRICE_PAID]);
  });

  it("lets a shopper whose card was declined pay with another", async () => {
    const shop = await openShop();
    const { page } = await visit();
    await toCheckout(page, shop);
    await page.getByLabel("Test card").selectOption("card-declined");
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByRole("heading", { name: "This was not bought" }).waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("The bank declined the card");
    await page.getByRole("button", { name: "Check out again" }).click();
    await fillIn(page);
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(charged(shop)).toEqual([PRICE_PAID]);
  });

  it("shows an order whose bank says nothing, and how it ends", async () => {
    const shop = await openShop(trialSetup(), { bankMillisMax: 400 });
    const { page } = await visit({ javaScriptEnabled: false });
    await toCheckout(page, shop);
    await page.getByLabel("Test card").selectOption("card-timeout");
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.locator("h1").waitFor();
    await shop.reconcile(0);
    await page.reload();
    await page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    expect(charged(shop)).toEqual([PRICE_PAID]);
  });

  it("sells the last one once, and tells the others", async () => {
    const shop = await openShop(trialSetup({ units: 1 }));
    const first = await visit();
    const second = await visit();
    await toCheckout(first.page, shop);
    await toCart(second.page, shop);
    await second.page.getByRole("button", { name: "Check out" }).click();
    expect(await second.page.getByRole("alert").textContent()).toContain("Toaster is sold out");
    await first.page.getByRole("button", { name: /^Pay/ }).click();
    await first.page.getByRole("heading", { name: "Thank you, it is yours" }).waitFor();
    await second.page.goto(`${shop.origin}/product/toasting`);
    const button = second.page.getByRole("button", { name: "Sold out" });
    await button.waitFor();
    expect(await button.isDisabled()).toBe(true);
    expect(charged(shop)).toEqual([PRICE_PAID]);
  });

  async function waitsAndBuys(script: boolean): Promise<void> {
    const shop = await openShop({ ...trialSetup(), room: NARROW });
    const ann = await TrialShopper.come(shop.origin);
    const place = await ann.ask("/api/queue", { method: "POST" });
    await shop.admit();
    const turn = await ann.ask(`/api/queue/${place.body.ticket}`);
    if (turn.body.status === "admitted") {
      await ann.ask("/api/queue/enter", { body: { pass: turn.body.pass } });
    }
    const { page, complaints } = await visit({ javaScriptEnabled: script });
    await page.goto(`${shop.origin}/product/toasting`);
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("heading", { name: "You are in line" }).waitFor();
    expect(await page.locator("[data-position]").textContent()).toBe("1");
    expect(await page.getByRole("progressbar").count()).toBe(1);
    const again = await page.locator('meta[http-equiv="refresh"]').count();
    expect(again).toBe(script ? 0 : 1);
    if (script) expect(await barriersOn(page)).toEqual([]);
    await ann.ask(`/api/queue/${place.body.ticket}`, { method: "DELETE" });
    await shop.admit();
    // With the script the page is told by the stream, without it the browser loads it anew.
    await page.waitForURL(`${shop.origin}/product/toasting`, { timeout: 30_000 });
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("heading", { name: "Your cart" }).waitFor();
    expect(await page.locator(".line").textContent()).toContain("Toaster");
    expect(complaints).toEqual([]);
  }

  it("keeps a shopper's place in line and lets them in, with its script and without", async () => {
    await Promise.all([true, false].map(waitsAndBuys));
  });

  async function usesEveryPage(colorScheme: "light" | "dark", width: number): Promise<void> {
    const shop = await openShop();
    const viewport = { width, height: 740 };
    const { page, complaints } = await visit({ colorScheme, viewport });
    const look = async (path: string) => {
      await page.goto(`${shop.origin}${path}`, { waitUntil: "networkidle" });
      expect([path, await barriersOn(page)]).toEqual([path, []]);
      expect([path, await overhangOf(page)]).toEqual([path, 0]);
    };
    for (const path of ["/", "/sellers/hearth", "/search?q=elan", "/product/boiling", "/goodbye"]) {
      await look(path);
    }
    await toCart(page, shop);
    await look("/cart");
    await page.getByRole("button", { name: "Check out" }).click();
    await look("/checkout");
    await fillIn(page);
    await page.getByRole("button", { name: /^Pay/ }).click();
    await page.waitForURL(/\/orders\//);
    const order = new URL(page.url()).pathname;
    for (const path of [order, `${order}/survey`, "/queue", "/invitation?token=x"]) {
      await look(path);
    }
    expect(complaints).toEqual([]);
    await look("/there-is-no-such-page");
  }

  it(
    "can be used by everybody: in light on a telephone, in dark on a screen",
    async () => {
      await Promise.all([usesEveryPage("light", 360), usesEveryPage("dark", 1_280)]);
    },
    EVERY_PAGE_MILLIS_MAX,
  );
});

/** What the bank has taken and kept, minor units a charge. */
function charged({ bank }: TrialShop): readonly number[] {
  return bank.charges(0, CHARGES_MAX).map(({ captured, refunded }) => captured - refunded);
}

async function ordersOf(shop: TrialShop): Promise<number> {
  const { orders } = shop.store.parts;
  return (await Effect.runPromise(orders.snapshot)).orders.length;
}
