/**
 * Frames of the application as lines of text, drawn by Ink. In its debug mode Ink hands over each
 * whole frame; where its lines go is somebody else's business.
 */
import { PassThrough } from "node:stream";
import { type Instance, render } from "ink";
import { createElement } from "react";
import type { App } from "./app.ts";
import { FrameView } from "./frame-view.tsx";
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
  readonly #ink: Instance;
  #lines: readonly string[] = [];
  #drawing = true;

  constructor(options: FramesOptions) {
    this.#options = options;
    this.#ink = render(this.#element(), {
      debug: true,
      stdout: this.#sink(),
      // Ink reads no keys: the terminal's own reader does.
      stdin: new PassThrough() as unknown as NodeJS.ReadStream,
      patchConsole: false,
      exitOnCtrlC: false,
      isScreenReaderEnabled: false,
    });
    this.#drawing = false;
    this.#ink.waitUntilExit().catch(options.onDefect);
  }

  /** The frame that was drawn last. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  draw(): void {
    this.#drawing = true;
    this.#ink.rerender(this.#element());
    this.#drawing = false;
  }

  close(): void {
    this.#ink.unmount();
    this.#ink.cleanup();
  }

  #element() {
    const { app, size } = this.#options;
    return createElement(FrameView, { app, ...size() });
  }

  /** What Ink takes for a terminal: what it writes while it draws is a whole frame. */
  #sink(): NodeJS.WriteStream {
    const { size, show } = this.#options;
    const sink = new PassThrough() as unknown as NodeJS.WriteStream;
    Object.defineProperty(sink, "columns", { get: () => size().columns });
    Object.defineProperty(sink, "rows", { get: () => size().rows });
    sink.write = (frame: string | Uint8Array) => {
      if (!this.#drawing || typeof frame !== "string") return true;
      this.#lines = frame.split("\n");
      show(this.#lines, size().columns);
      return true;
    };
    return sink;
  }
}
