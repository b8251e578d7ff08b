/**
 * Bytes of a terminal as keys, one at a time, and mouse presses. Every sequence of bytes is taken:
 * what means nothing here is dropped. A sequence that a read cut in two waits for its rest; a lone
 * escape is a key once nothing has followed it for a moment (`flush`).
 */

/**
 * A key by its name: a printable character is its own name ("a", "A", "?"), others are "up",
 * "enter", "escape", "tab", "space", "backspace", "delete", "home", "end", "pageup", "pagedown",
 * "f1" to "f12"; modifiers stand before it: "ctrl+c", "shift+tab", "alt+x".
 */
export type KeyName = string;

export interface MousePress {
  readonly kind: "press" | "wheel-up" | "wheel-down";
  /** From 0 at the top left. */
  readonly column: number;
  readonly row: number;
}

export type TerminalInput =
  | { readonly kind: "key"; readonly name: KeyName }
  | { readonly kind: "mouse"; readonly mouse: MousePress }
  | { readonly kind: "paste"; readonly text: string };

const ESCAPE = "\u001b";
/** A sequence longer than this is noise. */
const SEQUENCE_LENGTH_MAX = 64;
/** Pasted text beyond this is cut. */
const PASTE_LENGTH_MAX = 65_536;
const PASTE_BEGIN = `${ESCAPE}[200~`;
const PASTE_END = `${ESCAPE}[201~`;

/** Control characters that have names of their own. */
const CONTROLS: ReadonlyMap<string, KeyName> = new Map([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\u007f", "backspace"],
  ["\b", "backspace"],
  [" ", "space"],
]);

/** Final characters of CSI and SS3 sequences (xterm, "PC-Style Function Keys"). */
const FINALS: ReadonlyMap<string, KeyName> = new Map([
  ["A", "up"],
  ["B", "down"],
  ["C", "right"],
  ["D", "left"],
  ["H", "home"],
  ["F", "end"],
  ["P", "f1"],
  ["Q", "f2"],
  ["R", "f3"],
  ["S", "f4"],
  ["Z", "shift+tab"],
]);

/** Numbers of CSI sequences that end with a tilde (VT220). */
const TILDES: ReadonlyMap<string, KeyName> = new Map([
  ["1", "home"],
  ["2", "insert"],
  ["3", "delete"],
  ["4", "end"],
  ["5", "pageup"],
  ["6", "pagedown"],
  ["7", "home"],
  ["8", "end"],
  ["11", "f1"],
  ["12", "f2"],
  ["13", "f3"],
  ["14", "f4"],
  ["15", "f5"],
  ["17", "f6"],
  ["18", "f7"],
  ["19", "f8"],
  ["20", "f9"],
  ["21", "f10"],
  ["23", "f11"],
  ["24", "f12"],
]);

