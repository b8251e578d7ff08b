/**
 * Sorts rows by a time that is too long to be packed with the row into one number: a stable
 * radix sort, so that equal times keep the order of the rows (here: of the mailing list).
 */
import { assert } from "../../engine/assert.ts";

const DIGIT_BITS = 12;
const DIGIT_VALUES = 1 << DIGIT_BITS;
/** A time is cut into a low half of two digits and a high half of three at most: 2^53 and beyond. */
const LOW_BITS = 2 * DIGIT_BITS;
const LOW_VALUES = 1 << LOW_BITS;
/** A half fits in this many bits; a shift by as many would be a shift by none. */
const HALF_BITS = 32;

/** The indices of `times` (whole, not negative) in ascending order of time, equal times by index. */
export function orderByTime(times: Float64Array): Uint32Array {
  const low = new Uint32Array(times.length);
  const high = new Uint32Array(times.length);
  const order = new Uint32Array(times.length);
  let highest = 0;
  for (let row = 0; row < times.length; row += 1) {
    const time = times[row];
    assert(Number.isSafeInteger(time) && time >= 0, "a time to sort by is a whole tick >= 0");
    high[row] = Math.floor(time / LOW_VALUES);
    low[row] = time - high[row] * LOW_VALUES;
    highest = Math.max(highest, high[row]);
    order[row] = row;
  }
  const spare = new Uint32Array(times.length);
  const ordered = sortByHalf(low, LOW_VALUES - 1, order, spare);
  return sortByHalf(high, highest, ordered, ordered === order ? spare : order);
}

/** Sorts by one half of the times, digit by digit; the result is one of the two arrays given. */
function sortByHalf(half: Uint32Array, highest: number, order: Uint32Array, spare: Uint32Array) {
  let from = order;
  let to = spare;
  for (let shift = 0; shift < HALF_BITS && highest >>> shift > 0; shift += DIGIT_BITS) {
    sortByDigit(half, shift, from, to);
    [from, to] = [to, from];
  }
  return from;
}

/** One pass: `to` becomes `from` in the order of the digit at `shift`. */
function sortByDigit(half: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): void {
  const mask = DIGIT_VALUES - 1;
  const places = new Uint32Array(DIGIT_VALUES + 1);
  for (let place = 0; place < from.length; place += 1)
    places[((half[from[place]] >>> shift) & mask) + 1] += 1;
  for (let value = 0; value < DIGIT_VALUES; value += 1) places[value + 1] += places[value];
  for (let place = 0; place < from.length; place += 1) {
    const row = from[place];
    const value = (half[row] >>> shift) & mask;
    to[places[value]] = row;
    places[value] += 1;
  }
}
