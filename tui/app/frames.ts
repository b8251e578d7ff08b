/**
 * Frames of the application as lines of text. Ink lays the screen out and hands it over as a whole
 * (its debug mode); the rows below it and what lies over it are put around here. Where the lines
 * go is somebody else's business.
 */
import { PassThrough } from "node:stream";
import { type Instance, render } from "ink";
import { createElement } from "react";
import { laidOver, Slots } from "../components/lines.tsx";
import type { Frame } from "../screens/screen.ts";
import { shownLine } from "../terminal/shown-line.ts";
import type { App } from "./app.ts";
import { COLUMNS_MIN, hintRow, ROWS_MIN, statusRow, tabParts, tooSmallRow } from "./frame-rows.ts";
import { FrameView } from "./frame-view.tsx";
import { overlayPlace } from "./overlay-place.ts";
import type { Presenter } from "./presenter.ts";

export interface FramesOptions {
  readonly app: App;
  /** The terminal's size, in cells, whenever a frame is drawn. */
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** One line per row, none wider than the columns. */
  readonly show: (lines: readonly string[], columns: number) => void;
  /** Told that a view threw. */
  readonly onDefect: (error: unknown) => void;
}

export class Frames implements Presenter {
  readonly #options: FramesOptions;
  readonly #slots = new Slots();
  #ink: Instance | null = null;
  /** What Ink wrote last: the rows of the screen. */
  #screen = "";
  #lines: readonly string[] = [];

  constructor(options: FramesOptions) {
    this.#options = options;
    this.draw();
  }

  /** The frame that was drawn last. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  draw(): void {
    const { app, size, show } = this.#options;
    const { columns, rows } = size();
    const frame = app.frame(columns, rows);
    const fits = columns >= COLUMNS_MIN && rows >= ROWS_MIN;
    const lines = fits ? this.#whole(frame, rows) : [tooSmallRow(columns, rows)];
    this.#lines = lines.map((line) => shownLine(line, frame.charset));
    show(this.#lines, columns);
  }

  close(): void {
    this.#ink?.unmount();
    this.#ink?.cleanup();
  }

  #whole(frame: Frame, rows: number): readonly string[] {
    const { app } = this.#options;
    const { columns, theme } = frame;
    const { front, overlay, told } = app;
    this.#layOut(frame);
    const drawn = this.#slots.fill(this.#screen.split("\n"));
    const look = { columns, theme };
    const lines = [
      ...Array.from({ length: frame.rows }, (_, row) => drawn[row] ?? ""),
      hintRow(front.id, app.keys, look),
      statusRow(tabParts(front.id, app.screens, look, told), told.status, look),
    ];
    if (overlay === null) return lines;
    const over = overlay.lines(frame);
    return laidOver(lines, over, overlayPlace(over, columns, rows));
  }

  #layOut(frame: Frame): void {
    const { app, onDefect } = this.#options;
    const element = createElement(FrameView, { screen: app.front, frame, slots: this.#slots });
    if (this.#ink !== null) {
      this.#ink.rerender(element);
      return;
    }
    this.#ink = render(element, {
      debug: true,
      stdout: this.#sink(),
      // Ink reads no keys: the terminal's own reader does.
      stdin: new PassThrough() as unknown as NodeJS.ReadStream,
      patchConsole: false,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    });
    this.#ink.waitUntilExit().catch(onDefect);
  }

  /** What Ink takes for a terminal. */
  #sink(): NodeJS.WriteStream {
    const { size } = this.#options;
    const sink = new PassThrough() as unknown as NodeJS.WriteStream;
    Object.defineProperty(sink, "columns", { get: () => size().columns });
    Object.defineProperty(sink, "rows", { get: () => size().rows });
    sink.write = (written: string | Uint8Array, ...callbacks: readonly unknown[]) => {
      if (written.length > 0) this.#screen = String(written);
      // At its end Ink waits for what it wrote.
      const told = callbacks.at(-1);
      if (typeof told === "function") queueMicrotask(() => told());
      return true;
    };
    return sink;
  }
}
