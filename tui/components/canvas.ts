/**
 * A canvas of dots on a grid of cells. With Braille (Unicode block U+2800) a cell has 2 x 4 dots,
 * with half blocks 1 x 2, with ASCII one. A cell takes the role of the dot that was set last.
 */
import type { Role, Theme } from "../theme/theme.ts";

export type Charset = "braille" | "block" | "ascii";

/** Dots of a cell across and down. */
const DOTS: Readonly<Record<Charset, readonly [number, number]>> = {
  braille: [2, 4],
  block: [1, 2],
  ascii: [1, 1],
};

/** Bits of the dots of a Braille cell, row by row. */
const BRAILLE_BITS = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
const BRAILLE_FIRST = 0x2800;
const HALF_BLOCKS = [" ", "▀", "▄", "█"];
/** What stands for a dot of each series where there is nothing finer. */
const LETTERS: Readonly<Partial<Record<Role, string>>> = { first: "*", second: "o", third: "+" };

export class Canvas {
  /** Dots across and down. */
  readonly width: number;
  readonly height: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #charset: Charset;
  readonly #bits: Uint8Array;
  readonly #roles: (Role | null)[];

  constructor(columns: number, rows: number, charset: Charset) {
    const [across, down] = DOTS[charset];
    this.#columns = Math.max(0, columns);
    this.#rows = Math.max(0, rows);
    this.#charset = charset;
    this.width = this.#columns * across;
    this.height = this.#rows * down;
    this.#bits = new Uint8Array(this.#columns * this.#rows);
    this.#roles = new Array<Role | null>(this.#bits.length).fill(null);
  }

  /** Sets the dot at a place from the top left; one that lies outside is left out. */
  dot(x: number, y: number, role: Role): void {
    if (!(x >= 0 && x < this.width && y >= 0 && y < this.height)) return;
    const [across, down] = DOTS[this.#charset];
    const column = Math.floor(x / across);
    const row = Math.floor(y / down);
    const place = (Math.floor(y) % down) * across + (Math.floor(x) % across);
    const cell = row * this.#columns + column;
    const bit = this.#charset === "braille" ? (BRAILLE_BITS[place] ?? 0) : 1 << place;
    this.#bits[cell] = (this.#bits[cell] ?? 0) | bit;
    this.#roles[cell] = role;
  }

  /** A straight line between two dots; `dashed` leaves out every second pair of columns. */
  line(
    from: readonly [number, number],
    to: readonly [number, number],
    { role, dashed = false }: { readonly role: Role; readonly dashed?: boolean },
  ): void {
    const [x0, y0] = from;
    const [x1, y1] = to;
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
    for (let step = 0; step <= steps; step += 1) {
      const x = x0 + ((x1 - x0) * step) / steps;
      const y = y0 + ((y1 - y0) * step) / steps;
      const shown = !dashed || Math.floor(x / DASH) % 2 === 0;
      if (shown) this.dot(Math.round(x), Math.round(y), role);
    }
  }

  /** One line of text per row of cells. */
  lines(theme: Theme): readonly string[] {
    return Array.from({ length: this.#rows }, (_, row) => this.#line(row, theme));
  }

  #line(row: number, theme: Theme): string {
    let text = "";
    let run = "";
    let role: Role | null = null;
    for (let column = 0; column < this.#columns; column += 1) {
      const cell = row * this.#columns + column;
      const own = this.#roles[cell] ?? null;
      if (own !== role) {
        text += role === null ? run : theme.paint(role, run);
        run = "";
        role = own;
      }
      run += this.#character(this.#bits[cell] ?? 0, own);
    }
    return text + (role === null ? run : theme.paint(role, run));
  }

  #character(bits: number, role: Role | null): string {
    if (bits === 0) return " ";
    if (this.#charset === "braille") return String.fromCharCode(BRAILLE_FIRST + bits);
    if (this.#charset === "block") return HALF_BLOCKS[bits] ?? " ";
    return (role === null ? undefined : LETTERS[role]) ?? ".";
  }
}

/** Dots of a dash, and of the gap after it. */
const DASH = 2;
