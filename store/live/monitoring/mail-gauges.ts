/** The outbox of mails at the moment of a look, as this process sees it. */
import { Gauge, type Registry } from "prom-client";
import type { OutboxFigures } from "../mailer/mail-outbox.ts";

export class MailGauges {
  readonly #figures: () => OutboxFigures;
  readonly #mails: Gauge;
  readonly #late: Gauge;

  constructor(registry: Registry, figures: () => OutboxFigures) {
    this.#figures = figures;
    const registers = [registry];
    this.#mails = new Gauge({
      name: "rehearse_mails",
      help: "Mails of orders: waiting for their time or server, given up, or for the order's end",
      labelNames: ["state"],
      registers,
    });
    this.#late = new Gauge({
      name: "rehearse_mails_late_seconds",
      help: "How long the first mail that could be sent has waited",
      registers,
    });
  }

  /** How long the first mail that could be sent has waited, milliseconds; 0 where none does. */
  look(now: number): number {
    const { waiting, failed, awaited, waitingSince } = this.#figures();
    this.#mails.set({ state: "waiting" }, waiting);
    this.#mails.set({ state: "failed" }, failed);
    this.#mails.set({ state: "awaiting-order" }, awaited);
    const lateMillis = Math.max(0, now - (waitingSince ?? now));
    this.#late.set(lateMillis / 1_000);
    return lateMillis;
  }
}
