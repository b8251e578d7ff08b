/**
 * The flags of `rehearse` without a verb: how its screens look and are heard. They are read here,
 * not by the parser of the verbs, for the screens start without what that needs.
 */
import { nearest as nearestSpelling } from "../../twin/scenario/problem.ts";
import type { Flag } from "./flags.ts";

export interface ScreenFlags {
  readonly theme?: "dark" | "light";
  readonly charts?: "braille" | "block" | "ascii";
  readonly mouse: boolean;
  readonly screenReader: boolean;
  readonly reducedMotion: boolean;
  readonly highContrast: boolean;
  /** Whether anything is remembered from one start to the next. */
  readonly state: boolean;
  readonly colour: boolean;
}

interface ScreenFlag extends Flag {
  /** What its value may be; not there for a switch. */
  readonly values?: readonly string[];
}

export const SCREEN_FLAGS: readonly ScreenFlag[] = [
  {
    name: "theme",
    value: "dark|light",
    values: ["dark", "light"],
    about: "colours for a dark or a light ground; without it what the terminal says",
  },
  {
    name: "charts",
    value: "braille|block|ascii",
    values: ["braille", "block", "ascii"],
    about: "what charts are drawn with; block and ascii where the font has no Braille",
  },
  { name: "high-contrast", value: null, about: "colours of high contrast" },
  { name: "reduced-motion", value: null, about: "one frame a second" },
  {
    name: "screen-reader",
    value: null,
    about: "spoken lines instead of frames; INK_SCREEN_READER=true does the same",
  },
  { name: "no-mouse", value: null, about: "leave the mouse to the terminal" },
  { name: "no-state", value: null, about: "neither find nor keep how the screens were left" },
  { name: "no-color", value: null, about: "without colours; NO_COLOR does the same" },
];

/** What the words say, or what is wrong with them. */
export function screenFlagsOf(words: readonly string[]): ScreenFlags | { readonly wrong: string } {
  const values = new Map<string, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const [name = "", joined] = word.replace(/^-+/, "").split(/=(.*)/s);
    const flag = SCREEN_FLAGS.find((one) => `--${one.name}` === `--${name}`);
    if (!word.startsWith("--") || flag === undefined) return { wrong: unknown(word, name) };
    if (values.has(name)) return { wrong: `--${name} is given twice; once is enough.` };
    if (flag.values === undefined) {
      if (joined !== undefined) return { wrong: `--${name} takes no value (got ${word}).` };
      values.set(name, "");
      continue;
    }
    const value = joined ?? words[index + 1] ?? "";
    if (joined === undefined) index += 1;
    if (!flag.values.includes(value)) return { wrong: refused(flag, value) };
    values.set(name, value);
  }
  return flagsOf(values);
}

function flagsOf(values: ReadonlyMap<string, string>): ScreenFlags {
  const theme = values.get("theme");
  const charts = values.get("charts");
  return {
    ...(theme === undefined ? {} : { theme: theme as "dark" | "light" }),
    ...(charts === undefined ? {} : { charts: charts as "braille" | "block" | "ascii" }),
    mouse: !values.has("no-mouse"),
    screenReader: values.has("screen-reader"),
    reducedMotion: values.has("reduced-motion"),
    highContrast: values.has("high-contrast"),
    state: !values.has("no-state"),
    colour: !values.has("no-color"),
  };
}

function unknown(word: string, name: string): string {
  const names = SCREEN_FLAGS.map((flag) => flag.name);
  const near = nearestSpelling(name, names);
  const known = `They are ${names.map((one) => `--${one}`).join(", ")}.`;
  const hint = near === null ? known : `Did you mean --${near}?`;
  return `the screens have no flag ${word.split("=")[0]}. ${hint}`;
}

function refused({ name, values = [] }: ScreenFlag, value: string): string {
  const near = value === "" ? null : nearestSpelling(value, [...values]);
  const got =
    value === "" ? "" : ` (got ${value}${near === null ? "" : `; did you mean ${near}?`})`;
  return `--${name} must be one of ${values.join(", ")}${got}.`;
}
