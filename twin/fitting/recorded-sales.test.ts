import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fitArrivalProfile } from "./arrival-profile.ts";
import { countDispersion } from "./count-dispersion.ts";
import { fitMilestones, scoreMilestones } from "./milestones.ts";
import { valueShape } from "./value-shape.ts";

const DATA = new URL("../../../shared/data/", import.meta.url);
const missing = existsSync(DATA) ? "" : " (skipped: ../shared/data is not beside the repository)";

/** The rows of a table without quoted commas, by column. */
function rowsOf(file: string): readonly Readonly<Record<string, string>>[] {
  const [head = "", ...lines] = readFileSync(new URL(file, DATA), "utf8").trim().split("\n");
  const names = head.trim().split(",");
  return lines.map((line) => {
    const cells = line.trim().split(",");
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

function retailOrders() {
  return rowsOf("uci_orders.csv").filter(
    ({ kind, value_gbp }) => kind === "o" && Number(value_gbp) > 0,
  );
}

describe.skipIf(missing !== "")(`a retailer's year of orders${missing}`, () => {
  it("has values with a lognormal body and a power law's tail", () => {
    const shape = valueShape(retailOrders().map(({ value_gbp }) => Number(value_gbp)));
    if ("why" in shape) throw new Error(shape.why);
    expect(shape.size).toBe(19_959);
    expect(shape.median).toBeCloseTo(303.83, 2);
    expect(shape.mean).toBeCloseTo(533.88, 2);
    expect(shape.bodySigma).toBeCloseTo(0.87, 2);
    expect(shape.tail?.densityExponent).toBeGreaterThan(2.3);
    expect(shape.tail?.densityExponent).toBeLessThan(2.5);
    expect(shape.p99OverMedian).toBeGreaterThan(10);
  });

  it("has arrivals that are Poisson at a minute, around the level of their day", () => {
    const [open, close] = [10 * 60, 15 * 60];
    const days = new Map<string, Float64Array>();
    for (const { t_local = "" } of retailOrders()) {
      const minute = Number(t_local.slice(11, 13)) * 60 + Number(t_local.slice(14, 16));
      if (minute < open || minute >= close) continue;
      const day = t_local.slice(0, 10);
      const counts = days.get(day) ?? new Float64Array(close - open);
      counts[minute - open] = (counts[minute - open] ?? 0) + 1;
      days.set(day, counts);
    }
    const [minute, fiveMinutes, hour] = countDispersion([...days.values()], [1, 5, 60]);
    expect(minute?.ratio).toBeCloseTo(1.02, 1);
    expect(minute?.verdict).toBe("Poisson");
    expect(fiveMinutes?.ratio).toBeGreaterThan(minute?.ratio ?? 9);
    expect(hour?.ratio).toBeGreaterThan(fiveMinutes?.ratio ?? 9);
    expect(hour?.verdict).toBe("over-dispersed");
  });
});

describe.skipIf(missing !== "")(`a sale above its capacity${missing}`, () => {
  it("serves in bursts: variance over mean 13.8 per slot", () => {
    const slots = rowsOf("bancor_blocks.csv").map(({ sale_tx }) => Number(sale_tx));
    const [slot] = countDispersion([slots], [1]);
    expect(slot?.ratio).toBeCloseTo(13.8, 1);
    expect(slot?.low).toBeGreaterThan(5);
    expect(slot?.verdict).toBe("over-dispersed");
  });

  it("serves along a straight line: capacity, not demand, shaped it", () => {
    const times = rowsOf("bancor_orders.csv").map(({ t_s }) => Number(t_s));
    const counts = new Float64Array(Math.floor((times.at(-1) ?? 0) / 60) + 1);
    for (const time of times) {
      const minute = Math.floor(time / 60);
      counts[minute] = (counts[minute] ?? 0) + 1;
    }
    const fitted = fitArrivalProfile({ counts, every: 60, startsAt: 14 * 3_600 });
    if ("why" in fitted) throw new Error(fitted.why);
    expect(fitted.orders).toBe(13_357);
    expect(Math.abs(fitted.halfAt - 0.52)).toBeLessThan(0.02);
    expect(fitted.linear).toBe(true);
    expect(fitted.dispersion).toBeGreaterThan(5);
  });
});

describe.skipIf(missing !== "")(`published milestones of a day's sale${missing}`, () => {
  const DAY = 86_400;
  const milestonesOf = (wanted: string) =>
    rowsOf("double11_published.csv")
      .filter(({ year, t_s }) => year === wanted && Number(t_s) < DAY)
      .map(({ t_s, share_of_day }) => ({ seconds: Number(t_s), share: Number(share_of_day) }));

  it("of 2019 are met within 10 % each, and predict those of 2018", () => {
    const [best] = fitMilestones(milestonesOf("2019"), DAY);
    expect(best?.milestones).toHaveLength(6);
    for (const { error, seconds } of best?.milestones ?? [])
      expect(Math.abs(error), `at ${seconds} s`).toBeLessThan(0.1);
    expect(best?.wmape).toBeLessThan(0.05);
    const predicted = scoreMilestones(milestonesOf("2018"), best?.curve ?? (() => 0));
    expect(predicted.milestones).toHaveLength(2);
    expect(predicted.wmape).toBeLessThan(0.12);
  });
});
