/** What the screen Replay asks the verb, and what it makes of its answer. */
import { foreignText } from "../../model/foreign-text.ts";
import type { ShownResult } from "../../model/replay-picture.ts";

/** What is replayed, and how. */
export interface Subject {
  readonly recording: string;
  readonly scenario: string | null;
  readonly process: "recorded" | "fitted";
}

const LINES_OF_TROUBLE = 6;

export function wordsOf({ recording, scenario, process }: Subject): readonly string[] {
  return [
    ...["replay", "--json"],
    ...(scenario === null ? [] : ["--scenario", scenario]),
    ...(process === "fitted" ? ["--process", "fitted"] : []),
    // A name that begins with a dash is a name.
    recording.startsWith("-") ? `./${recording}` : recording,
  ];
}

/** The result in what the verb printed; null where there is none. */
export function resultIn(printed: string): ShownResult | null {
  try {
    const found = JSON.parse(printed) as ShownResult;
    return found.verb === "replay" ? found : null;
  } catch {
    return null;
  }
}

/** Why there is no result, in the verb's own words. */
export function troubleIn(told: string): readonly string[] {
  const lines = told
    .split("\n")
    .map((line) => foreignText(line.trim()))
    .filter((line) => line !== "");
  return lines.length === 0
    ? ["the replay ended without an answer"]
    : lines.slice(0, LINES_OF_TROUBLE);
}
