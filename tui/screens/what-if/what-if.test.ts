import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inputsOf } from "../../../twin/experiments/inputs.ts";
import { decodeScenario } from "../../../twin/scenario/decode.ts";
import type { Scenario } from "../../../twin/scenario/scenario.ts";
import type { WatchedApp } from "../../app/testing/watched-app.ts";
import { canonicalJson } from "../../report/json.ts";
import { CompareScreen } from "../compare/compare.ts";
import {
  answer,
  drivenScreens,
  frameOf,
  printed,
  rehearsed,
  turns,
} from "../testing/driven-screens.ts";
import { WhatIfScreen } from "./what-if.ts";

const path = "scenarios/small-drop.yaml";
/** A tenth of the shoppers: what is asked of the screen does not hang on their number. */
const SMALL = ["traffic.rate=0.05/s", "audience.recipients=400"];
const folder = mkdtempSync(join(tmpdir(), "rehearse-what-if-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function opened(columns = 120, rows = 36): Promise<WatchedApp> {
  const watched = drivenScreens({ columns, rows, words: ["--no-color"] });
  const choice = { path, plan: "batched", sets: SMALL };
  watched.open({ screen: "what-if", choice });
  await answered(watched);
  return watched;
}

function screenOf({ app }: WatchedApp): WhatIfScreen {
  if (!(app.front instanceof WhatIfScreen)) throw new Error("another screen is in front");
  return app.front;
}

const answered = (watched: WatchedApp) => rehearsed(screenOf(watched));

const timeless = (frame: string) =>
  frame
    .replaceAll(/\d+\.\d\d s/gu, "… s")
    .replaceAll(/─+ ± 95/gu, "─ ± 95")
    .replaceAll(/in (?:\d[\d.]*)?… +1 Home|s +1 Home/gu, "… 1 Home");

/** Until every lever has been tried. */
async function tried(watched: WatchedApp): Promise<void> {
  for (let count = 0; count < 5_000; count += 1) {
    if (!(await frameOf(watched)).includes(" left")) return;
    await turns(50);
  }
}

describe("What-if", () => {
  it("shows what rehearse compare --what-if prints, number for number", async () => {
    const watched = await opened();
    await watched.press("right", "down", "left");
    await answered(watched);
    const { result } = screenOf(watched);
    expect(Object.keys(result?.plans ?? {})).toEqual(["what-if", "batched"]);
    expect(result?.repeat).toContain("--what-if launch.batches=3 --what-if launch.every=2.75min");
    const json = printed(result?.repeat ?? "", "--json");
    // The bundle knows its version, the source does not.
    expect(json).toBe(canonicalJson({ ...result, version: JSON.parse(json).version }));
    await watched.close();
  });

  it("looks so on a large and on a small terminal", async () => {
    for (const [columns, rows] of [
      [120, 36],
      [80, 24],
    ] as const) {
      const watched = await opened(columns, rows);
      await watched.press("down", "down", "down", "shift+left");
      await answered(watched);
      // The small one has no room for what moves a figure most.
      if (columns === 120) await tried(watched);
      const frame = timeless(await frameOf(watched));
      await expect(frame).toMatchFileSnapshot(`frames/${columns}x${rows}.txt`);
      await watched.close();
    }
  });

  it("rehearses the base once and what was asked before not again", async () => {
    const watched = await opened();
    const base = screenOf(watched).result?.plans.batched?.digest;
    await watched.press("right");
    await answered(watched);
    expect(screenOf(watched).result?.plans.batched?.digest).toEqual(base);
    const changed = screenOf(watched).result;
    await watched.press("u");
    expect(Object.keys(screenOf(watched).result?.plans ?? {})).toEqual(["batched"]);
    await watched.press("U");
    expect(screenOf(watched).status().text).not.toContain("rehearsals");
    expect(screenOf(watched).result).toEqual(changed);
    await watched.close();
  });

  it("hands over to Compare, which rehearses at full size", async () => {
    const watched = await opened();
    await watched.press("right");
    await answered(watched);
    await watched.press("c");
    expect(watched.app.front).toBeInstanceOf(CompareScreen);
    expect(watched.app.front).toMatchObject({ result: { scale: 1 } });
    await watched.close();
  });

  it("takes a typed value, refuses one that is none, and adds any number as a lever", async () => {
    const watched = await opened();
    await watched.press("t");
    await answer(watched, "7");
    await answered(watched);
    expect(screenOf(watched).result?.repeat).toContain("--what-if launch.batches=7");
    await watched.press("t");
    await answer(watched, "many");
    expect(await frameOf(watched)).toContain("✗ launch.batches: many is no value of its kind");
    await watched.press("/");
    await watched.press(...[..."retry.limit"], "enter");
    await turns(3);
    await watched.press("right");
    await answered(watched);
    expect(screenOf(watched).result?.repeat).toContain("--what-if shoppers.retry.limit=6");
    await watched.close();
  });

  it("saves a scenario that keeps the comments and is what was rehearsed", async () => {
    const watched = await opened();
    await watched.press("right", "down", "down", "down", "right");
    const file = join(folder, "four-batches.yaml");
    expect(screenOf(watched).unsaved()).toContain("2 changes");
    await watched.press("S");
    await answer(watched, file);
    const text = readFileSync(file, "utf8");
    expect(text).toContain("# Fans wait for the mail: half of the clicks within two minutes.");
    expect(text).toContain("name: four-batches");
    const saved = decodeScenario({ text, path: file });
    const sets = [
      ...[...SMALL.slice(0, 1), "plans.batched.launch.batches=3", "audience.recipients=420"],
    ];
    const set = decodeScenario({ text: readFileSync(path, "utf8"), path, sets });
    if (Array.isArray(saved) || Array.isArray(set)) throw new Error("no scenario");
    const inputs = ({ plans }: Scenario) => plans.map((plan) => inputsOf(plan));
    expect(inputs(saved)).toEqual(inputs(set));
    expect(screenOf(watched).unsaved()).toBeNull();
    await watched.press("S");
    await answer(watched, join(folder, "missing", "x.yaml"));
    expect(existsSync(join(folder, "missing"))).toBe(false);
    expect(await frameOf(watched)).toContain("there is no folder");
    await watched.close();
  });
});
