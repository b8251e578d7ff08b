/**
 * The screens put together: which one is in front, which pane has the focus, what lies over it,
 * what a key does. It draws nothing itself: a frame is drawn from what it holds, and `onChange` is
 * told when another one is worth drawing.
 */
import { actionOf, type KeyBinding, SCREENS, type ScreenId } from "../keys/key-table.ts";
import { keysOf } from "../keys/keys-of.ts";
import type { Frame, Host, PaneArea, Request, Screen, Status } from "../screens/screen.ts";
import type { Looks, UiState } from "../state/ui-state.ts";
import type { MousePress, TerminalInput } from "../terminal/key-reader.ts";
import {
  type Appearance,
  type AppearanceSources,
  appearanceOf,
  lookChoices,
} from "./appearance.ts";
import { Choice } from "./choice.ts";
import { COLUMNS_MIN, hintParts, ROWS_BELOW, ROWS_MIN, type Told, tabParts } from "./frame-rows.ts";
import { Help } from "./help.ts";
import type { Overlay } from "./overlay.ts";
import { overlayPlace } from "./overlay-place.ts";
import { paletteCommands } from "./palette.ts";
import { Question } from "./question.ts";

const EXIT_INTERRUPTED = 130;
/** Lines of the summary that stays on the terminal. */
const SUMMARY_MAX = 10;

/** Makes each screen when it is first wanted. */
export type ScreenMakers = Readonly<Partial<Record<ScreenId, (host: Host) => Screen>>>;

export interface AppOptions {
  readonly screens: ScreenMakers;
  readonly sources: AppearanceSources;
  readonly state: UiState;
  /** Whether it is heard instead of seen. */
  readonly spoken: boolean;
  /** Told that a frame is worth drawing: at once, or with the next one. */
  readonly onChange: (when: "at-once" | "soon") => void;
  /** Told that the planner wants to leave. */
  readonly onLeave: (code: number) => void;
  readonly onPicture: () => void;
  readonly onRing: () => void;
  readonly lend: Host["lend"];
}

