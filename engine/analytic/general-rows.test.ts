/** The rows of the table that are not Markov chains in one number, simulated by the kernel. */
import { describe, expect, it } from "vitest";
import { PoissonArrivals, type PoissonOptions } from "../arrivals.ts";
import { exponential, mixture } from "../distribution.ts";
import { sin } from "../elementary.ts";
import { type Behaviour, Processes } from "../process.ts";
import { ProcessorSharing } from "../processor-sharing.ts";
import { Resource } from "../resource.ts";
import { Simulation } from "../simulation.ts";
import { LittlesLaw } from "../statistics/littles-law.ts";
import { TimeWeighted } from "../statistics/time-weighted.ts";
import { SECOND, type Ticks } from "../time.ts";
import { ANALYTIC_CHECKS, type AnalyticCheck, input, type Model } from "./checks.ts";
import { BatchMeans } from "./recursions.ts";

/** One unit of a row's time in ticks, which is what rates per second are per. */
const UNIT: Ticks = SECOND;
const STANDARD_ERRORS = 4;

function rowOf(model: Model): AnalyticCheck {
  const row = ANALYTIC_CHECKS.find((check) => check.model === model);
  if (row === undefined) throw new Error(`the table has no row of ${model}`);
  return row;
}

/**
 * Servers without end: what comes stays its time and goes. Samples the number present when told to.
 */
function simulateInfiniteServers(options: {
  readonly arrivals: PoissonOptions;
  readonly serviceRate: number;
  readonly sources: number;
  readonly samples: readonly Ticks[];
  readonly end: Ticks;
}): { counts: number[]; departures: number; exposure: number } {
  const simulation = new Simulation({ seed: "infinite servers" });
  const arrivalStream = simulation.random("arrivals");
  const serviceStream = simulation.random("services");
  const present = new TimeWeighted(0);
  const counts: number[] = [];
  let departures = 0;
  const sources = Array.from(
    { length: options.sources },
    () => new PoissonArrivals(options.arrivals),
  );
  const depart = simulation.defineEvent("depart", () => {
    departures += 1;
    present.add(simulation.now, -1);
  });
  const next = (source: number): void => {
    const at = sources[source].next(arrivalStream, simulation.now);
    if (at <= options.end) simulation.schedule(at, arrive, source);
  };
  const arrive = simulation.defineEvent("arrive", (source) => {
    present.add(simulation.now, 1);
    const time = Math.round((serviceStream.exponential() / options.serviceRate) * UNIT);
    simulation.scheduleAfter(time, depart, 0);
    next(source);
  });
  const sample = simulation.defineEvent("sample", () => counts.push(present.value));
  for (const at of options.samples) simulation.schedule(at, sample, 0);
  for (let source = 0; source < options.sources; source++) next(source);
  simulation.run({ until: options.end });
  return { counts, departures, exposure: present.integral(options.end) / UNIT };
}

/** A count of independent things is within four standard errors of its mean. */
function isPoissonAround(count: number, mean: number): void {
  expect(Math.abs(count / mean - 1)).toBeLessThan(STANDARD_ERRORS / Math.sqrt(mean));
}

function serviceRateIs(rate: number, run: { departures: number; exposure: number }): void {
  const error = run.departures / run.exposure / rate - 1;
  expect(STANDARD_ERRORS / Math.sqrt(run.departures)).toBeLessThan(0.009);
  expect(Math.abs(error)).toBeLessThan(STANDARD_ERRORS / Math.sqrt(run.departures));
}

describe("Mt/M/inf", () => {
  const row = rowOf("Mt/M/inf");
  const [base, swing, period] = ["base", "swing", "period"].map((name) => input(row, name));
  const PERIODS = 150;
  const rate = (at: Ticks): number => base + swing * sin((2 * Math.PI * (at / UNIT)) / period);
  const phases = Object.keys(row.expect).map((name) => Number(name.slice(2, -1)));
  // The first period is the way into the periodic state; the others are sampled at every phase.
  const samples = Array.from({ length: PERIODS }, (_, turn) =>
    phases.map((phase) => ((turn + 1) * period + phase) * UNIT),
  ).flat();
  const run = simulateInfiniteServers({
    arrivals: { rate, ceiling: base + swing },
    serviceRate: input(row, "mu"),
    sources: 1,
    samples,
    end: (PERIODS + 1) * period * UNIT,
  });

  it.each(phases.map((phase, index) => [phase, index] as const))("has m(%d)", (phase, index) => {
    let count = 0;
    for (let at = index; at < run.counts.length; at += phases.length) count += run.counts[at];
    isPoissonAround(count, row.expect[`m(${phase})`] * PERIODS);
  });

  it("has the sum over the phases, and serves at its rate, to better than 1 %", () => {
    const expected = Object.values(row.expect).reduce((sum, value) => sum + value, 0) * PERIODS;
    const total = run.counts.reduce((sum, count) => sum + count, 0);
    isPoissonAround(total, expected);
    serviceRateIs(input(row, "mu"), run);
  });
});

