/** Quantiles of a fit against those measured, in characters: on the diagonal where it is right. */
import type { QuantilePair } from "../../twin/fitting/goodness-of-fit.ts";

const COLUMNS = 33;
const ROWS = 11;

/** Both axes are logarithmic and alike; measured goes to the right, fitted upwards. */
export function quantilePicture(pairs: readonly QuantilePair[]): readonly string[] {
  const shown = pairs.filter(({ measured, fitted }) => measured > 0 && fitted > 0);
  const logs = shown.flatMap(({ measured, fitted }) => [Math.log(measured), Math.log(fitted)]);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  if (shown.length < 2 || !(high > low)) return [];
  const place = (value: number, cells: number) =>
    Math.round(((Math.log(value) - low) / (high - low)) * (cells - 1));
  const grid = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => " "));
  const put = (column: number, row: number, sign: string) => {
    const cells = grid[ROWS - 1 - row];
    if (cells !== undefined) cells[column] = sign;
  };
  for (let column = 0; column < COLUMNS; column += 1)
    put(column, Math.round((column / (COLUMNS - 1)) * (ROWS - 1)), "·");
  for (const { measured, fitted } of shown) put(place(measured, COLUMNS), place(fitted, ROWS), "o");
  return grid.map((cells) => `│${cells.join("").trimEnd()}`);
}
