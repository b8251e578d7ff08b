/**
 * How an operator's act is done: in the store, in the record of who did what, and in the sale log,
 * and told to the operator once all of it survives a crash. An act that was refused is in the
 * record as well; one whose end nobody knows is there as that.
 */
import { Effect } from "effect";
import type { FastifyRequest } from "fastify";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { HttpDesk } from "../http/http-desk.ts";

/** What an operator does: `stock.restock` to `lamp`, with these values. */
export interface Act {
  readonly action: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export class AdminDesk {
  readonly desk: HttpDesk;

  constructor(desk: HttpDesk) {
    this.desk = desk;
  }

  /** Does the act and records how it ended; `events` are those that a successful end brings. */
  async act<Answer extends { readonly _tag: string }>(
    request: FastifyRequest,
    act: Act,
    program: Effect.Effect<Answer, PortUnavailable>,
    events: (answer: Answer, at: number) => readonly SaleEvent[] = () => [],
  ): Promise<Answer> {
    const recorded = Effect.flatMap(
      Effect.tapError(program, ({ reason }) => this.#unknown(request, act, reason)),
      (answer) =>
        Effect.as(
          Effect.zipRight(
            this.#note(request, act, answer._tag),
            this.log(events(answer, this.desk.now())),
          ),
          answer,
        ),
    );
    return await this.desk.change(recorded);
  }

  log(events: readonly SaleEvent[]): Effect.Effect<void, PortUnavailable> {
    const { saleLog } = this.desk.store.ports;
    return Effect.forEach(events, (event) => saleLog.append(event), { discard: true });
  }

  /** An entry of the record, for whatever the operator does now. */
  entry(request: FastifyRequest, { action, details }: Act) {
    return {
      at: this.desk.now(),
      by: operatorOf(request),
      action,
      details: JSON.stringify(details),
    };
  }

  #note(request: FastifyRequest, { action, details }: Act, outcome: string) {
    const entry = this.entry(request, { action, details: { ...details, outcome } });
    return this.desk.store.parts.control.note(entry);
  }

  #unknown(request: FastifyRequest, act: Act, reason: string) {
    return Effect.ignore(this.#note(request, act, `unknown: ${reason}`));
  }
}

/** Who asks, on a route that the guard lets nobody else through. */
export function operatorOf({ operator }: FastifyRequest): string {
  if (operator === undefined) throw new Error("a route for operators is guarded by its policy");
  return operator;
}
