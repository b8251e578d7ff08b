/**
 * Lines of text as an element. Ink measures, cuts and joins every character of a text at every
 * frame, and keeps each text that it has ever measured; that is most of what a frame costs, and a
 * leak. So where frames are drawn ten times a second Ink lays out an empty slot of the same size,
 * and the lines are put into it afterwards, as they are. Elsewhere, as in a test, Ink draws them.
 */
import { Box, Text } from "ink";
import { createContext, type ReactElement, useContext } from "react";
import { sliced, widthOf } from "./text-width.ts";

export interface LinesProps {
  readonly lines: readonly string[];
  /** In cells; every line is exactly so wide. */
  readonly columns: number;
}

/** First of the characters that stand for slots: the private use area, which no text here uses. */
const SLOT_FIRST = 0xe000;
const SLOTS_MAX = 0xf8ff - SLOT_FIRST;
const SLOT = /[\ue000-\uf8ff]/u;

/** The slots of one frame. */
export class Slots {
  readonly #lines: (readonly string[])[] = [];

  /** The text that holds the place of these lines. */
  place(lines: readonly string[]): string {
    if (this.#lines.length >= SLOTS_MAX) throw new Error(`more than ${SLOTS_MAX} panes in a frame`);
    const mark = String.fromCharCode(SLOT_FIRST + this.#lines.push(lines) - 1);
    return lines.map(() => mark).join("\n");
  }

  /** The rows that Ink drew, with the lines in their places. */
  fill(rows: readonly string[]): readonly string[] {
    const taken = this.#lines.map(() => 0);
    return rows.map((row) => {
      let filled = "";
      let rest = row;
      for (let at = rest.search(SLOT); at >= 0; at = rest.search(SLOT)) {
        const slot = rest.charCodeAt(at) - SLOT_FIRST;
        const line = this.#lines[slot]?.[taken[slot] ?? 0] ?? "";
        taken[slot] = (taken[slot] ?? 0) + 1;
        filled += rest.slice(0, at) + line;
        rest = rest.slice(at + 1 + Math.min(blanksAt(rest, at + 1), widthOf(line) - 1));
      }
      return filled + rest;
    });
  }

  clear(): void {
    this.#lines.length = 0;
  }
}

/** There where frames are drawn fast. */
export const SlotsContext = createContext<Slots | null>(null);

export function Lines({ lines, columns }: LinesProps): ReactElement {
  const slots = useContext(SlotsContext);
  const text = slots === null ? lines.join("\n") : slots.place(lines);
  return (
    <Box width={columns} height={lines.length} flexShrink={0}>
      <Text wrap="truncate">{text}</Text>
    </Box>
  );
}

/** Lines with others laid over them, whose top left is at a place. */
export function laidOver(
  below: readonly string[],
  over: readonly string[],
  { left, top }: { readonly left: number; readonly top: number },
): readonly string[] {
  return below.map((line, row) => {
    const upper = over[row - top];
    if (upper === undefined) return line;
    const from = left + widthOf(upper);
    const before = sliced(line, 0, left);
    const filled = before + " ".repeat(Math.max(0, left - widthOf(before)));
    return filled + upper + sliced(line, from, Math.max(from, widthOf(line)));
  });
}

function blanksAt(text: string, from: number): number {
  let at = from;
  while (text[at] === " ") at += 1;
  return at - from;
}
