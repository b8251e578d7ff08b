/** What the routes of administration have in common: their configuration, pages and amounts. */
import { ADMIN_ANSWER_MILLIS_MAX } from "../http/http-limits.ts";
import { NAME, shape, text } from "../http/schemas.ts";

/** Never refused under load: who runs the sale is needed most then. */
export const ADMIN = {
  policy: "admin",
  priority: null,
  answerMillisMax: ADMIN_ANSWER_MILLIS_MAX,
} as const;
export const ADMIN_SECURITY = [{ admin: [] }];

/** Whole numbers in a query are text, and stay so until they are read. */
export const DIGITS = { ...text(12), pattern: "^[0-9]+$" };
/** A price, minor units. */
export const PRICE = { type: "integer", minimum: 0, maximum: 1_000_000_000_000 } as const;
export const SKU_PARAMS = shape({ sku: NAME });

export interface PageQuery {
  readonly after?: string;
  readonly limit?: string;
}

export const PAGE_LIMIT = 100;
export const PAGE_LIMIT_MAX = 1_000;

/** The page that a query asks for, by the number that it goes on after. */
export function pageOf({ after = "0", limit }: PageQuery) {
  return { after: Number(after), limit: limitOf(limit) };
}

export function limitOf(limit: string | undefined): number {
  const asked = limit === undefined ? PAGE_LIMIT : Number(limit);
  return Math.min(Math.max(1, asked), PAGE_LIMIT_MAX);
}
