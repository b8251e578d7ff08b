/** Whatever the terminal sends, the screens take it and go on. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import seedrandom from "seedrandom";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SCREENS } from "../keys/key-table.ts";
import { KeyReader } from "../terminal/key-reader.ts";
import { bundledWorker } from "../worker/testing/worker-text.ts";
import { screensOf } from "./screens.ts";
import { BUNDLE, WatchedApp } from "./testing/watched-app.ts";

const MEGABYTE = 1_000_000;
/** Between two frames. */
const READ_BYTES = 50_000;

const started = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "random-bytes-"));
// Keys may write, delete and rehearse: they find one small sale in a folder of their own.
beforeAll(() => {
  mkdirSync(join(folder, "scenarios"));
  copyFileSync(resolve("scenarios/small-drop.yaml"), join(folder, "scenarios/small-drop.yaml"));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(started);
  rmSync(folder, { recursive: true });
});

it("take a megabyte of random bytes", async () => {
  const environment = { XDG_STATE_HOME: join(folder, "state") };
  const screens = screensOf(environment, { verbs: BUNDLE, program: await bundledWorker() });
  const watched = new WatchedApp({ screens });
  const random = seedrandom("whatever the terminal sends");
  const reader = new KeyReader();
  const seen = new Set<string>();
  for (let sent = 0; sent < MEGABYTE; sent += READ_BYTES) {
    const bytes = Uint8Array.from({ length: READ_BYTES }, () => Math.floor(random() * 256));
    for (const input of reader.read(bytes)) {
      watched.app.take(input);
      seen.add(watched.app.front.id);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const input of reader.flush()) watched.app.take(input);
  while (watched.app.overlay !== null) await watched.press("escape");
  await watched.press("1");
  expect(watched.defects).toEqual([]);
  expect([...seen].sort()).toEqual([...SCREENS].sort());
  expect(await watched.screen()).toContainEqual(expect.stringContaining("[1 Home]"));
  await watched.close();
});
