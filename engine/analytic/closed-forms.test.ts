import { describe, expect, it } from "vitest";
import { log } from "../elementary.ts";
import { ANALYTIC_CHECKS, type AnalyticCheck, input, titleOf } from "./checks.ts";
import {
  asymptoticVariance,
  chainOf,
  erlangB,
  erlangC,
  infiniteServersSinusoidal,
  infiniteServersStep,
  meanValueAnalysis,
  pollaczekKhinchine,
  singleServer,
  stationary,
  stationaryMean,
} from "./closed-forms.ts";
import { figuresOf, stationOf } from "./figures.ts";

/** The formulas that are written for a model itself, beside the general chain. */
function formulasOf(check: AnalyticCheck): Record<string, number> {
  switch (check.model) {
    case "M/M/1": {
      const queue = singleServer(input(check, "lam"), input(check, "mu"));
      const ninetieth = log(10) / queue.sojournRate;
      return {
        L: queue.inSystem,
        Lq: queue.waiting,
        W: queue.sojourn,
        Wq: queue.wait,
        sojourn_p90: ninetieth,
      };
    }
    case "ErlangB":
      return { B: erlangB(input(check, "c"), input(check, "a")) };
    case "ErlangC": {
      const { waits, wait, waiting } = erlangC(input(check, "c"), input(check, "a"));
      return { Pwait: waits, Wq: wait, Lq: waiting };
    }
    case "M/G/1": {
      const { wait, inSystem } = pollaczekKhinchine({
        arrivalRate: input(check, "lam"),
        serviceMean: input(check, "ES"),
        serviceVariation: input(check, "cs2"),
      });
      return { Wq: wait, L: inSystem };
    }
    case "Mt/M/inf":
      return momentsAt(
        check,
        infiniteServersSinusoidal({
          base: input(check, "base"),
          swing: input(check, "swing"),
          period: input(check, "period"),
          serviceRate: input(check, "mu"),
        }),
      );
    case "M/M/inf step":
      return momentsAt(check, infiniteServersStep(input(check, "lam"), input(check, "mu")));
    case "closed MVA": {
      const demands = check.inputs.D as readonly number[];
      const { throughput, response } = meanValueAnalysis({
        population: input(check, "N"),
        think: input(check, "Z"),
        demands,
      });
      return { X: throughput, R: response };
    }
    case "finite source": {
      if (input(check, "c") > 1) return {};
      const { throughput, response } = meanValueAnalysis({
        population: input(check, "N"),
        think: input(check, "Z"),
        demands: [input(check, "D")],
      });
      return { X: throughput, R: response };
    }
    case "ErlangA":
    case "M/M/c/K":
      return {};
  }
}

/** The expected "m(3)" and so on, by the function m. */
function momentsAt(check: AnalyticCheck, m: (t: number) => number): Record<string, number> {
  const names = Object.keys(check.expect);
  return Object.fromEntries(names.map((name) => [name, m(Number(name.slice(2, -1)))]));
}

/** Half of the last printed digit: six after the point, or six in all. */
function tolerance(check: AnalyticCheck, expected: number): number {
  return check.within ?? Math.max(6e-7, 1e-6 * Math.abs(expected));
}

describe("the table of reference values", () => {
  it("has its 32 rows", () => {
    expect(ANALYTIC_CHECKS.length).toBe(32);
  });

  it.each(ANALYTIC_CHECKS.map((check) => [titleOf(check), check] as const))(
    "%s agrees with its formula",
    (_title, check) => {
      const byFormula = formulasOf(check);
      const station = stationOf(check);
      const byChain = station === null ? {} : chainFigures(check);
      for (const [name, expected] of Object.entries(check.expect)) {
        const values = [byFormula[name], byChain[name]].filter((value) => value !== undefined);
        expect(values.length, `a value of ${name}`).toBeGreaterThan(0);
        for (const value of values) {
          expect(Math.abs(value - expected), name).toBeLessThan(tolerance(check, expected));
        }
      }
    },
  );
});

/** Every figure of a Markov row by the general birth-death chain. */
function chainFigures(check: AnalyticCheck): Record<string, number> {
  const figures = figuresOf(check);
  return Object.fromEntries(figures.map((figure) => [figure.name, figure.expected]));
}

describe("the run-length rule", () => {
  it("gives Whitt's asymptotic variances of M/M/1: 24, 1,800 and 34,200", () => {
    const variance = (load: number): number =>
      asymptoticVariance(chainOf({ arrivalRate: load, serviceRate: 1, servers: 1 }), (k) => k);
    expect(variance(0.5)).toBeCloseTo(24, 6);
    expect(variance(0.8)).toBeCloseTo(1_800, 4);
    expect(variance(0.9) / 34_200).toBeCloseTo(1, 6);
  });

  it("gives that of M/M/inf: 2 load / mu", () => {
    const chain = chainOf({ arrivalRate: 30, serviceRate: 2, servers: 10_000 });
    expect(asymptoticVariance(chain, (k) => k)).toBeCloseTo((2 * 15) / 2, 8);
    expect(stationaryMean(stationary(chain), (k) => k)).toBeCloseTo(15, 10);
  });
});

describe("overload in the fluid limit", () => {
  it("is what Erlang A tends to: 1 - 1/rho give up, (lam - n mu) / theta wait", () => {
    const check = ANALYTIC_CHECKS.find(
      ({ model, inputs }) => model === "ErlangA" && inputs.n === 1_000,
    );
    expect(check).toBeDefined();
    const figures = check === undefined ? {} : chainFigures(check);
    expect(figures.Pab).toBeCloseTo(1 / 11, 5);
    expect(figures.Lq).toBeCloseTo(200, 2);
  });
});
