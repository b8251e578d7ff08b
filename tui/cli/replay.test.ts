/** `rehearse replay` as it is called: what it prints, plays and refuses. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ReplayResultForm } from "../report/replay-schema.ts";
import { takenBy } from "../report/testing/held-to-form.ts";

const folder = mkdtempSync(join(tmpdir(), "replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

const bundle = resolve("dist/rehearse.js");
const orders = resolve("scenarios/past-sales/small-drop-orders.csv");

function rehearse(...words: readonly string[]) {
  const options = { cwd: folder, encoding: "utf8" } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], options);
  return { status, stdout, stderr };
}

function result(...words: readonly string[]) {
  return takenBy(ReplayResultForm, rehearse("replay", orders, "--json", ...words).stdout);
}

it("lets the recorded shoppers come again, and sets what comes out beside the recording", () => {
  const { status, stdout } = rehearse("replay", orders);
  expect(status).toBe(0);
  expect(stdout).toContain("replayed with its own arrivals, 23 visits, 1 seed");
  expect(stdout).toMatch(/revenue +€2,832 +€2,832 +0 %/u);
  expect(stdout).toContain("Every invariant of the store held.");
  const again = /^repeat {2}rehearse (.*)$/mu.exec(stdout)?.[1]?.split(" ") ?? [];
  expect(rehearse(...again).stdout).toBe(stdout);
});

it("plays them faster, more often, a part of them, and with a change", () => {
  const { visits, lasts } = result("--loops", "3", "--speed", "300%");
  expect(visits).toBe(69);
  expect(lasts).toBeLessThan(1.2 * result().lasts);
  const sample = result("--sample", "50%").visits;
  expect(sample).toBeGreaterThan(0);
  expect(sample).toBeLessThan(23);
  const changed = result("--change", "payments.primary.decline=60%").figures;
  const found = changed.find(({ metric }) => metric === "orders");
  expect(found?.simulated.mean).toBe(23);
  expect(found?.changed?.mean).toBeLessThan(20);
});

it("says what it would do, and how long it would take beside it", () => {
  const { status, stdout, stderr } = rehearse("replay", orders, "--dry-run", "--seeds", "2");
  expect(status).toBe(0);
  expect(stdout).toBe(
    "2 replays of 23 visits each, from 2024-03-01T17:01:08.000Z, 16.0 min of virtual time\n",
  );
  expect(stderr).toMatch(/^rehearse: it would take about .* on this machine\.\n$/u);
});

it("refuses with a line that says what to do", () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return name;
  };
  const one = write("one.csv", "time,order,total\n2024-01-01T00:00:00Z,1,20.00\n");
  const years = write("years.csv", "time,order\n2020-01-01T00:00:00Z,1\n2024-01-01T00:00:00Z,2\n");
  const published = write("published.csv", "metric,value\norders,5\n");
  const refusals: readonly (readonly [readonly string[], number, string])[] = [
    [[write("empty.csv", "")], 2, "is empty"],
    [["none.csv"], 2, "there is no such file"],
    [[one, "--process", "fitted"], 4, "nothing can be fitted to it: 2 intervals are too few"],
    [[one, "--process", "guessed"], 2, "--process must be recorded or fitted"],
    [[one, "--speed", "0%"], 2, "--speed must be a percentage"],
    [[one, "--loops", "0"], 2, "--loops must be a whole number"],
    [[years], 2, "--gaps 10min"],
    [[published], 2, "name it with --scenario FILE"],
    [[one, "--change", "payments.primry=1"], 2, "--change payments.primry=1: payments.primry"],
    [[one, "--change", "payments.primry=1"], 2, "primary"],
    [[one, "--sample", "0%"], 2, "from 0.0001% to 100%"],
  ];
  for (const [words, code, said] of refusals) {
    const { status, stderr } = rehearse("replay", ...words);
    expect([words, status]).toEqual([words, code]);
    expect(stderr).toContain(said);
  }
  expect(rehearse("replay", one).status).toBe(0);
});

it("rehearses a scenario beside published figures", () => {
  const figures = "metric,value,tolerance,source\norders,186,40 %,a\nrevenue,23000,40 %,b\n";
  writeFileSync(join(folder, "figures.csv"), figures);
  const scenario = resolve("scenarios/small-drop.yaml");
  const words = ["--scenario", scenario, "--seeds", "1", "--out", "beside.json"];
  const { status, stdout } = rehearse("replay", "figures.csv", ...words);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^orders +186 +\d+ .*± 40 %.*met$/mu);
  expect(stdout).toMatch(/^revenue +€23,000 +€\d+,\d+ .* met$/mu);
  const written = takenBy(ReplayResultForm, readFileSync(join(folder, "beside.json"), "utf8"));
  expect(written).toMatchObject({ basis: "targets", visits: 0, series: {} });
});
