/**
 * What lies over a screen and takes the keys while it does: help, the palette, a question. Each
 * answers once and is gone.
 */

import { paneLines } from "../components/pane.tsx";
import { alignLeft } from "../components/text-width.ts";
import { type KeyBinding, SCREEN_KEYS, SCREEN_NAMES, type ScreenId } from "../keys/key-table.ts";
import type { Frame } from "../screens/screen.ts";
import type { KeyName } from "../terminal/key-reader.ts";
import { keyWord } from "./frame-rows.ts";

export interface Overlay {
  /** What a key does to it: it stays, or is gone. */
  press(key: KeyName): "stays" | "gone";
  paste(text: string): void;
  /** Its lines, all of one width, to lie in the middle of the screen. */
  lines(frame: Frame): readonly string[];
}

/** Every key of a screen. */
export class Help implements Overlay {
  readonly #screen: ScreenId;
  readonly #keys: readonly KeyBinding[];

  constructor(screen: ScreenId, keys: readonly KeyBinding[]) {
    this.#screen = screen;
    this.#keys = keys;
  }

  press(key: KeyName): "stays" | "gone" {
    return key === "?" || key === "escape" || key === "q" ? "gone" : "stays";
  }

  paste(): void {}

  lines(frame: Frame): readonly string[] {
    const columns = Math.min(92, frame.columns);
    const half = Math.floor((columns - 4) / 2);
    const describe = ({ keys, about }: { keys: readonly KeyName[]; about: string }) =>
      alignLeft(` ${alignLeft(keys.map(keyWord).join(" or "), 16)} ${about}`, half);
    const own: readonly KeyBinding[] = SCREEN_KEYS[this.#screen];
    const left = this.#keys.filter((key) => !own.includes(key)).map(describe);
    const right = own.map(describe);
    const count = Math.max(left.length, right.length);
    const blank = " ".repeat(half);
    const lines = Array.from(
      { length: count },
      (_, row) => ` ${left[row] ?? blank} ${right[row] ?? blank}`,
    );
    const rows = Math.min(frame.rows, count + 2);
    const title = `Help · ${SCREEN_NAMES[this.#screen]}`;
    return paneLines({ title, remark: "? or esc closes", lines, columns, rows, frame });
  }
}

/** A line of text to be given; escape gives it up. */
export class Question implements Overlay {
  readonly #label: string;
  readonly #answer: (text: string | null) => void;
  #text: string;

  constructor(label: string, value: string, answer: (text: string | null) => void) {
    this.#label = label;
    this.#text = value;
    this.#answer = answer;
  }

  press(key: KeyName): "stays" | "gone" {
    if (key === "enter") return this.#end(this.#text);
    if (key === "escape") return this.#end(null);
    if (key === "backspace") this.#text = [...this.#text].slice(0, -1).join("");
    else if (key === "ctrl+u") this.#text = "";
    else if (key === "space") this.#text += " ";
    else if ([...key].length === 1) this.#text += key;
    return "stays";
  }

  paste(text: string): void {
    this.#text += text.replace(/\s+/gu, " ");
  }

  lines(frame: Frame): readonly string[] {
    const columns = Math.min(72, frame.columns);
    const lines = [` ${this.#text}${frame.theme.paint("selected", " ")}`];
    const remark = "enter takes it, esc gives up";
    return paneLines({ title: this.#label, remark, lines, columns, rows: 3, focused: true, frame });
  }

  #end(text: string | null): "gone" {
    this.#answer(text);
    return "gone";
  }
}

/** One of several, found by typing parts of it. */
export class Choice implements Overlay {
  readonly #title: string;
  readonly #options: readonly string[];
  readonly #answer: (place: number | null) => void;
  #typed = "";
  #at = 0;

  constructor(title: string, options: readonly string[], answer: (place: number | null) => void) {
    this.#title = title;
    this.#options = options;
    this.#answer = answer;
  }

  press(key: KeyName): "stays" | "gone" {
    const found = this.#found();
    if (key === "escape") return this.#end(null);
    if (key === "enter") return this.#end(found[this.#at] ?? null);
    if (key === "up") this.#at = Math.max(0, this.#at - 1);
    else if (key === "down") this.#at = Math.min(Math.max(0, found.length - 1), this.#at + 1);
    else if (key === "backspace") this.#type([...this.#typed].slice(0, -1).join(""));
    else if (key === "space") this.#type(`${this.#typed} `);
    else if ([...key].length === 1) this.#type(this.#typed + key);
    return "stays";
  }

  paste(text: string): void {
    this.#type(this.#typed + text);
  }

  lines(frame: Frame): readonly string[] {
    const columns = Math.min(72, frame.columns);
    const rows = Math.min(frame.rows - 2, 16);
    const room = rows - 3;
    const found = this.#found();
    const first = Math.max(0, Math.min(this.#at - room + 1, found.length - room));
    const shown = found.slice(first, first + room).map((place, row) => {
      const text = alignLeft(` ${this.#options[place] ?? ""}`, columns - 2);
      return first + row === this.#at ? frame.theme.paint("selected", text) : text;
    });
    const lines = [` ${this.#typed}${frame.theme.paint("selected", " ")}`, ...shown];
    const remark = "enter takes it, esc gives up";
    return paneLines({ title: this.#title, remark, lines, columns, rows, focused: true, frame });
  }

  #type(text: string): void {
    this.#typed = text;
    this.#at = 0;
  }

  /** Places of the options that hold every word that was typed. */
  #found(): readonly number[] {
    const words = this.#typed.toLowerCase().split(" ");
    return this.#options.flatMap((option, place) =>
      words.every((word) => option.toLowerCase().includes(word)) ? [place] : [],
    );
  }

  #end(place: number | null): "gone" {
    this.#answer(place);
    return "gone";
  }
}
