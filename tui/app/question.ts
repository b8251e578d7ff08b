/** Asks for a line of text; escape gives it up. */
import { paneLines } from "../components/pane.tsx";
import { widthOf } from "../components/text-width.ts";
import type { Frame } from "../screens/screen.ts";
import type { KeyName } from "../terminal/key-reader.ts";
import type { Fate, Overlay } from "./overlay.ts";

const COLUMNS = 72;
const LENGTH_MAX = 4_096;

export class Question implements Overlay {
  readonly #label: string;
  readonly #answer: (text: string | null) => void;
  readonly #given: string;
  #text: string;

  constructor(label: string, value: string, answer: (text: string | null) => void) {
    this.#label = label;
    this.#given = value;
    this.#text = value;
    this.#answer = answer;
  }

  press(key: KeyName): Fate {
    if (key === "enter") return this.#end(this.#text);
    if (key === "escape") return this.#end(null);
    if (key === "backspace") this.#text = [...this.#text].slice(0, -1).join("");
    else if (key === "ctrl+u") this.#text = "";
    else if (key === "space") this.paste(" ");
    else if ([...key].length === 1) this.paste(key);
    return "stays";
  }

  point(): Fate {
    return "stays";
  }

  paste(text: string): void {
    this.#text = (this.#text + text.replace(/\s+/gu, " ")).slice(0, LENGTH_MAX);
  }

  lines(frame: Frame): readonly string[] {
    const columns = Math.min(COLUMNS, frame.columns);
    const lines = [` ${endOf(this.#text, columns - 5)}${frame.theme.paint("selected", " ")}`];
    const remark = "enter takes it, esc gives up";
    return paneLines({ title: this.#label, remark, lines, columns, rows: 3, focused: true, frame });
  }

  spoken(): readonly string[] {
    const now = this.#given === "" ? "" : `, now ${this.#given}`;
    return [`Question: ${this.#label}${now}. Type, then enter; escape gives up.`];
  }

  #end(text: string | null): Fate {
    this.#answer(text);
    return "gone";
  }
}

/** As much of the end of a text as fits: that is where the typing goes on. */
function endOf(text: string, width: number): string {
  const characters = [...text];
  while (widthOf(characters.join("")) > width) characters.shift();
  return characters.join("");
}
