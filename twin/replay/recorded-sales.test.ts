/** Recorded sales of others, drawn anew from what is fitted to them. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { drawnCourse, fitCourse } from "./fitted-course.ts";
import { figuresOf, type OrderFigures, type Orders } from "./order-course.ts";
import { AS_RECORDED, type Course, courseOf, slotsOf, spanOf } from "./recorded-course.ts";
import { ReplayRun } from "./replay-run.ts";
import { planOfCourse, replayShop } from "./replay-shop.ts";

const DATA = new URL("../../../shared/data/bancor_orders.csv", import.meta.url);
const missing = existsSync(DATA) ? "" : " (skipped: ../shared/data is not beside the repository)";
const START = Date.UTC(2017, 5, 12, 14);

function bancor(): Course {
  const [head = "", ...lines] = readFileSync(DATA, "utf8").trim().split("\n");
  const names = head.trim().split(",");
  const visits = lines.map((line) => {
    const cells = line.trim().split(",");
    const cell = (name: string) => Number(cells[names.indexOf(name)]);
    return {
      at: START + cell("t_s") * 1_000,
      shopper: cell("buyer"),
      total: Math.max(1, Math.round(cell("amount_eth") * 100)),
      slot: cell("block"),
      pages: null,
    };
  });
  const kept = {
    basis: "orders",
    visits,
    share: 1,
    currency: "ETH",
    counted: null,
    answers: null,
  } as const;
  return courseOf(kept, AS_RECORDED);
}

function figures(course: Course, orders: Orders = ordersOf(course)): OrderFigures {
  const span = spanOf(course);
  return figuresOf(orders, { span, every: 60_000_000, slots: slotsOf(course) });
}

const ordersOf = ({ at, totals, firstVisit }: Course) => ({ at, totals, buyers: firstVisit });

describe.skipIf(missing !== "")(`a sale above its capacity${missing}`, () => {
  it("is known by its straight line, and drawn as slots that serve a backlog", () => {
    const course = bancor();
    const fit = fitCourse(course, slotsOf(course));
    if ("why" in fit) throw new Error(fit.why);
    expect(fit.arrivals.linear).toBe(true);
    const shop = replayShop({ scenario: null, plan: null, sets: [], changes: [] });
    if (!("asItWas" in shop)) throw new Error("the open shop is a shop");
    const drawn = drawnCourse(fit, "bancor/1");
    const run = new ReplayRun(drawn, planOfCourse(shop.asItWas, drawn), "bancor/1");
    while (!run.advance());
    const { orders, rehearsal } = run.result();
    const found = figures(drawn, orders);
    expect(rehearsal.broken).toEqual([]);
    expect(found.orders).toBe(13_357);
    expect(Math.abs(found["orders.halfAt"] - 0.52)).toBeLessThan(0.04);
    expect(found["orders.dispersion{slot}"]).toBeGreaterThan(5);
    expect(found["orders.lastOverFirst"]).toBeGreaterThan(0.8);
    expect(Math.abs(found["buyers.single"] - 0.84)).toBeLessThan(0.03);
  });

  it("has over many draws the half, the scatter, the level and the buyers of the recording", () => {
    const course = bancor();
    const fit = fitCourse(course, slotsOf(course));
    if ("why" in fit) throw new Error(fit.why);
    const draws = Array.from({ length: 20 }, (_, seed) => figures(drawnCourse(fit, `b/${seed}`)));
    const mean = (of: (one: OrderFigures) => number) =>
      draws.reduce((sum, one) => sum + of(one), 0) / draws.length;
    expect(Math.abs(mean((one) => one["orders.halfAt"]) - 0.52)).toBeLessThan(0.02);
    expect(mean((one) => one["orders.dispersion{slot}"])).toBeGreaterThan(10);
    const was = figures(course)["orders.lastOverFirst"];
    expect(Math.abs(mean((one) => one["orders.lastOverFirst"]) - was)).toBeLessThan(0.1);
    expect(was).toBeGreaterThan(1);
    expect(mean((one) => one["buyers.single"])).toBeCloseTo(0.837, 2);
  });
});
