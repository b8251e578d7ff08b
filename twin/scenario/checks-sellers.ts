/** Sellers, catalogs and items that are well written and yet cannot be sold. */
import { SECOND } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import type { Finding } from "./problem.ts";
import type { SellerForm, World } from "./schema.ts";
import { type Amount, isCurrency } from "./units.ts";

/** SKUs of one scenario; a flash sale has hundreds. */
const SKUS_MAX = 100_000;
/** Bounds that no sale comes near; beyond them a figure would no longer be exact. */
export const PRICE_MAJOR_MAX = 1_000_000;
const PRICE_CV_MAX = 10;
const DISCOUNT_MAX = 0.99;
/** At ten, one product has 999 of 1,000 choices; beyond it a weight is no longer a number. */
const POPULARITY_MAX = 10;

export function checkCurrency(world: World, currency: string | null): Finding[] {
  if (currency === null) return [];
  return world.sellers.flatMap((seller, place) =>
    amountsOf(seller)
      .filter(({ amount }) => !isCurrency(amount, currency))
      .map(({ path, amount }) =>
        finding(
          `sellers.${place}.${path}`,
          `the scenario's currency is ${currency}, not ${amount.currency}`,
          "set currency at the top of the file, or write the amount in it",
        ),
      ),
  );
}

function amountsOf(seller: SellerForm): { path: string; amount: Amount }[] {
  const listed = (seller.items ?? []).flatMap((item, place) => [
    { path: `items.${place}.sale-price`, amount: item["sale-price"] },
    ...(item.price === undefined ? [] : [{ path: `items.${place}.price`, amount: item.price }]),
  ]);
  const mean = seller.catalog?.["sale-price"].mean;
  return mean === undefined
    ? listed
    : [...listed, { path: "catalog.sale-price.mean", amount: mean }];
}

export function checkSellers(world: World): Finding[] {
  const names = world.sellers.map((seller) => seller.name);
  const twice = repeated(names);
  const products = world.sellers.map((seller) => seller.items?.length ?? seller.catalog?.products);
  const skus = products.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const found = where(
    twice !== null &&
      finding(`sellers.${twice}.name`, "two sellers have this name", "rename one", names[twice]),
    skus > SKUS_MAX &&
      finding("sellers", `${skus} products are more than ${SKUS_MAX}`, "describe fewer products"),
  );
  const each = world.sellers.flatMap((seller, place) => [
    ...checkSeller(seller, place),
    ...checkPrices(seller, place),
    ...checkHold(seller, place),
  ]);
  return [...found, ...each, ...checkSkus(world)];
}

function checkHold(seller: SellerForm, place: number): Finding[] {
  const at = `sellers.${place}.hold-for`;
  const holdFor = seller["hold-for"];
  return where(holdFor < SECOND && finding(at, "is shorter than a shopper can pay", "at least 1s"));
}

function checkPrices(seller: SellerForm, place: number): Finding[] {
  const at = `sellers.${place}`;
  const { catalog, items } = seller;
  return where(
    catalog !== undefined &&
      catalog["sale-price"].mean.major > PRICE_MAJOR_MAX &&
      finding(`${at}.catalog.sale-price.mean`, "is beyond any price", "check the amount"),
    catalog !== undefined &&
      catalog["sale-price"].cv > PRICE_CV_MAX &&
      finding(`${at}.catalog.sale-price.cv`, `is more than ${PRICE_CV_MAX}`, "such as 0.8"),
    catalog !== undefined &&
      catalog.popularity > POPULARITY_MAX &&
      finding(`${at}.catalog.popularity`, `is more than ${POPULARITY_MAX}`, "such as 0.8"),
    catalog !== undefined &&
      catalog.discount > DISCOUNT_MAX &&
      catalog.discount < 1 &&
      finding(`${at}.catalog.discount`, "leaves almost no price", "the most is 99%"),
    ...(items ?? []).map(
      (item, index) =>
        Math.max(item["sale-price"].major, item.price?.major ?? 0) > PRICE_MAJOR_MAX &&
        finding(`${at}.items.${index}.sale-price`, "is beyond any price", "check the amount"),
    ),
  );
}

function checkSeller(seller: SellerForm, place: number): Finding[] {
  const at = `sellers.${place}`;
  const { catalog, items, stock } = seller;
  if ((catalog === undefined) === (items === undefined)) {
    const both = catalog !== undefined;
    return [
      finding(
        at,
        both ? "has both a catalog and items" : "sells nothing",
        both ? "keep one of the two" : "give it a catalog with a stock, or items",
      ),
    ];
  }
  return where(
    items?.length === 0 && finding(`${at}.items`, "lists no item", "list one, or give a catalog"),
    items !== undefined &&
      stock !== undefined &&
      finding(`${at}.stock`, "items say their own units", "remove stock"),
    catalog !== undefined &&
      stock === undefined &&
      finding(at, "the catalog has no stock", "add stock: { units: 120k }"),
    catalog !== undefined &&
      catalog["sale-price"].mean.major <= 0 &&
      finding(`${at}.catalog.sale-price.mean`, "must be more than nothing", "write it like $80"),
    catalog !== undefined &&
      catalog.discount >= 1 &&
      finding(`${at}.catalog.discount`, "leaves no price at all", "the most is 99%"),
    ...(items ?? []).map(
      (item, index) =>
        (item["sale-price"].major <= 0 ||
          (item.price?.major ?? Infinity) < item["sale-price"].major) &&
        finding(
          `${at}.items.${index}.sale-price`,
          "must be more than nothing and no more than the price outside the sale",
          "swap the two, or leave price out",
        ),
    ),
  );
}

function checkSkus(world: World): Finding[] {
  const prefixes = world.sellers.map(({ catalog, name }) =>
    catalog === undefined ? null : (catalog.prefix ?? name.slice(0, 2).toUpperCase()),
  );
  const twice = repeated(prefixes);
  const paths = world.sellers.flatMap((seller, place) =>
    (seller.items ?? []).map((item, index) => ({
      sku: item.sku,
      path: `sellers.${place}.items.${index}.sku`,
    })),
  );
  const again = repeated(paths.map(({ sku }) => sku));
  const taken = paths.find(({ sku }) => isOfCatalog(sku, world, prefixes));
  return where(
    twice !== null &&
      finding(
        `sellers.${twice}.catalog`,
        `another seller's SKUs begin with ${prefixes[twice]} too`,
        "give it a prefix of its own, like prefix: HB",
      ),
    again !== null &&
      finding(paths[again]?.path ?? "", "two items have this SKU", "rename one", paths[again]?.sku),
    taken !== undefined &&
      finding(
        taken.path,
        "a catalog has this SKU already",
        "rename the item, or give the catalog a prefix of its own",
        taken.sku,
      ),
  );
}

/** Whether a catalog writes out an item of this SKU, as `describeItems` numbers them: HB-0001. */
function isOfCatalog(sku: string, world: World, prefixes: readonly (string | null)[]): boolean {
  const [, prefix, digits = ""] = /^(.+)-(\d{4,})$/u.exec(sku) ?? [];
  const number = Number(digits);
  return world.sellers.some(
    ({ catalog }, place) =>
      catalog !== undefined &&
      prefixes[place] === prefix &&
      number >= 1 &&
      number <= catalog.products &&
      digits === String(number).padStart(4, "0"),
  );
}

/** The place of the first name that stood before; null is no name. */
function repeated(names: readonly (string | null)[]): number | null {
  const place = names.findIndex((name, index) => name !== null && names.indexOf(name) < index);
  return place < 0 ? null : place;
}
