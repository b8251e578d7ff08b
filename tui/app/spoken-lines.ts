/**
 * The application for a screen reader: labelled lines on the normal screen, one for each thing
 * that has changed, never the same twice in a row; menus are numbered.
 */
import { SCREEN_NAMES } from "../keys/key-table.ts";
import type { Severity } from "../screens/screen.ts";
import type { App } from "./app.ts";
import type { Presenter } from "./presenter.ts";

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  ok: "Fine",
  info: "Note",
  warning: "Warning",
  critical: "Failed",
};

const GREETING = "Rehearse. Press question mark for the keys, colon for the commands, q to quit.";

export class SpokenLines implements Presenter {
  readonly #app: App;
  readonly #say: (line: string) => void;
  #said: ReadonlySet<string> = new Set();

  constructor(app: App, say: (line: string) => void) {
    this.#app = app;
    this.#say = say;
    say(GREETING);
    this.draw();
  }

  draw(): void {
    const lines = this.#lines();
    for (const line of lines) if (!this.#said.has(line)) this.#say(plain(line));
    this.#said = new Set(lines);
  }

  close(): void {}

  #lines(): readonly string[] {
    const { front, focus, overlay, status } = this.#app;
    const state = `${SEVERITY_WORDS[status.severity]}: ${status.text}`;
    if (overlay !== null) return [...overlay.spoken(), state];
    return [`Screen ${SCREEN_NAMES[front.id]}, pane ${focus}`, ...front.spoken(), state];
  }
}

/** Control characters of a text from outside would move the cursor. */
function plain(line: string): string {
  return line.replace(/\p{Cc}+/gu, " ").trimEnd();
}
