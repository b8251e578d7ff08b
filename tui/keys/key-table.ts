/**
 * Every key of the screens, once: dispatch, hints, help, palette and docs/keys.md are drawn from
 * this table. Within a screen no key has two meanings.
 */
import type { KeyName } from "../terminal/key-reader.ts";

export const SCREENS = ["home", "rehearse", "compare", "what-if", "live", "replay"] as const;
export type ScreenId = (typeof SCREENS)[number];

export const SCREEN_NAMES: Readonly<Record<ScreenId, string>> = {
  home: "Home",
  rehearse: "Rehearse",
  compare: "Compare",
  "what-if": "What-if",
  live: "Live",
  replay: "Replay",
};

export interface KeyBinding<Action extends string = string> {
  readonly action: Action;
  readonly keys: readonly KeyName[];
  /** What it does, for the help. */
  readonly about: string;
  /** The word or two in the row of hints; not there where it is not hinted. */
  readonly hint?: string;
}

const row = <const Action extends string>(
  action: Action,
  keys: readonly KeyName[],
  about: string,
  hint?: string,
): KeyBinding<Action> => ({ action, keys, about, ...(hint === undefined ? {} : { hint }) });

/** Keys that the application answers itself, the same on every screen. */
export const SHELL_KEYS = [
  row("help", ["?"], "this help"),
  row("palette", [":", "ctrl+p"], "command palette"),
  ...SCREENS.map((id, place) =>
    row(`screen:${id}`, [String(place + 1)], `the screen ${SCREEN_NAMES[id]}`),
  ),
  row("pane.next", ["tab"], "next pane"),
  row("pane.previous", ["shift+tab"], "previous pane"),
  row("expand", ["e"], "the pane alone, and back"),
  row("appearance", ["T"], "theme and accessibility"),
  row("picture", ["P"], "an SVG picture of the screen"),
  row("leave", ["q"], "back; at Home quit"),
  row("quit", ["ctrl+c"], "quit now"),
] as const satisfies readonly KeyBinding[];

/** Keys that mean the same on every screen that takes them; each screen answers them itself. */
export const COMMON_KEYS = [
  row("up", ["up", "k"], "one up"),
  row("down", ["down", "j"], "one down"),
  row("first", ["g", "home"], "to the first"),
  row("last", ["G", "end"], "to the last"),
  row("page.up", ["pageup"], "a page up"),
  row("page.down", ["pagedown"], "a page down"),
  row("filter", ["/"], "filter or search"),
  row("open", ["enter"], "open, apply"),
  row("back", ["escape"], "close, clear, back; never quits"),
] as const satisfies readonly KeyBinding[];

/** Actions that only move about: no palette needs them. */
export const MOVES: ReadonlySet<string> = new Set<CommonAction>([
  "up",
  "down",
  "first",
  "last",
  "page.up",
  "page.down",
  "back",
]);

