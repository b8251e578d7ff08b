/**
 * What is wrong with a scenario file, said so that it can be mended at once: where it stands,
 * what was found there, and what to write instead.
 */

export type Path = readonly (string | number)[];

export interface ScenarioProblem {
  /** The file as it was named, or the `--set …` that brought the value in. */
  readonly file: string;
  /** From 1; 0 where the value does not come from a file. */
  readonly line: number;
  /** From 1; 0 where the value does not come from a file. */
  readonly column: number;
  /** Dotted, as `--set` takes it; empty for the file as a whole. */
  readonly path: string;
  /** What was found, shortened; empty where nothing was. */
  readonly value: string;
  readonly message: string;
  /** What to write instead; empty where nothing better can be said. */
  readonly suggestion: string;
}

/** A problem before it is known where in the file its path stands. */
export interface Finding {
  readonly path: Path;
  readonly value?: unknown;
  readonly message: string;
  readonly suggestion: string;
  /** True where the key itself is wrong and not what stands behind it. */
  readonly atKey?: boolean;
}

/** `file:line:column: path: message (got value). Suggestion.` on one line. */
export function renderProblem(problem: ScenarioProblem): string {
  const place = problem.line > 0 ? `:${problem.line}:${problem.column}` : "";
  const path = problem.path === "" ? "" : `${problem.path}: `;
  const got = problem.value === "" ? "" : ` (got ${problem.value})`;
  const suggestion = problem.suggestion === "" ? "" : `. ${sentence(problem.suggestion)}`;
  return printable(`${problem.file}${place}: ${path}${problem.message}${got}${suggestion}`);
}

const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** What would steer a terminal is written the way JSON writes it: `\u001b`. */
export function printable(text: string): string {
  const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text.replace(UNPRINTABLE, escaped);
}

function sentence(words: string): string {
  const ended = /[.?!]$/u.test(words) ? words : `${words}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

export function dotted(path: Path): string {
  return path.join(".");
}

const VALUE_LENGTH_MAX = 60;

/** A value on one line and not too long, the way it was written. */
export function showValue(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = (JSON.stringify(value) ?? typeof value).replaceAll(/\s+/gu, " ");
  return text.length <= VALUE_LENGTH_MAX ? text : `${text.slice(0, VALUE_LENGTH_MAX - 1)}…`;
}

/** The known name nearest to what was written, or null where none is near enough to be meant. */
export function nearest(written: string, known: readonly string[]): string | null {
  const plain = written.toLowerCase().replaceAll(/[_ .]/gu, "-");
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(plain, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best ?? known.find((name) => spelledOut(plain, name)) ?? null;
}

/** True where one of the two is the beginning of the other: `recipient-count` for `recipients`. */
function spelledOut(written: string, known: string): boolean {
  const PREFIX_LENGTH_MIN = 4;
  const name = known.toLowerCase();
  const shared = Math.min(written.length, name.length);
  return shared >= PREFIX_LENGTH_MIN && written.slice(0, shared) === name.slice(0, shared);
}

/** "did you mean …" where something is near, else the list of what is known. */
export function suggestName(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  if (near !== null) return `did you mean ${near}?`;
  return known.length === 0 ? "leave it out" : `known here: ${known.join(", ")}`;
}

/** A key that the schema does not have; YAML's merge key is told by its name. */
export function unknownKey(path: Path, known: readonly string[]): Finding {
  const name = String(path.at(-1));
  const [message, suggestion] =
    name === "<<"
      ? ["the merge key << is not of YAML 1.2 and not read here", "write the keys out"]
      : ["unknown key", suggestName(name, known)];
  return { path, message, suggestion, atKey: true };
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let least = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      if (swapped) least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
      current.push(least);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
