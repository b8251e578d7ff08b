/** What the screens know again after they were left. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { UiState } from "../state/ui-state.ts";
import { bundledWorker } from "../worker/testing/worker-text.ts";
import { screensOf } from "./screens.ts";
import { BUNDLE, WatchedApp } from "./testing/watched-app.ts";

const started = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "remembered-"));
beforeAll(() => {
  for (const name of ["small-drop", "vip-early-access"])
    copyFileSync(resolve(`scenarios/${name}.yaml`), join(folder, `${name}.yaml`));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

/** The screens as somebody finds them who starts the program. */
async function sitting() {
  const screens = screensOf(
    { XDG_STATE_HOME: folder },
    { verbs: BUNDLE, program: await bundledWorker() },
  );
  const watched = new WatchedApp({ screens, state: new UiState(folder) });
  const shows = (words: RegExp) =>
    vi.waitFor(
      () => {
        watched.draw();
        expect(stripVTControlCharacters(watched.lines.join("\n"))).toMatch(words);
      },
      { timeout: 30_000, interval: 5 },
    );
  await shows(/small-drop.*✓/u);
  return { watched, shows };
}

it("are the last scenario and the speed", async () => {
  const first = await sitting();
  await first.shows(/❯ +small-drop/u);
  await first.watched.press("G", "enter");
  await first.shows(/Rehearsal · vip-early-access.*▶ ×60 /su);
  await first.watched.press("+", "+");
  await first.shows(/▶ ×3600|■/u);
  await first.watched.close();

  const second = await sitting();
  await second.shows(/❯ +vip-early-access/u);
  await second.watched.press("enter");
  await second.shows(/Rehearsal · vip-early-access.*(?:▶ ×3600|■)/su);
  await second.watched.close();

  writeFileSync(join(folder, "ui.json"), "{ broken");
  const third = await sitting();
  await third.shows(/❯ +small-drop/u);
  await third.watched.close();
});
