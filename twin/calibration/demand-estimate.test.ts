import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RandomStream } from "../../engine/random.ts";
import type { DemandModel } from "./capacity-profile.ts";
import { intervalWidths } from "./cell-forecast.ts";
import { calibrationCells } from "./cells.ts";
import { type CalibrationRun, estimateDemands } from "./demand-estimate.ts";
import { nonNegativeLeastSquares } from "./least-squares.ts";
import { countsOf, type LoadCell, planOf, ROUTES } from "./load-cell.ts";
import { predictedResponses } from "./load-prediction.ts";

const COMMIT = { onLoop: true, micros: 400 };
const demand = fc.record({
  loop: fc.double({ min: 100, max: 3_000, noNaN: true }),
  store: fc.double({ min: 200, max: 5_000, noNaN: true }),
  machine: fc.double({ min: 400, max: 9_000, noNaN: true }),
});
const demands = fc.array(demand, { minLength: ROUTES.length + 1, maxLength: ROUTES.length + 1 });
type Demands = readonly {
  readonly loop: number;
  readonly store: number;
  readonly machine: number;
}[];

/** Runs of which every second and every request cost what they are said to. */
function runsOf(known: Demands, noise = 0): CalibrationRun[] {
  const random = new RandomStream("runs", "noise");
  return calibrationCells({ seconds: 2 }).map((cell) => {
    const plan = planOf(cell, () => 150, "test");
    const amounts = [...countsOf(plan), plan.seconds];
    const spent = (kind: "loop" | "store" | "machine") =>
      amounts.reduce((sum, amount, place) => sum + amount * known[place][kind], 0) *
      (1 + noise * random.normal());
    return {
      plan,
      round: 0,
      responses: Float64Array.from(plan.requests, () => 2_000),
      spent: { loop: spent("loop"), store: spent("store"), machine: spent("machine") },
      seconds: plan.seconds,
    };
  });
}

describe("demands", () => {
  it("are found again from counts and whole costs", () => {
    fc.assert(
      fc.property(demands, (known) => {
        const runs = runsOf(known);
        for (const kind of ["loop", "store", "machine"] as const) {
          const found = nonNegativeLeastSquares(
            runs.map(({ plan, spent, seconds }) => ({
              amounts: [...countsOf(plan), seconds],
              total: spent[kind],
              weight: 1 / spent[kind] / spent[kind],
            })),
          );
          found.forEach((value, place) => {
            expect(Math.abs(value / known[place][kind] - 1)).toBeLessThan(0.01);
          });
        }
      }),
      { numRuns: 10 },
    );
  });

  it("have bounds that hold them where runs are off by 3 %", () => {
    const known = ROUTES.map((_, route) => {
      const each = 400 + 300 * route;
      return { loop: each, store: 1.5 * each, machine: 2 * each };
    });
    const runs = runsOf([...known, { loop: 9_000, store: 12_000, machine: 20_000 }], 0.03);
    const { routes } = estimateDemands(runs, { cores: 2, commit: COMMIT });
    ROUTES.forEach((name, place) => {
      const { demand: found, low, high } = routes[name];
      expect(Math.abs(found.machine / known[place].machine - 1)).toBeLessThan(0.15);
      expect(low.machine).toBeLessThanOrEqual(found.machine);
      expect(high.machine).toBeGreaterThanOrEqual(found.machine);
    });
  });

  it("never cost less than nothing", () => {
    // What fits best without the rule is minus one a request.
    const found = nonNegativeLeastSquares([
      { amounts: [0, 1], total: 10, weight: 1 },
      { amounts: [4, 1], total: 6, weight: 1 },
    ]);
    expect(found[0]).toBe(0);
    expect(found[1]).toBeCloseTo(8, 6);
  });
});

describe("a prediction from residuals", () => {
  it("gives back a store that is the model itself, at a load that was not seen", () => {
    const truth = storeItself();
    const runs = runsLike(truth, calibrationCells({ seconds: 3 }));
    const model = estimateDemands(runs, { cores: 2, commit: COMMIT });
    const cell = {
      name: "unseen",
      kind: "rate",
      mix: { home: 2, cart: 1, order: 1 },
      phases: [{ seconds: 10, load: 0.6 }],
    } as const;
    const plan = planOf(cell, () => 400, "test");
    const mean = (of: DemandModel) => {
      const responses = predictedResponses(of, plan, "unseen");
      return responses.reduce((sum, one) => sum + one, 0) / responses.length;
    };
    expect(Math.abs(mean(model) / mean(truth) - 1)).toBeLessThan(0.06);
  });
});

describe("the widths of intervals", () => {
  it("have in them what a machine does from one round to the next", () => {
    const truth = storeItself();
    const cells = calibrationCells({ seconds: 3 }, true);
    const widthsOf = (slower: number) => {
      const runs = [1, slower].flatMap((times, round) => runsLike(truth, cells, { round, times }));
      return intervalWidths(runs, { cores: 2, commit: COMMIT });
    };
    const [same, other] = [widthsOf(1), widthsOf(1.5)];
    expect(same.p50).toBeLessThan(0.1);
    expect(other.p50).toBeGreaterThan(0.3);
    expect(other.utilisation).toBeGreaterThan(0.3);
  });
});

function storeItself(): DemandModel {
  const ofRoutes = ROUTES.map((_, route) => ({
    loop: 300 + 100 * route,
    store: 400 + 150 * route,
    machine: 900 + 200 * route,
  }));
  const second = { loop: 5_000, store: 9_000, machine: 20_000 };
  const known = estimateDemands(runsOf([...ofRoutes, second]), { cores: 2, commit: COMMIT });
  return withResiduals(known);
}

/** Runs of a store that is the model itself, on a machine that takes so many times as long. */
function runsLike(
  truth: DemandModel,
  cells: readonly LoadCell[],
  { round = 0, times = 1 } = {},
): CalibrationRun[] {
  return cells.map((cell, place) => {
    const plan = planOf(cell, () => 400, "test");
    const amounts = [...countsOf(plan)];
    const spent = (kind: "loop" | "store" | "machine") =>
      times *
      amounts.reduce(
        (sum, amount, route) => sum + amount * truth.routes[ROUTES[route]].demand[kind],
        truth.fixedPerSecond[kind] * plan.seconds,
      );
    const responses = predictedResponses(truth, plan, `store ${place} ${round}`);
    return {
      plan,
      round,
      responses: responses.map((response) => times * response),
      spent: { loop: spent("loop"), store: spent("store"), machine: spent("machine") },
      seconds: plan.seconds,
    };
  });
}

/** Residuals that rise with the share and with how busy the machine is. */
function withResiduals(model: DemandModel): DemandModel {
  const curve = (times: number) =>
    model.routes.home.levels[0].residual.map((_, place) => times * (300 + 40 * place));
  const level = (busy: number, times: number) => ({ busy, requests: 100, residual: curve(times) });
  const routes = Object.fromEntries(
    ROUTES.map((name) => [name, { ...model.routes[name], levels: [level(0.1, 1), level(0.9, 2)] }]),
  ) as unknown as DemandModel["routes"];
  return { ...model, routes };
}
