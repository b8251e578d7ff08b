/**
 * Counts by cause, in an order that is fixed from the start: hot models count by number, readers by
 * name.
 */
import { assert } from "../assert.ts";

/** Causes that one counter may tell apart. */
export const COUNTER_TAGS_MAX = 1_024;

/** How often each of a fixed set of things happened (declines by kind, pages by class). */
export class Counter {
  readonly tags: readonly string[];
  private readonly counts: Float64Array;

  constructor(tags: readonly string[]) {
    assert(
      tags.length > 0 && tags.length <= COUNTER_TAGS_MAX,
      "a counter has a bounded set of tags",
    );
    assert(new Set(tags).size === tags.length, "the tags of a counter differ");
    this.tags = [...tags];
    this.counts = new Float64Array(tags.length);
  }

  /** Counts under the tag of that number (its place in `tags`). */
  add(tag: number, amount = 1): void {
    assert(tag >= 0 && tag < this.counts.length, "a counter counts under one of its tags");
    assert(amount >= 0, "a count never falls");
    this.counts[tag] += amount;
  }

  /** The count under a tag, by number or by name. */
  get(tag: number | string): number {
    const index = typeof tag === "string" ? this.tags.indexOf(tag) : tag;
    assert(index >= 0 && index < this.counts.length, `a counter knows the tag ${tag}`);
    return this.counts[index];
  }

  /** The sum over all tags. */
  get total(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Every tag with its count, in the order of `tags`. */
  entries(): readonly (readonly [tag: string, count: number])[] {
    return this.tags.map((tag, index) => [tag, this.counts[index]] as const);
  }
}
