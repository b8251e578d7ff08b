/**
 * One of several, found by typing parts of it, by the arrows, by a press, or by its number where
 * it is heard instead of seen. Escape gives it up.
 */
import { paneLines } from "../components/pane.tsx";
import { alignLeft } from "../components/text-width.ts";
import type { Frame } from "../screens/screen.ts";
import type { KeyName, MousePress } from "../terminal/key-reader.ts";
import { fuzzyPlaces } from "./fuzzy.ts";
import type { Fate, Overlay } from "./overlay.ts";

const COLUMNS = 72;
const ROWS_MAX = 18;
/** The border above, and the line of what was typed. */
const ROWS_ABOVE = 2;

export interface ChoiceOptions {
  readonly title: string;
  readonly options: readonly string[];
  readonly answer: (place: number | null) => void;
  /** The place that is selected at first. */
  readonly at?: number;
  /** Typed numbers are places, as a numbered menu is answered. */
  readonly numbered: boolean;
}

export class Choice implements Overlay {
  readonly #made: ChoiceOptions;
  #typed = "";
  #at: number;
  /** The first option that was shown last. */
  #first = 0;

  constructor(made: ChoiceOptions) {
    this.#made = made;
    this.#at = made.at ?? 0;
  }

  press(key: KeyName): Fate {
    if (key === "escape") return this.#end(null);
    if (key === "enter") return this.#take(this.#found()[this.#at]);
    if (key === "up") this.#move(-1);
    else if (key === "down") this.#move(1);
    else if (key === "backspace") this.#type([...this.#typed].slice(0, -1).join(""));
    else if (key === "ctrl+u") this.#type("");
    else if (key === "space") this.#type(`${this.#typed} `);
    else if ([...key].length === 1) this.#type(this.#typed + key);
    return "stays";
  }

  point({ kind, row }: MousePress): Fate {
    if (kind === "wheel-up") this.#move(-1);
    else if (kind === "wheel-down") this.#move(1);
    else return this.#take(row < ROWS_ABOVE ? undefined : this.#found()[this.#first + row - 2]);
    return "stays";
  }

  paste(text: string): void {
    this.#type(this.#typed + text.replace(/\s+/gu, " "));
  }

  lines(frame: Frame): readonly string[] {
    const { title, options } = this.#made;
    const columns = Math.min(COLUMNS, frame.columns);
    const rows = Math.min(frame.rows - 2, ROWS_MAX, options.length + ROWS_ABOVE + 1);
    const room = Math.max(1, rows - ROWS_ABOVE - 1);
    const found = this.#found();
    this.#first = Math.max(0, Math.min(this.#at - room + 1, found.length - room));
    const shown = found.slice(this.#first, this.#first + room).map((place, row) => {
      const selected = this.#first + row === this.#at;
      const text = alignLeft(`${selected ? "❯" : " "}${options[place] ?? ""}`, columns - 2);
      return selected ? frame.theme.paint("selected", text) : text;
    });
    const lines = [` ${this.#typed}${frame.theme.paint("selected", " ")}`, ...shown];
    const remark = "type to find, enter takes it, esc gives up";
    return paneLines({ title, remark, lines, columns, rows, focused: true, frame });
  }

  spoken(): readonly string[] {
    const { title, options } = this.#made;
    const numbered = options.map((option, place) => `${place + 1}: ${option.trim()}`);
    return [`Menu: ${title}. Type a number, then enter; escape gives up.`, ...numbered];
  }

  #take(place: number | undefined): Fate {
    return place === undefined ? "stays" : this.#end(place);
  }

  #move(by: number): void {
    this.#at = Math.max(0, Math.min(this.#found().length - 1, this.#at + by));
  }

  #type(text: string): void {
    this.#typed = text.slice(0, COLUMNS);
    this.#at = 0;
  }

  #found(): readonly number[] {
    const { options, numbered } = this.#made;
    const number = Number(this.#typed.trim());
    if (numbered && /^\d+$/.test(this.#typed.trim())) {
      return number >= 1 && number <= options.length ? [number - 1] : [];
    }
    return fuzzyPlaces(options, this.#typed);
  }

  #end(place: number | null): Fate {
    this.#made.answer(place);
    return "gone";
  }
}
