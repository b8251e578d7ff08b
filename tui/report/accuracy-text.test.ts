import { describe, expect, it } from "vitest";
import { type MeasuredCell, scoreCell } from "../../twin/calibration/accuracy.ts";
import { RESIDUAL_SHARES, routesOf } from "../../twin/calibration/capacity-profile.ts";
import { AccuracyForm } from "./accuracy-schema.ts";
import {
  accuracyMarkdown,
  accuracyResult,
  type CalibrationReport,
  calibrationText,
} from "./accuracy-text.ts";
import { canonicalJson } from "./json.ts";
import { takenBy } from "./testing/held-to-form.ts";

const stalled = (amount: number) => ({ amount, lengths: [6_000, 8_000, 9_000] });
const spent = { loop: 300, store: 450, machine: 900 };
const level = { busy: 0.2, requests: 90, residual: RESIDUAL_SHARES.map((share) => 1_000 * share) };
const profile: CalibrationReport["profile"] = {
  schemaVersion: 1,
  kind: "capacity-profile",
  version: "0.1.0",
  measuredAt: "2026-01-02T03:04:05.000Z",
  machine: {
    processor: "a processor",
    cores: 2,
    memoryBytes: 2 ** 33,
    system: "Linux",
    node: "v20",
  },
  ledger: "SQLite",
  reference: { loopMicros: 3_000, requestMicros: 800 },
  fixedPerSecond: spent,
  commit: { onLoop: true, micros: 500 },
  held: { perWrite: 0.9, micros: 700 },
  stalls: { loop: [stalled(1), stalled(3)], commit: [stalled(500), { amount: 500, lengths: [] }] },
  routes: routesOf(() => ({
    demand: spent,
    low: spent,
    high: spent,
    writes: false,
    turns: 1,
    levels: [level] as const,
  })),
  widths: { throughput: 0.02, utilisation: 0.1, mean: 0.1, p50: 0.1, p95: 0.2, p99: 0.3 },
};

const decisions = { sold: 7, declined: 2, refused: 0 };
const cell = (name: string, predicted: number, measured: readonly number[]): MeasuredCell => ({
  name,
  kind: "step",
  requests: 100,
  forecast: {
    figures: [
      { name: "mean", route: null, value: predicted, low: predicted / 1.1, high: predicted * 1.1 },
    ],
    decisions,
    openMost: 4,
    recovery: 0.25,
    scalesAt: 2,
  },
  runs: measured.map((value) => ({
    figures: [{ name: "mean", route: null, value }],
    decisions: { ...decisions, sold: value > 9_000 ? 6 : 7 },
    openMost: 5,
    recovery: 0.5,
    scalesAt: 2.25,
    foreign: 0,
  })),
});

const page = (cells: readonly MeasuredCell[]) => ({
  reports: [{ profile, cells: cells.map(scoreCell), disturbed: 3, minutes: 9 }],
  repeat: "rehearse calibrate --validate",
});

describe("the page of accuracy", () => {
  const text = accuracyMarkdown(
    page([cell("good", 2_000, [2_000, 2_020]), cell("bad", 4_000, [9_990])]),
  );

  it("says on what machine, version and date, and how often it was disturbed", () => {
    expect(text).toContain("Rehearse 0.1.0, 2026-01-02T03:04Z, 2 cores of a processor, 8 GiB");
    expect(text).toContain("Beside 3 runs others used more than 8 %");
    expect(text).toContain("rehearse calibrate --validate");
  });

  it("shows each cell as predicted and as measured, and the misses", () => {
    expect(text).toMatch(/\| good \| 100 \|[^\n]*2\.00 \/ 2\.01/);
    expect(text).toMatch(/\| bad \| 100 \|[^\n]*4\.00 \/ 9\.99[^\n]*−60\.0 %/);
    expect(text).toMatch(/missed: mean: the worst is 59\.\d %|missed: mean: the worst is 60\.0 %/);
    expect(text).toMatch(/sold, declined and refused are not as predicted in: bad/);
  });

  it("shows orders, open requests, recovery and the instant of scaling", () => {
    expect(text).toMatch(
      /\| good \| 7 \/ = \| 2 \/ = \| 0 \/ = \| 4 \/ 5 \| 0\.25 \/ 0\.50 \| 2\.00 \/ 2\.25 \|/,
    );
    expect(text).toMatch(/\| bad \| 7 \/ 6 \|/);
  });

  it("is taken by its form as it is printed for other programs", () => {
    const printed = canonicalJson(accuracyResult(page([cell("good", 2_000, [2_000, 2_020])])));
    const { reports } = takenBy(AccuracyForm, printed);
    expect(reports[0]?.cells[0]?.scores).toMatchObject([{ name: "mean", inside: 2, runs: 2 }]);
  });

  it("gives the pages as a scenario takes them, on a terminal too", () => {
    const shown = calibrationText(page([]), { colour: false });
    for (const one of [text, shown])
      expect(one).toContain("    landing: { cpu: 450us, io: 500us }");
    expect(shown).not.toContain("missed");
  });
});