export class App implements Host {
  readonly #options: AppOptions;
  readonly #screens = new Map<ScreenId, Screen>();
  /** The pane that has the focus on each screen that was shown. */
  readonly #focus = new Map<ScreenId, string>();
  /** The one laid last is in front. */
  readonly #overlays: Overlay[] = [];
  #chosen: Partial<Looks> = {};
  #appearance: Appearance;
  #front: ScreenId = "home";
  #told: Status | null = null;
  readonly #written = new Set<string>();
  #expanded = false;
  #columns = COLUMNS_MIN;
  #rows = ROWS_MIN;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#appearance = appearanceOf(options.sources, options.state.looks);
    const { problem } = options.state;
    if (problem !== null) this.#told = { severity: "warning", text: problem };
  }

  get appearance(): Appearance {
    return this.#appearance;
  }

  get front(): Screen {
    return this.screenOf(this.#front);
  }

  /** The screen, made when it is first wanted. */
  screenOf(id: ScreenId): Screen {
    const made = this.#screens.get(id) ?? this.#options.screens[id]?.(this);
    if (made === undefined) throw new Error(`there is no screen ${id}`);
    this.#screens.set(id, made);
    return made;
  }

  get overlay(): Overlay | null {
    return this.#overlays.at(-1) ?? null;
  }

  get status(): Status {
    return this.told.status;
  }

  /** The status, and whether the next key takes it away. */
  get told(): Told {
    const passing = this.#told !== null;
    return { status: this.#told ?? this.front.status(), passing };
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
    const chosen = this.#focus.get(this.#front) ?? this.recall(`${this.#front}.pane`);
    return chosen !== null && names.includes(chosen) ? chosen : (names[0] ?? "");
  }

  /** Every input of the terminal. */
  take(input: TerminalInput): void {
    if (input.kind === "key") this.#press(input.name);
    else if (input.kind === "paste") this.overlay?.paste(input.text);
    else if (this.overlay === null) this.#point(input.mouse);
    else this.#pointOver(this.overlay, input.mouse);
    this.#options.onChange("at-once");
  }

  redraw(): void {
    this.#options.onChange("soon");
  }

  open(request: Request): void {
    if (this.#options.screens[request.screen] === undefined) {
      throw new Error(`there is no screen ${request.screen}`);
    }
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

  choose(title: string, options: readonly string[], at = 0): Promise<number | null> {
    const numbered = this.#options.spoken;
    return new Promise((answer) => this.#lay(new Choice({ title, options, at, answer, numbered })));
  }

  tell(status: Status): void {
    this.#told = status;
    if (status.file !== undefined) this.#written.add(status.file);
    this.redraw();
  }

  recall(name: string): string | null {
    return this.#options.state.recall(name);
  }

  remember(name: string, value: string): void {
    this.#options.state.remember(name, value);
  }

  lend(program: readonly string[]): Promise<number | null> {
    return this.#options.lend(program);
  }

  ring(): void {
    this.#options.onRing();
  }

  /** What would be lost if the program ended now, one line each. */
  unsaved(): readonly string[] {
    return [...this.#screens.values()].flatMap((screen) => screen.unsaved() ?? []);
  }

  /** What was done and written, in a few lines for the terminal that is left. */
  summary(): readonly string[] {
    const lines = [...this.#screens.values()].flatMap((screen) => screen.summary?.() ?? []);
    return [
      ...lines.slice(0, SUMMARY_MAX),
      ...[...this.#written].map((file) => `Written: ${file}`),
    ];
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#screens.values()].map((screen) => screen.close()));
  }

  /** The frame of the screen in a terminal of this size, and where the mouse will point at it. */
  frame(columns: number, rows: number): Frame {
    this.#columns = columns;
    this.#rows = rows;
    const { theme, charset } = this.#appearance;
    const size = { columns, rows: rows - ROWS_BELOW };
    return { ...size, theme, charset, focus: this.focus, expanded: this.#expanded };
  }

  #panes(): readonly PaneArea[] {
    return this.front.panes({ columns: this.#columns, rows: this.#rows - ROWS_BELOW });
  }

  #toFront(id: ScreenId): void {
    if (!this.screens.includes(id)) return;
    if (id !== this.#front) this.#expanded = false;
    this.#front = id;
  }

  #lay(overlay: Overlay): void {
    this.#overlays.push(overlay);
    this.#options.onChange("at-once");
  }

  #lift(overlay: Overlay): void {
    const place = this.#overlays.indexOf(overlay);
    if (place >= 0) this.#overlays.splice(place, 1);
  }

  #press(key: string): void {
    const { overlay } = this;
    if (key === "ctrl+c") this.#options.onLeave(EXIT_INTERRUPTED);
    else if (overlay === null) this.#act(actionOf(this.#front, key), key);
    else if (overlay.press(key) === "gone") this.#lift(overlay);
  }

  #pointOver(overlay: Overlay, { kind, column, row }: MousePress): void {
    const frame = this.frame(this.#columns, this.#rows);
    const { left, top } = overlayPlace(overlay.lines(frame), this.#columns, this.#rows);
    const fate = overlay.point({ kind, column: column - left, row: row - top });
    if (fate === "gone") this.#lift(overlay);
  }

  #point(mouse: MousePress): void {
    if (mouse.kind === "press" && mouse.row >= this.#rows - ROWS_BELOW) {
      this.#pressRow(mouse);
      return;
    }
    const area = this.#expanded ? undefined : this.#panes().find((pane) => lies(pane, mouse));
    if (area !== undefined) this.#focusOn(area.name);
    const { front } = this;
    if (front.point !== undefined) front.point(mouse, { key: "", pane: this.focus });
    else if (mouse.kind === "wheel-up") this.#act("up", "up");
    else if (mouse.kind === "wheel-down") this.#act("down", "down");
  }

  /** A press on the hints or the tabs does what their keys do. */
  #pressRow({ column, row }: MousePress): void {
    const look = { columns: this.#columns, theme: this.#appearance.theme };
    const tabs = row === this.#rows - 1;
    const parts = tabs
      ? tabParts(this.#front, this.screens, look, this.told)
      : hintParts(this.#front, this.keys, look);
    const part = parts.find(({ from, to }) => column >= from && column < to);
    if (part !== undefined) this.#act(part.action, part.key);
  }

  #act(action: string | null, key: string): void {
    if (action === null) return;
    this.#told = null;
    const screen = SCREENS.find((id) => `screen:${id}` === action);
    const own = this.#shellActions[action];
    if (screen !== undefined) this.#toFront(screen);
    else if (own !== undefined) own();
    else if (action === "back" && this.#expanded) this.#expanded = false;
    else this.front.actions[action]?.({ key, pane: this.focus });
  }

  readonly #shellActions: Readonly<Record<string, () => void>> = {
    help: () => this.#lay(new Help(this.#front, this.keys)),
    palette: () => this.#openPalette(),
    "pane.next": () => this.#moveFocus(1),
    "pane.previous": () => this.#moveFocus(-1),
    expand: () => {
      this.#expanded = !this.#expanded;
    },
    appearance: () => void this.#changeLooks(),
    picture: () => this.#options.onPicture(),
    leave: () => this.#leave(),
    quit: () => this.#options.onLeave(EXIT_INTERRUPTED),
  };

  #moveFocus(by: 1 | -1): void {
    const names = this.#panes().map(({ name }) => name);
    const next = (names.indexOf(this.focus) + by + names.length) % Math.max(1, names.length);
    this.#focusOn(names[next] ?? "");
  }

  #focusOn(name: string): void {
    this.#focus.set(this.#front, name);
    this.remember(`${this.#front}.pane`, name);
  }

  #leave(): void {
    if (this.#front !== "home") {
      this.#toFront("home");
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
    const commands = paletteCommands(this.keys);
    void this.choose(
      "Command",
      commands.map(({ text }) => text),
    ).then((place) => {
      const command = place === null ? undefined : commands[place];
      if (command !== undefined) this.#act(command.action, command.key);
      this.#options.onChange("at-once");
    });
  }

  /** The menu stays open until it is given up, for several changes. */
  async #changeLooks(): Promise<void> {
    const { state, sources } = this.#options;
    for (let at: number | null = 0; at !== null; ) {
      const choices = lookChoices(this.#appearance, { ...state.looks, ...this.#chosen });
      const texts = choices.map(({ text }) => text);
      at = await this.choose("Theme and accessibility", texts, at);
      const change = at === null ? undefined : choices[at]?.change;
      if (change === undefined) break;
      this.#chosen = { ...this.#chosen, ...change };
      state.changeLooks(change);
      this.#appearance = appearanceOf(sources, state.looks, this.#chosen);
    }
    const { problem } = state;
    if (problem !== null) this.tell({ severity: "warning", text: problem });
    this.#options.onChange("at-once");
  }
}

function lies(area: PaneArea, { column, row }: MousePress): boolean {
  const { column: left, row: top, columns, rows } = area;
  return column >= left && column < left + columns && row >= top && row < top + rows;
}
