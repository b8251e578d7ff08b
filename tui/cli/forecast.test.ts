import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

/** The program as it is shipped; `npm test` builds it first. */
const BUNDLE = resolve("dist/rehearse.js");
const DROP = "scenarios/small-drop.yaml";
const folder = mkdtempSync(join(tmpdir(), "rehearse-forecast-"));
afterAll(() => rmSync(folder, { recursive: true }));

function forecast(...words: string[]) {
  const ran = spawnSync(process.execPath, [BUNDLE, "forecast", ...words], {
    encoding: "utf8",
    env: { ...process.env, GITHUB_STEP_SUMMARY: "" },
  });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

describe("rehearse forecast", () => {
  it("gives the same bytes twice, on stdout and in files, and the command that repeats them", () => {
    const paths = ["f.json", "f.md"].map((name) => join(folder, name));
    const one = forecast(DROP, "--scale", "10%", "--json", "--workers", "1");
    const outs = paths.flatMap((path) => ["--out", path]);
    const two = forecast(DROP, "--scale", "10%", "--json", "--quiet", ...outs);
    expect(one).toEqual({ code: 0, out: two.out, err: "" });
    expect(readFileSync(paths[0] ?? "", "utf8")).toBe(one.out);
    expect(readFileSync(paths[1] ?? "", "utf8")).toContain("### Load test, step by step");
    const sheet = JSON.parse(one.out);
    expect(sheet).toMatchObject({ verb: "forecast", plan: "batched", seeds: ["small-drop/1"] });
    const again = forecast(...sheet.repeat.split(" ").slice(2), "--json");
    expect(again.out).toBe(one.out);
  });

  it("says with --closed-form what it says beside a rehearsal, and simulates nothing", () => {
    const quarter = [DROP, "--scale", "25%", "--json"];
    const alone = JSON.parse(forecast(...quarter, "--closed-form").out);
    const beside = JSON.parse(forecast(...quarter, "--seeds", "2").out);
    const values = (sheet: { figures: { forecast: number }[] }) =>
      sheet.figures.map((row) => row.forecast);
    expect(values(alone)).toEqual(values(beside));
    expect([alone.events, alone.seeds]).toEqual([0, []]);
    expect(beside.seeds).toHaveLength(2);
    expect(beside.events).toBeGreaterThan(10_000);
  });

  it("takes another plan and other values", () => {
    const peak = (...words: string[]) => {
      const sheet = JSON.parse(forecast(DROP, "--closed-form", "--json", ...words).out);
      return sheet.figures.find((row: { name: string }) => row.name === "orders.perSecond.peak")
        .forecast;
    };
    expect(peak("--plan", "simultaneous")).toBeGreaterThan(peak() * 1.05);
    expect(peak("--set", "audience.visits=20%")).toBeLessThan(peak() * 0.7);
  });

  it("refuses in one line, with code 2, what makes no sense", () => {
    const refusal = (...words: string[]) => {
      const { code, out, err } = forecast(...words);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err.trimEnd().split("\n")).toHaveLength(1);
      return err;
    };
    expect(refusal(DROP, "--closed-form", "--seeds", "3")).toContain("simulates nothing");
    expect(refusal(DROP, "--out", join(folder, "f.xml"))).toContain(
      "its ending must be one of .json, .md.",
    );
    expect(refusal(DROP, "--plan", "bached")).toContain("Did you mean batched?");
    expect(refusal(DROP, "--events", "e.ndjson")).toContain("has no flag --events");
    expect(refusal("scenarios/small-drp.yaml")).toContain("Did you mean");
    expect(refusal(DROP, "--scale", "0%")).toContain("--scale must be");
  });
});
