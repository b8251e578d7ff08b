/**
 * Counts per interval of time in bounded memory, for times in any order: intervals begin at whole
 * multiples of their length since 1970 and are joined to longer ones when there are too many.
 */

/** Lengths in seconds, each a multiple of the one before: a second to a week. */
export const LENGTHS = [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400, 604_800] as const;
const SECOND = 1_000;

/** Counts from a first interval to a last, those without a count too. */
export interface CountedIntervals {
  readonly counts: Float64Array;
  /** Seconds. */
  readonly every: number;
  /** Milliseconds since 1970 at which the first interval begins. */
  readonly from: number;
}

/** The stretch of time that holds nearly all, and what lies far outside of it. */
export interface MainStretch extends CountedIntervals {
  /** Counts that were left out: a clock that jumped. */
  readonly strayed: number;
}

/** The middle of all, from this share to 1 less it, is never a stray … */
const STRAY_SHARE = 0.01;
/** … nor is what a shorter gap parts from it: this many times its length, and a day. */
const STRAY_GAP = 5;
const STRAY_GAP_SECONDS = 86_400;

export class IntervalCounts {
  readonly #most: number;
  #place = 0;
  #counts = new Map<number, number>();

  /** At most so many intervals, of those that hold something and of those between. */
  constructor(most = 1_000_000) {
    this.#most = most;
  }

  /** `at` in milliseconds since 1970. */
  add(at: number, count = 1): void {
    const interval = Math.floor(at / (this.#every * SECOND));
    this.#counts.set(interval, (this.#counts.get(interval) ?? 0) + count);
    while (this.#counts.size > this.#most && this.#place < LENGTHS.length - 1) {
      const before = this.#every;
      this.#place += 1;
      this.#counts = joined(this.#counts, this.#every / before);
    }
  }

  /** Null where nothing was counted. */
  get mainStretch(): MainStretch | null {
    const sorted = [...this.#counts].sort(([one], [other]) => one - other);
    if (sorted.length === 0) return null;
    const stretch = withoutStrays(sorted, STRAY_GAP_SECONDS / this.#every);
    const kept = sorted.slice(stretch.first, stretch.last + 1);
    const strayed = countOf(sorted) - countOf(kept);
    let place = this.#place;
    let counts: ReadonlyMap<number, number> = new Map(kept);
    let [first = 0, last = 0] = [kept[0]?.[0], kept.at(-1)?.[0]];
    while (last - first >= this.#most && place < LENGTHS.length - 1) {
      const factor = (LENGTHS[place + 1] ?? 1) / (LENGTHS[place] ?? 1);
      place += 1;
      counts = joined(counts, factor);
      first = Math.floor(first / factor);
      last = Math.floor(last / factor);
    }
    const every = LENGTHS[place] ?? 1;
    const dense = new Float64Array(last - first + 1);
    for (const [interval, count] of counts) dense[interval - first] = count;
    return { counts: dense, every, from: first * every * SECOND, strayed };
  }

  get #every(): number {
    return LENGTHS[this.#place] ?? 1;
  }
}

function joined(counts: ReadonlyMap<number, number>, factor: number): Map<number, number> {
  const wider = new Map<number, number>();
  for (const [interval, count] of counts) {
    const into = Math.floor(interval / factor);
    wider.set(into, (wider.get(into) ?? 0) + count);
  }
  return wider;
}

export type Sorted = readonly (readonly [interval: number, count: number])[];

function countOf(sorted: Sorted): number {
  return sorted.reduce((sum, [, count]) => sum + count, 0);
}

/**
 * Places of the first and the last that are no strays: grows from the middle outwards, as far as no
 * gap is far longer than all that it has by then. `gapLeast` counts intervals.
 */
export function withoutStrays(
  sorted: Sorted,
  gapLeast: number,
): { readonly first: number; readonly last: number } {
  const all = countOf(sorted);
  let first = 0;
  let before = sorted[0]?.[1] ?? 0;
  while (before <= STRAY_SHARE * all && first < sorted.length - 1) {
    first += 1;
    before += sorted[first]?.[1] ?? 0;
  }
  let last = sorted.length - 1;
  let after = sorted[last]?.[1] ?? 0;
  while (after <= STRAY_SHARE * all && last > first) {
    last -= 1;
    after += sorted[last]?.[1] ?? 0;
  }
  const at = (place: number) => sorted[place]?.[0] ?? 0;
  for (let grown = true; grown; ) {
    const allowed = Math.max(gapLeast, STRAY_GAP * (at(last) - at(first) + 1));
    const down = first > 0 && at(first) - at(first - 1) <= allowed;
    const up = last < sorted.length - 1 && at(last + 1) - at(last) <= allowed;
    if (down) first -= 1;
    if (up) last += 1;
    grown = down || up;
  }
  return { first, last };
}
