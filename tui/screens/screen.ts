/**
 * What every screen is: a controller in plain TypeScript that holds its state, takes actions of
 * the key table and draws a view. Ink draws what `view` returns; a screen has no timer and no
 * hook of its own that redraws, it asks its host to.
 */
import type { ReactElement } from "react";
import type { Charset } from "../components/canvas.ts";
import type { ScreenId } from "../keys/key-table.ts";
import type { KeyName, MousePress } from "../terminal/key-reader.ts";
import type { Theme } from "../theme/theme.ts";

/** The place that a view fills, in cells, and how it looks there. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  readonly charset: Charset;
}

export type Severity = "ok" | "info" | "warning" | "critical";

export interface Status {
  readonly severity: Severity;
  readonly text: string;
}

/** A plan of a scenario file, with the values that were changed in it. */
export interface PlanChoice {
  readonly path: string;
  /** The scenario's first where it is not there. */
  readonly plan?: string;
  /** As `--set` takes them. */
  readonly sets: readonly string[];
  /** The share of full size; fitted where it is not there. */
  readonly scale?: number;
  readonly seed?: string;
}

/** What a screen may be opened with. */
export type Request =
  | { readonly screen: "home" }
  | { readonly screen: "rehearse"; readonly choice: PlanChoice }
  | { readonly screen: "compare"; readonly choices: readonly [PlanChoice, PlanChoice] }
  | { readonly screen: "what-if"; readonly choice: PlanChoice }
  | { readonly screen: "live"; readonly target: string };

/** What the application does for its screens. */
export interface Host {
  /** Draws soon: at once after a key, else with the next frame. */
  redraw(): void;
  /** Brings another screen to the front, with something to show where it is given. */
  open(request: Request): void;
  /** Asks for a line of text; null where it was given up. */
  ask(question: { readonly label: string; readonly value: string }): Promise<string | null>;
  /** Asks for yes or no. */
  confirm(question: string): Promise<boolean>;
  /** One of several; null where it was given up. */
  choose(title: string, options: readonly string[]): Promise<number | null>;
  /** Says something in the status row until something else is to be said. */
  tell(status: Status): void;
  /** Gives the terminal to another program, such as an editor, until it ends; its exit code. */
  lend(program: readonly string[]): Promise<number | null>;
}

export interface Screen {
  readonly id: ScreenId;
  /** Comes to the front with something to show. */
  show(request: Request): void;
  /** An action of the key table that the application does not do itself. */
  act(action: string, key: KeyName): void;
  /** A press or a turn of the wheel within the view. */
  point?(mouse: MousePress): void;
  /** Exactly as large as the frame. */
  view(frame: Frame): ReactElement;
  /** Its worst state, for the status row. */
  status(): Status;
  /** Lines for a screen reader: what there is to know now, most important first. */
  spoken(): readonly string[];
  /** What would be lost if the program ended now; null where nothing would. */
  unsaved(): string | null;
  /** Ends what it runs. */
  close(): Promise<void>;
}
