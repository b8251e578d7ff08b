import { describe, expect, it } from "vitest";
import { HOUR, MINUTE } from "../../engine/time.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { marksOf } from "./marks.ts";
import { rehearsal, scenarioWith } from "./testing/made-up.ts";

const [plan] = scenarioWith(["only"]).plans as [PlanSpec];
const launch = { at: 10 * MINUTE, batches: 3, every: 15 * MINUTE, eachOver: 5 * MINUTE };
const { audience } = plan.world;
const of = (recipients: number) => ({
  ...plan,
  launch,
  world: { ...plan.world, audience: { ...audience, recipients } },
});
const MINUTES = 60_000;

describe("the marks of a plan", () => {
  it("are its batches, each with its mails, which add up to the list", () => {
    const { batches } = marksOf(of(1_000), { every: "5min" }, []);
    expect(batches).toEqual([
      { at: 10 * MINUTES, mails: 333 },
      { at: 25 * MINUTES, mails: 333 },
      { at: 40 * MINUTES, mails: 334 },
    ]);
  });

  it("have the batches when they were sent, and what was broken, after a change on the way", () => {
    const outage = { kind: "cdn-outage", at: 12 * MINUTE, ends: 13 * MINUTE } as const;
    const { batches, faults } = marksOf(
      of(1_000),
      { every: "5min" },
      [],
      [
        { kind: "batch-gap", at: 30 * MINUTE, every: 40 * MINUTE },
        { kind: "batch-gap", at: 11 * MINUTE, every: 5 * MINUTE },
        { kind: "fault", at: 12 * MINUTE, fault: outage },
        { kind: "batch-gap", at: 16 * MINUTE, every: 20 * MINUTE },
      ],
    );
    expect(batches.map(({ at }) => at / MINUTES)).toEqual([10, 15, 55]);
    expect(faults.at(-1)).toEqual({ kind: "cdn-outage", at: 12 * MINUTES, ends: 13 * MINUTES });
  });

  it("have the batches of those who are mailed first before the others", () => {
    const { vip } = audience.segments;
    const segments = { ...audience.segments, vip: { ...vip, share: 0.1, mailedBefore: HOUR } };
    const world = { ...plan.world, audience: { ...audience, recipients: 1_000, segments } };
    const { batches } = marksOf({ ...plan, launch, world }, { every: "5min" }, []);
    expect(batches.map(({ at }) => at / MINUTES)).toEqual([-50, -35, -20, 10, 25, 40]);
    expect(batches.slice(0, 3).reduce((sum, { mails }) => sum + mails, 0)).toBe(100);
  });

  it("are when the service level was missed, by latency or by errors, as rows of intervals", () => {
    const { latency, errors } = plan.world.serviceLevel;
    const slow = latency / 1_000 + 1;
    const series = {
      every: "5min",
      "latency.p95": [1, slow, slow, Number.NaN, 1],
      pages: [100, 100, 100, 0, 100],
      errors: [0, 0, 0, 0, 100 * errors + 1],
    };
    expect(marksOf(plan, series, []).missed).toEqual([
      { at: 5 * MINUTES, ends: 15 * MINUTES },
      { at: 20 * MINUTES, ends: 25 * MINUTES },
    ]);
  });

  it("are when the first article was gone, in the seeds in which one was, and the faults", () => {
    const gone = (soldOut: number, first: number) =>
      rehearsal("s", { metrics: { soldOut, "soldOut.first": first } });
    const series = { every: "5min" };
    expect(marksOf(plan, series, [gone(1, 100), gone(0, 9_999), gone(2, 300)]).soldOut).toBe(200);
    expect(marksOf(plan, series, [gone(0, 9_999)]).soldOut).toBeNull();
    const fault = { at: MINUTE, ends: 2 * MINUTE, kind: "cdn-outage" } as const;
    const broken = { ...plan, world: { ...plan.world, faults: [fault] } };
    expect(marksOf(broken, series, []).faults).toEqual([
      { kind: "cdn-outage", at: MINUTES, ends: 2 * MINUTES },
    ]);
  });

  it("say when the sale starts by its own clock", () => {
    const starts = { epochMillis: Date.UTC(2011, 10, 25, 11), offsetMinutes: -300 };
    const world = { ...plan.world, starts };
    const { starts: iso } = marksOf({ ...plan, world }, { every: "5min" }, []);
    expect(iso).toBe("2011-11-25T06:00:00-05:00");
  });
});