describe("M/M/inf from empty", () => {
  const row = rowOf("M/M/inf step");
  const COPIES = 1_000;
  const perSecond = input(row, "lam");

  it("fills as the closed form says, to better than 1.5 %", () => {
    const run = simulateInfiniteServers({
      arrivals: { corners: [0, 4].map((at) => ({ at: at * UNIT, perSecond })) },
      serviceRate: input(row, "mu"),
      sources: COPIES,
      samples: [1 * UNIT, 4 * UNIT],
      end: 4 * UNIT,
    });
    isPoissonAround(run.counts[0], row.expect["m(1)"] * COPIES);
    isPoissonAround(run.counts[1], row.expect["m(4)"] * COPIES);
    serviceRateIs(input(row, "mu"), run);
  });
});

describe("a closed network of three stations, as processes and resources", () => {
  const row = rowOf("closed MVA");
  const demands = row.inputs.D as readonly number[];
  const CYCLES = 160_000;

  it("has the throughput and the response time of mean value analysis", () => {
    const simulation = new Simulation({ seed: "closed network" });
    const processes = new Processes(simulation);
    const random = simulation.random("times");
    const stations = demands.map(
      (_, index) => new Resource(processes, { name: `station ${index}`, capacity: 1 }),
    );
    const responses = new BatchMeans({ values: CYCLES, batches: 20 });
    let cycles = 0;
    const time = (mean: number): Ticks => Math.round(mean * random.exponential() * UNIT);
    function* user(): Behaviour {
      while (cycles < CYCLES) {
        yield time(input(row, "Z"));
        const began = simulation.now;
        for (const [index, station] of stations.entries()) {
          const claim = station.request();
          yield claim;
          yield time(demands[index]);
          claim.release();
        }
        if (cycles >= CYCLES) return;
        cycles += 1;
        responses.add((simulation.now - began) / UNIT);
        if (cycles === CYCLES) simulation.stop();
      }
    }
    for (let number = 0; number < input(row, "N"); number++) processes.start("user", user());
    simulation.run();
    const throughput = cycles / (simulation.now / UNIT);
    expect(Math.abs(throughput / row.expect.X - 1)).toBeLessThan(0.01);
    const error = Math.abs(responses.mean - row.expect.R);
    expect(error).toBeLessThan(STANDARD_ERRORS * responses.standardError);
    expect((STANDARD_ERRORS * responses.standardError) / row.expect.R).toBeLessThan(0.06);
    for (const [index, station] of stations.entries()) {
      const utilisation = row.expect.X * demands[index];
      expect(Math.abs(station.use.mean(simulation.now) / utilisation - 1)).toBeLessThan(0.015);
    }
  });
});

describe("M/G/1 with processor sharing", () => {
  it("has the mean number of M/M/1 whatever the services' variation (insensitivity)", () => {
    const JOBS = 240_000;
    const simulation = new Simulation({ seed: "sharing" });
    const arrivals = simulation.random("arrivals");
    const works = simulation.random("works");
    const service = mixture({
      parts: [
        { weight: 0.9, of: exponential({ mean: 0.5 }) },
        { weight: 0.1, of: exponential({ mean: 5.5 }) },
      ],
    });
    const arrivedAt = new Float64Array(JOBS);
    const sojourns = new BatchMeans({ values: JOBS, batches: 20 });
    const law = new LittlesLaw("processor", 0);
    const processor = new ProcessorSharing(simulation, { name: "cpu", capacity: 1 }, (job) => {
      law.depart(simulation.now, arrivedAt[job]);
      sojourns.add((simulation.now - arrivedAt[job]) / UNIT);
    });
    const arrive = simulation.defineEvent("arrive", (job) => {
      arrivedAt[job] = simulation.now;
      law.arrive(simulation.now);
      processor.add(job, service.sample(works) * UNIT);
      if (job + 1 < JOBS) {
        simulation.scheduleAfter(Math.round(2 * arrivals.exponential() * UNIT), arrive, job + 1);
      }
    });
    simulation.schedule(0, arrive, 0);
    expect(simulation.run()).toBe("drained");
    // Load 0.5: L = 0.5 / (1 - 0.5) = 1, and by Little's law a sojourn of 2.
    const relative = sojourns.standardError / 2;
    expect(STANDARD_ERRORS * relative).toBeLessThan(0.06);
    expect(Math.abs(sojourns.mean / 2 - 1)).toBeLessThan(STANDARD_ERRORS * relative);
    const { inside } = law.report(simulation.now, []);
    expect(inside).toBeCloseTo(processor.jobs.mean(simulation.now), 9);
    expect(Math.abs(inside - 1)).toBeLessThan(0.05);
  });
});
