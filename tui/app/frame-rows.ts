/** The two rows below every screen: hints of its keys, and its state beside the tabs. */
import { alignLeft, spread, widthOf } from "../components/text-width.ts";
import { type KeyBinding, SCREEN_NAMES, SCREENS, type ScreenId } from "../keys/key-table.ts";
import type { Status } from "../screens/screen.ts";
import type { KeyName } from "../terminal/key-reader.ts";
import { SEVERITY_ROLES, SEVERITY_SIGNS } from "../theme/severity.ts";
import type { Theme } from "../theme/theme.ts";

const HINTS_MAX = 8;

/** Keys as people write them; a bare name keeps "pageup" from being taken for an arrow. */
const KEY_WORDS: ReadonlyMap<string, string> = new Map([
  ["up", "↑"],
  ["down", "↓"],
  ["left", "←"],
  ["right", "→"],
  ["escape", "esc"],
  ["pageup", "pgup"],
  ["pagedown", "pgdn"],
]);

export function keyWord(key: KeyName): string {
  const [name = "", ...modifiers] = key === "+" ? ["+"] : key.split("+").reverse();
  return [...modifiers.reverse(), KEY_WORDS.get(name) ?? name].join("+");
}

export function keysWord(keys: readonly KeyName[]): string {
  return keys.map(keyWord).join(" or ");
}

/** A piece of a row that does something when it is pressed, from one column up to another. */
export interface RowPart {
  readonly action: string;
  readonly key: KeyName;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

interface RowLook {
  readonly columns: number;
  readonly theme: Theme;
}

/** As many hints of the screen's own keys as fit, at most eight, and at the right the shell's two. */
export function hintParts(
  screen: ScreenId,
  keys: readonly KeyBinding[],
  { columns, theme }: RowLook,
): readonly RowPart[] {
  const leaving = screen === "home" ? "quit" : "back";
  const right = placed(
    [
      { action: "help", key: "?", text: `${theme.paint("title", "?")} help` },
      { action: "leave", key: "q", text: `${theme.paint("title", "q")} ${leaving}` },
    ],
    { from: columns - "? help  q quit ".length, gap: 2 },
  );
  const room = (right[0]?.from ?? columns) - 2;
  const hinted = keys.filter(({ hint }) => hint !== undefined).slice(0, HINTS_MAX);
  const left = placed(
    hinted.map((binding) => {
      const key = binding.keys[0] ?? "";
      return { action: binding.action, key, text: hintText(binding, theme) };
    }),
    { from: 1, gap: 2 },
  );
  return [...left.filter(({ to }) => to <= room), ...right];
}

function hintText({ keys, hint = "" }: KeyBinding, theme: Theme): string {
  // A hint that begins with keys of its own, as "a/b pick", stands for several of them.
  const space = hint.indexOf(" ");
  if (/[^A-Za-z-]/.test(hint.slice(0, Math.max(0, space)))) {
    return `${theme.paint("title", hint.slice(0, space))}${hint.slice(space)}`;
  }
  return `${theme.paint("title", keyWord(keys[0] ?? ""))} ${hint}`;
}

export function hintRow(screen: ScreenId, keys: readonly KeyBinding[], look: RowLook): string {
  return composed(hintParts(screen, keys, look), look.columns);
}

/** What the last row says, and whether the next key takes it away. */
export interface Told {
  readonly status: Status;
  readonly passing: boolean;
}

/**
 * The screens with their digits at the right end of the row. They give way to a status that needs
 * their room: to digits alone, and where it passes altogether.
 */
export function tabParts(
  front: ScreenId,
  screens: readonly ScreenId[],
  { columns, theme }: RowLook,
  { status, passing }: Told,
): readonly RowPart[] {
  const room = columns - widthOf(statusText(status, theme)) - 1;
  const tabs = (named: boolean) => {
    const pieces = screens.map((id) => {
      const key = String(SCREENS.indexOf(id) + 1);
      const word = named ? `${key} ${SCREEN_NAMES[id]}` : key;
      const text = id === front ? theme.paint("selected", `[${word}]`) : word;
      return { action: `screen:${id}`, key, text };
    });
    const width = placed(pieces, { from: 0, gap: 1 }).at(-1)?.to ?? 0;
    return { width, parts: placed(pieces, { from: columns - width - 1, gap: 1 }) };
  };
  const [long, short] = [tabs(true), tabs(false)];
  if (long.width < room) return long.parts;
  return passing && short.width >= room ? [] : short.parts;
}

function statusText({ severity, text }: Status, theme: Theme): string {
  return ` ${theme.paint(SEVERITY_ROLES[severity], SEVERITY_SIGNS[severity])} ${text}`;
}

export function statusRow(
  tabs: readonly RowPart[],
  status: Status,
  { columns, theme }: RowLook,
): string {
  const words = `${tabs.map(({ text }) => text).join(" ")} `;
  return spread(statusText(status, theme), words, columns);
}

function placed(
  pieces: readonly Pick<RowPart, "action" | "key" | "text">[],
  { from, gap }: { readonly from: number; readonly gap: number },
): readonly RowPart[] {
  let at = from;
  return pieces.map((piece) => {
    const part = { ...piece, from: at, to: at + widthOf(piece.text) };
    at = part.to + gap;
    return part;
  });
}

function composed(parts: readonly RowPart[], columns: number): string {
  let row = "";
  let at = 0;
  for (const { text, from, to } of parts) {
    row += " ".repeat(Math.max(0, from - at)) + text;
    at = to;
  }
  return row + " ".repeat(Math.max(0, columns - at));
}

/** What stands where the terminal is too small for anything else. */
export function tooSmallRow(columns: number, rows: number): string {
  return alignLeft(`${COLUMNS_MIN}×${ROWS_MIN} needed, now ${columns}×${rows}`, columns);
}

export const COLUMNS_MIN = 80;
export const ROWS_MIN = 24;

/** Rows below every screen: hints, and the status beside the tabs. */
export const ROWS_BELOW = 2;
