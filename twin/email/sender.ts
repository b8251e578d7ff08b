/**
 * When each mail of a list leaves the sender. A launch plan hands the list over in batches; the
 * sender forwards it in list order, never faster than its throughput limit, so a batch that comes
 * while the one before is still going out waits behind it (throttling in list order is how the
 * large senders do it: parameters.md section 1.1).
 */
import { assert } from "../../engine/assert.ts";
import { SECOND, type Ticks } from "../../engine/time.ts";
import type { LaunchSpec } from "../scenario/scenario.ts";

export interface SenderOptions {
  /** Addresses on the list. */
  readonly recipients: number;
  readonly launch: LaunchSpec;
  /** When each batch is handed over, in order; as the launch says where left out. */
  readonly dues?: readonly Ticks[];
  /** The throughput limit, mails per second. */
  readonly senderRate: number;
}

/** When the launch hands over each batch. */
export function duesOf({ at, batches, every }: LaunchSpec): readonly Ticks[] {
  return Array.from({ length: batches }, (_none, batch) => at + batch * every);
}

/** Whether a batch but the first is still to begin. */
export function canMove(dues: readonly Ticks[], now: Ticks): boolean {
  return dues.some((due, batch) => batch > 0 && due > now);
}

/**
 * Batches that have not begun follow the one before at this distance, and none begins before the
 * next tick; the first keeps its time.
 */
export function movedDues(
  dues: readonly Ticks[],
  { now, every }: { readonly now: Ticks; readonly every: Ticks },
): readonly Ticks[] {
  const moved: Ticks[] = [];
  for (const [batch, due] of dues.entries()) {
    const keeps = batch === 0 || due <= now;
    moved.push(keeps ? due : Math.max(now + 1, (moved[batch - 1] ?? due) + every));
  }
  return moved;
}

/** The sending times of a whole list, batch by batch; nothing is stored per mail. */
export class Sender {
  readonly #recipients: number;
  readonly #launch: LaunchSpec;
  readonly #dues: readonly Ticks[];
  /** Between two mails at the throughput limit, ticks (not whole). */
  readonly #gap: number;
  /** When the sender begins each batch: when it is due, or later when it is still busy. */
  readonly #begins: Float64Array;

  constructor(options: SenderOptions) {
    const { recipients, launch, senderRate, dues = duesOf(launch) } = options;
    assert(recipients >= 0 && Number.isSafeInteger(recipients), "a mailing list has whole rows");
    assert(launch.batches >= 1, "a mailing goes out in one batch at least");
    assert(senderRate > 0, "a sender sends");
    this.#recipients = recipients;
    assert(dues.length === launch.batches, "every batch is due at a time");
    this.#launch = launch;
    this.#dues = dues;
    this.#gap = SECOND / senderRate;
    this.#begins = new Float64Array(launch.batches);
    let free: Ticks = launch.at;
    for (let batch = 0; batch < launch.batches; batch += 1) {
      const begins = Math.max(dues[batch], free);
      this.#begins[batch] = begins;
      const size = this.sizeOf(batch);
      if (size > 0) free = this.#sentAt(batch, size - 1, size) + this.#gap;
    }
  }

  /** Mails in a batch: the parts are equal, and differ by one where the list does not divide. */
  sizeOf(batch: number): number {
    return this.firstOf(batch + 1) - this.firstOf(batch);
  }

  /** The first row of a batch in the list. */
  firstOf(batch: number): number {
    return Math.floor((batch * this.#recipients) / this.#launch.batches);
  }

  /** The batch that a row of the list belongs to. */
  batchOf(recipient: number): number {
    assert(recipient >= 0 && recipient < this.#recipients, "a recipient is on the list");
    const { batches } = this.#launch;
    // The last batch whose first row, floor(batch * recipients / batches), is not beyond this one.
    const batch = Math.ceil(((recipient + 1) * batches) / this.#recipients) - 1;
    assert(batch >= 0 && batch < batches, "a recipient is in a batch");
    return batch;
  }

  /** When a recipient's mail leaves the sender, ticks (not whole). */
  sentAt(recipient: number): number {
    const batch = this.batchOf(recipient);
    return this.#sentAt(batch, recipient - this.firstOf(batch), this.sizeOf(batch));
  }

  /** When the last mail leaves the sender. */
  get lastAt(): number {
    return this.#recipients === 0 ? this.#launch.at : this.sentAt(this.#recipients - 1);
  }

  /** A mail leaves when it is due, but `place` gaps after its batch began at the earliest. */
  #sentAt(batch: number, place: number, size: number): number {
    const due = this.#dues[batch];
    const spread = (this.#launch.eachOver * place) / size;
    return Math.max(due + spread, this.#begins[batch] + place * this.#gap);
  }
}
