/**
 * What operators may change of a sale that is on, and the record of what they did. A change names
 * the revision that it was made from, so that of two operators who press at once one is told.
 */
import { assert } from "./assert.ts";
import { type SaleTimes, saleTimesProblem } from "./sale.ts";

/** One thing that an operator did. */
export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Who did it, as they are known to the store. */
  readonly by: string;
  /** What was done, as in `sale.pause` or `stock.restock`. */
  readonly action: string;
  /** To what, with which values, as it is to be read later; no personal data. */
  readonly details: string;
}

export interface RecordedEntry extends AuditEntry {
  /** 1 for the first, without gaps. */
  readonly sequence: number;
}

export interface ControlledSale {
  readonly times: SaleTimes;
  /** 0 before the first change. */
  readonly revision: number;
}

export interface ControlChange {
  /** The revision that the change was made from. */
  readonly revision: number;
  readonly times: SaleTimes;
  readonly entry: AuditEntry;
}

export interface SaleChanged extends ControlledSale {
  readonly _tag: "SaleChanged";
}

/** Somebody else changed the sale meanwhile; nothing was done. */
export interface RevisionConflict extends ControlledSale {
  readonly _tag: "RevisionConflict";
}

export type ControlAnswer = SaleChanged | RevisionConflict;

/** Entries that one reading answers at most. */
export const ENTRIES_READ_MAX = 1_000;

export class SaleControlBook {
  #times: SaleTimes;
  #revision = 0;
  readonly #entries: RecordedEntry[] = [];

  constructor(times: SaleTimes) {
    assert(saleTimesProblem(times) === null, "a sale begins with times that follow one another");
    this.#times = times;
  }

  read(): ControlledSale {
    return { times: this.#times, revision: this.#revision };
  }

  change({ revision, times, entry }: ControlChange): ControlAnswer {
    assert(saleTimesProblem(times) === null, "a change leaves times that follow one another");
    if (revision !== this.#revision) return { _tag: "RevisionConflict", ...this.read() };
    this.#times = times;
    this.#revision += 1;
    this.note(entry);
    return { _tag: "SaleChanged", ...this.read() };
  }

  /** Records something that changed no time of the sale. */
  note(entry: AuditEntry): number {
    const sequence = this.#entries.length + 1;
    this.#entries.push({ ...entry, sequence });
    return sequence;
  }

  entries({ after, limit }: { readonly after: number; readonly limit: number }) {
    assert(limit > 0 && limit <= ENTRIES_READ_MAX, "a reading has a length within its limit");
    return this.#entries.slice(after, after + limit);
  }
}
