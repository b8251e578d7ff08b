import { resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { WatchedApp } from "../app/testing/watched-app.ts";
import {
  actionOf,
  COMMON_KEYS,
  type KeyBinding,
  SCREEN_KEYS,
  SCREENS,
  SHELL_KEYS,
} from "./key-table.ts";
import { keysPage } from "./testing/keys-page.ts";

const watched = new WatchedApp({ columns: 80, rows: 24 });
afterAll(() => watched.close());
const registered = watched.app.screens;
const screens = registered.map((id) => watched.app.screenOf(id));

describe.each(SCREENS)("the keys of the screen %s", (id) => {
  const all: readonly KeyBinding[] = [...SCREEN_KEYS[id], ...COMMON_KEYS, ...SHELL_KEYS];

  it("have one meaning each", () => {
    const keys = all.flatMap((binding) => binding.keys);
    expect(keys.filter((key, place) => keys.indexOf(key) !== place)).toEqual([]);
    const actions = all.map(({ action }) => action);
    expect(new Set(actions).size).toBe(actions.length);
    for (const { action, keys: own } of all) {
      for (const key of own) expect(actionOf(id, key)).toBe(action);
    }
  });

  it("leave the digits to the screens, and are said in few words", () => {
    for (const { keys, hint = "", about } of SCREEN_KEYS[id]) {
      for (const key of keys) expect(key).not.toMatch(/^[1-9]$/);
      expect(hint.length).toBeLessThanOrEqual(14);
      expect(about.length).toBeLessThanOrEqual(60);
    }
  });
});

describe("a screen that can be opened", () => {
  it.each(screens)("$id does something for every key of its own", ({ id, actions }) => {
    const mute = SCREEN_KEYS[id].filter(({ action }) => actions[action] === undefined);
    expect(mute).toEqual([]);
    const known = new Set<string>([...SCREEN_KEYS[id], ...COMMON_KEYS].map(({ action }) => action));
    expect(Object.keys(actions).filter((action) => !known.has(action))).toEqual([]);
  });

  it.each(registered)("%s has panes with names of their own, within its frame", (id) => {
    for (const [columns, rows] of [[80, 22] as const, [120, 34] as const, [240, 68] as const]) {
      const panes = watched.app.screenOf(id).panes({ columns, rows });
      expect(panes.length).toBeGreaterThan(0);
      expect(new Set(panes.map(({ name }) => name)).size).toBe(panes.length);
      for (const pane of panes) {
        expect(pane.column + pane.columns).toBeLessThanOrEqual(columns);
        expect(pane.row + pane.rows).toBeLessThanOrEqual(rows);
      }
    }
  });
});

it("the page of the keys is what the table says", async () => {
  await expect(keysPage(screens)).toMatchFileSnapshot(resolve("docs/keys.md"));
});
