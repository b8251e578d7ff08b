import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RunResult } from "../../../twin/result.ts";
import { WatchedApp } from "../../app/testing/watched-app.ts";
import { shellWords } from "../../model/repeat-choice.ts";
import { figureText } from "../../report/quantity.ts";
import { RunStore } from "../../state/runs.ts";
import { VERSION } from "../../version.ts";
import { startSteppedClient } from "../../worker/stepped-client.ts";
import { bundledWorker } from "../../worker/testing/worker-text.ts";
import { HomeScreen } from "../home/home.ts";
import type { PlanChoice } from "../screen.ts";
import { RehearseScreen } from "./rehearse.ts";

const CHOICE: PlanChoice = {
  path: "scenarios/small-drop.yaml",
  plan: "batched",
  sets: ["expect.latency.p95=< 2s"],
  scale: 0.2,
  seed: "screen",
};
const folder = mkdtempSync(join(tmpdir(), "rehearse-screen-"));
const environment = { XDG_STATE_HOME: folder };
const runs = new RunStore(environment);
const now = () => Date.UTC(2026, 10, 22, 14, 2);

let program = "";
const watched: WatchedApp[] = [];
beforeAll(async () => {
  program = await bundledWorker();
});
afterAll(async () => {
  await Promise.all(watched.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

async function open(choice: PlanChoice = CHOICE, size = { columns: 120, rows: 36 }) {
  let screen: RehearseScreen | null = null;
  const startClient = (listener: Parameters<typeof startSteppedClient>[0]) =>
    startSteppedClient(listener, program);
  const app = new WatchedApp({
    ...size,
    words: ["--color=never"],
    environment,
    screens: {
      home: (host) => new HomeScreen(host, { environment, runs, now }),
      rehearse: (host) => {
        screen = new RehearseScreen(host, { environment, runs, now, startClient });
        return screen;
      },
    },
  });
  watched.push(app);
  app.open({ screen: "rehearse", choice });
  const model = () => {
    const found = screen?.model() ?? null;
    if (found === null) throw new Error("nothing is rehearsed");
    return found;
  };
  const until = (is: () => boolean) =>
    vi.waitFor(() => expect(is()).toBe(true), { timeout: 30_000, interval: 5 });
  /** The text of the newest frame. */
  const text = () => {
    app.draw();
    return stripVTControlCharacters(app.lines.join("\n"));
  };
  // It is paused at its first tick for a moment and plays then by itself.
  await until(() => model().figures[0]?.value !== "–" && model().pace.startsWith("▶"));
  return { app, model, until, text };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function paused({ app, model, until }: Opened): Promise<void> {
  if (model().pace.startsWith("▶")) await app.press("space");
  await until(() => model().pace.startsWith("⏸"));
}

async function goTo({ app, model, until }: Opened, time: string): Promise<void> {
  await app.press("t", "ctrl+u", ...time, "enter");
  await until(() => model().time === time && !model().pace.startsWith("…"));
}

async function toTheEnd({ app, model, until }: Opened): Promise<void> {
  await app.press("+", "+", "+", "+", "+", "space");
  await until(() => model().end !== null);
}

describe("a rehearsal on the screen", () => {
  it("ends with the very result of the command that repeats it, also when it was changed", async () => {
    const opened = await open();
    const { app, model, until, text } = opened;
    await paused(opened);
    await goTo(opened, "18:01:00");
    await app.press("right");
    await until(() => model().changed.length === 1);
    await app.press("j", "L");
    await until(() => model().changed.length === 2);
    await goTo(opened, "18:04:00");
    await app.press("i", "enter");
    await until(() => model().changed.length === 3);
    await toTheEnd(opened);
    expect(text()).toContain("… tab to the time line, then e shows the rest");
    await app.press("tab", "tab", "e");
    for (const word of model().repeat.split(" ")) expect(text()).toContain(word);
    await app.press("e");
    const [, ...words] = shellWords(model().repeat);
    expect(words.filter((word) => word === "--change")).toHaveLength(3);
    const printed = run([...words, "--json"]);
    await app.press("s");
    expect(runs.list().runs.map(({ path }) => readFileSync(path, "utf8"))).toEqual([
      printed.replace(/"version": "[^"]+"/u, `"version": "${VERSION}"`),
    ]);
    expect(figuresOn(text())).toEqual(figuresOf(JSON.parse(printed)));
    expect(text()).toMatch(/Result .*saved/u);
  });

  it("goes back as well as forward, and is then as it was there", async () => {
    const opened = await open();
    const { app, model, until } = opened;
    await paused(opened);
    await goTo(opened, "18:05:00");
    const there = model();
    await goTo(opened, "18:12:00");
    expect(model().figures).not.toEqual(there.figures);
    await app.press("[");
    await until(() => model().time === "18:03:00");
    await app.press("[");
    await until(() => model().time === "18:00:00");
    await app.press("]");
    await until(() => model().time === "18:03:00");
    await goTo(opened, "18:05:00");
    expect(model()).toEqual(there);
  });
});

function run(words: readonly string[]): string {
  try {
    return execFileSync(process.execPath, ["dist/rehearse.js", ...words], { encoding: "utf8" });
  } catch (failure) {
    const { status, stdout } = failure as { readonly status: number; readonly stdout: string };
    // A missed expectation ends with 1 and is a result all the same.
    if (status !== 1) throw failure;
    return stdout;
  }
}

const METRICS = [
  "shoppers.concurrent.peak",
  "queue.length.peak",
  "instances.peak",
  "orders",
  "revenue",
  "errors.rate",
  "latency.p95",
];

/** As the verb's JSON has them, written as every report writes them. */
function figuresOf(result: RunResult): readonly string[] {
  const [plan] = Object.values(result.plans);
  return METRICS.map((metric) => {
    const estimate = plan?.metrics[metric];
    return estimate === undefined || estimate.n === 0
      ? "–"
      : figureText(metric, estimate.mean, result);
  });
}

/** The second line of the seven boxes. */
function figuresOn(text: string): readonly string[] {
  const lines = text.split("\n");
  const heads = lines.findIndex((line) => line.includes(" SHOPPERS "));
  const cells = (lines[heads + 1] ?? "").split("│").map((cell) => cell.trim());
  return cells.filter((cell) => cell !== "");
}

describe("the keys of the screen", () => {
  it("all do what the table says", async () => {
    const opened = await open();
    const { app, model, until, text } = opened;
    await app.press("space");
    await until(() => model().pace === "⏸ ×60");
    await app.press("space");
    await until(() => model().pace === "▶ ×60");
    await app.press("=");
    await until(() => model().pace === "▶ ×600");
    await app.press("-", "_");
    await until(() => model().pace === "▶ ×10");
    await paused(opened);
    await goTo(opened, "18:02:00");
    await app.press(">");
    await until(() => model().time === "18:03:00");
    const before = model().now;
    await app.press(".");
    await until(() => model().now > before);
    expect(model().now - before).toBeLessThan(5_000_000);
    await app.press("m");
    expect(model().marks.filter(({ kind }) => kind === "own")).toHaveLength(1);
    await app.press("]");
    await until(() => model().now > before + 10_000_000);
    await app.press("[");
    await until(() => model().now < before + 10_000_000);
    await app.press("down", "l");
    await until(() => model().changed.length === 1);
    const [changed] = model().changed;
    await app.press("u");
    await until(() => model().changed.length === 0);
    await app.press("U");
    await until(() => model().changed[0] === changed);
    await app.press("G", "left");
    expect(text()).toContain("enter chooses a fault");
    await app.press("g", "j", "enter", "ctrl+u", "2", "enter");
    await until(() => model().changed.length === 0);
    await app.press("tab", "k");
    expect(model().follow).toBe(false);
    await app.press("f");
    expect(model().follow).toBe(true);
    await app.press("/", ..."batch", "enter");
    expect(model().log.every(({ word, text: line }) => `${word} ${line}`.match(/batch/iu))).toBe(
      true,
    );
    await app.press("escape");
    expect(model().filter).toBe("");
    await app.press("g", "enter");
    await until(() => model().time === "18:00:00");
    await app.press("tab", "right");
    await until(() => model().now > 0);
    await app.press("h");
    await until(() => model().now === 0);
    for (const key of ["s", "r"]) {
      await app.press(key);
      expect(text()).toContain("The sale is not over yet");
    }
    await app.press("e");
    expect(text()).not.toContain(" SHOPPERS ");
    await app.press("e", "z");
    await until(() => model().size === "full size" && model().figures[0]?.value !== "–");
  });

  it("reports at the end, and a click on the time line goes back to there", async () => {
    const opened = await open();
    const { app, model, until, text } = opened;
    await paused(opened);
    await toTheEnd(opened);
    expect(app.app.unsaved()).toEqual(["The rehearsal of small-drop is not saved."]);
    await app.press("r");
    await until(() => text().includes("The report is"));
    const report = join(folder, "rehearse", "reports", "small-drop-batched.html");
    expect(readFileSync(report, "utf8")).toContain("small-drop");
    await app.take({ kind: "mouse", mouse: { kind: "press", column: 30, row: 1 } });
    await until(() => model().end === null && model().now > 0);
    expect(app.app.unsaved()).toEqual([]);
  });
});

describe("the frame", () => {
  const sizes: readonly (readonly [number, number])[] = [
    [120, 36],
    [80, 24],
    [200, 60],
  ];

  it("fits the terminal, on the way and at the end", async () => {
    const opened = await open();
    const { app, text } = opened;
    const inAllSizes = async (when: string) => {
      for (const [columns, rows] of sizes) {
        app.resize(columns, rows);
        const file = `frames/rehearse-${when}-${columns}x${rows}.txt`;
        await expect(`${text()}\n`).toMatchFileSnapshot(file);
      }
    };
    await paused(opened);
    await goTo(opened, "18:09:00");
    await inAllSizes("on-the-way");
    await toTheEnd(opened);
    await app.press("tab", "tab");
    await inAllSizes("over");
  });
});
