/** What a request in a web server's log was: a page, an order, or a part of a page. */
import type { RecordedFact } from "./recorded-fact.ts";

/** What belongs to a page and is none. */
const PART_OF_PAGE = /\.(?:css|m?js|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|json|txt)$/iu;
/** Where shops send orders to. */
const ORDER_PATH = /\/(?:orders?|checkout\/(?:complete|success)|purchases?|thank[-_]?you)\/?$/iu;

/** More requests of one shopper are those of a machine and not of a person. */
export const REQUESTS_OF_ONE_MAX = 10_000;

type Request = Pick<RecordedFact, "method" | "path" | "status">;

/** Whether a page was asked for, whatever was answered. */
export function asksForPage({ method, path }: Request): boolean {
  return method === "GET" && !PART_OF_PAGE.test(path ?? "");
}

export function isServed({ status }: Request): boolean {
  return status === null || status < 400;
}

/** Whether an order was sent, whatever was answered. */
export function sendsOrder({ method, path }: Request): boolean {
  return method === "POST" && ORDER_PATH.test(path ?? "");
}
