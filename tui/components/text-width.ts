/** Text in cells of a terminal: colours take none, wide characters two. */
import sliceAnsi from "slice-ansi";
import stringWidth from "string-width";

export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text in exactly so many cells: cut with an ellipsis, or filled with blanks. */
export function alignLeft(text: string, width: number): string {
  if (width <= 0) return "";
  const size = stringWidth(text);
  if (size === width) return text;
  if (size < width) return text + " ".repeat(width - size);
  const cut = `${sliceAnsi(text, 0, width - 1)}…`;
  return cut + " ".repeat(Math.max(0, width - stringWidth(cut)));
}

/** The same with the blanks before it. */
export function alignRight(text: string, width: number): string {
  const size = stringWidth(text);
  return size < width ? " ".repeat(width - size) + text : alignLeft(text, width);
}

/** One text at the left end of a row and one at its right; the left is cut where both are too much. */
export function spread(left: string, right: string, width: number): string {
  const room = width - stringWidth(right);
  return room < 2 ? alignLeft(left, width) : alignLeft(left, room) + right;
}

/** The text in lines of at most so many cells, broken between words; a longer word is cut. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/u).filter((one) => one !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (stringWidth(longer) <= width) line = longer;
    else {
      if (line !== "") lines.push(line);
      line = stringWidth(word) <= width ? word : alignLeft(word, width);
    }
  }
  return line === "" ? lines : [...lines, line];
}
