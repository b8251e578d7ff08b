import { Either } from "effect";
import { describe, expect, it } from "vitest";
import {
  type CapacityProfile,
  RESIDUAL_SHARES,
  readCapacityProfile,
  routesOf,
  scenarioPages,
} from "./capacity-profile.ts";
import { residualAt } from "./load-prediction.ts";

const level = (busy: number, base: number) => ({
  busy,
  requests: 100,
  residual: RESIDUAL_SHARES.map((share) => base + 1_000 * share),
});
const spent = { loop: 300, store: 450, machine: 900 };

const STALLS = [{ amount: 3.5, lengths: [6_000, 7_500, 41_000] }];

const PROFILE: CapacityProfile = {
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
  stalls: { loop: STALLS, commit: STALLS },
  routes: routesOf((name) => ({
    demand: spent,
    low: spent,
    high: spent,
    writes: name === "cart" || name === "order" || name === "declined",
    turns: name === "order" || name === "declined" ? 2 : 1,
    levels: [level(0.2, 100), level(0.8, 700)],
  })),
  widths: { throughput: 0.02, utilisation: 0.1, mean: 0.1, p50: 0.1, p95: 0.2, p99: 0.3 },
};

describe("a capacity profile", () => {
  it("is read back as it was written", () => {
    const read = readCapacityProfile(JSON.stringify(PROFILE));
    expect(Either.getOrThrow(read)).toEqual(PROFILE);
  });

  it("is refused with the place where it is wrong", () => {
    const wrong = JSON.stringify(PROFILE).replace('"loopMicros":3000', '"loopMicros":-1');
    const read = readCapacityProfile(wrong);
    expect(Either.isLeft(read) && read.left).toMatch(/loopMicros/);
    const more = JSON.stringify({ ...PROFILE, cores: 4 });
    expect(Either.isLeft(readCapacityProfile(more))).toBe(true);
    expect(Either.isLeft(readCapacityProfile("{"))).toBe(true);
  });

  it("has its residuals between the levels that were measured, and held at their ends", () => {
    const { levels } = PROFILE.routes.home;
    expect(residualAt(levels, 0.5, 0.5)).toBeCloseTo((600 + 1_200) / 2, 6);
    expect(residualAt(levels, 0, 0.5)).toBeCloseTo(600, 6);
    expect(residualAt(levels, 1, 1)).toBeCloseTo(1_700, 6);
  });

  it("says what a scenario's pages take", () => {
    const pages = scenarioPages(PROFILE);
    expect(pages.landing).toEqual({ cpu: "450us", io: "600us" });
    // An order waits for two commits.
    expect(pages.payment).toEqual({ cpu: "450us", io: "1600us" });
  });
});