/** Keys of each screen beside those; its controller must have a handler for each (`ActionsOf`). */
export const SCREEN_KEYS = {
  home: [
    row("mark", ["space"], "mark two plans or runs to compare", "mark"),
    row("rerun", ["r"], "run the selected run again", "rerun"),
    row("report", ["o"], "open the report of the selected run", "report"),
    row("what-if", ["w"], "what if: change levers", "what-if"),
    row("compare", ["c"], "compare the plans of the scenario", "compare"),
    row("new", ["n"], "new scenario", "new"),
    row("duplicate", ["d"], "duplicate the scenario"),
    row("edit", ["E"], "edit in $EDITOR"),
    row("delete", ["x"], "delete (asks)"),
  ],
  rehearse: [
    row("pause", ["space"], "pause, resume", "pause"),
    row("step.event", ["."], "one event", "step"),
    row("step.minute", [">"], "one minute"),
    row("faster", ["+", "="], "faster", "+/− speed"),
    row("slower", ["-", "_"], "slower"),
    row("mark.next", ["]"], "to the next mark", "][ marks"),
    row("mark.previous", ["["], "to the previous mark"),
    row("less", ["left", "h"], "change the selected control; on the time line: back", "←→ change"),
    row("more", ["right", "l"], "change the selected control; on the time line: forward"),
    row("much-less", ["shift+left", "H"], "the same tenfold"),
    row("much-more", ["shift+right", "L"], "the same tenfold"),
    row("undo", ["u"], "undo a change", "undo"),
    row("redo", ["U"], "redo a change"),
    row("inject", ["i"], "inject a fault now"),
    row("mark", ["m"], "mark this moment"),
    row("seek", ["t"], "go to a time"),
    row("follow", ["f"], "follow the event log"),
    row("scale", ["z"], "full size, and back to the quick preview"),
    row("save", ["s"], "save the run", "save"),
    row("report", ["r"], "write and open the report", "report"),
    row("compare", ["c"], "compare the plans"),
    row("what-if", ["w"], "what if"),
  ],
  compare: [
    row("pick.first", ["a"], "pick the first plan", "a/b pick"),
    row("pick.second", ["b"], "pick the second plan"),
    row("swap", ["s"], "swap the two", "swap"),
    row("less", ["left", "h"], "move the cursor back", "←→ cursor"),
    row("more", ["right", "l"], "move the cursor forward"),
    row("much-less", ["shift+left", "H"], "the same tenfold"),
    row("much-more", ["shift+right", "L"], "the same tenfold"),
    row("difference", ["d"], "the difference instead of the two, and back", "difference"),
    row("again", ["n"], "more replications", "more seeds"),
    row("full-size", ["f"], "rehearse at full size", "full size"),
    row("sort", ["o"], "the table in another order", "sort"),
    row("report", ["r"], "write the HTML report", "report"),
    row("markdown", ["M"], "write the Markdown"),
    row("stop", ["x"], "stop the replications, and go on"),
  ],
  "what-if": [
    row("less", ["left", "h"], "change the lever", "←→ change"),
    row("more", ["right", "l"], "change the lever"),
    row("much-less", ["shift+left", "H"], "the same tenfold"),
    row("much-more", ["shift+right", "L"], "the same tenfold"),
    row("reset", ["0"], "the lever as it was", "reset"),
    row("type", ["t"], "type a value", "type"),
    row("undo", ["u"], "undo", "undo"),
    row("redo", ["U"], "redo"),
    row("again", ["n"], "more pairs of rehearsals"),
    row("larger", ["+", "="], "a larger world: slower, closer to full size"),
    row("smaller", ["-", "_"], "a smaller world: quicker"),
    row("moved", ["m"], "another figure for what moves it most"),
    row("plan", ["p"], "another plan of the scenario"),
    row("save", ["S"], "save as a scenario", "save as"),
    row("compare", ["c"], "compare now and base at full size", "compare"),
    row("rehearse", ["r"], "rehearse it", "rehearse"),
  ],
  live: [
    row("connect", ["c"], "connect to a store", "connect"),
    row("acknowledge", ["a"], "acknowledge the alert", "acknowledge"),
    row("snooze", ["Z"], "snooze the alert for ten minutes", "snooze"),
    row("note", ["n"], "write a note", "note"),
    row("bell", ["b"], "bell on a critical alert"),
    row("forecast", ["f"], "set the sale beside rehearsals of its scenario", "forecast"),
  ],
  replay: [
    row("recording", ["o"], "open a recording", "open"),
    row("scenario", ["s"], "replay it in the shop of a scenario", "scenario"),
    row("refit", ["F"], "arrivals drawn from what fits, and the recorded ones again", "refit"),
    row("pause", ["space"], "play along the recording, pause", "play"),
    row("less", ["left", "h"], "one interval back", "←→ move"),
    row("more", ["right", "l"], "one interval on"),
    row("much-less", ["shift+left", "H"], "ten intervals back"),
    row("much-more", ["shift+right", "L"], "ten intervals on"),
    row("mark.next", ["]"], "on to where the two are furthest apart", "][ apart"),
    row("mark.previous", ["["], "back to where they are furthest apart"),
    row("faster", ["+", "="], "faster", "+/− speed"),
    row("slower", ["-", "_"], "slower"),
    row("difference", ["d"], "how far apart they are, below each chart", "difference"),
    row("markdown", ["M"], "write the Markdown"),
    row("stop", ["x"], "stop the replay"),
  ],
} as const satisfies Readonly<Record<ScreenId, readonly KeyBinding[]>>;

export type CommonAction = (typeof COMMON_KEYS)[number]["action"];
export type OwnAction<Id extends ScreenId> = (typeof SCREEN_KEYS)[Id][number]["action"];

/** The action of a key on a screen, or null. */
export function actionOf(screen: ScreenId, key: KeyName): string | null {
  const tables: readonly (readonly KeyBinding[])[] = [SCREEN_KEYS[screen], SHELL_KEYS, COMMON_KEYS];
  for (const table of tables) {
    const found = table.find(({ keys }) => keys.includes(key));
    if (found !== undefined) return found.action;
  }
  return null;
}
