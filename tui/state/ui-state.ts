/**
 * What the screens remember from one start to the next, in `ui.json` of the state folder: looks,
 * and what each screen wants to find again. A file that cannot be read counts as none, and that
 * is said once; a file of a newer version is left as it is.
 */
/// <reference types="node" />
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./folders.ts";
import { readStateFile } from "./state-file.ts";

/** How the screens look; `auto` is what the terminal's environment says. */
export interface Looks {
  readonly theme: "auto" | "dark" | "light";
  readonly charts: "auto" | "braille" | "block" | "ascii";
  readonly highContrast: boolean;
  /** One frame a second at most. */
  readonly reducedMotion: boolean;
  /** Spoken lines instead of frames. */
  readonly screenReader: boolean;
}

export const LOOKS: Looks = {
  theme: "auto",
  charts: "auto",
  highContrast: false,
  reducedMotion: false,
  screenReader: false,
};

const VERSION = 1;
const FILE = "ui.json";
/** A file beyond this was not written here; bytes. */
const SIZE_MAX = 1_048_576;
/** Of one thing that is remembered; characters. */
const VALUE_LENGTH_MAX = 4_096;

const THEMES: readonly unknown[] = ["auto", "dark", "light"];
const CHARTS: readonly unknown[] = ["auto", "braille", "block", "ascii"];

export class UiState {
  #looks: Looks = LOOKS;
  #remembered: Readonly<Record<string, string>> = {};
  readonly #folder: string | null;
  #problem: string | null = null;
  #writes = true;

  /** Reads what is there; with null nothing is read or written. */
  constructor(folder: string | null) {
    this.#folder = folder;
    if (folder !== null) this.#read(join(folder, FILE));
  }

  get looks(): Looks {
    return this.#looks;
  }

  /** One line on what could not be read or written, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  changeLooks(change: Partial<Looks>): void {
    this.#looks = { ...this.#looks, ...change };
    this.#write();
  }

  recall(name: string): string | null {
    return Object.hasOwn(this.#remembered, name) ? (this.#remembered[name] ?? null) : null;
  }

  remember(name: string, value: string): void {
    if (this.recall(name) === value || value.length > VALUE_LENGTH_MAX) return;
    this.#remembered = { ...this.#remembered, [name]: value };
    this.#write();
  }

  #read(path: string): void {
    let text: string;
    try {
      text = readStateFile(path, SIZE_MAX);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#ignore(path);
      return;
    }
    const kept = objectOf(text);
    if (kept === null || typeof kept.version !== "number") {
      this.#ignore(path);
    } else if (kept.version > VERSION) {
      this.#writes = false;
      this.#problem = `${path} is of a newer version of Rehearse: left as it is`;
    } else {
      this.#looks = looksOf(kept);
      this.#remembered = textsOf(kept.remembered);
    }
  }

  #ignore(path: string): void {
    this.#problem = `${path} could not be read: the looks are those of a first start`;
  }

  /** Another process sees the old file or the new one, never half of one. */
  #write(): void {
    if (this.#folder === null || !this.#writes) return;
    const path = join(this.#folder, FILE);
    const content = { version: VERSION, ...this.#looks, remembered: this.#remembered };
    try {
      makeFolder(this.#folder);
      const half = `${path}.${process.pid}`;
      writeFileSync(half, `${JSON.stringify(content, null, 2)}\n`);
      renameSync(half, path);
    } catch {
      this.#problem = `${path} could not be written: nothing is remembered`;
    }
  }
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What means nothing here counts as not there. */
function looksOf(kept: Record<string, unknown>): Looks {
  return {
    theme: THEMES.includes(kept.theme) ? (kept.theme as Looks["theme"]) : LOOKS.theme,
    charts: CHARTS.includes(kept.charts) ? (kept.charts as Looks["charts"]) : LOOKS.charts,
    highContrast: kept.highContrast === true,
    reducedMotion: kept.reducedMotion === true,
    screenReader: kept.screenReader === true,
  };
}

function textsOf(kept: unknown): Readonly<Record<string, string>> {
  if (typeof kept !== "object" || kept === null) return {};
  const texts = Object.entries(kept).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts) as Record<string, string>;
}
