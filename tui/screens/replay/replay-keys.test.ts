/** Each key of Replay, with the orders of half an hour replayed. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cursorLine, type Desk, everyKey } from "../../app/testing/pressed-keys.ts";
import { smallRecording } from "./testing/small-recording.ts";

const DONE = /Mark \d\.\d+ of 1/u;

const replayed = async (desk: Desk) => {
  writeFileSync(join(desk.folder, "orders.csv"), smallRecording());
  desk.open({ screen: "replay", recording: "orders.csv" });
  await desk.until(DONE);
};

/** As it was replayed, with keys pressed already. */
const after =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    if (!DONE.test(desk.text)) await replayed(desk);
    await desk.press("g", "k", "k", "k", "k", "k", "k", "k", "k", "k", ...keys);
  };

/** Drawn anew, they are apart: the recorded arrivals give the recorded orders. */
const fitted =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    await after()(desk);
    if (!/arrivals drawn from/u.test(desk.text)) await desk.press("F");
    await desk.until(/arrivals drawn from[\s\S]*Mark \d/u);
    await desk.press(...keys);
  };

const moment = (text: string) => /At \S+ UTC/u.exec(text)?.[0];
const process = (text: string) => /its own arrivals|arrivals drawn from/u.exec(text)?.[0];
const speed = (text: string) => /\d+ intervals a second/u.exec(text)?.[0];

everyKey("replay", {
  given: replayed,
  cases: {
    recording: { given: after(), shows: /╭─ Recording to replay/u },
    scenario: { given: after(), shows: /╭─ Scenario whose shop/u },
    refit: { given: replayed, changes: process },
    pause: { given: after(), shows: /▶ \d+ intervals/u },
    less: { given: after("l"), changes: moment },
    more: { given: after(), changes: moment },
    "much-less": { given: after("L"), changes: moment },
    "much-more": { given: after(), changes: moment },
    "mark.next": { given: fitted("g"), changes: moment },
    "mark.previous": { given: fitted("G"), changes: moment },
    faster: { given: after("-", "-", "-"), changes: speed },
    slower: { given: after("+", "+", "+"), changes: speed },
    difference: { given: after() },
    markdown: { given: after(), shows: /╭─ Markdown to write/u },
    stop: {
      given: async (desk) => desk.open({ screen: "replay", recording: "orders.csv" }),
      shows: /was stopped/u,
    },
    up: { given: after("down"), changes: cursorLine },
    down: { given: after(), changes: cursorLine },
    first: { given: after("l"), changes: moment },
    last: { given: after(), changes: moment },
    "page.up": { given: after("down", "down"), changes: cursorLine },
    "page.down": { given: after(), changes: cursorLine },
    open: { given: after(), shows: /╭─ Recording to replay/u },
  },
});
