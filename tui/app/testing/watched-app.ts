/**
 * The application as somebody at a terminal has it: real screens, real frames, the bytes that a
 * terminal would be sent and an emulator that shows them.
 */
import { resolve } from "node:path";
import { type ScreenFlags, screenFlagsOf } from "../../cli/screen-flags.ts";
import type { Host, Request } from "../../screens/screen.ts";
import { UiState } from "../../state/ui-state.ts";
import type { Environment } from "../../terminal/capabilities.ts";
import { Emulator } from "../../terminal/emulator.ts";
import { FrameWriter } from "../../terminal/frame-writer.ts";
import type { TerminalInput } from "../../terminal/key-reader.ts";
import { App, type ScreenMakers } from "../app.ts";
import { Frames } from "../frames.ts";
import { Pacing } from "../pacing.ts";
import { savePicture } from "../save-picture.ts";
import { screensOf } from "../screens.ts";

const ENVIRONMENT: Environment = {
  LANG: "C.UTF-8",
  TERM: "xterm-256color",
  COLORTERM: "truecolor",
  // Nobody's runs.
  XDG_STATE_HOME: "/nonexistent",
};

export interface WatchOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Flags as the command line takes them. */
  readonly words?: readonly string[];
  readonly environment?: Environment;
  readonly screens?: ScreenMakers;
  readonly state?: UiState;
  /** Gives the terminal to another program; there is none where left out. */
  readonly lend?: Host["lend"];
  /** Whether the key of pictures writes them into the working folder. */
  readonly pictures?: boolean;
}

/** The program as it is shipped; `npm test` builds it first. */
export const BUNDLE = resolve("dist/rehearse.js");

export class WatchedApp {
  readonly app: App;
  readonly writer: FrameWriter;
  /** Codes with which the planner wanted to leave. */
  readonly left: number[] = [];
  readonly defects: unknown[] = [];
  columns: number;
  rows: number;
  readonly #pacing: Pacing;
  readonly #frames: Frames;
  #sent = "";
  /** Everything since the beginning, for the emulator. */
  #unseen = "";

  constructor(options: WatchOptions = {}) {
    const environment = { ...ENVIRONMENT, ...options.environment };
    const flags = screenFlagsOf(options.words ?? []) as ScreenFlags;
    this.columns = options.columns ?? 120;
    this.rows = options.rows ?? 36;
    this.app = new App({
      screens: options.screens ?? screensOf(environment, { verbs: BUNDLE }),
      sources: { flags, environment },
      state: options.state ?? new UiState(null),
      spoken: false,
      onChange: (when) => this.#pacing.want(when),
      onLeave: (code) => this.left.push(code),
      onPicture: () => (options.pictures === true ? void this.#savePicture() : undefined),
      lend: options.lend ?? (() => Promise.resolve(null)),
      onRing: () => this.writer.ring(),
    });
    this.writer = new FrameWriter({
      write: (text) => {
        this.#sent += text;
        this.#unseen += text;
        return true;
      },
      once: () => undefined,
    });
    this.writer.enter();
    this.#pacing = new Pacing({
      draw: () => this.#frames.draw(),
      reducedMotion: () => this.app.appearance.reducedMotion,
    });
    this.#frames = new Frames({
      app: this.app,
      size: () => ({ columns: this.columns, rows: this.rows }),
      show: (lines, columns) => this.writer.draw(lines, columns),
      onDefect: (error) => this.defects.push(error),
    });
  }

  /** Lines of the newest frame, as they were drawn. */
  get lines(): readonly string[] {
    return this.#frames.lines;
  }

  /** What the terminal was sent since the last time. */
  sent(): string {
    const sent = this.#sent;
    this.#sent = "";
    return sent;
  }

  /** Forgets what the terminal was sent; it can be shown no more. */
  forget(): void {
    this.#sent = "";
    this.#unseen = "";
  }

  /** Presses keys one after the other; each has had its effect before the next. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const name of keys) await this.take({ kind: "key", name });
  }

  async take(input: TerminalInput): Promise<void> {
    this.app.take(input);
    await soon();
  }

  open(request: Request): void {
    this.app.open(request);
  }

  draw(): void {
    this.#frames.draw();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.writer.repaint();
    this.draw();
  }

  /** What a terminal of this size shows. */
  async emulator(): Promise<Emulator> {
    const emulator = await Emulator.open(this.columns, this.rows);
    await emulator.write(this.#unseen);
    return emulator;
  }

  async screen(): Promise<readonly string[]> {
    return (await this.emulator()).lines();
  }

  async #savePicture(): Promise<void> {
    this.app.tell(await savePicture(this.app, this.lines, this));
  }

  async close(): Promise<void> {
    this.#pacing.stop();
    this.#frames.close();
    await this.app.close();
  }
}

/** After everything that waits for nothing but its turn. */
function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
