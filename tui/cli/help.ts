/** Help pages, drawn from the tables of verbs and flags. Plain text, at most 100 columns wide. */

import { FLAGS, type Flag } from "./flags.ts";
import { SCREEN_FLAGS } from "./screen-flags.ts";
import { VERBS, type Verb } from "./verbs.ts";

const WIDTH = 100;

/** The page of the whole program. */
export function generalHelp(version: string): string {
  const wide = Math.max(...VERBS.map((verb) => verb.name.length)) + 2;
  const screens = flagRows(SCREEN_FLAGS);
  return [
    `rehearse ${version}: a dress rehearsal for a flash sale`,
    "",
    "usage: rehearse <verb> [arguments] [flags]",
    "       rehearse [flags]          the screens, on a terminal; ? there shows every key",
    "",
    "verbs",
    ...VERBS.map((verb) => `  ${verb.name.padEnd(wide)}${verb.about}`),
    "",
    "flags of the screens",
    ...screens,
    "",
    "`rehearse <verb> --help` tells more about a verb. Start with:",
    "",
    "  rehearse run scenarios/small-drop.yaml",
    "  rehearse compare scenarios/webstore-black-friday.yaml --scale 2%",
    "",
    ...EXIT_CODES,
    "",
  ].join("\n");
}

const EXIT_CODES = [
  "exit codes",
  "  0    done, every expectation met",
  "  1    an expectation or a golden missed, an invariant broken",
  "  2    bad usage, file or environment",
  "  3    determinism broken: the same seed gave another digest",
  "  4    outside the tolerance: closed form and simulation differ, and nothing explains it",
  "  130  interrupted; the partial result was printed",
];

/** The page of one verb. */
export function verbHelp(verb: Verb): string {
  const flags = FLAGS.filter((flag) => verb.flags.includes(flag.name));
  const rows = flagRows(flags);
  return [
    `rehearse ${verb.name}: ${verb.about}`,
    "",
    `usage: rehearse ${verb.usage}`,
    "",
    ...wrapped(verb.more, WIDTH),
    "",
    ...(rows.length === 0 ? [] : ["flags", ...rows, ""]),
    verb.examples.length === 1 ? "example" : "examples",
    ...verb.examples.map((example) => `  ${example}`),
    "",
  ].join("\n");
}

function flagRows(flags: readonly Flag[]): readonly string[] {
  const rows = flags.map((flag) => ({ left: flagUsage(flag), about: flag.about }));
  const wide = Math.max(0, ...rows.map((row) => row.left.length)) + 2;
  return rows.flatMap((row) => flagRow(row, wide));
}

/** A flag as a usage line writes it, `--seed S`. */
function flagUsage({ name, value }: Flag): string {
  return value === null ? `--${name}` : `--${name} ${value}`;
}

function flagRow(row: { readonly left: string; readonly about: string }, wide: number): string[] {
  const [first = "", ...rest] = wrapped(row.about, WIDTH - wide - 2);
  const indent = " ".repeat(wide + 2);
  return [`  ${row.left.padEnd(wide)}${first}`, ...rest.map((line) => indent + line)];
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line.length > 0 && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line.length === 0 ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
