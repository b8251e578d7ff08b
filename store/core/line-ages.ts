/**
 * How many stand in a line by when they joined it, in parts of time that get longer where the line
 * is older than fits: memory and a walk through it do not grow with the line.
 */
import { assert } from "./assert.ts";

const PARTS = 512;
const PART_MILLIS = 5_000;

export class LineAges {
  readonly #counts = new Int32Array(PARTS);
  #partMillis = PART_MILLIS;
  #origin = 0;
  /** The first part that may have somebody, and the one after the last. */
  #first = 0;
  #end = 0;
  #standing = 0;

  get standing(): number {
    return this.#standing;
  }

  get partMillis(): number {
    return this.#partMillis;
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  /** How many joined in this part, and when its middle was. */
  countOf(part: number): number {
    return this.#counts[part] as number;
  }

  middleOf(part: number): number {
    return this.#origin + (part + 0.5) * this.#partMillis;
  }

  join(since: number): void {
    if (this.#standing === 0) this.#begin(since);
    while (this.#partOf(since) >= PARTS) this.#makeRoom();
    const part = Math.max(this.#partOf(since), this.#first);
    this.#counts[part] = (this.#counts[part] as number) + 1;
    this.#end = Math.max(this.#end, part + 1);
    this.#standing += 1;
  }

  leave(since: number): void {
    const part = Math.max(this.#partOf(since), this.#first);
    const count = this.#counts[part] as number;
    assert(count > 0, "who leaves has joined");
    this.#counts[part] = count - 1;
    this.#standing -= 1;
    while (this.#first < this.#end && this.#counts[this.#first] === 0) this.#first += 1;
  }

  #partOf(since: number): number {
    return Math.floor((since - this.#origin) / this.#partMillis);
  }

  #begin(since: number): void {
    this.#partMillis = PART_MILLIS;
    this.#origin = since;
    this.#first = 0;
    this.#end = 0;
  }

  /** Forgets the parts in front that are empty; where those are few, two parts become one. */
  #makeRoom(): void {
    const counts = this.#counts;
    const empty = this.#first;
    if (empty >= PARTS / 2) {
      counts.copyWithin(0, empty, this.#end);
      this.#origin += empty * this.#partMillis;
      this.#end -= empty;
      this.#first = 0;
    } else {
      for (let part = 0; part < PARTS / 2; part += 1)
        counts[part] = (counts[part * 2] as number) + (counts[part * 2 + 1] as number);
      this.#partMillis *= 2;
      this.#first = this.#first >> 1;
      this.#end = (this.#end + 1) >> 1;
    }
    counts.fill(0, this.#end);
  }
}
