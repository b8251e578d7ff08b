import { describe, expect, it } from "vitest";
import {
  constant,
  type Distribution,
  exponential,
  lognormalFromMean,
  mixture,
} from "../distribution.ts";
import { log } from "../elementary.ts";
import { type Behaviour, Processes } from "../process.ts";
import { RandomStream } from "../random.ts";
import { Resource } from "../resource.ts";
import { Simulation } from "../simulation.ts";
import { erlangC, pollaczekKhinchine, singleServer } from "./closed-forms.ts";
import { BatchMeans, ServersFree } from "./recursions.ts";
import { simulateStation, UNIT } from "./station.ts";

/**
 * Two exponentials with balanced means: mean 1, squared coefficient of variation 4 (Whitt 1982).
 */
function hyperexponential(variation: number): Distribution {
  const share = (1 + Math.sqrt((variation - 1) / (variation + 1))) / 2;
  return mixture({
    parts: [
      { weight: share, of: exponential({ mean: 1 / (2 * share) }) },
      { weight: 1 - share, of: exponential({ mean: 1 / (2 * (1 - share)) }) },
    ],
  });
}

/** Service times of mean 1 with the given squared coefficient of variation. */
function serviceOf(variation: number): Distribution {
  if (variation === 0) return constant({ value: 1 });
  return variation < 1
    ? lognormalFromMean({ mean: 1, cv: Math.sqrt(variation) })
    : hyperexponential(variation);
}

interface Waits {
  readonly wait: BatchMeans;
  readonly delayed: BatchMeans;
  /** Sojourns above the ninetieth percentile of M/M/1 at this load. */
  readonly late: BatchMeans;
}

/** The waits of many customers, service mean 1, from the kernel's own streams. */
function recur(options: {
  readonly customers: number;
  readonly arrivalRate: number;
  readonly servers: number;
  readonly service: Distribution;
}): Waits {
  const { customers, arrivalRate, servers, service } = options;
  const random = new RandomStream("recursion", "draws");
  const free = new ServersFree(servers);
  const batches = { values: customers, batches: 40 };
  const waits = {
    wait: new BatchMeans(batches),
    delayed: new BatchMeans(batches),
    late: new BatchMeans(batches),
  };
  const ninetieth = log(10) / (1 - arrivalRate);
  const gap = 1 / arrivalRate;
  let at = 0;
  for (let customer = 0; customer < customers; customer++) {
    at += gap * random.exponential();
    const time = service.sample(random);
    const wait = free.serve(at, time);
    waits.wait.add(wait);
    waits.delayed.add(wait > 0 ? 1 : 0);
    waits.late.add(wait + time > ninetieth ? 1 : 0);
  }
  return waits;
}

/**
 * Within 1 % of theory (or the wider share given), and that is no accident: its own standard error
 * says so.
 */
function agrees(measured: BatchMeans, expected: number, within = 0.01): void {
  const error = Math.abs(measured.mean / expected - 1);
  expect(measured.standardError / expected).toBeLessThan(within / 2);
  expect(error).toBeLessThan(within);
}

describe("the recursion on the kernel's streams agrees with theory to 1 %", () => {
  const service = exponential({ mean: 1 });

  it("for M/M/1 at 0.8", () => {
    const { wait, delayed } = recur({ customers: 8e6, arrivalRate: 0.8, servers: 1, service });
    agrees(wait, singleServer(0.8, 1).wait);
    agrees(delayed, 0.8);
  });

  it("for M/M/1 at 0.9, and its ninetieth percentile", () => {
    const { wait, delayed, late } = recur({
      customers: 24e6,
      arrivalRate: 0.9,
      servers: 1,
      service,
    });
    agrees(wait, singleServer(0.9, 1).wait);
    agrees(delayed, 0.9);
    agrees(late, 0.1, 0.02);
  });

  it.each([
    [3, 2, 0.01, 8e6],
    [5, 4, 0.01, 10e6],
    [10, 8, 0.02, 6e6],
  ])("for Erlang C with %i servers and load %i (wait within %d)", (...row) => {
    const [servers, load, within, customers] = row;
    const { wait, delayed } = recur({ customers, arrivalRate: load, servers, service });
    const theory = erlangC(servers, load);
    agrees(delayed, theory.waits);
    agrees(wait, theory.wait, within);
  });

  it.each([
    [0.8, 0, 0.01, 4e6],
    [0.8, 0.5, 0.01, 4e6],
    [0.8, 4, 0.02, 6e6],
    [0.9, 0, 0.015, 5e6],
  ])("for M/G/1 at %d with variation %d (within %d)", (...row) => {
    const [arrivalRate, variation, within, customers] = row;
    const { wait } = recur({
      customers,
      arrivalRate,
      servers: 1,
      service: serviceOf(variation),
    });
    const theory = pollaczekKhinchine({
      arrivalRate,
      serviceMean: 1,
      serviceVariation: variation,
    });
    agrees(wait, theory.wait, within);
  });
});

