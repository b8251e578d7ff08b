import { describe, expect, it } from "vitest";
import { SECOND } from "../../engine/time.ts";
import { AS_RECORDED, type Course, courseOf } from "./recorded-course.ts";
import type { RecordedVisit } from "./recorded-visits.ts";
import { besideRecorded } from "./replay-figures.ts";
import { type Replayed, ReplayRun } from "./replay-run.ts";
import { planOfCourse, replayShop, type ShopQuestion } from "./replay-shop.ts";

const NOON = Date.UTC(2024, 2, 1, 12);
const SEED = "replay/1";

/** A burst of orders and a long tail, every fifth by a shopper who came before. */
const VISITS: readonly RecordedVisit[] = Array.from({ length: 300 }, (_, index) => ({
  at: NOON + (index < 100 ? index * 50 : 5_000 + (index - 100) * 7_000),
  shopper: index % 5 === 4 ? index - 1 : index,
  total: 1_000 + ((index * 37) % 91) * 100,
  slot: null,
  pages: null,
}));

const course: Course = courseOf(
  { basis: "orders", visits: VISITS, share: 1, currency: "EUR", counted: null, answers: null },
  AS_RECORDED,
);

function played(more: Partial<ShopQuestion> = {}, changed = false): Replayed {
  const shop = replayShop({ scenario: null, plan: null, sets: [], changes: [], ...more });
  if (!("asItWas" in shop)) throw new Error(shop[0]?.message);
  const plan = changed ? shop.changed : shop.asItWas;
  if (plan === null) throw new Error("nothing is changed");
  const run = new ReplayRun(course, planOfCourse(plan, course), SEED);
  while (!run.advance());
  return run.result();
}

describe("a replay of recorded orders", () => {
  const open = played();

  it("gives every order at its time, at its value, to its shopper", () => {
    expect(open.orders.at.length).toBe(300);
    const { totals, buyers, at } = open.orders;
    expect([...Array.from(totals)].sort()).toEqual([...course.totals].sort());
    for (let order = 0; order < 300; order += 1) {
      const late = (at[order] ?? 0) - (course.at[order] ?? 0);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(SECOND);
    }
    const known = new Set(course.firstVisit).size;
    expect(new Set(Array.from(buyers)).size).toBe(known);
    expect(open.rehearsal.broken).toEqual([]);
  });

  it("gives the same digest again", () => {
    expect(played().rehearsal.digest).toBe(open.rehearsal.digest);
  });

  it("knows its shoppers by name: a limit per shopper holds over their visits", () => {
    const changes = ["sellers.0.limit-per-shopper=1"];
    const limited = played({ changes }, true);
    // Who comes again wants an article of another value, which the limit is not of.
    const same = VISITS.filter(({ shopper, total }, index) =>
      VISITS.slice(0, index).some((one) => one.shopper === shopper && one.total === total),
    );
    expect(limited.orders.at.length).toBe(300 - same.length);
  });

  it("meets the payments of a shop that is changed", () => {
    const declined = played({ changes: ["payments.primary.decline=50%"] }, true);
    expect(declined.orders.at.length).toBeLessThan(280);
    expect(declined.orders.at.length).toBeGreaterThan(150);
    const question = { course, simulated: [open], changed: [declined], drawn: false };
    const { figures } = besideRecorded(question);
    const orders = figures.find(({ metric }) => metric === "orders");
    expect([orders?.recorded, orders?.simulated.mean]).toEqual([300, 300]);
    expect(orders?.changed?.mean).toBe(declined.orders.at.length);
  });

  it("says what is wrong with a change, and with a plan that is not there", () => {
    const shop = (more: Partial<ShopQuestion>) =>
      replayShop({ scenario: null, plan: null, sets: [], changes: [], ...more });
    const problems = [shop({ changes: ["payments.primry.decline=1%"] }), shop({ plan: "fast" })];
    for (const found of problems) {
      if ("asItWas" in found) throw new Error("it is refused");
      expect(found.length).toBe(1);
    }
  });
});
