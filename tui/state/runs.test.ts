import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { resultOf } from "../../twin/experiments/experiment.ts";
import { experimentOf, rehearsal, scenarioWith } from "../../twin/experiments/testing/made-up.ts";
import { runRow, whenText } from "../model/saved-run-row.ts";
import { canonicalJson } from "../report/json.ts";
import { RUNS_MAX, RunStore } from "./runs.ts";

const scenario = scenarioWith(["batched", "simultaneous"], { orders: "> 15", oversold: "= 0" });
const made = (orders: number) =>
  rehearsal("s", { metrics: { revenue: 210_000, orders, oversold: 0, "latency.p95": 400 } });
const result = resultOf(experimentOf(scenario, ["s"]), [made(20), made(10)]);
const AT = Date.UTC(2026, 10, 22, 14, 2, 3, 120);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function store(): RunStore {
  const folder = mkdtempSync(join(tmpdir(), "runs-"));
  folders.push(folder);
  return new RunStore({ XDG_STATE_HOME: folder });
}

describe("saved runs", () => {
  it("are the JSON of the verb byte for byte, the newest first, also read by another store", () => {
    const runs = store();
    const first = runs.save(result, AT);
    const second = runs.save(result, AT);
    const third = runs.save(result, AT + 60_000);
    if (typeof first === "string" || typeof second === "string" || typeof third === "string")
      throw new Error("a run was not saved");
    expect(readFileSync(first.path, "utf8")).toBe(canonicalJson(result));
    const again = new RunStore({ XDG_STATE_HOME: join(runs.folder, "..", "..") });
    const { runs: read, unreadable } = again.list();
    expect(unreadable).toEqual([]);
    expect(read.map(({ path }) => path)).toEqual([third.path, second.path, first.path]);
    expect(read.map(({ savedAt }) => savedAt)).toEqual([AT + 60_000, AT, AT]);
    expect(canonicalJson(read[0]?.result)).toBe(canonicalJson(result));
  });

  it("that are broken are passed over and said, and other files are left alone", () => {
    const runs = store();
    runs.save(result, AT);
    writeFileSync(join(runs.folder, "2026-11-22T15-00-00.000Z.json"), '{"verb":"run"');
    writeFileSync(join(runs.folder, "notes.txt"), "mine");
    const { runs: read, unreadable } = new RunStore({
      XDG_STATE_HOME: join(runs.folder, "..", ".."),
    }).list();
    expect(read).toHaveLength(1);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).toContain("15-00-00.000Z.json is no result of Rehearse");
  });

  it.runIf(process.platform === "linux")("are not sought in a device that never ends", () => {
    const runs = store();
    runs.save(result, AT);
    symlinkSync("/dev/zero", join(runs.folder, "2026-11-22T15-00-00.000Z.json"));
    const { runs: read, unreadable } = runs.list();
    expect(read).toHaveLength(1);
    expect(unreadable[0]).toMatch(/15-00-00\.000Z\.json could not be read: it is no file\.$/u);
  });

  it(`are at most ${RUNS_MAX}: the oldest go`, () => {
    const runs = store();
    for (let run = 0; run < RUNS_MAX + 3; run += 1) runs.save(result, AT + run * 1_000);
    const names = readdirSync(runs.folder).sort();
    expect(names).toHaveLength(RUNS_MAX);
    expect(names[0]).toBe("2026-11-22T14-02-06.120Z.json");
  });

  it("that cannot be saved say why", () => {
    const runs = new RunStore({ XDG_STATE_HOME: "/dev/null" });
    expect(runs.save(result, AT)).toContain("Not saved, a part of its path is not a folder: ");
  });
});

describe("the row of a run", () => {
  it("has the figures as reports write them, and how many goals were kept", () => {
    const run = { path: "x", savedAt: AT, result };
    expect(runRow(run, AT)).toMatchObject({
      orders: "20",
      revenue: "$2,100",
      latency: "400 ms",
      errors: "–",
      goals: "3/4",
      state: "missed",
    });
  });

  it("says when in the words of today", () => {
    const now = new Date(2026, 10, 22, 16, 0).getTime();
    const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 5).getTime();
    expect(whenText(at(22, 14), now)).toBe("today 14:05");
    expect(whenText(at(21, 23), now)).toBe("yesterday 23:05");
    expect(whenText(at(17, 9), now)).toBe("Tue 09:05");
    expect(whenText(at(2, 9), now)).toBe("2026-11-02 09:05");
  });
});
