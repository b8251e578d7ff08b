/**
 * What the screen Live remembers, in `live.json` of the state folder: the store, its sale log,
 * whether the bell rings, and what was done about the alerts of each store. A file that cannot be
 * read counts as none.
 */
/// <reference types="node" />
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { foreignText } from "../model/foreign-text.ts";
import { type AlertEntry, NOTE_LENGTH_MAX } from "../model/live-alerts.ts";
import { TIME_MAX } from "../model/live-answers.ts";
import { makeFolder } from "./folders.ts";
import { readStateFile } from "./state-file.ts";

export interface LiveMemory {
  /** The store that was watched last; null before the first. */
  readonly target: string | null;
  readonly saleLog: string | null;
  readonly bell: boolean;
  /** By store. */
  readonly alerts: Readonly<Record<string, readonly AlertEntry[]>>;
}

const VERSION = 1;
const FILE = "live.json";
const SIZE_MAX = 1_048_576;
/** Stores whose alerts are remembered. */
const STORES_MAX = 20;
const ENTRIES_MAX = 100;
const NOTHING: LiveMemory = { target: null, saleLog: null, bell: true, alerts: {} };

export class LiveState {
  readonly #folder: string | null;
  #memory: LiveMemory;

  /** With null nothing is read or written. */
  constructor(folder: string | null) {
    this.#folder = folder;
    this.#memory = folder === null ? NOTHING : memoryIn(join(folder, FILE));
  }

  get memory(): LiveMemory {
    return this.#memory;
  }

  alertsOf(target: string): readonly AlertEntry[] {
    return this.#memory.alerts[target] ?? [];
  }

  rememberAlerts(target: string, entries: readonly AlertEntry[]): string | null {
    const others = Object.entries(this.#memory.alerts).filter(([of]) => of !== target);
    const kept = others.slice(0, STORES_MAX - 1);
    return this.remember({ alerts: Object.fromEntries([[target, entries], ...kept]) });
  }

  /** Answers with why it could not be written, or null. */
  remember(change: Partial<LiveMemory>): string | null {
    this.#memory = { ...this.#memory, ...change };
    const folder = this.#folder;
    if (folder === null) return null;
    const path = join(folder, FILE);
    try {
      makeFolder(folder);
      // Another process sees the old file or the new one, never half of one.
      const half = `${path}.${process.pid}`;
      writeFileSync(half, `${JSON.stringify({ version: VERSION, ...this.#memory }, null, 2)}\n`);
      renameSync(half, path);
      return null;
    } catch (failure) {
      return `${path} could not be written (${(failure as NodeJS.ErrnoException).code ?? failure})`;
    }
  }
}

function memoryIn(path: string): LiveMemory {
  try {
    return memoryOf(JSON.parse(readStateFile(path, SIZE_MAX)));
  } catch {
    return NOTHING;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function memoryOf(kept: Fields | null): LiveMemory {
  if (kept === null || kept.version !== VERSION) return NOTHING;
  const stores = Object.entries(fieldsOf(kept.alerts)).slice(0, STORES_MAX);
  return {
    target: typeof kept.target === "string" ? kept.target : null,
    saleLog: typeof kept.saleLog === "string" ? kept.saleLog : null,
    bell: kept.bell !== false,
    alerts: Object.fromEntries(
      stores.map(([target, entries]) => [
        target,
        (Array.isArray(entries) ? entries : []).slice(0, ENTRIES_MAX).flatMap(entryOf),
      ]),
    ),
  };
}

function entryOf(kept: unknown): readonly AlertEntry[] {
  const of = fieldsOf(kept);
  const firstSeenAt = timeOf(of.firstSeenAt);
  const lastSeenAt = timeOf(of.lastSeenAt);
  if (typeof of.name !== "string" || firstSeenAt === null || lastSeenAt === null) return [];
  return [
    {
      name: foreignText(of.name),
      severity: of.severity === "critical" ? "critical" : "warning",
      since: timeOf(of.since),
      value: null,
      unit: "",
      threshold: null,
      why: foreignText(of.why),
      about: foreignText(of.about),
      todo: foreignText(of.todo),
      firstSeenAt,
      lastSeenAt,
      endedAt: timeOf(of.endedAt),
      acknowledgedAt: timeOf(of.acknowledgedAt),
      snoozedUntil: timeOf(of.snoozedUntil),
      note: foreignText(of.note).slice(0, NOTE_LENGTH_MAX),
      isRung: of.isRung === true,
    },
  ];
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function timeOf(value: unknown): number | null {
  return typeof value === "number" && value >= 0 && value <= TIME_MAX ? value : null;
}
