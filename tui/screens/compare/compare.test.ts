import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WatchedApp } from "../../app/testing/watched-app.ts";
import { canonicalJson } from "../../report/json.ts";
import type { Request } from "../screen.ts";
import {
  answer,
  drivenScreens,
  frameOf,
  printed,
  rehearsed,
  turns,
} from "../testing/driven-screens.ts";
import { CompareScreen } from "./compare.ts";

const path = "scenarios/small-drop.yaml";
const request: Request = {
  screen: "compare",
  choices: [
    { path, plan: "batched", sets: [], scale: 0.1 },
    { path, plan: "simultaneous", sets: [] },
  ],
};

const folder = mkdtempSync(join(tmpdir(), "rehearse-compare-"));
let watched: WatchedApp;

async function opened(of: Request, columns = 120, rows = 36): Promise<WatchedApp> {
  const app = drivenScreens({ columns, rows, words: ["--no-color"] });
  app.open(of);
  await rehearsed(screenOf(app));
  return app;
}

function screenOf({ app }: WatchedApp): CompareScreen {
  if (!(app.front instanceof CompareScreen)) throw new Error("another screen is in front");
  return app.front;
}

/** No wall clock in a picture that is kept. */
const timeless = (frame: string) => frame.replaceAll(/in \d+\.\d+ s +/gu, "in … s ");

beforeAll(async () => {
  watched = await opened(request);
});
afterAll(async () => {
  await watched.close();
  rmSync(folder, { recursive: true });
});

describe("Compare", () => {
  it("shows what rehearse compare prints, number for number", () => {
    const { result } = screenOf(watched);
    expect(result?.plans.batched?.seeds).toHaveLength(8);
    const json = printed(result?.repeat ?? "", "--json");
    // The bundle knows its version, the source does not.
    expect(json).toBe(canonicalJson({ ...result, version: JSON.parse(json).version }));
  });

  it("looks so on a large and on a small terminal", async () => {
    await expect(timeless(await frameOf(watched))).toMatchFileSnapshot("frames/120x36.txt");
    const small = await opened(request, 80, 24);
    await expect(timeless(await frameOf(small))).toMatchFileSnapshot("frames/80x24.txt");
    await small.close();
  });

  it("moves along the table, explains a row and finds figures by name", async () => {
    const fresh = await opened(request);
    await fresh.press("tab", "tab", "tab", "tab", "down", "down");
    expect(await frameOf(fresh)).toMatch(/❯ orders /u);
    await fresh.press("enter");
    const explained = await frameOf(fresh);
    expect(explained).toContain("Orders confirmed. more is better.");
    expect(explained).toContain("small-drop/1#2");
    await fresh.press("escape", "/");
    await answer(fresh, "latency.p95{");
    expect(await frameOf(fresh)).toContain("latency.p95{checkout}");
    await fresh.press("escape", "G", "g", "pagedown", "pageup", "k");
    expect(await frameOf(fresh)).toMatch(/❯ revenue /u);
    await fresh.press("e");
    expect(await frameOf(fresh)).not.toContain("Orders so far");
    await fresh.close();
  });

  it("swaps, stops, goes on, and writes the report under a name that was free", async () => {
    const fresh = await opened(request);
    await fresh.press("s");
    expect(Object.keys(screenOf(fresh).result?.plans ?? {})).toEqual(["simultaneous", "batched"]);
    await fresh.press("n", "x");
    expect(screenOf(fresh).status().text).toMatch(/^stopped at \d+ of 32 rehearsals/u);
    expect(screenOf(fresh).result?.partial).toBe(true);
    await fresh.press("x");
    await rehearsed(screenOf(fresh));
    expect(screenOf(fresh).result?.plans.batched?.seeds).toHaveLength(16);
    const file = join(folder, "report.html");
    await fresh.press("r");
    await answer(fresh, file);
    for (let count = 0; !existsSync(file) && count < 100_000; count += 1) await turns(1);
    await turns(5);
    expect(readFileSync(file, "utf8")).toContain("<!doctype html>");
    await fresh.press("M");
    await answer(fresh, file);
    expect(await frameOf(fresh)).toContain("Overwrite ");
    await fresh.press("enter");
    await turns(3);
    expect(readFileSync(file, "utf8")).toContain("<!doctype html>");
    await fresh.press("f");
    expect(screenOf(fresh).result?.scale).toBe(1);
    await fresh.press("x");
    expect(existsSync(file)).toBe(true);
    await fresh.close();
  });

  it("refuses plans that cannot be set side by side, and says why", async () => {
    const fresh = drivenScreens({ columns: 120, rows: 36, words: ["--no-color"] });
    fresh.open({
      screen: "compare",
      choices: [
        { path, sets: [] },
        { path, sets: [] },
      ],
    });
    expect(await frameOf(fresh)).toContain("batched cannot be compared with itself.");
    fresh.open({
      screen: "compare",
      choices: [
        { path, sets: [] },
        { path: "scenarios/hot-row.yaml", sets: [] },
      ],
    });
    expect(await frameOf(fresh)).toContain("are two scenarios");
    await fresh.close();
  });
});
