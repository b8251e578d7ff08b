/** Which priority a shopper's request has where servers refuse what is too much, by the store's rule. */
import { priorityOf } from "../../store/core/load-shedding.ts";
import { PAGE_CLASSES } from "../scenario/scenario.ts";
import { HAS_CART } from "./session-table.ts";

const WITH_CART = PAGE_CLASSES.map((page) => priorityOf({ known: true, hasCart: true, page }));
const WITHOUT_CART = PAGE_CLASSES.map((page) => priorityOf({ known: true, hasCart: false, page }));

const UNKNOWN = PAGE_CLASSES.map((page) => priorityOf({ known: false, hasCart: false, page }));

/** Of a program that asks without a session to be known by. */
export function strangerPriority(page: number): number {
  return UNKNOWN[page];
}

/** `page` is an index of PAGE_CLASSES, `flags` those of the session. */
export function requestPriority(page: number, flags: number): number {
  return (flags & HAS_CART ? WITH_CART : WITHOUT_CART)[page];
}
