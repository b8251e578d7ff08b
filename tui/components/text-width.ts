/** Text in cells of a terminal: colours take none, wide characters two. */
import sliceAnsi from "slice-ansi";
import stringWidth from "string-width";

/** Characters that take one cell each everywhere: letters, signs, arrows, lines, blocks, Braille. */
const NARROW =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2026\u20a0-\u20bf\u2190-\u22ff\u2500-\u25fc\u2713-\u2718\u2800-\u28ff]*$/u;
/** Codes that colour. */
const CODES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "gu");

/** Most lines hold nothing unusual, and counting them by graphemes would be most of a frame. */
export function widthOf(text: string): number {
  const bare = text.replace(CODES, "");
  return NARROW.test(bare) ? bare.length : stringWidth(text);
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
  let cut = "";
  // A cut by graphemes can be wider than it was asked for, where a script joins them.
  for (let room = width - 1; room >= 0; room -= 1) {
    cut = `${sliceAnsi(text, 0, room)}…`;
    if (widthOf(cut) <= width) break;
  }
  return cut + " ".repeat(Math.max(0, width - widthOf(cut)));
}

/** The same with the blanks before it. */
export function alignRight(text: string, width: number): string {
  const size = widthOf(text);
  return size < width ? " ".repeat(width - size) + text : alignLeft(text, width);
}

/**
 * One text at the left end of a row and one at its right; the left is cut where both are too much,
 * with a blank between them.
 */
export function spread(left: string, right: string, width: number): string {
  const room = width - widthOf(right);
  if (room < 2) return alignLeft(left, width);
  const isCut = widthOf(left) > room;
  return (isCut ? `${alignLeft(left, room - 1)} ` : alignLeft(left, room)) + right;
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
