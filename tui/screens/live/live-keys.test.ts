/** Each key of Live, with a real store that lost units twice: one alert is over, one is new. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { cursorLine, type Desk, everyKey } from "../../app/testing/pressed-keys.ts";
import { stateFolder } from "../../state/folders.ts";
import { LiveState } from "../../state/live-state.ts";
import { type FollowedStore, followedStore } from "./testing/followed-store.ts";

const folder = mkdtempSync(join(tmpdir(), "live-keys-"));
/** The store looks at itself until an alert has begun, or has ended. */
const LOOKED_MILLIS = 40_000;
let store: FollowedStore;
beforeAll(async () => {
  store = await followedStore(folder);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A look at the store at once. */
async function look(desk: Desk, lost: number, seen: RegExp): Promise<void> {
  store.lose(lost);
  await store.lookFor(LOOKED_MILLIS);
  desk.open({ screen: "live", target: store.origin });
  await desk.until(seen);
}

/** The cursor on an alert that is new. */
async function newAlert(desk: Desk): Promise<void> {
  await look(desk, 0, /no alert|OK .*over/u);
  await look(desk, 7, /❯ ✗ CRIT .*· new/u);
}

async function twoAlerts(desk: Desk): Promise<void> {
  // Nobody who runs the tests is to hear it.
  new LiveState(stateFolder(desk.environment)).remember({ bell: false });
  await newAlert(desk);
  await newAlert(desk);
}

const onAlerts =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    await desk.focus("alerts");
    await desk.press("escape", "escape", "g", ...keys);
  };

const advice = (text: string) => /To do: \S+/u.exec(text)?.[0];

everyKey("live", {
  given: twoAlerts,
  cases: {
    connect: { given: onAlerts(), shows: /╭─ Address of the store/u },
    acknowledge: { given: onAlerts(), shows: /❯ .*acknowledged/u },
    snooze: { given: newAlert, shows: /❯ .*snoozed 10 min/u },
    note: { given: onAlerts(), shows: /╭─ Note on stock-out-of-step/u },
    forecast: { given: onAlerts(), shows: /╭─ Scenario of the sale/u },
    bell: { given: onAlerts(), shows: /the bell rings on a critical alert/u },
    up: { given: onAlerts("down"), changes: cursorLine },
    down: { given: onAlerts(), changes: cursorLine },
    first: { given: onAlerts("down"), changes: cursorLine },
    last: { given: onAlerts(), changes: cursorLine },
    "page.up": { given: onAlerts("down"), changes: cursorLine },
    "page.down": { given: onAlerts(), changes: cursorLine },
    filter: { given: onAlerts(), shows: /╭─ Items and events/u },
    open: { given: onAlerts(), changes: advice },
    back: { given: onAlerts("enter"), changes: advice },
  },
});
