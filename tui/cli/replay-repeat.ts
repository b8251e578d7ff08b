/** The command that repeats a replay: every flag that changes its result. */
import { Option } from "effect";
import { fileWord, shellWord } from "./repeat.ts";
import type { ReplayFlags } from "./replay-flags.ts";

export function replayCommandLine(
  path: string,
  flags: ReplayFlags,
  { seed, seeds }: { readonly seed: string; readonly seeds: number },
): string {
  const one = (name: string, given: Option.Option<string>) =>
    Option.isNone(given) ? [] : [`--${name}=${shellWord(given.value)}`];
  const all = (name: string, given: readonly string[]) =>
    given.map((value) => `--${name} ${shellWord(value)}`);
  return [
    "rehearse replay",
    fileWord(path),
    ...one("as", flags.as),
    ...one("columns", flags.columns),
    ...one("zone", flags.zone),
    ...one("scenario", flags.scenario),
    ...one("plan", flags.plan),
    ...one("process", flags.process),
    ...one("scale", flags.scale),
    ...one("sample", flags.sample),
    ...one("speed", flags.speed),
    ...one("loops", flags.loops),
    ...one("gaps", flags.gaps),
    ...all("set", flags.set),
    ...all("change", flags.change),
    `--seed ${shellWord(seed)}`,
    `--seeds ${seeds}`,
  ].join(" ");
}
