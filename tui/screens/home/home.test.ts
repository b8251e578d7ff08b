import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { resultOf } from "../../../twin/experiments/experiment.ts";
import { rehearse } from "../../../twin/world.ts";
import { WatchedApp } from "../../app/testing/watched-app.ts";
import { RunStore } from "../../state/runs.ts";
import { readScenario } from "../../state/scenario-files.ts";
import { VERSION } from "../../version.ts";
import type { Host, Request } from "../screen.ts";
import { HomeScreen } from "./home.ts";

const started = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "home-screen-"));
const environment = { XDG_STATE_HOME: join(folder, "state"), EDITOR: "my-editor --wait" };
const runs = new RunStore(environment);
const at = new Date(2026, 10, 22, 14, 2).getTime();
const now = () => at + 60_000;
const watched: WatchedApp[] = [];

beforeAll(() => {
  for (const name of ["small-drop", "vip-early-access"])
    copyFileSync(resolve(`scenarios/${name}.yaml`), join(folder, `${name}.yaml`));
  writeFileSync(join(folder, "broken.yaml"), "name: 3\nplan: {}\n");
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(started);
  await Promise.all(watched.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

/** Until it holds, however busy the machine is. */
const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 30_000, interval: 5 });

/** A real run of the small drop, saved. */
function saveRun(): void {
  const scale = 0.1;
  const read = readScenario("small-drop.yaml", { scale });
  if (read.kind === "broken") throw new Error(read.problems.join("\n"));
  const { scenario } = read;
  const plans = scenario.plans.slice(0, 1);
  const repeat = "rehearse run small-drop.yaml --plan batched --seed s --seeds 1 --scale 10%";
  const [plan] = plans;
  if (plan === undefined) throw new Error("no plan");
  const rehearsal = rehearse({ plan, seed: "s" });
  const experiment = {
    verb: "run",
    scenario,
    plans,
    seeds: ["s"],
    scale,
    version: VERSION,
    repeat,
  } as const;
  runs.save(resultOf(experiment, [rehearsal]), at);
}

async function open(size = { columns: 120, rows: 36 }) {
  const opened: Request[] = [];
  const lent: (readonly string[])[] = [];
  let home: HomeScreen | null = null;
  const app = new WatchedApp({
    ...size,
    words: ["--color=never"],
    environment,
    screens: {
      home: (host) => {
        const watching: Host = Object.assign(Object.create(host) as Host, {
          redraw: () => host.redraw(),
          ask: host.ask.bind(host),
          recall: host.recall.bind(host),
          remember: host.remember.bind(host),
          confirm: host.confirm.bind(host),
          tell: host.tell.bind(host),
          open: (request: Request) => opened.push(request),
          lend: async (words: readonly string[]) => {
            lent.push(words);
            appendFileSync("small-drop.yaml", "\nplan: {}\n");
            return 0;
          },
        });
        home = new HomeScreen(watching, { environment, runs, now });
        return home;
      },
    },
  });
  watched.push(app);
  app.draw();
  const text = () => {
    app.draw();
    return stripVTControlCharacters(app.lines.join("\n"));
  };
  const read = () => soon(() => expect(home?.settled && !text().includes("to be read")).toBe(true));
  await read();
  return { app, opened, lent, text, read };
}

describe("Home", () => {
  it("shows scenarios at once, and what is wrong with a broken one", async () => {
    const { app, text } = await open();
    expect(text()).toContain("broken.yaml:1:7: name: must be a name (got 3)");
    expect(text()).toContain("1 of 3 scenarios are not valid");
    await app.press("down");
    expect(text()).toContain("small-drop · batched");
    expect(text()).toContain("○ oversold = 0");
    await app.press("down", "down");
    expect(text()).toContain("small-drop · simultaneous");
    await app.press("down", "up");
    expect(text()).toContain("small-drop · simultaneous");
  });

  it("opens what is selected, and compares what is marked", async () => {
    const { app, opened, text } = await open();
    await app.press("enter");
    expect(text()).toContain("broken.yaml is not valid");
    await app.press("down", "down", "enter", "w", "c");
    const batched = { path: "small-drop.yaml", sets: [], plan: "batched" };
    const other = { ...batched, plan: "simultaneous" };
    expect(opened).toEqual([
      { screen: "rehearse", choice: batched },
      { screen: "what-if", choice: batched },
      { screen: "compare", choices: [batched, other] },
    ]);
    await app.press("space", "G", "space", "c");
    expect(opened.at(-1)).toEqual({
      screen: "compare",
      choices: [batched, { path: "vip-early-access.yaml", sets: [], plan: "together" }],
    });
    await app.press("g", "down", "space");
    expect(text()).toContain("Two are marked already");
    await app.press("escape");
    expect(text()).not.toContain("of 2 marked");
  });

  it("filters, and clears the filter", async () => {
    const { app, text } = await open();
    await app.press("/", ..."early", "enter");
    expect(text()).toContain("1/3  /early");
    expect(text()).toContain("vip-early-access · together");
    await app.press("escape");
    expect(text()).not.toContain("/early");
  });

  it("shows saved runs, whether they met the goals, runs them again and opens their report", async () => {
    const before = await open();
    await before.app.press("down", "r");
    expect(before.text()).toContain("No run of batched is saved yet");
    saveRun();
    const { app, opened, text, read } = await open();
    await read();
    await app.press("down");
    expect(text()).toMatch(/today 14:02 +small-drop · batched \(10 %\)/u);
    expect(text()).toContain("✓ oversold = 0 (last run 0 at 10 %)");
    await app.press("tab");
    // Before the report is written: its path is one of this machine.
    for (const [columns, rows] of [
      [120, 36],
      [80, 24],
    ] as const) {
      app.resize(columns, rows);
      await expect(`${text()}\n`).toMatchFileSnapshot(`frames/home-${columns}x${rows}.txt`);
    }
    app.resize(120, 36);
    await app.press("r");
    const choice = { path: "small-drop.yaml", sets: [], plan: "batched", seed: "s", scale: 0.1 };
    expect(opened).toEqual([{ screen: "rehearse", choice }]);
    await app.press("o");
    const report = join(folder, "state", "rehearse", "reports", "small-drop-batched.html");
    await soon(() => expect(text()).toContain("The report is"));
    expect(existsSync(report)).toBe(true);
    await app.press("x", "down", "enter");
    await soon(() => expect(runs.names()).toEqual([]));
  });

  it("makes, copies, edits and deletes files, and leaves alone what it must", async () => {
    const { app, lent, text } = await open();
    await app.press("n", "ctrl+u", ..."fresh.yaml", "enter");
    await soon(() => expect(text()).toContain("fresh.yaml is written"));
    await app.press("d", "enter");
    await soon(() => expect(existsSync("fresh-copy.yaml")).toBe(true));
    await soon(() => expect(text()).toContain("(fresh-copy.yaml)"));
    await app.press("n", "ctrl+u", ..."../out.yaml", "enter");
    await soon(() => expect(text()).toContain("does not lie below this folder"));
    await app.press("n", "ctrl+u", ..."fresh.yaml", "enter");
    await soon(() => expect(text()).toContain("is there already and was left alone"));
    await app.press("/", ..."fresh-copy", "enter", "x", "enter");
    expect(existsSync("fresh-copy.yaml")).toBe(true);
    await app.press("x", "down", "enter");
    await soon(() => expect(existsSync("fresh-copy.yaml")).toBe(false));
    await app.press("/", "ctrl+u", ..."small", "enter", "E");
    expect(lent).toEqual([["my-editor", "--wait", "small-drop.yaml"]]);
    await soon(() => expect(text()).toContain("small-drop.yaml:"));
  });
});
