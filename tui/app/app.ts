/**
 * The screens put together: which one is in front, what lies over it, what a key does. It draws
 * nothing itself: `view` gives the element of a whole frame, and `onChange` is told when another
 * one is worth drawing.
 */
import type { Charset } from "../components/canvas.ts";
import { actionOf, type KeyBinding, SCREENS, type ScreenId } from "../keys/key-table.ts";
import { keysOf } from "../keys/keys-of.ts";
import type { Frame, Host, PaneArea, Request, Screen, Status } from "../screens/screen.ts";
import type { MousePress, TerminalInput } from "../terminal/key-reader.ts";
import type { Theme } from "../theme/theme.ts";
import { hintParts, ROWS_BELOW, tabParts } from "./frame-rows.ts";
import { Choice, Help, type Overlay, Question } from "./overlay.ts";

export interface Appearance {
  readonly theme: Theme;
  readonly charset: Charset;
}

export interface AppOptions {
  readonly appearance: Appearance;
  /** Makes each screen when it is first wanted. */
  readonly screens: Readonly<Partial<Record<ScreenId, (host: Host) => Screen>>>;
  /** Told that a frame is worth drawing: at once, or with the next one. */
  readonly onChange: (when: "at-once" | "soon") => void;
  /** Told that the planner wants to leave. */
  readonly onLeave: (code: number) => void;
  readonly onPicture: () => void;
  readonly lend: Host["lend"];
}

export class App implements Host {
  appearance: Appearance;
  readonly #options: AppOptions;
  readonly #screens = new Map<ScreenId, Screen>();
  /** The pane that has the focus on each screen that was shown. */
  readonly #focus = new Map<ScreenId, string>();
  #front: ScreenId = "home";
  #overlay: Overlay | null = null;
  #told: Status | null = null;
  #expanded = false;
  #columns = 0;
  #rows = 0;

  constructor(options: AppOptions) {
    this.#options = options;
    this.appearance = options.appearance;
  }

  get front(): Screen {
    return this.#screenOf(this.#front);
  }

  get overlay(): Overlay | null {
    return this.#overlay;
  }

  get status(): Status {
    return this.#told ?? this.front.status();
  }

