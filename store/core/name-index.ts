/**
 * Which row a name has: a table of rows, probed from the name's hash on (D. Knuth, The Art of
 * Computer Programming 3, 6.4, algorithms L and R). It makes nothing for the collector, however many
 * names come and go; a Map of as many spends most of its time on being collected.
 */
import { assert } from "./assert.ts";
import { type HashKey, keyedHash } from "./keyed-hash.ts";

const NONE = -1;
/** Slots per row: a search then meets two or three others at most, on the mean. */
const SLOTS_PER_ROW = 2;

export class NameIndex {
  readonly #names: readonly string[];
  readonly #key: HashKey;
  #slots = new Int32Array(0);
  /** The hash of each row's name, so that a slot can move without its name being read. */
  #hashes = new Int32Array(0);
  #mask = 0;
  #size = 0;

  /**
   * `names` is the owner's column of names by row. Who chooses names does not know the `key`; no
   * answer depends on it.
   */
  constructor(names: readonly string[], key: HashKey) {
    this.#names = names;
    this.#key = key;
  }

  get size(): number {
    return this.#size;
  }

  /** Makes room for rows below `rows`, a power of two. */
  grow(rows: number): void {
    const slots = rows * SLOTS_PER_ROW;
    assert((slots & (slots - 1)) === 0, "an index has a power of two of slots");
    const before = this.#slots;
    const hashes = new Int32Array(rows);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(slots).fill(NONE);
    this.#mask = slots - 1;
    for (const row of before) if (row !== NONE) this.#put(row);
  }

  /** The row of the name, or -1. */
  of(name: string): number {
    const hash = keyedHash(name, this.#key);
    const mask = this.#mask;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot] as number;
      if (row === NONE || (this.#hashes[row] === hash && this.#names[row] === name)) return row;
    }
  }

  /** The row's name, which no other row has, is found from here on. */
  add(row: number): void {
    this.#hashes[row] = keyedHash(this.#names[row] as string, this.#key);
    this.#put(row);
    this.#size += 1;
  }

  /** Takes the row out, and moves those up that had to make way for it. */
  remove(row: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let hole = (this.#hashes[row] as number) & mask;
    while (slots[hole] !== row) {
      assert(slots[hole] !== NONE, "a name that is taken out is in the index");
      hole = (hole + 1) & mask;
    }
    for (let slot = (hole + 1) & mask; slots[slot] !== NONE; slot = (slot + 1) & mask) {
      const home = (this.#hashes[slots[slot] as number] as number) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      slots[hole] = slots[slot] as number;
      hole = slot;
    }
    slots[hole] = NONE;
    this.#size -= 1;
  }

  #put(row: number): void {
    const mask = this.#mask;
    let slot = (this.#hashes[row] as number) & mask;
    while (this.#slots[slot] !== NONE) slot = (slot + 1) & mask;
    this.#slots[slot] = row;
  }
}
