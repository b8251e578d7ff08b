/**
 * Intervals of a table of counts that have no row: nothing came, or nobody wrote it down. They are 0
 * where so little comes that this is likely; otherwise, and where the table has rows of 0, they are
 * unknown and get the level of those beside them.
 */
/** Intervals on either side that tell the level in a gap. */
const BESIDE = 3;
/** Where so many are to be expected, that none comes has a chance of one in ten. */
const LEVEL_LEAST = 2.3;

interface Gap {
  /** Places of its first interval and of the one behind its last. */
  readonly from: number;
  readonly to: number;
}

/** What is not a number in `counts` is filled in; the answer is how many got a level. */
export function fillGaps(counts: Float64Array): number {
  const levels = gapsOf(counts).flatMap((gap) => levelsIn(counts, gap));
  const sum = levels.reduce((all, { level }) => all + level, 0);
  const unknown = counts.includes(0) || sum > LEVEL_LEAST * levels.length;
  for (const { place, level } of levels) counts[place] = unknown ? level : 0;
  return unknown ? levels.length : 0;
}

function gapsOf(counts: Float64Array): readonly Gap[] {
  const gaps: Gap[] = [];
  for (let place = 0; place < counts.length; place += 1) {
    if (!Number.isNaN(counts[place])) continue;
    const from = place;
    while (place < counts.length && Number.isNaN(counts[place])) place += 1;
    gaps.push({ from, to: place });
  }
  return gaps;
}

/** From the level before the gap to that behind it, in even steps. */
function levelsIn(
  counts: Float64Array,
  { from, to }: Gap,
): readonly { readonly place: number; readonly level: number }[] {
  const before = meanOf(counts.subarray(Math.max(0, from - BESIDE), from));
  const after = meanOf(counts.subarray(to, to + BESIDE));
  return Array.from({ length: to - from }, (_none, index) => {
    const part = (index + 1) / (to - from + 1);
    return { place: from + index, level: before + (after - before) * part };
  });
}

/** Of those that are known: a table begins and ends with a row, so there is one. */
function meanOf(counts: Float64Array): number {
  const known = counts.filter((count) => !Number.isNaN(count));
  return known.reduce((sum, count) => sum + count, 0) / known.length;
}
