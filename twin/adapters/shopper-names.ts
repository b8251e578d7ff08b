/** What the store calls the shoppers of a rehearsal. */
import { assert } from "../../engine/assert.ts";

const PREFIX = "shopper-";

export function nameOfShopper(shopper: number): string {
  return `${PREFIX}${shopper}`;
}

export function shopperNamed(name: string): number {
  const shopper = Number(name.slice(PREFIX.length));
  assert(nameOfShopper(shopper) === name, `${name} is a shopper of the rehearsal`);
  return shopper;
}
