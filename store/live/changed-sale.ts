/**
 * What of a sale is asked for otherwise than it was opened. A store goes on with the sale that it
 * keeps, for places, codes and orders were given by its rules; whoever edited a scenario has to be
 * told that the store does not go by it.
 */
import type { SaleSetup } from "../service/sale-setup.ts";
import { saleText } from "./data-folder.ts";

/** Times are moved to when the store starts, and the seed of the lots is drawn then. */
const DRAWN_ANEW = /At$|^from$|^until$|^drawSeed$/;

const PARTS: readonly (readonly [keyof SaleSetup, string])[] = [
  ["catalog", "the catalog"],
  ["stock", "the stock"],
  ["holdLimits", "the limits on holds"],
  ["tries", "the limit on wrong codes"],
  ["settings", "the rules of the checkout and the offers"],
  ["room", "the waiting room"],
  ["feedback", "the surveys"],
];

/** The parts in which they differ, as a person reads them, times and seeds aside. */
export function changedParts(kept: SaleSetup, wanted: SaleSetup): readonly string[] {
  const [one, other] = [kept, wanted].map(plain);
  const text = (sale: unknown, part: string) =>
    JSON.stringify((sale as Readonly<Record<string, unknown>>)[part]);
  return PARTS.filter(([part]) => text(one, part) !== text(other, part)).map(([, name]) => name);
}

function plain(sale: SaleSetup): unknown {
  return JSON.parse(saleText(sale), (key, value) => (DRAWN_ANEW.test(key) ? undefined : value));
}

/** What a person is told of them, and what to do; null where there is nothing to tell. */
export function aboutChanges(changed: readonly string[]): string | null {
  if (changed.length === 0) return null;
  const last = changed.at(-1) as string;
  const parts = changed.length === 1 ? last : `${changed.slice(0, -1).join(", ")} and ${last}`;
  return (
    `the sale goes on as it was opened: ${parts} of the file ${changed.length === 1 ? "is" : "are"} ` +
    "not taken over. Prices, stock and times are changed at /api/admin; for the rest name another folder by --data."
  );
}
