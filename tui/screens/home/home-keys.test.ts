/** Each key of Home, with a scenario of two plans and two saved runs. */
import { cursorLine, type Desk, everyKey, SMALL_DROP } from "../../app/testing/pressed-keys.ts";

const choice = { path: SMALL_DROP, plan: "batched", sets: [], scale: 0.05 };

/** Rehearses the small drop twice, and saves both runs. */
async function savedRuns(desk: Desk): Promise<void> {
  for (const seed of ["one", "two"]) {
    desk.open({ screen: "rehearse", choice: { ...choice, seed } });
    await desk.until(/▶/u);
    await desk.press("+", "+", "+");
    await desk.until(/■ over/u);
    await desk.press("s");
    await desk.until(/Saved: /u);
  }
  await desk.press("1");
  await desk.until(/today .* two .*\n.*today .* one /u);
}

/** The cursor on the scenario or a plan of it, nothing marked and no filter. */
const onScenarios =
  (...keys: readonly string[]) =>
  async (desk: Desk) => {
    await desk.focus("scenarios");
    await desk.press("escape", "escape", "g", ...keys);
  };

const filtered = async (desk: Desk) => {
  await onScenarios()(desk);
  await desk.press("/");
  await desk.answer("small");
  await desk.until(/\/small/u);
};

everyKey("home", {
  given: savedRuns,
  cases: {
    mark: { given: onScenarios("down") },
    rerun: { given: onScenarios(), front: "rehearse" },
    report: { given: onScenarios(), writes: /reports\/\S+\.html/u },
    "what-if": { given: onScenarios(), front: "what-if" },
    compare: { given: onScenarios(), front: "compare" },
    new: { given: onScenarios(), shows: /╭─ New scenario file/u },
    duplicate: { given: onScenarios(), shows: /╭─ Copy of /u },
    edit: { given: onScenarios(), writes: /small-drop\.yaml/u },
    delete: { given: onScenarios(), shows: /╭─ Delete the file /u },
    up: { given: onScenarios("down", "down"), changes: cursorLine },
    down: { given: onScenarios(), changes: cursorLine },
    first: { given: onScenarios("down"), changes: cursorLine },
    last: { given: onScenarios(), changes: cursorLine },
    "page.up": { given: onScenarios("down"), changes: cursorLine },
    "page.down": { given: onScenarios(), changes: cursorLine },
    filter: { given: onScenarios(), shows: /╭─ Filter/u },
    open: { given: onScenarios(), front: "rehearse" },
    back: { given: filtered },
  },
});
