/**
 * Every Markov row of the table, simulated by the kernel. Two things are asked of a run.
 *
 * Its *rates* per unit of exposure (arrivals per time, services per busy time) are those that were
 * put in, within 0.3 %. Luck is taken out by a control variate: instead of counting services, each
 * of which is worth one unit exponential on average, the exponentials that were drawn are added up.
 * An error of 1 % in the kernel's times or bookkeeping cannot pass this in any row, however high
 * the load; that the exponentials themselves have mean 1 is seen in `recursions.test.ts`, in tens
 * of millions of them.
 *
 * Its *figures* are those of theory within four standard errors, which theory gives as well (the
 * run-length rule of Whitt 1989, 1992). Where a figure settles fast that is about 1 %; near
 * saturation it is more (the queue at nine tenths of its load would need hundreds of millions of
 * events), but there an error of 1 % in a rate moves the figure by ten times as much.
 * `recursions.test.ts` brings those figures to 1 % in a cheaper way.
 */
import { describe, expect, it } from "vitest";
import { ANALYTIC_CHECKS, type AnalyticCheck, titleOf } from "./checks.ts";
import type { Station } from "./closed-forms.ts";
import { figuresOf, stationOf } from "./figures.ts";
import { type StationTotals, simulateStation } from "./station.ts";

/** Arrivals of a run whose figures are looked at, and of one whose rates alone have to show. */
const ARRIVALS = 200_000;
const ARRIVALS_FOR_RATES = 40_000;
const STANDARD_ERRORS = 4;
/** What customers in service at both ends of a run may add to a rate. */
const RATE_TOLERANCE = 0.003;

/** How long a station takes to let that many arrivals come, refused ones included. */
function timeFor(station: Station, arrivals: number): number {
  const { population, arrivalRate, serviceRate, servers } = station;
  if (population === undefined) return arrivals / arrivalRate;
  const cycle = Math.max(1 / arrivalRate + 1 / serviceRate, population / (servers * serviceRate));
  return (arrivals * cycle) / population;
}

function simulate(station: Station, seed: string, arrivals: number): StationTotals {
  const time = timeFor(station, arrivals);
  return simulateStation({ station, seed, time, warmUp: time / 20 });
}

/** What in a run is not as theory says; empty where all is well. */
function complaints(check: AnalyticCheck, totals: StationTotals): string[] {
  const station = stationOf(check);
  if (station === null) return ["not a Markov row"];
  return [...rateComplaints(station, totals), ...figureComplaints(check, totals)];
}

function rateComplaints(station: Station, totals: StationTotals): string[] {
  const { drawn, busy, time, away, abandoned, waiting } = totals;
  const arrivalRate = drawn.gaps / (station.population === undefined ? time : away);
  const told = [
    ...complaint("arrival rate", arrivalRate, station.arrivalRate, RATE_TOLERANCE),
    ...complaint("service rate", drawn.services / busy, station.serviceRate, RATE_TOLERANCE),
  ];
  if (station.abandonRate === undefined) return told;
  const tolerance = STANDARD_ERRORS / Math.sqrt(abandoned);
  return [
    ...told,
    ...complaint("abandon rate", abandoned / waiting, station.abandonRate, tolerance),
  ];
}

function figureComplaints(check: AnalyticCheck, totals: StationTotals): string[] {
  return figuresOf(check).flatMap((figure) => {
    const tolerance = STANDARD_ERRORS * figure.relativeError(totals.time);
    return complaint(figure.name, figure.measure(totals), check.expect[figure.name], tolerance);
  });
}

function complaint(name: string, value: number, expected: number, tolerance: number): string[] {
  const error = value / expected - 1;
  if (Math.abs(error) <= tolerance) return [];
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    `${name} is ${value}, not ${expected}: off by ${percent(error)} of ${percent(tolerance)}`,
  ];
}

const rows = ANALYTIC_CHECKS.flatMap((check) => {
  const station = stationOf(check);
  return station === null ? [] : [{ title: titleOf(check), check, station }];
});

describe("the kernel agrees with theory", () => {
  it("in 25 Markov rows of the table", () => {
    expect(rows.length).toBe(25);
  });

  it.each(rows)("$title", ({ title, check, station }) => {
    const totals = simulate(station, title, ARRIVALS);
    expect(complaints(check, totals)).toEqual([]);
    const names = figuresOf(check).map(({ name }) => name);
    expect(names).toEqual(Object.keys(check.expect));
  });
});

describe("an error of 1 % is found in every row", () => {
  it.each(rows)("$title: in the service rate", ({ title, check, station }) => {
    for (const factor of [0.99, 1.01]) {
      const wrong = { ...station, serviceRate: station.serviceRate * factor };
      const totals = simulate(wrong, title, ARRIVALS_FOR_RATES);
      expect(complaints(check, totals)).not.toEqual([]);
    }
  });

  it.each(rows)("$title: in the arrival rate", ({ title, check, station }) => {
    const wrong = { ...station, arrivalRate: station.arrivalRate * 1.01 };
    const totals = simulate(wrong, title, ARRIVALS_FOR_RATES);
    expect(complaints(check, totals)).not.toEqual([]);
  });

  it("and nothing is found where there is none, in runs as short", () => {
    for (const { title, station } of rows) {
      const totals = simulate(station, title, ARRIVALS_FOR_RATES);
      expect(rateComplaints(station, totals)).toEqual([]);
    }
  });
});
