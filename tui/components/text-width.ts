/** Text in cells of a terminal: colours take none, wide characters two. */
import sliceAnsi from "slice-ansi";
import stringWidth from "string-width";

/** Widths that were asked for; the same lines come frame after frame. */
const widths = new Map<string, number>();
const WIDTHS_MAX = 4_096;

export function widthOf(text: string): number {
  const known = widths.get(text);
  if (known !== undefined) return known;
  if (widths.size >= WIDTHS_MAX) widths.clear();
  const width = stringWidth(text);
  widths.set(text, width);
  return width;
}

/** The cells from one column up to another. */
export function sliced(text: string, from: number, to: number): string {
  return sliceAnsi(text, from, to);
}

/** The text in exactly so many cells: cut with an ellipsis, or filled with blanks. */
export function alignLeft(text: string, width: number): string {
  if (width <= 0) return "";
  const size = widthOf(text);
  if (size === width) return text;
  if (size < width) return text + " ".repeat(width - size);
  const cut = `${sliceAnsi(text, 0, width - 1)}…`;
  return cut + " ".repeat(Math.max(0, width - widthOf(cut)));
}

/** The same with the blanks before it. */
export function alignRight(text: string, width: number): string {
  const size = widthOf(text);
  return size < width ? " ".repeat(width - size) + text : alignLeft(text, width);
}

/** One text at the left end of a row and one at its right; the left is cut where both are too much. */
export function spread(left: string, right: string, width: number): string {
  const room = width - widthOf(right);
  return room < 2 ? alignLeft(left, width) : alignLeft(left, room) + right;
}

/** The text in lines of at most so many cells, broken between words; a longer word is cut. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/u).filter((one) => one !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = widthOf(word) <= width ? word : alignLeft(word, width);
    }
  }
  return line === "" ? lines : [...lines, line];
}
