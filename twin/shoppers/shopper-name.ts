/** What the store calls the twin's shoppers: a name made of their number, and back. */
import { assert } from "../../engine/assert.ts";

const PREFIX = "shopper-";

/** The name of a shopper, bot or not. */
export function shopperName(shopper: number): string {
  return `${PREFIX}${shopper}`;
}

/** The shopper's number from the name; the inverse of {@link shopperName}. */
export function shopperNumber(name: string): number {
  const shopper = Number(name.slice(PREFIX.length));
  assert(shopperName(shopper) === name, `${name} is a shopper of the rehearsal`);
  return shopper;
}
