/** Each key of the screen Rehearse, with a small rehearsal that plays, is paused or is over. */
import { type Desk, everyKey, SMALL_DROP } from "../../app/testing/pressed-keys.ts";

const choice = { path: SMALL_DROP, plan: "batched", sets: [], scale: 0.1 };

/** From the start, paused. */
async function fresh(desk: Desk): Promise<void> {
  desk.open({ screen: "rehearse", choice });
  // At once: at the speed that was chosen last it may be over before it is seen to play.
  await desk.press("space");
  await desk.until(/⏸/u);
}

async function goTo(desk: Desk, time: string): Promise<void> {
  if (desk.text.includes(`${time}:00 ⏸`)) return;
  if (/▶ (?:×|max)/u.test(desk.text)) await desk.press("space");
  await desk.press("t");
  await desk.answer(time);
  await desk.until(new RegExp(`${time}:00 [⏸■]`, "u"));
}

/** Paused in the middle, the focus on a pane. */
const at = (time: string, pane: string) => async (desk: Desk) => {
  await desk.focus(pane);
  await goTo(desk, time);
};

/** Unchanged, the focus on the controls, with keys pressed already. */
const onControls =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    await fresh(desk);
    await desk.focus("controls");
    await desk.press("g", ...keys);
  };

/** With the first control changed, and perhaps back again. */
const changed =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    await onControls("l")(desk);
    await desk.until(/gap +3.25min/u);
    await desk.press(...keys);
    if (keys.length > 0) await desk.until(/❯ batch gap +3min/u);
  };

const over = async (desk: Desk) => {
  await fresh(desk);
  await desk.press("+", "+", "+", "+", "space");
  await desk.until(/■ over/u);
};

const middle = at("18:09", "load");
const onLog = at("18:09", "events");

everyKey("rehearse", {
  given: fresh,
  cases: {
    pause: { given: middle, shows: /▶/u },
    "step.event": { given: middle },
    "step.minute": { given: middle, shows: /18:10:00 ⏸/u },
    faster: { given: middle },
    slower: { given: middle },
    "mark.next": { given: at("18:02", "load"), shows: /18:03:00 ⏸/u },
    "mark.previous": { given: middle, shows: /18:03:00 ⏸/u },
    less: { given: onControls(), shows: /batch gap +2.75min/u },
    more: { given: onControls(), shows: /batch gap +3.25min/u },
    "much-less": { given: onControls(), shows: /batch gap +30s/u },
    "much-more": { given: onControls(), shows: /batch gap +5.5min/u },
    undo: { given: changed(), shows: /❯ batch gap +3min/u },
    redo: { given: changed("u"), shows: /batch gap +3.25min/u },
    inject: { given: middle, shows: /╭─ What is to break now\?/u },
    mark: { given: middle },
    seek: { given: middle, shows: /╭─ Go to/u },
    follow: { given: middle },
    scale: { given: fresh, shows: /· full size/u },
    save: { given: over, writes: /runs\/\S+\.json/u },
    report: { given: over, writes: /reports\/\S+\.html/u },
    compare: { given: middle, front: "compare" },
    "what-if": { given: middle, front: "what-if" },
    up: { given: onControls("down") },
    down: { given: onControls() },
    first: { given: onControls("down", "down") },
    last: { given: onControls() },
    "page.up": { given: onLog },
    "page.down": {
      given: async (desk) => {
        await onLog(desk);
        await desk.press("g");
      },
    },
    filter: { given: onLog, shows: /╭─ Filter the events/u },
    open: { given: onControls(), shows: /╭─ Batch gap/iu },
    back: {
      given: async (desk) => {
        await onLog(desk);
        await desk.press("/");
        await desk.answer("sold");
      },
    },
  },
});
