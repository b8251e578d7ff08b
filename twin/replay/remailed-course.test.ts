import { describe, expect, it } from "vitest";
import { HOUR, MINUTE, SECOND } from "../../engine/time.ts";
import { decodeDefinition } from "../scenario/define-scenario.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { World } from "../world.ts";
import { AS_RECORDED, type Course, courseOf } from "./recorded-course.ts";
import { fromScenarioStart, mailsOtherwise, remailedCourse } from "./remailed-course.ts";

const STARTS = Date.UTC(2024, 2, 1, 12);

function plans(traffic = "0/s"): { readonly batched: PlanSpec; readonly atOnce: PlanSpec } {
  const found = decodeDefinition({
    path: "sale",
    definition: {
      name: "sale",
      seed: "sale/1",
      starts: "2024-03-01T12:00Z",
      lasts: "4h",
      sellers: [{ name: "bags", items: [{ sku: "A", "sale-price": "$5", units: 9, weight: 1 }] }],
      audience: {
        recipients: "20k",
        visits: "20%",
        "click-delay": { lognormal: { median: "5min", sigma: 0.5 } },
        "delivery-delay": { constant: "0s" },
      },
      traffic: { rate: traffic, ramp: "0s", decay: "0/d" },
      plans: {
        batched: { launch: { batches: 3, every: "40min", "each-over": "2min" } },
        "at-once": { launch: { batches: 1, "each-over": "2min" } },
      },
    },
  });
  if (Array.isArray(found)) throw new Error(found[0]?.message);
  const [batched, atOnce] = found.plans;
  return { batched: batched as PlanSpec, atOnce: atOnce as PlanSpec };
}

/** Who comes in a rehearsal of the plan, as a recording would have them. */
function recorded(plan: PlanSpec): Course {
  const { mailing } = new World({ plan, seed: "mailed/1" }).visits;
  const visits = Array.from(mailing.times, (at, index) => ({
    at: STARTS + at / 1_000,
    shopper: index,
    total: 100 + index,
    slot: null,
    pages: null,
  }));
  return courseOf(
    { basis: "orders", visits, share: 1, currency: "USD", counted: null, answers: null },
    AS_RECORDED,
  );
}

const within = (course: Course, from: number, to: number) =>
  course.at.filter((at) => at >= from && at < to).length;

describe("a course under another launch plan", () => {
  const { batched, atOnce } = plans();
  const course = fromScenarioStart(recorded(batched), batched.world);

  it("is counted from the scenario's start where it lies in its time", () => {
    expect(course.startsAt).toBe(STARTS);
    const other = { ...course, startsAt: STARTS + 365 * 86_400_000 };
    expect(fromScenarioStart(other, batched.world)).toBe(other);
  });

  it("comes as the rehearsal of that plan has it: same shoppers, all from one batch", () => {
    const plan = { asItWas: batched, changed: atOnce };
    const found = remailedCourse(course, plan, "remailed/1");
    const wanted = fromScenarioStart(recorded(atOnce), atOnce.world);
    expect(found.at).toHaveLength(course.at.length);
    expect(found.at.every(Number.isSafeInteger)).toBe(true);
    expect([...found.totals].sort()).toEqual([...course.totals].sort());
    expect([...found.at]).toEqual([...found.at].sort((one, other) => one - other));
    for (const until of [3 * MINUTE, 6 * MINUTE, 12 * MINUTE, 30 * MINUTE]) {
      const share = within(found, 0, until) / found.at.length;
      expect(Math.abs(share - within(wanted, 0, until) / wanted.at.length)).toBeLessThan(0.03);
    }
    expect(within(course, 0, 30 * MINUTE) / course.at.length).toBeLessThan(0.4);
  });

  it("is the same again with the same seed, and itself where nothing is mailed otherwise", () => {
    const plan = { asItWas: batched, changed: atOnce };
    const [one, again] = [remailedCourse(course, plan, "a/1"), remailedCourse(course, plan, "a/1")];
    expect([...one.at]).toEqual([...again.at]);
    const same = remailedCourse(course, { asItWas: batched, changed: batched }, "a/1");
    const apart = same.at.map((at, visit) => Math.abs(at - (course.at[visit] ?? 0)));
    expect(Math.max(...apart)).toBeLessThan(SECOND);
    expect(mailsOtherwise(batched.launch, atOnce.launch)).toBe(true);
    expect(mailsOtherwise(batched.launch, batched.launch)).toBe(false);
  });

  it("leaves whom no mail explains where they are", () => {
    const busy = plans("10/s");
    const plan = { asItWas: busy.batched, changed: busy.atOnce };
    const late = { ...course, at: course.at.map((at) => at + 2 * HOUR) };
    const found = remailedCourse(late, plan, "late/1");
    const stayed = within(found, 2 * HOUR, 5 * HOUR) / found.at.length;
    expect(stayed).toBeGreaterThan(0.97);
  });
});
