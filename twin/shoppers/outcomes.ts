/**
 * What became of every shopper, one byte each: whether they bought, and if not, what they left
 * for. Kept only for a rehearsal that is asked for it; nothing here is drawn and no event is
 * scheduled, so the course of the sale is the same.
 *
 * Shoppers are numbered alike in every launch plan, so two plans can be laid beside each other,
 * shopper by shopper. A shopper with several sessions has bought where one of them ended with an
 * order, else counts by the last.
 */
import { CAUSES, type Cause } from "./tally.ts";

/** A shopper whose mail came after the sale, or who never came. */
export const NEVER_CAME = 0;
export const BOUGHT = 1;
/** Code of the first cause; the others follow in the order of {@link CAUSES}. */
const FIRST_CAUSE = 2;
/** Set while a visit goes on in which something has failed: the code is what that was. */
const IN_TROUBLE = 0x80;

const SHOPPERS_AT_FIRST = 4_096;

/** Why somebody did not buy: a cause, or that they never came. */
export type Reason = Cause | "never";

export class ShopperOutcomes {
  #codes = new Uint8Array(SHOPPERS_AT_FIRST);
  #used = 0;

  /** An order of theirs was confirmed. */
  bought(shopper: number): void {
    this.#set(shopper, BOUGHT);
  }

  /** Something failed them and they went on: it is what a later change of mind is put down to. */
  failed(shopper: number, cause: Cause): void {
    if (this.#codes[shopper] !== BOUGHT) this.#set(shopper, codeOf(cause) | IN_TROUBLE);
  }

  /** A session of theirs ended without an order. */
  left(shopper: number, cause: Cause): void {
    const before = this.#codes[shopper] ?? NEVER_CAME;
    if (before === BOUGHT) return;
    const blamed = cause === "choice" && (before & IN_TROUBLE) !== 0;
    this.#set(shopper, blamed ? before & ~IN_TROUBLE : codeOf(cause));
  }

  /** One code per shopper, by their number. */
  codes(): Uint8Array {
    return this.#codes.slice(0, this.#used);
  }

  #set(shopper: number, code: number): void {
    if (shopper >= this.#codes.length) this.#grow(shopper);
    if (shopper >= this.#used) this.#used = shopper + 1;
    this.#codes[shopper] = code;
  }

  #grow(shopper: number): void {
    let length = this.#codes.length;
    while (length <= shopper) length *= 2;
    const codes = new Uint8Array(length);
    codes.set(this.#codes);
    this.#codes = codes;
  }
}

function codeOf(cause: Cause): number {
  return FIRST_CAUSE + CAUSES.indexOf(cause);
}

/** Every reason, in the order of its code; a purchase has none. */
export const REASONS: readonly Reason[] = ["never", ...CAUSES];

/** Index in {@link REASONS} of a code that is not {@link BOUGHT}. */
export function reasonIndexOf(code: number): number {
  return code === NEVER_CAME ? 0 : code - FIRST_CAUSE + 1;
}
