/** Each key of What-if, with the levers of the small drop. */
import { cursorLine, type Desk, everyKey, SMALL_DROP } from "../../app/testing/pressed-keys.ts";

const choice = { path: SMALL_DROP, plan: "batched", sets: [], scale: 0.02 };

/** Unchanged, the cursor on the number of batches, with keys pressed already. */
const onBatches =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    desk.open({ screen: "what-if", choice });
    await desk.press(...keys);
  };

/** The cursor on the first lever, with keys pressed already. */
const onLevers =
  (...keys: readonly string[]) =>
  async (desk: Desk) =>
    desk.press("g", ...keys);

/** Once there are figures that a lever may move. */
const answered = async (desk: Desk) => {
  await onBatches()(desk);
  await desk.until(/8 pairs · \d+\.\d+ s/u);
};

const CHANGED = /❯ Batches +3 \*/u;
const UNCHANGED = /❯ Batches +2 {3}/u;

everyKey("what-if", {
  given: onBatches(),
  cases: {
    less: { given: onBatches(), shows: /❯ Batches +1 \*/u },
    more: { given: onBatches(), shows: CHANGED },
    "much-less": { given: onBatches(), shows: /❯ Batches +1 \*/u },
    "much-more": { given: onBatches(), shows: /❯ Batches +12 \*/u },
    reset: { given: onBatches("l"), shows: UNCHANGED },
    type: { given: onLevers(), shows: /enter takes it/u },
    undo: { given: onBatches("l"), shows: UNCHANGED },
    redo: { given: onBatches("l", "u"), shows: CHANGED },
    again: { given: onBatches(), shows: /16 pairs/u },
    larger: { given: onBatches(), shows: /pairs · 5 ?% of/u },
    smaller: { given: onBatches(), shows: /pairs · 1 ?% of/u },
    moved: { given: answered, changes: (text) => /WHAT MOVES (\S+) MOST/u.exec(text)?.[1] },
    plan: { given: onLevers(), shows: /╭─ Plan ─/u },
    save: { given: onBatches("l"), shows: /╭─ Scenario to write/u },
    compare: { given: onBatches("l"), front: "compare" },
    rehearse: { given: onBatches("l"), front: "rehearse" },
    up: { given: onLevers("down"), changes: cursorLine },
    down: { given: onLevers(), changes: cursorLine },
    first: { given: onLevers("down"), changes: cursorLine },
    last: { given: onLevers(), changes: cursorLine },
    "page.up": { given: onLevers("G"), changes: cursorLine },
    "page.down": { given: onLevers(), changes: cursorLine },
    filter: { given: onLevers(), shows: /╭─ A lever for any value/u },
    open: { given: onLevers(), shows: /enter takes it/u },
  },
});
