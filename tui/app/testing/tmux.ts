/** The program in a real terminal: a tmux server of the test's own, with one pane for each start. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
/** What a shell answers for a program that was stopped by SIGTSTP. */
const STOPPED = 148;
const WAIT_MILLIS_MAX = 60_000;
const LOOK_MILLIS = 40;

export interface Pane {
  readonly id: string;
  readonly folder: string;
}

interface StartOptions {
  readonly before?: string;
  readonly columns?: number;
  readonly rows?: number;
}

export class Tmux {
  readonly #program: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "rehearse-tmux-"));
  #count = 0;

  constructor(program: string) {
    this.#program = program;
  }

  /**
   * Starts the program in a pane of 100 × 30 or of the size given, as a shell with job control
   * does: where it stops, the next line brings it back. Its exit code and the settings around it
   * are kept. `before` stands before the command, such as `TERM=dumb`.
   */
  async start(words: string, options: StartOptions = {}): Promise<Pane> {
    const { before = "", columns = 100, rows = 30 } = options;
    this.#count += 1;
    const folder = join(this.#folder, String(this.#count));
    const script = [
      `mkdir -p ${folder}`,
      `stty -g > ${folder}/before`,
      "set -m",
      `${before} ${process.execPath} ${BUNDLE} ${words}`,
      "code=$?",
      `while [ $code = ${STOPPED} ]; do echo IT HAS STOPPED; read line; fg; code=$?; done`,
      `echo $code > ${folder}/code`,
      `stty -g > ${folder}/after`,
      "echo; echo IT HAS ENDED; exec cat",
    ].join("; ");
    const name = `t${this.#count}`;
    const size = ["-x", String(columns), "-y", String(rows)];
    await this.#ask("new-session", "-d", "-s", name, ...size, script);
    return { id: name, folder };
  }

  keys({ id }: Pane, ...keys: readonly string[]): Promise<string> {
    return this.#ask("send-keys", "-t", id, ...keys);
  }

  resize({ id }: Pane, columns: number, rows: number): Promise<string> {
    return this.#ask("resize-window", "-t", id, "-x", String(columns), "-y", String(rows));
  }

  screen({ id }: Pane): Promise<string> {
    return this.#ask("capture-pane", "-p", "-t", id);
  }

  /** The process id of the program, which is a child of the pane's shell. */
  async processOf(pane: Pane): Promise<number> {
    const shell = (await this.#ask("display", "-p", "-t", pane.id, "#{pane_pid}")).trim();
    const path = `/proc/${shell}/task/${shell}/children`;
    return Number(readFileSync(path, "utf8").trim().split(" ")[0]);
  }

  /** Waits until the pane shows a text; answers with what it shows then. */
  async shows(pane: Pane, text: string): Promise<string> {
    const end = Date.now() + WAIT_MILLIS_MAX;
    for (;;) {
      const screen = await this.screen(pane);
      if (screen.includes(text)) return screen;
      if (Date.now() > end) throw new Error(`no "${text}" in:\n${screen}`);
      await new Promise((done) => setTimeout(done, LOOK_MILLIS));
    }
  }

  /** How the program ended and what it left behind. */
  async ended(pane: Pane) {
    const screen = await this.shows(pane, "IT HAS ENDED");
    const file = (name: string) => readFileSync(join(pane.folder, name), "utf8").trim();
    const settings = file("after") === file("before");
    return {
      code: Number(file("code")),
      terminal: { ...(await this.state(pane)), settings },
      screen,
    };
  }

  /** What a program may have changed in its terminal, as tmux sees it. */
  async state({ id }: Pane) {
    const state = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag}";
    const told = await this.#ask("display", "-p", "-t", id, state);
    const [alternate, cursor, mouse, wrap] = told.trim().split(" ");
    return { alternate, cursor, mouse, wrap };
  }

  async close(): Promise<void> {
    await this.#ask("kill-server").catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(...words: readonly string[]): Promise<string> {
    const socket = join(this.#folder, "socket");
    const options = {
      env: {
        ...process.env,
        TMUX: "",
        LANG: "C.UTF-8",
        XDG_STATE_HOME: this.#folder,
        // No report opens a browser.
        DISPLAY: "",
        WAYLAND_DISPLAY: "",
      },
    };
    const plain = ["-f", "/dev/null", "-u", "-S", socket];
    const { stdout } = await run(this.#program, [...plain, ...words], options);
    return stdout;
  }
}
