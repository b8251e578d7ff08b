/** `fit` as a user runs it, on the bundle that users get. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FitForm } from "../report/fit-schema.ts";
import { takenBy } from "../report/testing/held-to-form.ts";

type FitResult = typeof FitForm.Type;

const root = fileURLToPath(new URL("../../", import.meta.url));
const bundle = join(root, "dist/rehearse.js");
const drop = join(root, "scenarios/small-drop.yaml");
const data = join(root, "../shared/data");
const missing = existsSync(data) ? "" : " (skipped: ../shared/data is not beside the repository)";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rehearse-fit-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function rehearse(...words: readonly string[]) {
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 64e6 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], options);
  return { status, stdout, stderr };
}

function fitted(...words: readonly string[]): FitResult {
  return takenBy(FitForm, rehearse("fit", ...words, "--json").stdout);
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function figures(scenario: string, ...words: readonly string[]) {
  const { stdout } = rehearse("run", scenario, "--json", "--quiet", ...words);
  const { plans } = JSON.parse(stdout) as {
    plans: Record<string, { metrics: Record<string, { mean: number }> }>;
  };
  return plans["as-fitted"]?.metrics ?? {};
}

function quantity({ quantities }: FitResult, name: string) {
  const found = quantities.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe("the sale log of a rehearsal", () => {
  it("gives a scenario with its level, and that scenario's log the same fit again", () => {
    const small = ["--plan", "batched", "--scale", "50%", "--seeds", "1"];
    rehearse("run", drop, ...small, "--events", "drop.ndjson", "--quiet");
    const first = fitted("drop.ndjson", "--scenario", "fitted.yaml");
    const value = quantity(first, "order.value");
    expect(first.arrivals?.total).toBe(first.orders);
    expect(readFileSync(join(folder, "fitted.yaml"), "utf8")).toContain("# fitted: order values");
    const { orders, revenue } = figures("fitted.yaml", "--seeds", "12", "--events", "again.ndjson");
    expect(Math.abs((orders?.mean ?? 0) / first.orders - 1)).toBeLessThan(0.05);
    const recorded = first.orders * (value.mean ?? 0);
    expect(Math.abs((revenue?.mean ?? 0) / recorded - 1)).toBeLessThan(0.05);
    const again = fitted("again.ndjson");
    expect(again.eventsOfOtherRuns).toBeGreaterThan(again.orders);
    expect(Math.abs(again.orders - first.orders)).toBeLessThan(3 * Math.sqrt(2 * first.orders));
    const second = quantity(again, "order.value");
    const off = Math.abs((second.mean ?? 0) - (value.mean ?? 0));
    expect(off).toBeLessThan(4 * (second.meanError ?? 0));
  });
});

describe("orders in any order of their rows", () => {
  it("give the same bytes, and a table of counts its conversion", () => {
    const head = "time,order,customer,total,units";
    const rows = Array.from({ length: 200 }, (_none, n) => {
      const at = new Date(Date.UTC(2024, 4, 6, 9, n % 60, n)).toISOString();
      return `${at},${n},c${n % 90},${20 + ((n * 37) % 61)}.50,${1 + (n % 3)}`;
    });
    const one = write("orders.csv", [head, ...rows].join("\n"));
    const before = rehearse("fit", one, "--json").stdout;
    write("orders.csv", [head, ...rows.toReversed()].join("\n"));
    const after = rehearse("fit", one, "--json").stdout;
    const plain = (text: string) =>
      JSON.stringify({ ...JSON.parse(text), backward: 0, longestGap: 0 });
    expect(plain(after)).toBe(plain(before));
    const counts = rows.map((_row, n) => {
      const at = new Date(Date.UTC(2024, 4, 6, 0, 10 * n)).toISOString();
      return `${at},${100 + (n % 7)},${5 + (n % 3)}`;
    });
    const told = fitted(write("counts.csv", ["time,sessions,orders", ...counts].join("\n")));
    expect(told.arrivals).toMatchObject({ of: "orders" });
    expect(told.conversion?.share).toBeCloseTo(0.058, 3);
    expect(told.arrivals?.dispersion[0]?.seconds).toBe(600);
  });

  it("are refused where they say too little, and say how many they need", () => {
    const head = "time,order,total\n";
    const one = write("one.csv", `${head}2024-01-01T00:00:00Z,1,20.00\n`);
    const refusals: readonly (readonly [readonly string[], number, string])[] = [
      [[one, "--scenario", "one.yaml"], 4, "1 intervals are too few: 10 are needed"],
      [[write("empty.csv", "")], 2, "is empty"],
      [[write("head.csv", head)], 2, "it holds no event"],
      [[one, "--zone", "Mars/Olympus"], 2, "there is no time zone Mars/Olympus"],
    ];
    for (const [words, code, said] of refusals) {
      const { status, stdout, stderr } = rehearse("fit", ...words);
      expect([words, status]).toEqual([words, code]);
      expect(stdout + stderr).toContain(said);
    }
  });
});

describe.skipIf(missing !== "")(`recorded and published sales${missing}`, () => {
  it("of capacity are told as such, with their slots and single buyers", () => {
    const { arrivals, shoppers } = fitted(join(data, "bancor_orders.csv"));
    expect(arrivals?.profile?.linear).toBe(true);
    expect(Math.abs((arrivals?.profile?.halfAt ?? 0) - 0.52)).toBeLessThan(0.02);
    expect(arrivals?.slots?.ratio).toBeGreaterThan(5);
    expect(Math.abs((shoppers?.single ?? 0) - 0.84)).toBeLessThan(0.03);
  });

  it("of a retailer's month scatter as independent orders at a minute", () => {
    const rows = readFileSync(join(data, "uci_orders.csv"), "utf8").split("\n");
    const month = rows.filter((row, place) => place === 0 || row.startsWith("2011-09"));
    const { arrivals, quantities } = fitted(write("month.csv", month.join("\n")));
    const minute = arrivals?.dispersion.find(({ seconds }) => seconds === 60);
    expect(Math.abs((minute?.ratio ?? 0) - 1)).toBeLessThan(0.1);
    expect(arrivals?.profile?.candidates[0]?.name).toBe("daily profile");
    expect(quantities[0]?.shape?.bodySigma).toBeGreaterThan(0.7);
    expect(quantities[0]?.shape?.tail?.densityExponent).toBeGreaterThan(2);
  });

  it("of milestones are met, and foretell the year before; mails are no exponential", () => {
    const { milestones } = fitted(join(data, "double11_published.csv"));
    const of = (sale: string) => milestones.find((one) => one.sale === sale);
    for (const error of of("2019")?.candidates[0]?.errors ?? [1])
      expect(Math.abs(error)).toBeLessThan(0.1);
    expect(of("2018")?.predicted).toMatchObject({ from: "2019" });
    expect(of("2018")?.predicted?.wmape).toBeLessThan(0.12);
    const [all] = fitted(join(data, "email_open_curve.csv")).delays;
    expect(all?.points).toBe(21);
    expect(["log-logistic", "lognormal"]).toContain(all?.candidates[0]?.name);
    const hours = (all?.candidates[0]?.parameters.median?.value ?? 0) / 3_600;
    expect(hours).toBeGreaterThan(3);
    expect(hours).toBeLessThan(7);
    expect(all?.candidates.at(-1)?.name).toBe("exponential");
  });
});
