/** The two rows below every screen: hints of its keys, and its state beside the tabs. */
import { alignLeft, spread } from "../components/text-width.ts";
import { SCREEN_KEYS, SCREEN_NAMES, SCREENS, type ScreenId } from "../keys/key-table.ts";
import type { Severity, Status } from "../screens/screen.ts";
import type { KeyName } from "../terminal/key-reader.ts";
import type { Role, Theme } from "../theme/theme.ts";

export const SIGNS: Readonly<Record<Severity, string>> = {
  ok: "✓",
  info: "●",
  warning: "▲",
  critical: "✗",
};

export const SEVERITY_ROLES: Readonly<Record<Severity, Role>> = {
  ok: "good",
  info: "first",
  warning: "warning",
  critical: "bad",
};

const HINTS_MAX = 8;

/** Keys as people write them. */
export function keyWord(key: KeyName): string {
  return key.replace("up", "↑").replace("down", "↓").replace("left", "←").replace("right", "→");
}

export function hintRow(screen: ScreenId, columns: number, theme: Theme): string {
  const hinted = SCREEN_KEYS[screen].filter(({ hint }) => hint !== undefined).slice(0, HINTS_MAX);
  const hints = hinted.map(({ keys, hint = "" }) => {
    const [first = ""] = keys;
    // A hint that begins with its own keys stands for several of them.
    return /^\S+ /.test(hint) && !/^[a-z]/.test(hint)
      ? hint
      : `${theme.paint("title", keyWord(first))} ${hint}`;
  });
  return spread(` ${hints.join("  ")}`, "? help  q quit ", columns);
}

export function statusRow(
  screen: ScreenId,
  status: Status,
  { columns, theme }: { readonly columns: number; readonly theme: Theme },
): string {
  const tabs = SCREENS.map((id, place) => {
    const word = `${place + 1} ${SCREEN_NAMES[id]}`;
    return id === screen ? theme.paint("selected", `[${word}]`) : word;
  }).join(" ");
  const sign = theme.paint(SEVERITY_ROLES[status.severity], SIGNS[status.severity]);
  return spread(` ${sign} ${status.text}`, `${tabs} `, columns);
}

/** What stands where the terminal is too small for anything else. */
export function tooSmallRow(columns: number, rows: number): string {
  return alignLeft(`${COLUMNS_MIN}×${ROWS_MIN} needed, now ${columns}×${rows}`, columns);
}

export const COLUMNS_MIN = 80;
export const ROWS_MIN = 24;
