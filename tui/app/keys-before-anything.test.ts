/** Where nothing is opened, compared or watched yet, a key says so or asks for it: none is mute. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SCREEN_KEYS, SCREENS } from "../keys/key-table.ts";
import { WatchedApp } from "./testing/watched-app.ts";

const started = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "nothing-yet-"));
const watched = new WatchedApp({ environment: { XDG_STATE_HOME: folder } });
beforeAll(() => process.chdir(folder));
afterAll(async () => {
  process.chdir(started);
  await watched.close();
  rmSync(folder, { recursive: true });
});

// Home always has the scenarios that come with the program.
const keys = SCREENS.filter((screen) => screen !== "home").flatMap((screen) =>
  SCREEN_KEYS[screen].map(({ keys: [key], about }) => ({ screen, key: key ?? "", about })),
);

it.each(keys)("$screen answers $key ($about)", async ({ screen, key }) => {
  const { app } = watched;
  await watched.press(String(SCREENS.indexOf(screen) + 1));
  const before = app.status.text;
  await watched.press(key);
  const told = app.status.text !== before;
  const asks = app.overlay !== null;
  expect({ told, asks }).not.toEqual({ told: false, asks: false });
  await watched.press("escape");
});
