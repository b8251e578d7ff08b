/**
 * Every key of a screen, pressed where it applies: the real screens in a folder with one small
 * sale, the bytes that a terminal sends, and what is to be seen afterwards and was not before.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  COMMON_KEYS,
  type CommonAction,
  type KeyBinding,
  type OwnAction,
  SCREEN_KEYS,
  SCREENS,
  type ScreenId,
  SHELL_KEYS,
} from "../../keys/key-table.ts";
import type { Request } from "../../screens/screen.ts";
import { KeyReader } from "../../terminal/key-reader.ts";
import { bundledWorker } from "../../worker/testing/worker-text.ts";
import { screensOf } from "../screens.ts";
import { BUNDLE, WatchedApp } from "./watched-app.ts";

/** What a key is to bring about; where only `given` stands, the screen becomes another. */
export interface KeyCase {
  /** Brings the screen to where the key applies. */
  readonly given?: (desk: Desk) => Promise<void>;
  /** The part of the screen that becomes another. */
  readonly changes?: (text: string) => string | undefined;
  /** What stands on the screen only afterwards. */
  readonly shows?: RegExp;
  /** The screen that comes to the front. */
  readonly front?: ScreenId;
  /** A file below the folder that is new, or another than it was. */
  readonly writes?: RegExp;
  /** The code with which the screens are left. */
  readonly leaves?: number;
}

/** A case for every key of the screen and every common one that it takes. */
export type KeyCases<Id extends ScreenId> = Readonly<
  Record<OwnAction<Id>, KeyCase> & Partial<Record<CommonAction | ShellAction, KeyCase>>
>;
type ShellAction = (typeof SHELL_KEYS)[number]["action"];

/** The folder's scenario. */
export const SMALL_DROP = "scenarios/small-drop.yaml";
const SOON_MILLIS_MAX = 20_000;
const LOOK_MILLIS = 5;
/** Between two looks at what is to stand there by itself. */
const STANDS_MILLIS = 25;

