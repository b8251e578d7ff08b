/** The command that repeats a result, quoted for a shell. */

export interface RepeatOf {
  readonly verb: string;
  readonly path: string;
  readonly plan?: string;
  readonly plans?: readonly string[];
  /** Not there where nothing is rehearsed. */
  readonly seed?: string;
  readonly seeds?: number;
  readonly sets: readonly string[];
  /** What is changed in `plan` to compare it with itself. */
  readonly whatIfs?: readonly string[];
  /** What is changed on the way, as it was written. */
  readonly changes?: readonly string[];
  /** As it was written; null at full size. */
  readonly scale: string | null;
  readonly closedForm?: boolean;
  readonly explain?: boolean;
}

/** Only what changes the result: workers, outputs and colours are left out, so it is the same for all of them. */
export function repeatCommand(of: RepeatOf): string {
  return [
    "rehearse",
    of.verb,
    fileWord(of.path),
    ...(of.plan === undefined ? [] : [flagWords("plan", of.plan)]),
    ...(of.plans === undefined ? [] : [flagWords("plans", of.plans.join(","))]),
    ...(of.seed === undefined ? [] : [flagWords("seed", of.seed)]),
    ...(of.seeds === undefined ? [] : [flagWords("seeds", String(of.seeds))]),
    ...of.sets.map((set) => flagWords("set", set)),
    ...(of.whatIfs ?? []).map((change) => flagWords("what-if", change)),
    ...(of.changes ?? []).map((change) => flagWords("change", change)),
    ...(of.scale === null ? [] : [flagWords("scale", of.scale)]),
    ...(of.closedForm === true ? ["--closed-form"] : []),
    ...(of.explain === true ? ["--explain"] : []),
  ].join(" ");
}

/** A flag with its value; a value that looks like a flag itself is joined to it. */
function flagWords(name: string, value: string): string {
  return value.startsWith("-") ? shellWord(`--${name}=${value}`) : `--${name} ${shellWord(value)}`;
}

/** A file as an argument; one whose name begins like a flag is named through its folder. */
export function fileWord(path: string): string {
  return shellWord(path.startsWith("-") ? `./${path}` : path);
}

/** A word as a POSIX shell reads it back: bare where nothing in it is special, else in single quotes. */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
