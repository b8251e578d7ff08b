/** Blocks of lines put together: side by side, and the part of a list that fits. */

/** Blocks of equal height as one. */
export function beside(...blocks: readonly (readonly string[])[]): readonly string[] {
  const height = Math.max(0, ...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, row) =>
    blocks.map((block) => block[row] ?? "").join(""),
  );
}

/** The first of the lines that are shown, so that the selected one is among them. */
export function firstShown(list: {
  readonly count: number;
  readonly selected: number;
  readonly room: number;
}): number {
  const { count, selected, room } = list;
  const last = Math.max(0, count - room);
  return Math.max(0, Math.min(last, selected - Math.floor(room / 2)));
}

/** Widths that share a number of columns, the last ones taking what is left over. */
export function sharedWidths(columns: number, parts: number): readonly number[] {
  const each = Math.floor(columns / parts);
  const more = columns - each * parts;
  return Array.from({ length: parts }, (_, part) => each + (part >= parts - more ? 1 : 0));
}
