/** Opens the screens on this process's terminal and answers with the exit code. */
/// <reference types="node" />
import { type ChildProcess, spawn } from "node:child_process";
import type { ScreenFlags } from "../cli/screen-flags.ts";
import { stateFolder } from "../state/folders.ts";
import { UiState } from "../state/ui-state.ts";
import type { Environment } from "../terminal/capabilities.ts";
import type { TerminalInput } from "../terminal/key-reader.ts";
import { shownLine } from "../terminal/shown-line.ts";
import { Terminal } from "../terminal/terminal.ts";
import { App } from "./app.ts";
import { type AppearanceSources, speaks } from "./appearance.ts";
import { Frames } from "./frames.ts";
import { HomeFirst } from "./home-first.ts";
import { Pacing } from "./pacing.ts";
import type { Presenter } from "./presenter.ts";
import { SpokenLines } from "./spoken-lines.ts";

/** What screens still run when they are left has so long to end. */
const CLOSE_MILLIS_MAX = 3_000;
const EXIT_DEFECT = 1;

export async function openScreens(flags: ScreenFlags, environment: Environment): Promise<number> {
  const session = new Session({ flags, environment });
  return session.run();
}

/** One sitting at the screens, from taking the terminal to giving it back. */
class Session {
  readonly #app: App;
  readonly #screens: HomeFirst;
  /** What was pressed before every screen was there. */
  readonly #early: TerminalInput[] = [];
  readonly #terminal: Terminal;
  readonly #pacing: Pacing;
  readonly #left: Promise<number>;
  readonly #spoken: boolean;
  #leave: (code: number) => void = () => undefined;
  #presenter: Presenter | null = null;
  #borrower: ChildProcess | null = null;

  constructor(sources: AppearanceSources) {
    const { flags, environment } = sources;
    const state = new UiState(flags.state ? stateFolder(environment) : null);
    this.#spoken = speaks(sources, state.looks);
    this.#left = new Promise((resolve) => {
      this.#leave = resolve;
    });
    this.#screens = new HomeFirst(environment, flags.state);
    this.#app = new App({
      screens: this.#screens.makers,
      sources,
      state,
      spoken: this.#spoken,
      onChange: (when) => this.#pacing.want(when),
      onLeave: (code) => this.#leave(code),
      onPicture: () => void this.#takePicture(),
      onRing: () => this.#terminal.writer.ring(),
      lend: (program) => this.#terminal.lend(() => this.#runInTerminal(program)),
    });
    this.#pacing = new Pacing({
      draw: () => this.#presenter?.draw(),
      reducedMotion: () => this.#app.appearance.reducedMotion,
    });
    this.#terminal = new Terminal({
      input: process.stdin,
      output: process.stdout,
      mouse: flags.mouse && !this.#spoken,
      shows: this.#spoken ? "lines" : "frames",
      onInput: (input) => this.#take(input),
      onResize: () => this.#pacing.want("at-once"),
      onSignal: (code) => this.#leave(code),
    });
  }

  async run(): Promise<number> {
    const fail = (error: unknown) => this.#fail(error);
    process.on("uncaughtException", fail);
    process.on("unhandledRejection", fail);
    this.#terminal.enter();
    this.#presenter = this.#spoken
      ? new SpokenLines(this.#app, (line) => this.#write(line))
      : this.#frames(fail);
    this.#screens.load().then(() => {
      for (const input of this.#early.splice(0)) this.#app.take(input);
    }, fail);
    const code = await this.#left;
    this.#giveBack();
    await Promise.race([this.#app.close(), after(CLOSE_MILLIS_MAX)]);
    return code;
  }

  /** Ctrl+C is heard at once, whatever is still to come. */
  #take(input: TerminalInput): void {
    const leaves = input.kind === "key" && input.name === "ctrl+c";
    if (this.#screens.complete || leaves) this.#app.take(input);
    else this.#early.push(input);
  }

  #frames(onDefect: (error: unknown) => void): Frames {
    const app = this.#app;
    const terminal = this.#terminal;
    return new Frames({
      app,
      size: () => ({ columns: terminal.columns, rows: terminal.rows }),
      show: (lines, columns) => terminal.writer.draw(lines, columns),
      onDefect,
    });
  }

  /** The terminal is as it was before anything that may take its time. */
  #giveBack(): void {
    this.#pacing.stop();
    this.#terminal.leave();
    this.#borrower?.kill();
    this.#presenter?.close();
    for (const line of this.#app.summary()) this.#write(line);
  }

  #write(line: string): void {
    process.stdout.write(`${shownLine(line, this.#app.appearance.charset)}\n`);
  }

  /** A broken assumption: the terminal first, then what is known of it. */
  #fail(error: unknown): never {
    this.#terminal.leave();
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `rehearse: this is a defect of Rehearse, not of your input: ${message.split("\n")[0]}\n`,
    );
    process.exit(EXIT_DEFECT);
  }

  async #takePicture(): Promise<void> {
    const { savePicture } = await import("./save-picture.ts");
    const lines = this.#presenter instanceof Frames ? this.#presenter.lines : null;
    this.#app.tell(await savePicture(this.#app, lines, this.#terminal));
  }

  #runInTerminal([program = "", ...words]: readonly string[]): Promise<number | null> {
    return new Promise((resolve) => {
      const child = spawn(program, words, { stdio: "inherit" });
      this.#borrower = child;
      const end = (code: number | null) => {
        this.#borrower = null;
        resolve(code);
      };
      child.once("error", () => end(null));
      child.once("exit", end);
    });
  }
}

function after(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}
