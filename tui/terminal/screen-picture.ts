/**
 * A terminal's screen as an SVG picture: text stays text, so that it can be searched, read out and
 * scaled. The same screen gives the same bytes.
 */
import type { Ground } from "../theme/theme.ts";
import type { EmulatedCell } from "./emulator.ts";

/** Of a cell, in units of the picture; a monospaced font is 0.6 of its size wide. */
const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 17;
const FONT_SIZE = 14;
const BASELINE = 13;
const MARGIN = 10;
const FONTS = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

const GROUNDS: Readonly<Record<Ground, { readonly back: string; readonly text: string }>> = {
  dark: { back: "#1e1e1e", text: "#e6e6e6" },
  light: { back: "#ffffff", text: "#1e1e1e" },
};

/** The first sixteen colours as xterm has them. */
const SIXTEEN = [
  ...["#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5"],
  ...["#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff"],
];

export interface PictureOptions {
  /** Read out to who cannot see it. */
  readonly title: string;
  readonly ground: Ground;
}

/** Cells of one look that stand beside each other. */
interface Run {
  readonly column: number;
  readonly cells: number;
  readonly text: string;
  readonly look: EmulatedCell;
}

export function screenPicture(
  rows: readonly (readonly EmulatedCell[])[],
  { title, ground }: PictureOptions,
): string {
  const { back, text } = GROUNDS[ground];
  const width = tidy((rows[0]?.length ?? 0) * CELL_WIDTH + 2 * MARGIN);
  const height = rows.length * CELL_HEIGHT + 2 * MARGIN;
  const drawn = rows.flatMap((cells, row) =>
    runsOf(cells).flatMap((run) => drawnRun(run, row, ground)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">`,
    `<title id="t">${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${back}"/>`,
    `<g font-family="${FONTS}" font-size="${FONT_SIZE}" fill="${text}" xml:space="preserve">`,
    ...drawn,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Blanks that nothing marks are left out. */
function runsOf(cells: readonly EmulatedCell[]): readonly Run[] {
  const runs: Run[] = [];
  let begin = 0;
  for (let column = 1; column <= cells.length; column += 1) {
    const look = cells[begin] as EmulatedCell;
    const next = cells[column];
    if (next !== undefined && (next.text === "" || sameLook(look, next))) continue;
    const text = cells
      .slice(begin, column)
      .map((cell) => cell.text)
      .join("");
    const blank = text.trim() === "" && !look.reversed;
    if (!blank) runs.push(trimmed({ column: begin, cells: column - begin, text, look }));
    begin = column;
  }
  return runs;
}

/** Without blanks at either end, which only a reversed run shows. */
function trimmed(run: Run): Run {
  if (run.look.reversed) return run;
  const left = run.text.length - run.text.trimStart().length;
  const right = run.text.length - run.text.trimEnd().length;
  const text = run.text.trim();
  return { ...run, column: run.column + left, cells: run.cells - left - right, text };
}

function sameLook(one: EmulatedCell, other: EmulatedCell): boolean {
  return (
    one.bold === other.bold &&
    one.reversed === other.reversed &&
    hex(one.colour, "") === hex(other.colour, "")
  );
}

function drawnRun({ column, cells, text, look }: Run, row: number, ground: Ground): string[] {
  const { back, text: plain } = GROUNDS[ground];
  const x = tidy(MARGIN + column * CELL_WIDTH);
  const y = MARGIN + row * CELL_HEIGHT;
  const width = tidy(cells * CELL_WIDTH);
  const colour = hex(look.colour, plain);
  const fill = look.reversed ? back : colour;
  const marks = [
    fill === plain ? "" : ` fill="${fill}"`,
    look.bold ? ' font-weight="700"' : "",
    // Whatever the font, columns stay below each other.
    cells === 1 ? "" : ` textLength="${width}"`,
  ].join("");
  const words = `<text x="${x}" y="${y + BASELINE}"${marks}>${escaped(text)}</text>`;
  if (!look.reversed) return [words];
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${CELL_HEIGHT}" fill="${colour}"/>`,
    words,
  ];
}

function hex(colour: EmulatedCell["colour"], none: string): string {
  if (colour === null) return none;
  if ("rgb" in colour) return `#${colour.rgb.toString(16).padStart(6, "0")}`;
  const { index } = colour;
  if (index < 16) return SIXTEEN[index] ?? none;
  const byte = (value: number) => value.toString(16).padStart(2, "0");
  if (index >= 232) return `#${byte(8 + 10 * (index - 232)).repeat(3)}`;
  const level = (place: number) => byte(place === 0 ? 0 : 55 + 40 * place);
  const cube = index - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

function tidy(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
