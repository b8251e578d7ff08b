/**
 * Every key that does something on a screen, drawn from the key table: in two columns where the
 * terminal is wide, paged where it is low, searched with `/`.
 */
import { paneLines } from "../components/pane.tsx";
import { alignLeft, wrapped } from "../components/text-width.ts";
import { type KeyBinding, SCREEN_KEYS, SCREEN_NAMES, type ScreenId } from "../keys/key-table.ts";
import type { Frame } from "../screens/screen.ts";
import type { KeyName, MousePress } from "../terminal/key-reader.ts";
import { keysWord } from "./frame-rows.ts";
import type { Fate, Overlay } from "./overlay.ts";

const COLUMNS = 92;
const KEY_COLUMNS = 17;

const SIGNS = [
  ["Signs", "✓ ok   ▲ warning   ✗ failed   ● info   ━ first series   ┄ second series"],
  ["Mouse", "click a pane, a tab or a key hint; the wheel scrolls"],
  ["Elsewhere", "not a terminal, CI, TERM=dumb: the verbs print the same figures, --json too"],
  ["Access", "--screen-reader or INK_SCREEN_READER=true, --reduced-motion, --high-contrast"],
] as const;

interface Entry {
  readonly keys: string;
  readonly about: string;
}

export class Help implements Overlay {
  readonly #screen: ScreenId;
  readonly #own: readonly Entry[];
  readonly #everywhere: readonly Entry[];
  #sought: string | null = null;
  #typing = false;
  #top = 0;
  /** The furthest it can be moved down, as it was shown last. */
  #topMax = 0;
  #page = 1;

  constructor(screen: ScreenId, keys: readonly KeyBinding[]) {
    const own = new Set<KeyBinding>(SCREEN_KEYS[screen]);
    this.#screen = screen;
    this.#own = keys.filter((key) => own.has(key)).map(entryOf);
    this.#everywhere = withScreens(keys.filter((key) => !own.has(key)));
  }

  press(key: KeyName): Fate {
    if (this.#typing) {
      this.#typeOn(key);
      return "stays";
    }
    if (key === "escape" && this.#sought !== null) this.#sought = null;
    else if (key === "?" || key === "escape" || key === "q") return "gone";
    else if (key === "/") this.#find("");
    else if (key === "up" || key === "k") this.#move(-1);
    else if (key === "down" || key === "j") this.#move(1);
    else if (key === "pageup") this.#move(-this.#page);
    else if (key === "pagedown" || key === "space") this.#move(this.#page);
    else if (key === "home" || key === "g") this.#move(-this.#topMax);
    else if (key === "end" || key === "G") this.#move(this.#topMax);
    return "stays";
  }

  point({ kind }: MousePress): Fate {
    if (kind === "press") return "gone";
    this.#move(kind === "wheel-up" ? -1 : 1);
    return "stays";
  }

  paste(text: string): void {
    if (this.#typing) this.#find((this.#sought ?? "") + text.replace(/\s+/gu, " "));
  }

  lines(frame: Frame): readonly string[] {
    const columns = Math.min(COLUMNS, frame.columns);
    const all = this.#all(columns - 2, frame);
    const rows = Math.min(frame.rows, all.length + 2);
    this.#page = Math.max(1, rows - 2);
    this.#topMax = Math.max(0, all.length - this.#page);
    this.#top = Math.min(this.#top, this.#topMax);
    const lines = all.slice(this.#top, this.#top + this.#page);
    const title = `Help · ${SCREEN_NAMES[this.#screen]}`;
    return paneLines({ title, remark: this.#remark(), lines, columns, rows, focused: true, frame });
  }

  spoken(): readonly string[] {
    const said = ({ keys, about }: Entry) => `${keys}: ${about}`;
    return [
      `Help for the screen ${SCREEN_NAMES[this.#screen]}. Escape closes it.`,
      ...this.#own.map(said),
      ...this.#everywhere.map(said),
    ];
  }

  #remark(): string {
    if (this.#typing) return `/${this.#sought ?? ""}▏ enter keeps, esc clears`;
    if (this.#sought !== null) return `/${this.#sought}  esc clears`;
    const more = this.#topMax > 0 ? "↑↓ more   " : "";
    return `${more}? or esc closes   / search`;
  }

  #typeOn(key: KeyName): void {
    const sought = this.#sought ?? "";
    if (key === "enter") this.#typing = false;
    else if (key === "backspace") this.#find([...sought].slice(0, -1).join(""));
    else if (key === "space") this.#find(`${sought} `);
    else if ([...key].length === 1) this.#find(sought + key);
    else if (key === "escape") {
      this.#typing = false;
      this.#sought = null;
    }
  }

  #find(text: string): void {
    this.#typing = true;
    this.#sought = text.slice(0, COLUMNS / 2);
    this.#top = 0;
  }

  #move(by: number): void {
    this.#top = Math.max(0, Math.min(this.#topMax, this.#top + by));
  }

  #all(width: number, { theme }: Frame): readonly string[] {
    const two = width >= COLUMNS - 2;
    const half = two ? Math.floor((width - 3) / 2) : width - 2;
    const column = (title: string, entries: readonly Entry[]) => {
      const shown = entries.filter((entry) => this.#fits(entry));
      const rows = shown.flatMap((entry) => entryLines(entry, half));
      return [theme.paint("title", alignLeft(title, half)), ...rows];
    };
    const everywhere = column("Everywhere", this.#everywhere);
    const own = column("This screen", this.#own);
    const notes = SIGNS.filter(([word, text]) => this.#fits({ keys: word, about: text }));
    const below = notes.flatMap(([keys, about]) => entryLines({ keys, about }, width - 2));
    const blank = " ".repeat(half);
    const above = two
      ? Array.from(
          { length: Math.max(everywhere.length, own.length) },
          (_, row) => `${everywhere[row] ?? blank} ${own[row] ?? blank}`,
        )
      : [...own, "", ...everywhere];
    return [...above, "", ...below].map((line) => ` ${line}`);
  }

  #fits({ keys, about }: Entry): boolean {
    const sought = (this.#sought ?? "").trim().toLowerCase();
    return `${keys} ${about}`.toLowerCase().includes(sought);
  }
}

function entryOf({ keys, about }: KeyBinding): Entry {
  return { keys: keysWord(keys), about };
}

/** The digits of the screens on one line. */
function withScreens(keys: readonly KeyBinding[]): readonly Entry[] {
  const digits = keys.filter(({ action }) => action.startsWith("screen:"));
  const first = digits.at(0)?.keys[0] ?? "";
  const last = digits.at(-1)?.keys[0] ?? "";
  const others = keys.filter((key) => !digits.includes(key)).map(entryOf);
  const word = first === last ? first : `${first} … ${last}`;
  return digits.length === 0 ? others : [...others, { keys: word, about: "screens" }];
}

function entryLines({ keys, about }: Entry, width: number): readonly string[] {
  return wrapped(about, width - KEY_COLUMNS).map((line, row) =>
    alignLeft(alignLeft(row === 0 ? keys : "", KEY_COLUMNS) + line, width),
  );
}
