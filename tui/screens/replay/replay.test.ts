import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { WatchedApp } from "../../app/testing/watched-app.ts";
import { answer, drivenScreens, frameOf, printed } from "../testing/driven-screens.ts";
import { ReplayScreen } from "./replay.ts";
import { smallRecording } from "./testing/small-recording.ts";

const LIVE_LOG = "scenarios/past-sales/small-drop-live/log.ndjson";
const folder = mkdtempSync(join(tmpdir(), "rehearse-replay-"));
const recording = join(folder, "orders.csv");
const soon = { timeout: 40_000, interval: 25 };

function screenOf({ app }: WatchedApp): ReplayScreen {
  if (!(app.front instanceof ReplayScreen)) throw new Error("another screen is in front");
  return app.front;
}

async function opened(
  path = recording,
  { columns = 120, rows = 36, words = ["--no-color"] } = {},
): Promise<WatchedApp> {
  const app = drivenScreens({ columns, rows, words });
  app.open({ screen: "replay", recording: path });
  await replayed(app);
  return app;
}

async function replayed(app: WatchedApp): Promise<void> {
  await vi.waitFor(() => expect(screenOf(app).status().text).not.toContain("is replayed"), soon);
}

/** Opened beside the recording: the folder of a test has another name each time. */
async function openedBeside(size: { columns: number; rows: number; words?: string[] }) {
  const started = process.cwd();
  process.chdir(folder);
  try {
    return await opened("orders.csv", size);
  } finally {
    process.chdir(started);
  }
}

let watched: WatchedApp;
beforeAll(async () => {
  writeFileSync(recording, smallRecording());
  watched = await opened();
});
afterAll(async () => {
  await watched.close();
  rmSync(folder, { recursive: true });
});

describe("Replay", () => {
  it("shows what rehearse replay prints, number for number", () => {
    const { result } = screenOf(watched);
    expect(result?.exit.code).toBe(0);
    expect(result).toEqual(JSON.parse(printed(result?.repeat ?? "", "--json")));
  });

  it("looks so on a large and on a small terminal, and in ASCII alone", async () => {
    for (const [columns, rows] of [
      [120, 36],
      [80, 24],
    ] as const) {
      const app = await openedBeside({ columns, rows });
      await expect(await frameOf(app)).toMatchFileSnapshot(`frames/${columns}x${rows}.txt`);
      await app.close();
    }
    const words = ["--no-color", "--charts", "ascii"];
    const plain = await openedBeside({ columns: 120, rows: 36, words });
    const frame = await frameOf(plain);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
    expect(frame).toMatch(/^[\x00-\x7f]*$/u);
    expect(frame).toContain("apart");
    await plain.close();
  });

  it("plays along the recording, and stands still where it is paused", async () => {
    const at = async () => /At (\S+) UTC/u.exec(await frameOf(watched))?.[1];
    await watched.press("g", "+", "+", "+", "+");
    const first = await at();
    await watched.press("space");
    await vi.waitFor(async () => expect(await at()).not.toBe(first), soon);
    await watched.press("space");
    const paused = await at();
    await new Promise((next) => setTimeout(next, 150));
    expect(await at()).toBe(paused);
    await watched.press("G", "h");
    expect(await at()).not.toBe(paused);
    // It stops by itself at the end.
    await watched.press("space");
    await vi.waitFor(async () => expect(await frameOf(watched)).toContain("‖"), soon);
  });

  it("goes to where the two are furthest apart, and says so where there is no more", async () => {
    const fresh = await opened();
    // The recorded arrivals give the recorded orders: they are apart nowhere.
    await fresh.press("]");
    expect(fresh.app.status.text).toContain("nowhere further apart");
    await fresh.press("F");
    await replayed(fresh);
    expect(screenOf(fresh).result).toMatchObject({ process: "fitted" });
    await fresh.press("l", "g", "h");
    const seen = new Set<string>();
    for (let count = 0; count < 6; count += 1) {
      await fresh.press("]");
      seen.add(/At (\S+) UTC/u.exec(await frameOf(fresh))?.[1] ?? "");
    }
    expect(seen.size).toBeGreaterThanOrEqual(4);
    expect(fresh.app.status.text).toContain("nowhere further apart");
    await fresh.press("F");
    await replayed(fresh);
    expect(screenOf(fresh).result).toMatchObject({ process: "recorded" });
    await fresh.close();
  });

  it("writes the Markdown of the verb", async () => {
    const path = join(folder, "written.md");
    await watched.press("M");
    await answer(watched, path);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, "utf8")).toContain("| orders |");
  });

  it("shows whether the store's rules answer as a sale log has it", async () => {
    const app = await opened(LIVE_LOG);
    const frame = await frameOf(app);
    expect(frame).toContain("79cebd4623c62658");
    expect(frame).toContain("the rules answer everything as the log has it");
    // There is no course to play, and no key is mute about it.
    await app.press("space");
    expect(app.app.status.text).toContain("nothing is replayed here");
    await app.close();
  });

  it("shows published figures, which have no course", async () => {
    const app = await opened("scenarios/past-sales/double-11/published.csv");
    expect(await frameOf(app)).toMatch(/published|figures/u);
    expect(app.defects).toEqual([]);
    await app.close();
  });

  it("says what is wrong with a file, and can be asked for another", async () => {
    const broken = join(folder, "broken.csv");
    writeFileSync(broken, "nothing,that\nis,known\n");
    for (const path of [join(folder, "missing.csv"), broken]) {
      const app = await opened(path);
      expect(screenOf(app).result).toBeNull();
      expect(screenOf(app).status().severity).toBe("critical");
      expect(await frameOf(app)).toContain(path.slice(-11));
      await app.press("o");
      await answer(app, recording);
      await replayed(app);
      expect(screenOf(app).result).not.toBeNull();
      await app.close();
    }
  });

  it("can be stopped, and left while it is under way", async () => {
    const app = drivenScreens({ columns: 120, rows: 36 });
    app.open({ screen: "replay", recording });
    await app.press("x");
    expect(app.app.status.text).toContain("was stopped");
    app.open({ screen: "replay", recording });
    await app.close();
    expect(app.defects).toEqual([]);
  });
});
