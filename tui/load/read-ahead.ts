/**
 * Reads a source ahead of who uses it, so that what it takes to make a request is done before the
 * request is due. It holds so many and no more, however long the source is.
 */
/// <reference types="node" />

export class ReadAhead<Item> implements AsyncIterable<Item> {
  readonly #source: AsyncIterator<Item>;
  readonly #most: number;
  #held: Item[] = [];
  /** Where in `#held` the next one stands. */
  #next = 0;
  #isOver = false;
  #problem: unknown = null;
  #isReading = false;
  #wake: () => void = () => undefined;

  constructor(source: AsyncIterable<Item>, most: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#most = most;
  }

  /** Resolves when as much has been read as is held, or all there is. */
  async ready(): Promise<void> {
    await this.#read();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    try {
      for (;;) {
        void this.#read();
        while (this.#next === this.#held.length && !this.#isOver) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
        if (this.#next === this.#held.length) {
          if (this.#problem !== null) throw this.#problem;
          return;
        }
        yield this.#take();
      }
    } finally {
      this.#isOver = true;
      await this.#source.return?.();
    }
  }

  #take(): Item {
    const item = this.#held[this.#next] as Item;
    this.#next += 1;
    if (this.#next * 2 > this.#most) {
      this.#held = this.#held.slice(this.#next);
      this.#next = 0;
    }
    return item;
  }

  /** One reader at a time; a problem is kept for who comes to it. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isOver && this.#held.length - this.#next < this.#most) {
        const { value, done } = await this.#source.next();
        if (done === true) this.#isOver = true;
        else this.#held.push(value);
        this.#wake();
      }
    } catch (problem) {
      this.#problem = problem;
      this.#isOver = true;
      this.#wake();
    } finally {
      this.#isReading = false;
    }
  }
}
