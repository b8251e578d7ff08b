/** Each key of Compare, with the two plans of the small drop compared, or still at it. */
import { cursorLine, type Desk, everyKey, SMALL_DROP } from "../../app/testing/pressed-keys.ts";

const choice = { path: SMALL_DROP, sets: [] };

const DONE = /16 of 16 rehearsals in/u;

const begun = (scale: number) => async (desk: Desk) =>
  desk.open({
    screen: "compare",
    choices: [
      { ...choice, scale, plan: "batched" },
      { ...choice, scale, plan: "simultaneous" },
    ],
  });

const compared = async (desk: Desk) => {
  await begun(0.02)(desk);
  await desk.until(DONE);
};

/** As it was compared, with keys pressed already. */
const after =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    if (!DONE.test(desk.text)) await compared(desk);
    await desk.press("escape", "escape", "g", ...keys);
  };

/** The cursor on the time axis at its start, and perhaps moved on. */
const cursorAfter = (...keys: readonly string[]) => after("H", "H", "H", "H", "H", ...keys);

const filtered = async (desk: Desk) => {
  await after("/")(desk);
  await desk.answer("orders");
};

const heading = (text: string) => / A \S+ .*against {2}B \S+/u.exec(text)?.[0];
const cursorTime = (text: string) => / \d+ \w+ \d\d:\d\d {2}A/u.exec(text)?.[0];

everyKey("compare", {
  given: compared,
  cases: {
    "pick.first": { given: after(), shows: /╭─ Plan A/u },
    "pick.second": { given: after(), shows: /╭─ Plan B/u },
    swap: { given: after(), changes: heading },
    less: { given: cursorAfter("l"), changes: cursorTime },
    more: { given: cursorAfter(), changes: cursorTime },
    "much-less": { given: cursorAfter("L"), changes: cursorTime },
    "much-more": { given: cursorAfter(), changes: cursorTime },
    difference: { given: compared },
    again: { given: compared, shows: /of 32 rehearsals/u },
    "full-size": { given: compared, shows: /(each|rehearsals) · full size/u },
    sort: { given: compared },
    report: { given: after(), shows: /╭─ HTML report to write/u },
    markdown: { given: after(), shows: /╭─ Markdown to write/u },
    stop: { given: begun(0.5), shows: /stopped at \d+ of 16/u },
    up: { given: after("down"), changes: cursorLine },
    down: { given: after(), changes: cursorLine },
    first: { given: after("down"), changes: cursorLine },
    last: { given: after(), changes: cursorLine },
    "page.up": { given: after("G"), changes: cursorLine },
    "page.down": { given: after(), changes: cursorLine },
    filter: { given: after(), shows: /╭─ Figures with this/u },
    open: { given: after() },
    back: { given: filtered },
  },
});
