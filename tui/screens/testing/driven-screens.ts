/** Compare and What-if as somebody at a terminal has them, rehearsing for real on this thread. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { screensOf } from "../../app/screens.ts";
import { BUNDLE, WatchedApp } from "../../app/testing/watched-app.ts";
import { shellWords } from "../../cli/explained-result.ts";
import { InProcess } from "../../worker/testing/in-process.ts";
import { CompareScreen } from "../compare/compare.ts";
import type { Screen } from "../screen.ts";
import { WhatIfScreen } from "../what-if/what-if.ts";

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
  /** Flags as the command line takes them. */
  readonly words?: readonly string[];
}

/** A wall clock that stands still: how long it took is no part of a picture. */
const stopped = () => 0;

export function drivenScreens(size: TerminalSize): WatchedApp {
  return new WatchedApp({
    ...size,
    screens: {
      ...screensOf({ XDG_STATE_HOME: "/nonexistent" }, { verbs: BUNDLE }),
      compare: (host) => new CompareScreen(host, new InProcess(), stopped),
      "what-if": (host) => new WhatIfScreen(host, new InProcess(), stopped),
    },
  });
}

/** The newest frame without what makes it bold or reversed. */
export async function frameOf(watched: WatchedApp): Promise<string> {
  watched.draw();
  return watched.lines.map((line) => stripVTControlCharacters(line).trimEnd()).join("\n");
}

/** Types into a question, in place of what stands there, and takes it. */
export async function answer(watched: WatchedApp, text: string): Promise<void> {
  await watched.press("ctrl+u", ...[...text].map((one) => (one === " " ? "space" : one)), "enter");
  await turns(3);
}

/** Until the screen in front says that everything asked for is rehearsed. */
export async function rehearsed(screen: Screen): Promise<void> {
  for (let count = 0; !/in \d+\.\d+ s/u.test(screen.status().text); count += 1) {
    if (count > TURNS_MAX) throw new Error(screen.status().text);
    await turns(1);
  }
}

const TURNS_MAX = 100_000;

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((next) => setImmediate(next));
}

/** What a command prints to stdout, the bundle being run. */
export function printed(command: string, ...more: readonly string[]): string {
  const [, ...words] = shellWords(command);
  const { stdout } = spawnSync(process.execPath, [resolve("dist/rehearse.js"), ...words, ...more], {
    encoding: "utf8",
    maxBuffer: 64 * 1_024 * 1_024,
  });
  return stdout;
}
