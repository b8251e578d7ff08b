/**
 * The files that Home shows, read one at a time between frames: the first frame waits for none of
 * them, and no key waits for more than one.
 */
/// <reference types="node" />

import type { PlanSpec } from "../../../twin/scenario/scenario.ts";
import { type Arrivals, arrivalsOf } from "../../model/scenario-preview.ts";
import type { RunStore, SavedRun } from "../../state/runs.ts";
import {
  fileStamp,
  readScenario,
  type ScenarioReading,
  scenarioPaths,
} from "../../state/scenario-files.ts";

export interface ScenarioEntry {
  readonly path: string;
  readonly stamp: number;
  /** Null until it was read. */
  readonly reading: ScenarioReading | null;
}

/** Between two looks at the folders, milliseconds. */
const LOOK_MILLIS = 500;

export class HomeFiles {
  entries: readonly ScenarioEntry[] = [];
  /** The newest first. */
  runs: readonly SavedRun[] = [];
  unreadable: readonly string[] = [];
  /** The scenario that is read before the others. */
  wanted: string | null = null;
  readonly #store: RunStore;
  readonly #onChange: () => void;
  #turn: NodeJS.Immediate | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #arrivals = new WeakMap<PlanSpec, Arrivals>();

  constructor(store: RunStore, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  /** Looks whether files came, went or changed, not more often than it is worth. */
  look(now: number): void {
    if (now - this.#lookedAt < LOOK_MILLIS) return;
    this.#lookedAt = now;
    this.lookNow();
  }

  lookNow(): void {
    const known = new Map(this.entries.map((entry) => [entry.path, entry]));
    this.entries = scenarioPaths().map((path) => {
      const stamp = fileStamp(path);
      const before = known.get(path);
      return before?.stamp === stamp ? before : { path, stamp, reading: null };
    });
    this.#gather();
    this.#readOn();
  }

  /** Reads a scenario at once where it was not read yet. */
  readNow(path: string): void {
    this.entries = this.entries.map((entry) =>
      entry.path === path && entry.reading === null
        ? { ...entry, reading: readScenario(path) }
        : entry,
    );
  }

  arrivals(plan: PlanSpec): Arrivals {
    const known = this.#arrivals.get(plan) ?? arrivalsOf(plan);
    this.#arrivals.set(plan, known);
    return known;
  }

  /** Whether every file was read. */
  get settled(): boolean {
    return this.#turn === null;
  }

  close(): void {
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#turn = null;
  }

  #gather(): void {
    const found = this.#store.names().flatMap((name) => this.#store.known(name) ?? []);
    this.runs = found.filter((one) => typeof one !== "string");
    this.unreadable = found.filter((one) => typeof one === "string");
  }

  #readOn(): void {
    if (this.#turn !== null || !this.#hasMore()) return;
    this.#turn = setImmediate(() => {
      this.#turn = null;
      this.#readOne();
      this.#onChange();
      this.#readOn();
    });
  }

  #hasMore(): boolean {
    const { entries } = this;
    return entries.some(({ reading }) => reading === null) || this.#unreadRun() !== undefined;
  }

  #unreadRun(): string | undefined {
    return this.#store.names().find((name) => this.#store.known(name) === undefined);
  }

  #readOne(): void {
    const unread = this.entries.filter(({ reading }) => reading === null);
    const next = unread.find(({ path }) => path === this.wanted) ?? unread[0];
    if (next !== undefined) {
      this.readNow(next.path);
      return;
    }
    const name = this.#unreadRun();
    if (name === undefined) return;
    this.#store.read(name);
    this.#gather();
  }
}