describe("the kernel gives every customer the recursion's wait, to the tick", () => {
  const CUSTOMERS = 20_000;

  /** Waits in ticks of processes that claim a unit of a resource. */
  function waitsOfProcesses(servers: number, load: number, service: Distribution): Float64Array {
    const simulation = new Simulation({ seed: "exact" });
    const processes = new Processes(simulation);
    const desk = new Resource(processes, { name: "desk", capacity: servers });
    const services = new RandomStream("exact", "services");
    const arrivals = new RandomStream("exact", "arrivals");
    const waits = new Float64Array(CUSTOMERS);
    function* customer(index: number): Behaviour {
      const came = simulation.now;
      const claim = desk.request();
      yield claim;
      waits[index] = simulation.now - came;
      yield Math.round(service.at(services, index) * UNIT);
      claim.release();
    }
    function* source(): Behaviour {
      for (let index = 0; index < CUSTOMERS; index++) {
        yield Math.round((arrivals.exponential() / load) * UNIT);
        processes.start("customer", customer(index));
      }
    }
    processes.start("source", source());
    simulation.run();
    return waits;
  }

  function waitsOfRecursion(servers: number, load: number, service: Distribution): Float64Array {
    const free = new ServersFree(servers);
    const services = new RandomStream("exact", "services");
    const arrivals = new RandomStream("exact", "arrivals");
    let at = 0;
    return Float64Array.from({ length: CUSTOMERS }, (_, index) => {
      at += Math.round((arrivals.exponential() / load) * UNIT);
      return free.serve(at, Math.round(service.at(services, index) * UNIT));
    });
  }

  it.each([
    [1, 0.9, 1],
    [1, 0.8, 0],
    [2, 1.8, 4],
    [5, 4, 0.5],
    [50, 48, 1],
  ])("with %i servers at load %d, variation %d, as processes", (servers, load, variation) => {
    const service = variation === 1 ? exponential({ mean: 1 }) : serviceOf(variation);
    const waits = waitsOfProcesses(servers, load, service);
    const expected = waitsOfRecursion(servers, load, service);
    expect(waits.findIndex((wait, customer) => wait !== expected[customer])).toBe(-1);
    expect(waits.some((wait) => wait > 0)).toBe(true);
  });

  it.each([
    [1, 0.9],
    [3, 2.5],
    [100, 95],
  ])("with %i servers at load %d, as rows and events", (servers, load) => {
    const seed = "exact rows";
    const station = { arrivalRate: load, serviceRate: 1, servers };
    const time = CUSTOMERS / load;
    const { delayed, waiting } = simulateStation({ station, seed, time, warmUp: 0 });
    const arrivals = new RandomStream(seed, "arrivals");
    const services = new RandomStream(seed, "services");
    const free = new ServersFree(servers);
    const end = Math.round(time * UNIT);
    let total = 0;
    let waited = 0;
    let at = Math.round((arrivals.exponential() / load) * UNIT);
    while (at <= end) {
      const wait = free.serve(at, Math.round(services.exponential() * UNIT));
      total += Math.min(wait, end - at);
      if (wait > 0) waited += 1;
      at += Math.round((arrivals.exponential() / load) * UNIT);
    }
    expect(delayed).toBe(waited);
    expect(Math.round(waiting * UNIT)).toBe(total);
  });
});