/** A control sequence, and the beginning of one, after its escape. */
const CSI = /^\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])/u;
const CSI_UNFINISHED = /^\[[<=>?]?[0-9;:]*[ -/]*$/u;

export class KeyReader {
  #rest = "";
  #pasted: string | null = null;
  readonly #decoder = new TextDecoder("utf-8");

  /** What a read of the terminal holds. */
  read(bytes: Uint8Array): readonly TerminalInput[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    return this.#inputs(false);
  }

  /** Whether a sequence is begun that `flush` would end. */
  get unfinished(): boolean {
    return this.#rest !== "";
  }

  /** Nothing followed for a moment: a lone escape is the key, an unfinished sequence is dropped. */
  flush(): readonly TerminalInput[] {
    return this.#inputs(true);
  }

  #inputs(last: boolean): readonly TerminalInput[] {
    const found: TerminalInput[] = [];
    while (this.#rest !== "") {
      if (this.#pasted !== null) {
        if (!this.#takePaste(found, last)) break;
        continue;
      }
      const taken = this.#takeOne(found, last);
      if (taken === 0) break;
      this.#rest = this.#rest.slice(taken);
    }
    return found;
  }

  /** Takes pasted text up to its end; false while more of it must come. */
  #takePaste(found: TerminalInput[], last: boolean): boolean {
    const end = this.#rest.indexOf(PASTE_END);
    // The end itself may be cut in two: its length stays for the next read.
    const keep = last ? 0 : PASTE_END.length - 1;
    const taken = end >= 0 ? end : Math.max(0, this.#rest.length - keep);
    this.#pasted = ((this.#pasted ?? "") + this.#rest.slice(0, taken)).slice(0, PASTE_LENGTH_MAX);
    this.#rest = this.#rest.slice(end >= 0 ? end + PASTE_END.length : taken);
    if (end < 0 && !last) return false;
    found.push({ kind: "paste", text: this.#pasted });
    this.#pasted = null;
    return true;
  }

  /** Characters taken from the front; 0 where more must come first. */
  #takeOne(found: TerminalInput[], last: boolean): number {
    const rest = this.#rest;
    if (!rest.startsWith(ESCAPE)) {
      const [character = ""] = rest;
      const name = nameOfCharacter(character);
      if (name !== null) found.push({ kind: "key", name });
      return character.length;
    }
    if (rest.length === 1) {
      if (!last) return 0;
      found.push({ kind: "key", name: "escape" });
      return 1;
    }
    if (rest.startsWith(PASTE_BEGIN)) {
      this.#pasted = "";
      return PASTE_BEGIN.length;
    }
    if (rest[1] === "[") return takeCsi(rest, found, last);
    if (rest[1] === "O") return takeSs3(rest, found, last);
    if (rest[1] === ESCAPE) {
      found.push({ kind: "key", name: "escape" });
      return 1;
    }
    const [character = ""] = rest.slice(1);
    const name = nameOfCharacter(character);
    if (name !== null) found.push({ kind: "key", name: `alt+${name}` });
    return 1 + character.length;
  }
}

function takeCsi(rest: string, found: TerminalInput[], last: boolean): number {
  const sequence = CSI.exec(rest.slice(1));
  if (sequence === null) {
    const unfinished = CSI_UNFINISHED.test(rest.slice(1)) && rest.length <= SEQUENCE_LENGTH_MAX;
    return unfinished && !last ? 0 : 2;
  }
  const [whole, mark = "", numbers = "", , final = ""] = sequence;
  if (mark === "<") {
    const mouse = mouseOf(numbers, final);
    if (mouse !== null) found.push({ kind: "mouse", mouse });
  } else if (mark === "") {
    const name = nameOfCsi(numbers, final);
    if (name !== null) found.push({ kind: "key", name });
  }
  return ESCAPE.length + whole.length;
}

function takeSs3(rest: string, found: TerminalInput[], last: boolean): number {
  if (rest.length < 3) return last ? 2 : 0;
  const name = FINALS.get(rest[2] ?? "");
  if (name !== undefined) found.push({ kind: "key", name });
  return 3;
}

function nameOfCsi(numbers: string, final: string): KeyName | null {
  const [first = "", second = ""] = numbers.split(";");
  const base = final === "~" ? TILDES.get(first) : FINALS.get(final);
  if (base === undefined) return null;
  return withModifiers(base, Number(second === "" ? 1 : second.split(":")[0]));
}

/** The modifier parameter is one more than a sum of 1 (shift), 2 (alt), 4 (control). */
function withModifiers(base: KeyName, parameter: number): KeyName {
  const bits = parameter - 1;
  const words = [bits & 4 ? "ctrl+" : "", bits & 2 ? "alt+" : "", bits & 1 ? "shift+" : ""];
  return words.join("") + base;
}

/** SGR mouse reports: the button with its modifiers, column and row from 1. */
function mouseOf(numbers: string, final: string): MousePress | null {
  const [button = Number.NaN, column = 0, row = 0] = numbers.split(";").map(Number);
  if (final !== "M" || column < 1 || row < 1) return null;
  const at = { column: column - 1, row: row - 1 };
  if (button === 64) return { kind: "wheel-up", ...at };
  if (button === 65) return { kind: "wheel-down", ...at };
  return button === 0 ? { kind: "press", ...at } : null;
}

function nameOfCharacter(character: string): KeyName | null {
  const control = CONTROLS.get(character);
  if (control !== undefined) return control;
  const code = character.codePointAt(0) ?? 0;
  if (code >= 1 && code <= 26) return `ctrl+${String.fromCharCode(96 + code)}`;
  if (code < 32 || (code >= 0x7f && code < 0xa0) || code === 0xfffd) return null;
  return character;
}
