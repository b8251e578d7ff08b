/**
 * A sample of bounded size by the hash of a key: a key is either in it with all that is told of it,
 * or not at all, the same on every machine and in every order (adaptive sampling of Wegman;
 * Flajolet, Computing 34, 1990).
 */
export class HashSample<Kept> {
  readonly #most: number;
  readonly #kept = new Map<number, Kept>();
  /** Keys with a hash below this are in it: 2^53 at first, halved whenever it is full. */
  #below = 2 ** 53;

  constructor(most: number) {
    this.#most = most;
  }

  /** The part of all keys that is in it: 1, 1/2, 1/4 … */
  get share(): number {
    return this.#below / 2 ** 53;
  }

  get values(): Iterable<Kept> {
    return this.#kept.values();
  }

  get size(): number {
    return this.#kept.size;
  }

  /** `hash` is 53 bits; `change` is given what is kept of the key so far. */
  take(hash: number, change: (before: Kept | undefined) => Kept): void {
    if (hash >= this.#below) return;
    this.#kept.set(hash, change(this.#kept.get(hash)));
    while (this.#kept.size > this.#most) {
      this.#below /= 2;
      for (const key of this.#kept.keys()) if (key >= this.#below) this.#kept.delete(key);
    }
  }
}
