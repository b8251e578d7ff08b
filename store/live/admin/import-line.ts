/**
 * One line of a list of goods: what it must say, and what is wrong with it otherwise. All members
 * are texts as a CSV has them; JSON may give numbers as numbers.
 */
import type { ListingRequest } from "../../core/catalog.ts";
import type { StockItem } from "../../core/hold.ts";

/** `units` is all that were ever there: the same list twice adds nothing the second time. */
export const IMPORT_COLUMNS = [
  "sku",
  "product",
  "productName",
  "seller",
  "sellerName",
  "name",
  "currency",
  "price",
  "salePrice",
  "floorPrice",
  "units",
  "limitPerShopper",
  "limitPerPerson",
] as const;
export type ImportColumn = (typeof IMPORT_COLUMNS)[number];
export type ImportCells = Partial<Readonly<Record<ImportColumn, string>>>;

export interface ImportLine {
  readonly listing: ListingRequest;
  readonly item: StockItem;
}

const NAME_LENGTH_MAX = 128;
const PRICE_MAX = 1_000_000_000_000;
const UNITS_MAX = 100_000_000;
const CURRENCY = /^[A-Z]{3}$/;
const DIGITS = /^\d{1,15}$/;
/** Line ends and other control characters have no place in a name. */
const CONTROL = /\p{Cc}/u;

/** The line as it is meant, or why it cannot be, in plain words. */
export function readImportLine(cells: ImportCells): ImportLine | string {
  const problems: string[] = [];
  const name = (column: ImportColumn, otherwise?: string): string => {
    const value = (cells[column] ?? "").trim() || (otherwise ?? "");
    if (value === "") problems.push(`${column} is missing`);
    else if (value.length > NAME_LENGTH_MAX || CONTROL.test(value)) {
      problems.push(`${column} is a name of at most ${NAME_LENGTH_MAX} letters on one line`);
    }
    return value;
  };
  const whole = (column: ImportColumn, max: number, least = 0): number | null => {
    const value = (cells[column] ?? "").trim();
    if (value === "") return null;
    const number = Number(value);
    if (DIGITS.test(value) && number >= least && number <= max) return number;
    problems.push(`${column} is a whole number from ${least} to ${max}`);
    return null;
  };
  const [sku, product, seller] = [name("sku"), name("product"), name("seller")];
  if ([sku, product, seller].some((part) => part === "." || part === "..")) {
    problems.push("sku, product and seller stand in addresses, where . and .. are no names");
  }
  const productName = name("productName", product);
  const sellerName = name("sellerName", seller);
  const price = whole("price", PRICE_MAX);
  const salePrice = whole("salePrice", PRICE_MAX) ?? price ?? 0;
  const floorPrice = whole("floorPrice", PRICE_MAX);
  const units = whole("units", UNITS_MAX);
  const limitPerShopper = whole("limitPerShopper", UNITS_MAX, 1);
  const limitPerPerson = whole("limitPerPerson", UNITS_MAX, 1);
  const currency = (cells.currency ?? "").trim();
  if (price === null && !problems.some((problem) => problem.startsWith("price "))) {
    problems.push("price is missing");
  }
  if (units === null && !problems.some((problem) => problem.startsWith("units "))) {
    problems.push("units is missing");
  }
  if (!CURRENCY.test(currency)) problems.push("currency is three capital letters, as in USD");
  if ((floorPrice ?? 0) > salePrice) problems.push("floorPrice is above salePrice");
  const listed = { sku, product, seller, name: name("name", productName), currency };
  if (problems.length > 0 || price === null || units === null) return problems.join("; ");
  const floor = floorPrice === null ? {} : { floorPrice };
  return {
    listing: {
      seller: { seller, name: sellerName },
      product: { product, name: productName },
      listing: { ...listed, price, salePrice, ...floor },
    },
    item: { sku, units, limitPerShopper, limitPerPerson },
  };
}
