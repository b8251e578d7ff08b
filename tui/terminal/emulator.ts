/**
 * A terminal without a terminal: takes the bytes that a real one would and holds what it would
 * show. Loaded only where a picture is made, and by tests.
 */
import type { Terminal } from "@xterm/headless";

type Emulation = typeof import("@xterm/headless");

export interface EmulatedCell {
  /** Empty in the second half of a wide character. */
  readonly text: string;
  /** 24 bits, or the number of one of 256, or null where the terminal's own is meant. */
  readonly colour: { readonly rgb: number } | { readonly index: number } | null;
  readonly bold: boolean;
  readonly reversed: boolean;
}

export class Emulator {
  readonly #terminal: Terminal;

  private constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  static async open(columns: number, rows: number): Promise<Emulator> {
    // A bundle of CommonJS: Node finds nothing but its default.
    const loaded = (await import("@xterm/headless")) as unknown as { default: Emulation };
    const { Terminal: Emulated } = loaded.default;
    const options = { cols: columns, rows, allowProposedApi: true, scrollback: 0 };
    return new Emulator(new Emulated(options));
  }

  /** Answers once the bytes have been taken. */
  write(text: string): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(text, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** What stands in each row, without blanks at its end. */
  lines(): readonly string[] {
    const buffer = this.#terminal.buffer.active;
    return Array.from(
      { length: this.#terminal.rows },
      (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? "",
    );
  }

  cells(): readonly (readonly EmulatedCell[])[] {
    const { cols, rows } = this.#terminal;
    const buffer = this.#terminal.buffer.active;
    return Array.from({ length: rows }, (_, row) => {
      const line = buffer.getLine(buffer.viewportY + row);
      return Array.from({ length: cols }, (_, column): EmulatedCell => {
        const cell = line?.getCell(column);
        if (cell === undefined) return { text: " ", colour: null, bold: false, reversed: false };
        const colour = cell.isFgRGB()
          ? { rgb: cell.getFgColor() }
          : cell.isFgPalette()
            ? { index: cell.getFgColor() }
            : null;
        return {
          text: cell.getWidth() === 0 ? "" : cell.getChars() || " ",
          colour,
          bold: cell.isBold() !== 0,
          reversed: cell.isInverse() !== 0,
        };
      });
    });
  }

  /** Whether the alternate screen is shown. */
  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }
}
