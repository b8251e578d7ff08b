/** What the store calls the twin's shoppers: a name made of their number, and back. */

/** The name of a shopper, bot or not. */
export function shopperName(shopper: number): string {
  return `shopper-${shopper}`;
}

/** The shopper's number from the name; the inverse of {@link shopperName}. */
export function shopperNumber(name: string): number {
  return Number(name.slice("shopper-".length));
}