/** Somebody at the keys. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "pressed-keys-"));
  readonly environment = { XDG_STATE_HOME: join(this.folder, "state"), EDITOR: "touch" };
  readonly #started = process.cwd();
  readonly #reader = new KeyReader();
  #watched: WatchedApp | null = null;

  /** Sits down, once the folder holds what the screens are to find. */
  async sit(): Promise<void> {
    mkdirSync(join(this.folder, "scenarios"));
    copyFileSync(resolve(SMALL_DROP), join(this.folder, SMALL_DROP));
    process.chdir(this.folder);
    this.#watched = new WatchedApp({
      screens: screensOf(this.environment, { verbs: BUNDLE, program: await bundledWorker() }),
      environment: this.environment,
      pictures: true,
      lend: async ([program = "", ...words]) => spawnSync(program, words).status,
    });
  }

  async rise(): Promise<void> {
    process.chdir(this.#started);
    await this.#watched?.close();
    rmSync(this.folder, { recursive: true });
  }

  get watched(): WatchedApp {
    if (this.#watched === null) throw new Error("nobody sits here yet");
    return this.#watched;
  }

  /** What was drawn last, without colours. */
  get text(): string {
    return stripVTControlCharacters(this.watched.lines.join("\n"));
  }

  /** The same above the hints and the status row, with colours: the focus is one. */
  get body(): string {
    const body = this.watched.lines.slice(0, -2).join("\n");
    // A sale that is watched goes on.
    return this.watched.app.front.id === "live" ? withoutClock(body) : body;
  }

  open(request: Request): void {
    this.watched.open(request);
  }

  /** Presses keys as the terminal sends them, faster than frames are drawn. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const inputs = [...this.#reader.read(Buffer.from(bytesOf(key))), ...this.#reader.flush()];
      expect(inputs).toEqual([{ kind: "key", name: key }]);
      for (const input of inputs) this.watched.app.take(input);
    }
    await turn();
  }

  /** Types into the question in front, in place of what stands there, and takes it. */
  async answer(text: string): Promise<void> {
    await this.press("ctrl+u", ...text, "enter");
  }

  async until(shown: RegExp): Promise<void> {
    await this.drawnUntil(() => expect(this.text).toMatch(shown));
  }

  async drawnUntil(holds: () => void, interval = LOOK_MILLIS): Promise<void> {
    const look = () => {
      this.watched.draw();
      holds();
    };
    await vi.waitFor(look, { timeout: SOON_MILLIS_MAX, interval });
  }

  /** Moves the focus to a pane. */
  async focus(pane: string): Promise<void> {
    for (let count = 0; this.watched.app.focus !== pane; count += 1) {
      if (count > FOCUS_MAX) throw new Error(`no pane ${pane}`);
      await this.press("tab");
    }
  }

  /** Gives up whatever lies over the screen, and brings one to the front. */
  async clear(id: ScreenId): Promise<void> {
    while (this.watched.app.overlay !== null) await this.press("escape");
    if (this.watched.app.front.id !== id) await this.press(String(SCREENS.indexOf(id) + 1));
  }

  /** Files below the folder, each with when it was written. */
  files(): readonly string[] {
    return readdirSync(this.folder, { recursive: true }).map((name) => {
      const path = String(name);
      return `${path} ${statSync(join(this.folder, path)).mtimeMs}`;
    });
  }
}

const FOCUS_MAX = 12;

const SEQUENCES: Readonly<Record<string, string>> = {
  up: "\u001b[A",
  down: "\u001b[B",
  right: "\u001b[C",
  left: "\u001b[D",
  "shift+right": "\u001b[1;2C",
  "shift+left": "\u001b[1;2D",
  home: "\u001b[H",
  end: "\u001b[F",
  pageup: "\u001b[5~",
  pagedown: "\u001b[6~",
  "shift+tab": "\u001b[Z",
  tab: "\t",
  enter: "\r",
  escape: "\u001b",
  space: " ",
};

/** What xterm sends for a key. */
function bytesOf(key: string): string {
  const [, letter] = /^ctrl\+([a-z])$/u.exec(key) ?? [];
  if (letter !== undefined) return String.fromCharCode(letter.charCodeAt(0) - 96);
  return SEQUENCES[key] ?? key;
}

/** What the application's own keys do on a screen. */
function shellCases(id: ScreenId): Readonly<Record<ShellAction, KeyCase>> {
  const elsewhere = id === "home" ? "compare" : "home";
  const to = (screen: ScreenId): KeyCase => {
    const given = (desk: Desk) => desk.clear(elsewhere);
    return { front: screen, ...(screen === id && { given }) };
  };
  return {
    help: { shows: /╭─ Help · / },
    palette: { shows: /╭─ Command ─/ },
    "screen:home": to("home"),
    "screen:rehearse": to("rehearse"),
    "screen:compare": to("compare"),
    "screen:what-if": to("what-if"),
    "screen:live": to("live"),
    "screen:replay": to("replay"),
    "pane.next": {},
    "pane.previous": {},
    expand: {},
    appearance: { shows: /╭─ Theme and accessibility / },
    picture: { writes: new RegExp(`rehearse-${id}-\\d+\\.svg`) },
    leave: id === "home" ? { leaves: 0 } : { front: "home" },
    quit: { leaves: 130 },
  };
}

/** The row of the cursor and what stands there, without times of day. */
export function cursorLine(text: string): string | undefined {
  const lines = text.split("\n");
  const row = lines.findIndex((line) => line.includes("❯"));
  return `${row} ${withoutClock(lines[row] ?? "")}`;
}

/** Without what becomes another by itself: times of day and ages. */
function withoutClock(text: string): string {
  return text.replace(/\d\d:\d\d:\d\d|\d+ s old/gu, "");
}

/** Tests each key of the screen: what is in the table and has no case is a failure. */
export function everyKey<Id extends ScreenId>(
  id: Id,
  { cases, given }: { readonly cases: KeyCases<Id>; readonly given: (desk: Desk) => Promise<void> },
): void {
  const desk = new Desk();
  const all: Readonly<Partial<Record<string, KeyCase>>> = { ...shellCases(id), ...cases };
  const bindings: readonly KeyBinding[] = [...SCREEN_KEYS[id], ...COMMON_KEYS, ...SHELL_KEYS];
  const taken = bindings.filter(({ action }) => action in all);
  // Screens that rehearse in the background come last: they would hold up the others.
  const isLast = ({ action }: KeyBinding) => (all[action]?.front === undefined ? 0 : 1);
  const keys = taken
    .toSorted((one, other) => isLast(one) - isLast(other))
    .flatMap((one) => one.keys.map((key) => ({ key, ...one })));
  beforeAll(async () => {
    await desk.sit();
    await given(desk);
  });
  afterAll(() => desk.rise());

  describe(`on the screen ${id}`, () => {
    it("every key that it takes has a case", () => {
      const { actions } = desk.watched.app.screenOf(id);
      const cased = new Set(taken.map(({ action }) => action));
      expect(Object.keys(actions).filter((action) => !cased.has(action))).toEqual([]);
      const own = new Set([...Object.keys(actions), ...SHELL_KEYS.map(({ action }) => action)]);
      expect([...cased].filter((action) => !own.has(action))).toEqual([]);
    });

    it.each(keys)("$key: $about", async ({ key, action }) => {
      await desk.clear(id);
      await pressed(desk, key, all[action] ?? {});
      expect(desk.watched.defects).toEqual([]);
    });
  });
}

async function pressed(desk: Desk, key: string, wanted: KeyCase): Promise<void> {
  await wanted.given?.(desk);
  desk.watched.draw();
  const { shows, front, writes, leaves } = wanted;
  const { app, left } = desk.watched;
  const changes = changeOf(desk, wanted);
  const files = desk.files();
  const leavings = left.length;
  const before = changes === null ? undefined : await standing(desk, changes);
  if (shows !== undefined) expect(desk.text).not.toMatch(shows);
  if (front !== undefined) expect(app.front.id).not.toBe(front);
  await desk.press(key);
  await desk.drawnUntil(() => {
    if (changes !== null) expect(changes()).not.toBe(before);
    if (shows !== undefined) expect(desk.text).toMatch(shows);
    if (front !== undefined) expect(app.front.id).toBe(front);
    if (leaves !== undefined) expect(left.slice(leavings)).toEqual([leaves]);
    const written = desk.files().filter((file) => !files.includes(file));
    if (writes !== undefined) expect(written.join("\n")).toMatch(writes);
  });
}

/** What stands there once it becomes another by nothing but a key. */
async function standing(desk: Desk, shown: () => string | undefined): Promise<string | undefined> {
  let before: string | undefined;
  let same = 0;
  await desk.drawnUntil(() => {
    same = shown() === before ? same + 1 : 0;
    before = shown();
    expect(same).toBe(1);
  }, STANDS_MILLIS);
  return before;
}

function turn(): Promise<void> {
  return new Promise((next) => setImmediate(next));
}

/** The part of the screen that is to become another; null where something else is to be seen. */
function changeOf(desk: Desk, { changes, ...others }: KeyCase): (() => string | undefined) | null {
  if (changes !== undefined) return () => changes(desk.text);
  const { shows, front, writes, leaves } = others;
  const named = [shows, front, writes, leaves].some((one) => one !== undefined);
  return named ? null : () => desk.body;
}
