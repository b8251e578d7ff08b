/**
 * How many products each shopper has looked at in the time of this process, which is what an offer
 * for shoppers with high intent goes by. Counted by the store, for a count that the shopper brings
 * along could be any. It is a hint and no ledger: a node that starts anew counts from nothing.
 */

/** Shoppers that are remembered; one more forgets who was seen first. */
const SHOPPERS_MAX = 100_000;

export class ProductViews {
  readonly #views = new Map<string, number>();

  saw(shopper: string): void {
    const before = this.#views.get(shopper);
    if (before === undefined && this.#views.size >= SHOPPERS_MAX) {
      for (const first of this.#views.keys()) {
        this.#views.delete(first);
        break;
      }
    }
    this.#views.set(shopper, (before ?? 0) + 1);
  }

  of(shopper: string): number {
    return this.#views.get(shopper) ?? 0;
  }
}
