/**
 * Draws whole frames on a terminal's alternate screen by sending only the lines that changed, each
 * at its own address, in one write a frame. Nothing is cleared after the first frame except on a
 * change of size, so nothing flickers; a terminal that cannot keep up misses frames instead of
 * falling behind. `leave` gives the terminal back as it was, once, however often it is called.
 */
import { widthOf } from "../components/text-width.ts";

const ESCAPE = "\u001b[";
const HOME_AND_CLEAR = `${ESCAPE}H${ESCAPE}2J`;
const ALTERNATE_ON = `${ESCAPE}?1049h`;
const ALTERNATE_OFF = `${ESCAPE}?1049l`;
const CURSOR_OFF = `${ESCAPE}?25l`;
const CURSOR_ON = `${ESCAPE}?25h`;
const WRAP_OFF = `${ESCAPE}?7l`;
const WRAP_ON = `${ESCAPE}?7h`;
const PLAIN = `${ESCAPE}0m`;
const BELL = "\u0007";
const CLEAR_TO_END = `${ESCAPE}K`;
/** Synchronised output (DEC private mode 2026): terminals that know it show a frame at once. */
const SYNC_BEGIN = `${ESCAPE}?2026h`;
const SYNC_END = `${ESCAPE}?2026l`;

/** Where frames go: a terminal, or a terminal emulator in a test. */
export interface FrameStream {
  write(text: string): boolean;
  once(event: "drain", listener: () => void): unknown;
}

export interface FrameCounts {
  readonly frames: number;
  readonly bytes: number;
  /** Frames that were not sent because the terminal had not taken the one before. */
  readonly skipped: number;
}

export class FrameWriter {
  readonly #stream: FrameStream;
  #shown: readonly string[] = [];
  /** The newest frame that was not sent because the terminal had not taken the one before. */
  #waiting: { readonly lines: readonly string[]; readonly columns: number } | null = null;
  #state: "outside" | "inside" | "left" = "outside";
  #draining = false;
  #mustClear = true;
  #counts = { frames: 0, bytes: 0, skipped: 0 };

  constructor(stream: FrameStream) {
    this.#stream = stream;
  }

  get counts(): FrameCounts {
    return { ...this.#counts };
  }

  /** Switches to the alternate screen. */
  enter(): void {
    if (this.#state === "inside") return;
    this.#state = "inside";
    this.#mustClear = true;
    this.#send(ALTERNATE_ON + CURSOR_OFF + WRAP_OFF);
  }

  /** The next frame is drawn whole: the terminal changed its size, or somebody else wrote on it. */
  repaint(): void {
    this.#mustClear = true;
  }

  /** Draws a frame: one line per row, none wider than the terminal's `columns`. */
  draw(lines: readonly string[], columns: number): void {
    if (this.#state !== "inside") return;
    if (this.#draining) {
      if (this.#waiting !== null) this.#counts.skipped += 1;
      this.#waiting = { lines, columns };
      return;
    }
    const text = this.#changes(lines, columns);
    this.#shown = lines;
    this.#mustClear = false;
    if (text === "") return;
    this.#counts.frames += 1;
    this.#send(SYNC_BEGIN + text + SYNC_END);
  }

  /** The bell moves no cursor, so it may go out between two frames, and where there are none. */
  ring(): void {
    if (this.#state !== "left") this.#stream.write(BELL);
  }

  /** Gives the terminal back. */
  leave(): void {
    if (this.#state !== "inside") return;
    this.#state = "left";
    this.#stream.write(PLAIN + WRAP_ON + CURSOR_ON + ALTERNATE_OFF);
  }

  #changes(lines: readonly string[], columns: number): string {
    const clear = this.#mustClear ? PLAIN + HOME_AND_CLEAR : "";
    const shown = this.#mustClear ? [] : this.#shown;
    const rows = Math.max(lines.length, shown.length);
    let text = clear;
    for (let row = 0; row < rows; row += 1) {
      const line = lines[row] ?? "";
      if (line === (shown[row] ?? "")) continue;
      // At a full line the cursor stands on its last cell, which clearing would take away.
      const rest = widthOf(line) < columns ? CLEAR_TO_END : "";
      text += `${ESCAPE}${row + 1};1H${line}${PLAIN}${rest}`;
    }
    return text;
  }

  #send(text: string): void {
    this.#counts.bytes += Buffer.byteLength(text);
    if (this.#stream.write(text)) return;
    this.#draining = true;
    this.#stream.once("drain", () => {
      this.#draining = false;
      const newest = this.#waiting;
      this.#waiting = null;
      if (newest !== null) this.draw(newest.lines, newest.columns);
    });
  }
}
