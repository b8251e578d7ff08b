/**
 * What every screen is: a controller in plain TypeScript that holds its state, takes actions of
 * the key table and draws a view. Ink draws what `view` returns; a screen has no timer and no
 * hook of its own that redraws, it asks its host to.
 */
import type { ReactElement } from "react";
import type { Charset } from "../components/canvas.ts";
import type { CommonAction, OwnAction, ScreenId } from "../keys/key-table.ts";
import type { PlanChoice } from "../model/plan-choice.ts";
import type { Status } from "../model/status.ts";
import type { KeyName, MousePress } from "../terminal/key-reader.ts";
import type { Theme } from "../theme/theme.ts";

export type { PlanChoice } from "../model/plan-choice.ts";
export type { Status } from "../model/status.ts";
export type { Severity } from "../theme/severity.ts";

/** The place that a view fills, in cells, and how it looks there. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly theme: Theme;
  readonly charset: Charset;
  /** The name of the pane that has the focus, one of the screen's `panes`. */
  readonly focus: string;
  /** Whether that pane is to be drawn alone, as large as the screen allows. */
  readonly expanded: boolean;
}

/** A pane of a screen and where it lies in the view, in cells from its top left. */
export interface PaneArea {
  /** Short and unique on its screen: "scenarios", "runs". It is spoken to who cannot see. */
  readonly name: string;
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  /** 0 where this size of the screen does not show it unless it has the focus. */
  readonly rows: number;
}

/** A key that asked for an action, and the pane that had the focus. */
export interface Press {
  readonly key: KeyName;
  readonly pane: string;
}

export type Act = (press: Press) => void;

/**
 * What a screen does for each of its keys. Every key of its own section of the key table has a
 * handler, or it does not compile; of the common keys it has those it takes, and help, hints and
 * palette show no others. A handler that finds nothing to do says so by `Host.tell`.
 */
export type ActionsOf<Id extends ScreenId> = Readonly<
  Record<OwnAction<Id>, Act> & Partial<Record<CommonAction, Act>>
>;

/** What a screen may be opened with. */
export type Request =
  | { readonly screen: "home" }
  | { readonly screen: "rehearse"; readonly choice: PlanChoice }
  | { readonly screen: "compare"; readonly choices: readonly [PlanChoice, PlanChoice] }
  | { readonly screen: "what-if"; readonly choice: PlanChoice }
  | { readonly screen: "live"; readonly target: string }
  | { readonly screen: "replay"; readonly recording: string; readonly scenario?: string };

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
  /** What was remembered under a name, also from an earlier start; null where nothing was. */
  recall(name: string): string | null;
  /** Remembers a short text under a name of the screen's own, such as "home.scenario". */
  remember(name: string, value: string): void;
  /** Gives the terminal to another program, such as an editor, until it ends; its exit code. */
  lend(program: readonly string[]): Promise<number | null>;
  /** Rings the terminal's bell, while the screens have the terminal. */
  ring(): void;
}

export interface Screen {
  readonly id: ScreenId;
  /** Comes to the front with something to show. */
  show(request: Request): void;
  /** What its keys do: declare it `readonly actions: ActionsOf<"home"> = { … }`. */
  readonly actions: Readonly<Partial<Record<string, Act>>>;
  /** Its panes in the order of tab; the first has the focus when the screen is first shown. */
  panes(size: Pick<Frame, "columns" | "rows">): readonly PaneArea[];
  /**
   * A press or a turn of the wheel within the view, after the pane under it took the focus.
   * Where it is not there the wheel moves as the keys up and down do.
   */
  point?(mouse: MousePress, press: Press): void;
  /** Exactly as large as the frame. */
  view(frame: Frame): ReactElement;
  /** Its worst state, for the status row. */
  status(): Status;
  /** Lines for a screen reader: what there is to know now, most important first. */
  spoken(): readonly string[];
  /** What was done on it, for the terminal after the screens are left: no line where nothing was. */
  summary?(): readonly string[];
  /** What would be lost if the program ended now; null where nothing would. */
  unsaved(): string | null;
  /** Ends what it runs. */
  close(): Promise<void>;
}
