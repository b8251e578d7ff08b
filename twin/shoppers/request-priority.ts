/** Which priority a shopper's request has where servers refuse what is too much, by the store's rule. */
import { priorityOf } from "../../store/core/load-shedding.ts";
import { PAGE_CLASSES } from "../scenario/scenario.ts";
import { HAS_CART } from "./session-table.ts";

const WITH_CART = PAGE_CLASSES.map((page) => priorityOf({ known: true, hasCart: true, page }));
const WITHOUT_CART = PAGE_CLASSES.map((page) => priorityOf({ known: true, hasCart: false, page }));

/** `page` is an index of PAGE_CLASSES, `flags` those of the session. */
export function requestPriority(page: number, flags: number): number {
  return (flags & HAS_CART ? WITH_CART : WITHOUT_CART)[page];
}
