/** The command that repeats a result, quoted for a shell. */

export interface RepeatOf {
  readonly verb: string;
  readonly path: string;
  readonly plan?: string;
  readonly plans?: readonly string[];
  readonly seed: string;
  readonly seeds: number;
  readonly sets: readonly string[];
  /** As it was written; null at full size. */
  readonly scale: string | null;
}

/** Only what changes the result: workers, outputs and colours are left out, so it is the same for all of them. */
export function repeatCommand(of: RepeatOf): string {
  const words = [
    "rehearse",
    of.verb,
    of.path,
    ...(of.plan === undefined ? [] : ["--plan", of.plan]),
    ...(of.plans === undefined ? [] : ["--plans", of.plans.join(",")]),
    "--seed",
    of.seed,
    "--seeds",
    String(of.seeds),
    ...of.sets.flatMap((set) => ["--set", set]),
    ...(of.scale === null ? [] : ["--scale", of.scale]),
  ];
  return words.map(shellWord).join(" ");
}

/** A word as a POSIX shell reads it back: bare where nothing in it is special, else in single quotes. */
export function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
