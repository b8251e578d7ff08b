/** What happened in a rehearsal as lines of a log: a time, a sign with its word, one sentence. */
import type { Happening } from "../../twin/stepped/snapshot.ts";
import type { Role } from "../theme/theme.ts";
import { clockText, type SaleClock } from "./sale-clock.ts";

export interface LogRow {
  readonly at: number;
  readonly time: string;
  readonly sign: string;
  readonly word: string;
  readonly role: Role;
  readonly text: string;
}

const SEVERITIES = {
  info: { sign: "●", word: "INFO", role: "first" },
  warning: { sign: "▲", word: "WARN", role: "warning" },
  critical: { sign: "✗", word: "CRIT", role: "bad" },
} as const;

const BATCH = { sign: "▼", word: "BATCH", role: "second" } as const;
const CHANGE = { sign: "△", word: "CHANGE", role: "third" } as const;

/** Those whose line holds every word of the filter, in the order of their times. */
export function logRows(
  happenings: readonly Happening[],
  clock: SaleClock,
  filter: string,
): readonly LogRow[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  return happenings.flatMap(({ at, kind, severity, text }) => {
    const look = kind === "batch" ? BATCH : kind === "intervention" ? CHANGE : SEVERITIES[severity];
    const line = `${look.word} ${text}`.toLowerCase();
    if (!words.every((word) => line.includes(word))) return [];
    return [{ at, time: clockText(clock, at), ...look, text }];
  });
}