  /** The screens that there are, in the order of their digits. */
  get screens(): readonly ScreenId[] {
    return SCREENS.filter((id) => this.#options.screens[id] !== undefined);
  }

  /** The keys that do something now: the screen's own, the common ones it takes, the shell's. */
  get keys(): readonly KeyBinding[] {
    return keysOf(this.front, this.screens);
  }

  /** The pane that has the focus; the first one where none was chosen. */
  get focus(): string {
    const names = this.#panes().map(({ name }) => name);
    const chosen = this.#focus.get(this.#front);
    return chosen !== undefined && names.includes(chosen) ? chosen : (names[0] ?? "");
  }

  /** Every input of the terminal. */
  take(input: TerminalInput): void {
    if (input.kind === "key") this.#press(input.name);
    else if (input.kind === "paste") this.#overlay?.paste(input.text);
    else if (this.#overlay === null) this.#point(input.mouse);
    this.#options.onChange("at-once");
  }

  redraw(): void {
    this.#options.onChange("soon");
  }

  open(request: Request): void {
    this.#toFront(request.screen);
    this.front.show(request);
    this.#options.onChange("at-once");
  }

  ask({ label, value }: { readonly label: string; readonly value: string }) {
    return new Promise<string | null>((resolve) => this.#lay(new Question(label, value, resolve)));
  }

  confirm(question: string): Promise<boolean> {
    return this.choose(question, ["No", "Yes"]).then((place) => place === 1);
  }

  choose(title: string, options: readonly string[]): Promise<number | null> {
    return new Promise((resolve) => this.#lay(new Choice(title, options, resolve)));
  }

  tell(status: Status): void {
    this.#told = status;
    this.redraw();
  }

  lend(program: readonly string[]): Promise<number | null> {
    return this.#options.lend(program);
  }

  /** What would be lost if the program ended now, one line each. */
  unsaved(): readonly string[] {
    return [...this.#screens.values()].flatMap((screen) => screen.unsaved() ?? []);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#screens.values()].map((screen) => screen.close()));
  }

  /** The frame of the screen in a terminal of this size, and where the mouse will point at it. */
  frame(columns: number, rows: number): Frame {
    this.#columns = columns;
    this.#rows = rows;
    return {
      columns,
      rows: rows - ROWS_BELOW,
      ...this.appearance,
      focus: this.focus,
      expanded: this.#expanded,
    };
  }

  #panes(): readonly PaneArea[] {
    return this.front.panes({ columns: this.#columns, rows: this.#rows - ROWS_BELOW });
  }

  #toFront(id: ScreenId): void {
    if (this.#options.screens[id] === undefined) return;
    if (id !== this.#front) this.#expanded = false;
    this.#front = id;
  }

  #screenOf(id: ScreenId): Screen {
    const made = this.#screens.get(id) ?? this.#options.screens[id]?.(this);
    if (made === undefined) throw new Error(`there is no screen ${id}`);
    this.#screens.set(id, made);
    return made;
  }

  #lay(overlay: Overlay): void {
    this.#overlay = overlay;
    this.#options.onChange("at-once");
  }

  #press(key: string): void {
    if (key === "ctrl+c") {
      this.#options.onLeave(130);
      return;
    }
    const overlay = this.#overlay;
    if (overlay !== null) {
      // Its answer may lay another one in its place.
      if (overlay.press(key) === "gone" && this.#overlay === overlay) this.#overlay = null;
      return;
    }
    const action = actionOf(this.#front, key);
    if (action !== null) this.#act(action, key);
  }

  #point(mouse: MousePress): void {
    const { column, row } = mouse;
    if (mouse.kind === "press" && row >= this.#rows - ROWS_BELOW) {
      const size = { columns: this.#columns, theme: this.appearance.theme };
      const parts =
        row === this.#rows - 1
          ? tabParts(this.#front, this.screens, size)
          : hintParts(this.keys, size);
      const part = parts.find(({ from, to }) => column >= from && column < to);
      if (part !== undefined) this.#act(part.action, part.key);
      return;
    }
    const area = this.#expanded ? undefined : this.#panes().find((pane) => lies(pane, mouse));
    if (area !== undefined) this.#focus.set(this.#front, area.name);
    const { front } = this;
    if (front.point !== undefined) front.point(mouse, { key: "", pane: this.focus });
    else if (mouse.kind === "wheel-up") this.#act("up", "up");
    else if (mouse.kind === "wheel-down") this.#act("down", "down");
  }

  #act(action: string, key: string): void {
    this.#told = null;
    if (action.startsWith("screen:")) {
      const id = SCREENS.find((one) => `screen:${one}` === action);
      if (id !== undefined) this.#toFront(id);
      return;
    }
    switch (action) {
      case "help":
        this.#lay(new Help(this.#front, this.keys));
        break;
      case "palette":
        this.#openPalette();
        break;
      case "pane.next":
        this.#moveFocus(1);
        break;
      case "pane.previous":
        this.#moveFocus(-1);
        break;
      case "expand":
        this.#expanded = !this.#expanded;
        break;
      case "picture":
        this.#options.onPicture();
        break;
      case "leave":
        this.#leave();
        break;
      case "quit":
        this.#options.onLeave(130);
        break;
      case "back":
        if (this.#expanded) this.#expanded = false;
        else this.front.actions[action]?.({ key, pane: this.focus });
        break;
      default:
        this.front.actions[action]?.({ key, pane: this.focus });
    }
  }

  #moveFocus(by: 1 | -1): void {
    const names = this.#panes().map(({ name }) => name);
    const next = (names.indexOf(this.focus) + by + names.length) % Math.max(1, names.length);
    this.#focus.set(this.#front, names[next] ?? "");
  }

  #leave(): void {
    if (this.#front !== "home") {
      this.#front = "home";
      return;
    }
    const lost = this.unsaved();
    if (lost.length === 0) {
      this.#options.onLeave(0);
      return;
    }
    void this.confirm(`Quit? ${lost.join(" ")}`).then((sure) => {
      if (sure) this.#options.onLeave(0);
    });
  }

  #openPalette(): void {
    const commands = this.keys.filter(({ action }) => action !== "palette");
    const words = commands.map(({ about, keys }) => `${about}  (${keys.join(" or ")})`);
    void this.choose("Command", words).then((place) => {
      const command = place === null ? undefined : commands[place];
      if (command !== undefined) this.#act(command.action, command.keys[0] ?? "");
      this.#options.onChange("at-once");
    });
  }
}

function lies(area: PaneArea, { column, row }: MousePress): boolean {
  const { column: left, row: top, columns, rows } = area;
  return column >= left && column < left + columns && row >= top && row < top + rows;
}
