/** Lines of units, summed per SKU: what is checked and taken is the sum, never a line alone. */
import { assert } from "./assert.ts";
import type { StockLine } from "./hold.ts";

/** The most lines of one hold; a cart is limited to fewer. */
const HOLD_LINES_MAX = 256;

/** One line per SKU, in the order in which each is first named. */
export function summedPerSku(lines: readonly StockLine[]): readonly StockLine[] {
  assert(lines.length > 0 && lines.length <= HOLD_LINES_MAX, "a hold has 1 to 256 lines");
  const sums: { sku: string; units: number }[] = [];
  for (const line of lines) {
    assertWhole(line.units);
    const sum = sums.find((other) => other.sku === line.sku);
    if (sum === undefined) sums.push({ sku: line.sku, units: line.units });
    else sum.units += line.units;
  }
  // A hold keeps its lines for good, so without the room that a list has to grow.
  return sums.slice();
}

/** Units are counted, never measured. */
export function assertWhole(units: number): void {
  assert(Number.isSafeInteger(units) && units > 0, "units are whole and above zero");
}

/** Whether two summed lists name the same units, in whatever order. */
export function sameUnits(one: readonly StockLine[], other: readonly StockLine[]): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) {
    const line = one[index];
    // Mostly both lists were made from one cart and have its order.
    if (isSame(line, other[index])) continue;
    if (!other.some((match) => isSame(line, match))) return false;
  }
  return true;
}

function isSame(one: StockLine, other: StockLine): boolean {
  return one.sku === other.sku && one.units === other.units;
}
