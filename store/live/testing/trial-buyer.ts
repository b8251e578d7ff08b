/** A buyer of the trial shop's toaster, as tests of pages walk through the shop. */
import type { Page } from "playwright-core";
import type { TrialShop } from "./trial-shop.ts";

/** What a buyer fills in, by the labels of the fields. */
const BUYER = {
  Email: "ann@example.com",
  "Street and number": "Main Street 1",
  Postcode: "10115",
  City: "Berlin",
  Country: "Germany",
};

/** Puts the toaster into the cart; the page is then the cart. */
export async function toCart(page: Page, shop: TrialShop): Promise<void> {
  await page.goto(`${shop.origin}/product/toasting`);
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("heading", { name: "Your cart" }).waitFor();
}

/** From the product to a checkout that is filled in but for the card. */
export async function toCheckout(page: Page, shop: TrialShop): Promise<void> {
  await toCart(page, shop);
  await page.getByRole("button", { name: "Check out" }).click();
  await fillIn(page);
}

/** Fills in the checkout that the page is, or is about to be. */
export async function fillIn(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Checkout" }).waitFor();
  for (const [label, value] of Object.entries(BUYER)) await page.getByLabel(label).fill(value);
}
