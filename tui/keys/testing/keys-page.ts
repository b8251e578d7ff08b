/** The page of the documentation that lists every key, out of the key table. */
import { keysWord } from "../../app/frame-rows.ts";
import { SCREEN_FLAGS } from "../../cli/screen-flags.ts";
import type { Screen } from "../../screens/screen.ts";
import {
  COMMON_KEYS,
  type KeyBinding,
  SCREEN_KEYS,
  SCREEN_NAMES,
  SHELL_KEYS,
} from "../key-table.ts";

/** Markdown; `screens` are those that there are. */
export function keysPage(screens: readonly Pick<Screen, "id" | "actions">[]): string {
  const present = new Set(screens.map(({ id }) => `screen:${id}`));
  const shell = SHELL_KEYS.filter(
    ({ action }) => !action.startsWith("screen:") || present.has(action),
  );
  return [
    "# Keys of the screens",
    "",
    "`rehearse` on a terminal opens the screens. `?` shows the keys of the screen in front, `:` finds",
    "any of its commands by a few letters. This page is written from the key table",
    "(`npm run docs:keys`); a test holds it to that.",
    "",
    "```sh",
    "npx rehearse --theme light --charts block",
    "```",
    "",
    "## Everywhere",
    "",
    ...table(shell),
    "",
    "The mouse does the same: a click on a pane, a tab or a key hint; the wheel moves.",
    "",
    "## On every screen that has something to move in",
    "",
    ...table(COMMON_KEYS),
    "",
    ...screens.flatMap(({ id, actions }) => [
      `## ${SCREEN_NAMES[id]}`,
      "",
      ...table(SCREEN_KEYS[id]),
      "",
      `Of the common keys it takes ${commonOf(actions)}.`,
      "",
    ]),
    "## Flags",
    "",
    "| flag | does |",
    "|---|---|",
    ...SCREEN_FLAGS.map(({ name, value, about }) => {
      const given = value === null ? "" : ` ${value.replaceAll("|", "\\|")}`;
      return `| \`--${name}${given}\` | ${about} |`;
    }),
    "",
    "A flag goes before the environment (`INK_SCREEN_READER`, `NO_COLOR`, `FORCE_COLOR`, `TERM`), and",
    "that before what `T` set and the screens remember in `$XDG_STATE_HOME/rehearse/ui.json`",
    "(`~/.local/state/rehearse/ui.json`). Without a terminal, and where `TERM` is `dumb`, `rehearse`",
    "prints its help.",
    "",
  ].join("\n");
}

function table(bindings: readonly KeyBinding[]): readonly string[] {
  return [
    "| key | does |",
    "|---|---|",
    ...bindings.map(({ keys, about }) => `| ${code(keys)} | ${about} |`),
  ];
}

function code(keys: readonly string[]): string {
  return keys.map((key) => `\`${keysWord([key])}\``).join(" or ");
}

function commonOf(actions: Screen["actions"]): string {
  const taken = COMMON_KEYS.filter(({ action }) => action in actions);
  return taken.map(({ keys }) => code(keys.slice(0, 1))).join(", ");
}
