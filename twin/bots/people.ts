/**
 * Whose the units of a sale are, counted from the orders alone: two orders with the same payment
 * instrument or the same delivery address were placed by one person, and so were all that hang
 * together in this way. Of what a person bought of one SKU, the units up to the limit went to a
 * distinct person; what is beyond it went to somebody who had theirs already.
 */
import type { Order } from "../../store/core/order.ts";

export interface UnitsOfPeople {
  readonly sold: number;
  /** Within the limit of a distinct person. */
  readonly toPeople: number;
  /** People who bought anything. */
  readonly people: number;
}

/** `limitOf` says how many units of a SKU one person should have. */
export function unitsOfPeople(
  orders: readonly Order[],
  limitOf: (sku: string) => number,
): UnitsOfPeople {
  const confirmed = orders.filter(({ state }) => state === "confirmed");
  const groups = new Groups();
  for (const { person, shopper } of confirmed) groups.join([`shopper ${shopper}`, ...person]);
  const bought = new Map<string, number>();
  const people = new Set<string>();
  let sold = 0;
  let toPeople = 0;
  for (const { shopper, lines } of confirmed) {
    const who = groups.groupOf(`shopper ${shopper}`);
    people.add(who);
    for (const { sku, units } of lines) {
      const key = `${sku} ${who}`;
      const before = bought.get(key) ?? 0;
      bought.set(key, before + units);
      sold += units;
      toPeople += Math.max(0, Math.min(units, limitOf(sku) - before));
    }
  }
  return { sold, toPeople, people: people.size };
}

/** Which names belong together (union-find): each name leads to another of its group, the last to itself. */
class Groups {
  readonly #leadsTo = new Map<string, string>();

  join(names: readonly string[]): void {
    const [first, ...others] = names;
    if (first === undefined) return;
    const group = this.groupOf(first);
    for (const name of others) this.#leadsTo.set(this.groupOf(name), group);
  }

  groupOf(name: string): string {
    let here = name;
    let next = this.#leadsTo.get(here) ?? here;
    while (next !== here) {
      const afterNext = this.#leadsTo.get(next) ?? next;
      this.#leadsTo.set(here, afterNext);
      here = next;
      next = afterNext;
    }
    this.#leadsTo.set(here, here);
    return here;
  }
}
