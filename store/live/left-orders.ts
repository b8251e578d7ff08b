/**
 * Orders whose requests have failed half way in this process, because a ledger or a gate did not
 * answer. Nobody works on them any more, and this process alone knows it: they are ended as soon
 * as the store answers again, and not after the time that a live request might take.
 */
import { Effect } from "effect";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { Reconciliation } from "../service/reconcile.ts";

/** More than fail at once in any outage; what is beyond them is left to the reconciliation. */
const LEFT_MAX = 100_000;

export class LeftOrders {
  readonly #names = new Set<string>();

  /** Orders that wait to be ended. */
  get size(): number {
    return this.#names.size;
  }

  /** Asks what may place an order, and notes the order where that fails after it was placed. */
  async during<Answer>(ask: (placed: (order: string) => void) => Promise<Answer>): Promise<Answer> {
    const placed: string[] = [];
    try {
      return await ask((order) => placed.push(order));
    } catch (failure) {
      for (const order of placed) if (this.#names.size < LEFT_MAX) this.#names.add(order);
      throw failure;
    }
  }

  /** Ends them; one that is in doubt still is the reconciliation's from then on. */
  endThem({ end }: Pick<Reconciliation, "end">): Effect.Effect<void, PortUnavailable> {
    const one = (order: string) =>
      Effect.tap(end(order), () => Effect.sync(() => this.#names.delete(order)));
    return Effect.suspend(() => Effect.forEach([...this.#names], one, { discard: true }));
  }
}
