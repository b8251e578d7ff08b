/** The database against queueing theory, and against the measurement its hot rows are fitted to. */
import { describe, expect, it } from "vitest";
import { erlangC, pollaczekKhinchine } from "../../engine/analytic/closed-forms.ts";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import type { DatabaseSpec, DistributionSpec } from "../scenario/scenario.ts";
import { Database } from "./database.ts";
import { fleetSpec, LANDING } from "./fleet.fixture.ts";
import { FAILED, Fleet, OK, type Outcome, OVERTAXED } from "./fleet.ts";

const NOTHING = { reads: 0, writes: 0 };
const ONE_READ = { reads: 1, writes: 0 };
const READ: Ticks = 10 * MILLISECOND;

function databaseSpec(change: Partial<DatabaseSpec> = {}): DatabaseSpec {
  return {
    pool: 10,
    waitLimit: 30 * SECOND,
    connections: 100,
    read: { kind: "constant", value: READ },
    write: { kind: "constant", value: 2 * READ },
    queries: {
      landing: ONE_READ,
      list: NOTHING,
      product: NOTHING,
      cart: NOTHING,
      checkout: NOTHING,
      payment: { reads: 2, writes: 1 },
    },
    row: { lock: 0, perContender: 0 },
    ...change,
  };
}

/** Poisson arrivals at one pool; the mean wait for a connection. */
function meanWait(load: {
  readonly pool: number;
  readonly perSecond: number;
  readonly read: DistributionSpec;
  readonly requests: number;
}): { readonly wait: Ticks; readonly waits: number } {
  const simulation = new Simulation({ seed: "database" });
  const spec = databaseSpec({ pool: load.pool, read: load.read, waitLimit: 3600 * SECOND });
  const database = new Database(simulation, spec, () => {});
  const gaps = simulation.random("test.arrivals");
  const arrive = simulation.defineEvent("test.arrival", (request) => {
    database.expect(request, LANDING, request, 1);
    database.ask({ job: request, instance: 0, rows: [] });
    const gap = Math.round((gaps.exponential() * SECOND) / load.perSecond);
    if (request + 1 < load.requests) simulation.scheduleAfter(gap, arrive, request + 1);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run();
  expect(database.waits.count).toBe(load.requests);
  return { wait: database.waits.mean, waits: database.waits.count };
}

describe("a pool of connections", () => {
  it("lets requests wait as Erlang's C says", () => {
    const read = { kind: "exponential", mean: READ } as const;
    const { wait } = meanWait({ pool: 10, perSecond: 800, read, requests: 400_000 });
    const expected = erlangC(10, 8).wait * READ;
    expect(wait / expected).toBeGreaterThan(0.95);
    expect(wait / expected).toBeLessThan(1.05);
  });

  it("of one connection lets requests wait as Pollaczek and Khinchine say", () => {
    const sigma = 0.8;
    const read = { kind: "lognormal", median: READ, sigma } as const;
    const serviceMean = (READ / SECOND) * Math.exp(sigma ** 2 / 2);
    const perSecond = 0.7 / serviceMean;
    const { wait } = meanWait({ pool: 1, perSecond, read, requests: 400_000 });
    const serviceVariation = Math.exp(sigma ** 2) - 1;
    const expected = pollaczekKhinchine({ arrivalRate: perSecond, serviceMean, serviceVariation });
    expect(wait / SECOND / expected.wait).toBeGreaterThan(0.95);
    expect(wait / SECOND / expected.wait).toBeLessThan(1.05);
  });
});

/** A fleet of pages that need 1 ms of a core and then the database. */
function shop(spec: DatabaseSpec, instances = 1, rows: readonly number[] = []) {
  const simulation = new Simulation({ seed: "shop" });
  const answers: { readonly outcome: Outcome; readonly latency: Ticks; readonly at: Ticks }[] = [];
  const fleet = new Fleet(
    simulation,
    fleetSpec({ instances, cores: 8, backlog: 500, demand: { cpu: MILLISECOND } }),
    (request, outcome, latency) => {
      answers[request] = { outcome, latency, at: simulation.now };
    },
    { database: { spec, rowsOf: () => rows } },
  );
  return { simulation, fleet, answers };
}

describe("a page with queries", () => {
  it("takes them one after the other, in place of its I/O", () => {
    const { simulation, fleet, answers } = shop(databaseSpec());
    fleet.submit(0, 5, 0, 1);
    fleet.submit(1, 1, 1, 1);
    simulation.run();
    expect(answers[0]).toMatchObject({ outcome: OK, latency: MILLISECOND + 4 * READ });
    expect(answers[1]).toMatchObject({ outcome: OK, latency: MILLISECOND });
  });

  it("waits for a connection of its own instance, first come first served", () => {
    const { simulation, fleet, answers } = shop(databaseSpec({ pool: 2 }));
    for (let request = 0; request < 6; request += 1) fleet.submit(request, LANDING, request, 1);
    simulation.run();
    expect(answers.map(({ at }) => (at - MILLISECOND) / READ)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(fleet.database?.inUsePeak).toBe(2);
    expect(fleet.inFlight).toBe(0);
  });

  it("waits for the database itself where the pools together hold more connections", () => {
    const { simulation, fleet, answers } = shop(databaseSpec({ pool: 4, connections: 3 }), 2);
    for (let request = 0; request < 7; request += 1) fleet.submit(request, LANDING, request, 1);
    simulation.run();
    const ends = answers.map(({ at }) => (at - MILLISECOND) / READ).sort((one, two) => one - two);
    expect(ends).toEqual([1, 1, 1, 2, 2, 2, 3]);
    expect(fleet.database?.inUsePeak).toBe(3);
  });

  it("is an error of its kind when it has waited for too long", () => {
    const spec = databaseSpec({ pool: 1, waitLimit: 15 * MILLISECOND });
    const { simulation, fleet, answers } = shop(spec);
    for (let request = 0; request < 4; request += 1) fleet.submit(request, LANDING, request, 1);
    simulation.run();
    expect(answers.map(({ outcome }) => outcome)).toEqual([OK, OK, OVERTAXED, OVERTAXED]);
    expect(answers[2]?.latency).toBe(MILLISECOND + 15 * MILLISECOND + 30 * MILLISECOND);
    expect(fleet.database).toMatchObject({ timeouts: 2, inUse: 0 });
    expect(fleet.figures).toMatchObject({ answered: 2, overtaxed: 2 });
    expect(fleet.inFlight).toBe(0);
  });

  it("goes down with its instance, and its connection is free for the others", () => {
    const { simulation, fleet, answers } = shop(databaseSpec({ connections: 1 }), 2);
    for (let request = 0; request < 4; request += 1) fleet.submit(request, LANDING, request, 1);
    simulation.run({ until: 5 * MILLISECOND });
    fleet.lifecycle.crash(0);
    simulation.run();
    const outcomes = answers.map(({ outcome }) => outcome).sort();
    expect(outcomes).toEqual([OK, OK, FAILED, FAILED]);
    expect(fleet.database?.inUse).toBe(0);
    expect(fleet.inFlight).toBe(0);
  });

  it("keeps a draining instance until it is done", () => {
    const { simulation, fleet } = shop(databaseSpec(), 2);
    fleet.submit(0, LANDING, 0, 1);
    fleet.submit(1, LANDING, 1, 1);
    simulation.run({ until: 2 * MILLISECOND });
    fleet.lifecycle.resize(1);
    simulation.run();
    expect(fleet.lifecycle.held).toBe(1);
    expect(fleet.figures).toMatchObject({ answered: 2, failed: 0 });
    expect(fleet.figures.instances.value).toBe(1);
  });

  it("takes longer while the database is slow", () => {
    const { simulation, fleet, answers } = shop(databaseSpec());
    fleet.slowDatabase(5);
    fleet.submit(0, LANDING, 0, 1);
    simulation.run();
    expect(answers[0]?.latency).toBe(MILLISECOND + 5 * READ);
  });
});

/** Commits on one row, as fast as so many connections can ask for them; commits per second. */
function commitsPerSecond(connections: number): number {
  const simulation = new Simulation({ seed: "hot" });
  const row = { lock: 208, perContender: 8 };
  const spec = databaseSpec({ pool: connections, read: { kind: "constant", value: 0 }, row });
  let commits = 0;
  const again = (job: number): void => {
    commits += 1;
    database.expect(job, LANDING, job, commits);
    database.ask({ job, instance: 0, rows: [7] });
  };
  const database = new Database(simulation, spec, again);
  for (let job = 0; job < connections; job += 1) {
    database.expect(job, LANDING, job, 0);
    database.ask({ job, instance: 0, rows: [7] });
  }
  simulation.run({ until: 20 * SECOND });
  return commits / 20;
}

describe("a hot row", () => {
  it.each([
    [8, 3_676],
    [32, 2_157],
  ])(
    "takes, with %s connections, the %s orders a second that were measured",
    (connections, rate) => {
      expect(Math.abs(commitsPerSecond(connections) / rate - 1)).toBeLessThan(0.005);
    },
  );

  it("holds up the orders of its article and no others", () => {
    const row = { lock: 5 * MILLISECOND, perContender: 0 };
    const simulation = new Simulation({ seed: "rows" });
    const ends: Ticks[] = [];
    const database = new Database(simulation, databaseSpec({ row }), (job) => {
      ends[job] = simulation.now;
    });
    const baskets = [[1], [1], [2], [1, 2], [3]];
    for (const [job, rows] of baskets.entries()) {
      database.expect(job, LANDING, job, 1);
      database.ask({ job, instance: 0, rows });
    }
    simulation.run();
    expect(ends.map((at) => (at - READ) / MILLISECOND)).toEqual([5, 10, 5, 15, 5]);
  });
});
