/**
 * How a table writes what can be written in two ways, told by its first rows: whether a comma begins
 * the decimals, whether the day or the month comes first, whether a column such as `state` says what
 * kind of row it is.
 */
import { dayFirstOf } from "./recorded-time.ts";
import { decimalMark } from "./written-amount.ts";

export interface TableHabits {
  readonly decimalComma: boolean;
  /** Null where no date tells it. */
  readonly dayFirst: boolean | null;
}

/** Rows that are looked at before the first is taken. */
export const ROWS_LOOKED_AT = 1_000;

export type Rows = readonly (readonly string[])[];

export interface HabitColumns {
  /** The column of times; null where there is none. */
  readonly at: number | null;
  readonly amounts: readonly number[];
}

export function habitsOf(rows: Rows, { at, amounts }: HabitColumns): TableHabits {
  const marks = { ".": 0, ",": 0 };
  const days = { first: 0, second: 0 };
  for (const row of rows) {
    for (const place of amounts) {
      const mark = decimalMark(row[place] ?? "");
      if (mark !== null) marks[mark] += 1;
    }
    const dayFirst = at === null ? null : dayFirstOf(row[at] ?? "");
    if (dayFirst === true) days.first += 1;
    if (dayFirst === false) days.second += 1;
  }
  // Where both are seen, nothing is told.
  const told = days.first > 0 !== days.second > 0;
  return { decimalComma: marks[","] > marks["."], dayFirst: told ? days.first > 0 : null };
}
