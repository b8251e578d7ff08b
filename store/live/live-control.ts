/**
 * The times of the sale as this process knows them. Every request reads them from here; a round of
 * the background reads them anew from the port, so a change on one node is everywhere within one
 * interval of that round.
 */
import { Effect } from "effect";
import type { SaleTimes } from "../core/sale.ts";
import type { AuditEntry, ControlAnswer } from "../core/sale-control.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import type { SaleControlService } from "../ports/sale-control.ts";

export class LiveControl {
  #times: SaleTimes;
  readonly #port: SaleControlService;
  /** Reads the times anew. */
  readonly refresh: Effect.Effect<void, PortUnavailable>;

  constructor(port: SaleControlService, times: SaleTimes) {
    this.#port = port;
    this.#times = times;
    this.refresh = Effect.map(port.read, ({ times: read }) => {
      this.#times = read;
    });
  }

  get times(): SaleTimes {
    return this.#times;
  }

  /**
   * Changes the times as `next` says, from what they are in the ledger; a conflict is answered and
   * left to whoever asked.
   */
  change(
    next: (times: SaleTimes) => SaleTimes,
    entry: AuditEntry,
  ): Effect.Effect<ControlAnswer, PortUnavailable> {
    return Effect.flatMap(this.#port.read, ({ times, revision }) =>
      Effect.map(this.#port.change({ revision, times: next(times), entry }), (answer) => {
        this.#times = answer.times;
        return answer;
      }),
    );
  }
}
