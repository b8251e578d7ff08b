/**
 * A line as the terminal gets it. What would steer the terminal is taken out, except colours: it
 * can only come from outside, such as from the name of a file. Where the terminal shows nothing
 * but ASCII every other character gives way to one of ASCII of the same width.
 */
import type { Charset } from "../components/canvas.ts";
import { widthOf } from "../components/text-width.ts";

/** Colours, which stay; other sequences, control characters, and what turns the direction of writing. */
const STEERING = new RegExp(
  [
    String.raw`(\u001b\[[0-9;]*m)`,
    String.raw`\u001b\[[0-?]*[ -/]*[@-~]`,
    String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)`,
    String.raw`[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]`,
  ].join("|"),
  "gu",
);
const BEYOND_ASCII = /\P{ASCII}/u;
/** A sign of the first series that stands alone: the one that a chart of ASCII draws it with. */
const FIRST_SERIES = /(?<=^| )━(?= |$)/gu;

export function shownLine(line: string, charset: Charset): string {
  const still = line.replace(STEERING, "$1");
  return charset === "ascii" && BEYOND_ASCII.test(still) ? inAscii(still) : still;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function inAscii(line: string): string {
  let text = "";
  for (const { segment } of GRAPHEMES.segment(line.replace(FIRST_SERIES, "*"))) {
    const known = BEYOND_ASCII.test(segment) ? LOOKALIKES.get(segment) : segment;
    text += known ?? "?".repeat(widthOf(segment));
  }
  return text;
}

/** Each with what stands for it, in pairs. */
const PAIRS = [
  "✓+ ✗x ▲! ●* ○o ◆* ❯> ■# ⏸| ▶> ◀< ◂< ▸> ▼V ▽v △^ ·- …~ –- —- −- ±~ ×x ┄o ━= ─- │| ┤| ╸> ░. █# ▏|",
  "▀# ▄# ▁_ ▂_ ▃_ ▅# ▆# ▇# →> ←< ↑^ ↓v ≤< ≥> ╭+ ╮+ ╰+ ╯+ “\" ”\" ‘' ’' €E £L ¥Y",
];
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  PAIRS.join(" ")
    .split(" ")
    .map((pair) => [pair.slice(0, -1), pair.slice(-1)]),
);
