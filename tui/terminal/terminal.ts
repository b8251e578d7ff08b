/**
 * The terminal of this process while the screens have it: raw keys and mouse in, frames or lines
 * out, and given back as it was on every way out: leaving, signals, a terminal that hangs up.
 * Stopping (Ctrl+Z) and going on work as in any program.
 */
/// <reference types="node" />
import type { ReadStream, WriteStream } from "node:tty";
import { FrameWriter } from "./frame-writer.ts";
import { KeyReader, type TerminalInput } from "./key-reader.ts";

const ESCAPE = "\u001b[";
/** Presses with the wheel, as SGR reports; pasted text in brackets. */
const MOUSE_ON = `${ESCAPE}?1000h${ESCAPE}?1006h`;
const MOUSE_OFF = `${ESCAPE}?1006l${ESCAPE}?1000l`;
const PASTE_ON = `${ESCAPE}?2004h`;
const PASTE_OFF = `${ESCAPE}?2004l`;

/** A lone escape is a key when nothing has followed it for so long. */
const ESCAPE_MILLIS = 30;
/** A process that the system does not let stop takes its terminal back after so long. */
const STOPPED_MILLIS = 50;

/** Signals that end the program, with the exit code of a program that died of them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export interface TerminalOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly mouse: boolean;
  /** Whole frames on the alternate screen, or lines one below the other on the normal one. */
  readonly shows: "frames" | "lines";
  readonly onInput: (input: TerminalInput) => void;
  readonly onResize: () => void;
  /** A signal asks the program to end, or the terminal is gone. */
  readonly onSignal: (code: number) => void;
}

export class Terminal {
  readonly writer: FrameWriter;
  readonly #options: TerminalOptions;
  readonly #keys = new KeyReader();
  readonly #undo: (() => void)[] = [];
  #escapeTimer: NodeJS.Timeout | null = null;
  #open = false;
  /** While another program has the terminal, signals from its keys are that program's. */
  #lent = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.writer = new FrameWriter(options.output);
  }

  get columns(): number {
    return this.#options.output.columns || 80;
  }

  get rows(): number {
    return this.#options.output.rows || 24;
  }

  /** Takes the terminal and listens until `leave`. */
  enter(): void {
    const { input, output, onResize, onSignal } = this.#options;
    this.#take();
    this.#on(input, "data", (bytes: Buffer) => this.#read(bytes));
    this.#on(input, "end", () => onSignal(SIGNALS.SIGHUP));
    // A terminal that hung up answers with errors, now and when it is given back.
    input.on("error", () => onSignal(SIGNALS.SIGHUP));
    output.on("error", () => onSignal(SIGNALS.SIGHUP));
    this.#on(output, "resize", () => {
      this.writer.repaint();
      onResize();
    });
    for (const [signal, code] of Object.entries(SIGNALS)) {
      this.#on(process, signal, () => {
        if (!this.#lent || signal !== "SIGINT") onSignal(code);
      });
    }
    this.#on(process, "SIGCONT", () => this.#takeBack());
    this.#on(process, "exit", () => this.leave());
  }

  /** Gives the terminal back; a second time it does nothing. */
  leave(): void {
    this.#release();
    for (const undo of this.#undo.splice(0)) undo();
    if (this.#escapeTimer !== null) clearTimeout(this.#escapeTimer);
    this.#options.input.pause();
  }

  /** Gives it to another program for as long as that runs. */
  async lend<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    this.#release();
    this.#options.input.pause();
    this.#lent = true;
    try {
      return await run();
    } finally {
      this.#lent = false;
      // Whoever left meanwhile needs the terminal no more.
      if (this.#undo.length > 0) this.#takeBack();
    }
  }

  /** Stops the process and those started with it, as Ctrl+Z does; SIGCONT brings it back. */
  suspend(): void {
    this.#release();
    process.kill(0, "SIGTSTP");
    setTimeout(() => this.#takeBack(), STOPPED_MILLIS);
  }

  #takeBack(): void {
    if (this.#lent || this.#open || this.#undo.length === 0) return;
    this.#take();
    this.#options.onResize();
  }

  #take(): void {
    const { input, output, mouse, shows } = this.#options;
    this.#open = true;
    input.setRawMode(true);
    input.resume();
    if (shows === "frames") this.writer.enter();
    output.write((mouse ? MOUSE_ON : "") + PASTE_ON);
  }

  #release(): void {
    if (!this.#open) return;
    this.#open = false;
    const { input, output, mouse } = this.#options;
    output.write(PASTE_OFF + (mouse ? MOUSE_OFF : ""));
    this.writer.leave();
    try {
      input.setRawMode(false);
    } catch {
      // The terminal hung up: there is nothing left to set.
    }
  }

  #read(bytes: Buffer): void {
    if (this.#escapeTimer !== null) clearTimeout(this.#escapeTimer);
    this.#escapeTimer = null;
    for (const input of this.#keys.read(bytes)) this.#give(input);
    if (!this.#keys.unfinished) return;
    this.#escapeTimer = setTimeout(() => {
      for (const input of this.#keys.flush()) this.#give(input);
    }, ESCAPE_MILLIS);
  }

  /** What was typed ahead of leaving is nobody's any more. */
  #give(input: TerminalInput): void {
    if (!this.#open) return;
    if (input.kind === "key" && input.name === "ctrl+z") this.suspend();
    else this.#options.onInput(input);
  }

  #on(emitter: NodeJS.EventEmitter, event: string, listener: (argument: never) => void): void {
    const heard = listener as (...words: unknown[]) => void;
    emitter.on(event, heard);
    this.#undo.push(() => emitter.off(event, heard));
  }
}
