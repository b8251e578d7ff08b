/**
 * The screens put together: which one is in front, what lies over it, what a key does. It draws
 * nothing itself: `view` gives the element of a whole frame, and `onChange` is told when another
 * one is worth drawing.
 */
import type { Charset } from "../components/canvas.ts";
import { actionOf, EVERYWHERE, SCREEN_KEYS, SCREENS, type ScreenId } from "../keys/key-table.ts";
import type { Frame, Host, Request, Screen, Status } from "../screens/screen.ts";
import type { TerminalInput } from "../terminal/key-reader.ts";
import type { Theme } from "../theme/theme.ts";
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
  #front: ScreenId = "home";
  #overlay: Overlay | null = null;
  #told: Status | null = null;
  #expanded = false;

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

  /** Every input of the terminal. */
  take(input: TerminalInput): void {
    if (input.kind === "key") this.#press(input.name);
    else if (input.kind === "paste") this.#overlay?.paste(input.text);
    else if (this.#overlay === null) this.front.point?.(input.mouse);
    this.#options.onChange("at-once");
  }

  redraw(): void {
    this.#options.onChange("soon");
  }

  open(request: Request): void {
    this.#front = request.screen;
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

  get expanded(): boolean {
    return this.#expanded;
  }

  frame(columns: number, rows: number): Frame {
    return { columns, rows, ...this.appearance };
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

  #act(action: string, key: string): void {
    this.#told = null;
    if (action.startsWith("screen:")) {
      const id = SCREENS.find((one) => `screen:${one}` === action);
      if (id !== undefined && this.#options.screens[id] !== undefined) this.#front = id;
      return;
    }
    switch (action) {
      case "help":
        this.#lay(new Help(this.#front));
        break;
      case "palette":
        this.#openPalette();
        break;
      case "picture":
        this.#options.onPicture();
        break;
      case "leave":
        this.#leave();
        break;
      default:
        this.front.act(action, key);
    }
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
    const commands = [...SCREEN_KEYS[this.#front], ...EVERYWHERE];
    const words = commands.map(({ about, keys }) => `${about}  (${keys.join(" or ")})`);
    void this.choose("Command", words).then((place) => {
      const command = place === null ? undefined : commands[place];
      if (command !== undefined) this.#act(command.action, command.keys[0] ?? "");
      this.#options.onChange("at-once");
    });
  }
}
