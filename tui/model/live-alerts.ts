/**
 * The alerts of a store as whoever watches keeps them: what fires, what is over, what was
 * acknowledged, put off or noted. A store is only read, so all of this is the watcher's own.
 */
import type { Severity } from "../theme/severity.ts";
import type { FiringAlert } from "./live-answers.ts";

export interface AlertEntry extends FiringAlert {
  /** When it was first and last seen to fire; milliseconds since 1970. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** When it was first seen to be over; null while it fires. */
  readonly endedAt: number | null;
  readonly acknowledgedAt: number | null;
  /** Until when it does not ring. */
  readonly snoozedUntil: number | null;
  readonly note: string;
  /** Whether the bell was rung for it since it began or was last put off. */
  readonly isRung: boolean;
}

export const SNOOZE_MILLIS = 600_000;
/** Of those that are over, the newest are kept. */
const ENTRIES_MAX = 100;
export const NOTE_LENGTH_MAX = 200;

/** The entries after a look at the store, the newest first. */
export function heedAlerts(
  entries: readonly AlertEntry[],
  firing: readonly FiringAlert[],
  at: number,
): readonly AlertEntry[] {
  const now = new Map(firing.map((alert) => [alert.name, alert]));
  const kept = entries.map((entry) => {
    const alert = now.get(entry.name);
    if (entry.endedAt !== null) return entry;
    if (alert === undefined || isAnother(entry, alert)) return { ...entry, endedAt: at };
    now.delete(entry.name);
    return { ...entry, ...wordsOf(entry, alert), lastSeenAt: at };
  });
  const begun = [...now.values()].map((alert) => begunAt(alert, at));
  return [...begun, ...kept].slice(0, ENTRIES_MAX);
}

/** It was over and began again while nobody looked. */
function isAnother(entry: AlertEntry, { since }: FiringAlert): boolean {
  return since !== null && since > entry.lastSeenAt;
}

/** What another worker of the store says of it says less, and takes nothing away. */
function wordsOf(entry: AlertEntry, alert: FiringAlert): Partial<AlertEntry> {
  if (alert.since === null) return {};
  return { ...alert, since: entry.since ?? alert.since };
}

function begunAt(alert: FiringAlert, at: number): AlertEntry {
  const own = { endedAt: null, acknowledgedAt: null, snoozedUntil: null, note: "", isRung: false };
  return { ...alert, ...own, firstSeenAt: at, lastSeenAt: at };
}

export function acknowledge(entry: AlertEntry, at: number): AlertEntry {
  return { ...entry, acknowledgedAt: entry.acknowledgedAt ?? at };
}

/** It rings again once the time is over, if it fires then and was not acknowledged. */
export function snooze(entry: AlertEntry, at: number): AlertEntry {
  return { ...entry, snoozedUntil: at + SNOOZE_MILLIS, isRung: false };
}

export function withNote(entry: AlertEntry, note: string): AlertEntry {
  return { ...entry, note: note.slice(0, NOTE_LENGTH_MAX) };
}

/** True for one that wants somebody now. */
export function isOpen(entry: AlertEntry, at: number): boolean {
  const { endedAt, acknowledgedAt, snoozedUntil } = entry;
  return endedAt === null && acknowledgedAt === null && (snoozedUntil ?? 0) <= at;
}

/** The entries once the bell was rung, or null where there is nothing to ring for. */
export function rung(entries: readonly AlertEntry[], at: number): readonly AlertEntry[] | null {
  const rings = (entry: AlertEntry) =>
    entry.severity === "critical" && !entry.isRung && isOpen(entry, at);
  if (!entries.some(rings)) return null;
  return entries.map((entry) => (rings(entry) ? { ...entry, isRung: true } : entry));
}

/** The state of an entry in a word or two. */
export function alertWord(entry: AlertEntry, at: number): string {
  if (entry.endedAt !== null) return "over";
  if (entry.acknowledgedAt !== null) return "acknowledged";
  const left = (entry.snoozedUntil ?? 0) - at;
  return left > 0 ? `snoozed ${Math.ceil(left / 60_000)} min` : "new";
}

export function alertSeverity(entry: AlertEntry): Severity {
  return entry.endedAt === null ? entry.severity : "ok";
}
