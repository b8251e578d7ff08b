/** The fleet against queueing theory: closed forms, and an independent recursion request by request. */
import { describe, expect, it } from "vitest";
import { erlangB, erlangC } from "../../engine/analytic/closed-forms.ts";
import { lognormalFromMean } from "../../engine/distribution.ts";
import { RandomStream } from "../../engine/random.ts";
import { Simulation } from "../../engine/simulation.ts";
import { TimeWeighted } from "../../engine/statistics/time-weighted.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import { fleetSpec, LANDING } from "./fleet.fixture.ts";
import { FAILED, Fleet, OK, type Outcome, REFUSED } from "./fleet.ts";

const SEED = "queueing";

interface Load {
  readonly instances: number;
  readonly cores: number;
  readonly backlog: number;
  readonly cpu: Ticks;
  readonly cv: number;
  readonly perSecond: number;
  readonly requests: number;
}

interface Answer {
  readonly arrived: Ticks;
  readonly outcome: Outcome;
  readonly latency: Ticks;
}

/** A fleet under Poisson arrivals, every request a session of its own. */
function loaded(load: Load) {
  const simulation = new Simulation({ seed: SEED });
  const answers: Answer[] = [];
  const arrived = new Float64Array(load.requests);
  const spec = fleetSpec({
    instances: load.instances,
    cores: load.cores,
    backlog: load.backlog,
    demand: { cpu: load.cpu, cv: load.cv, io: 0 },
  });
  const fleet = new Fleet(simulation, spec, (request, outcome, latency) => {
    answers[request] = { arrived: arrived[request], outcome, latency };
  });
  const gaps = simulation.random("test.arrivals");
  const arrive = simulation.defineEvent("test.arrival", (request) => {
    arrived[request] = simulation.now;
    fleet.submit(request, LANDING, request, 1);
    const gap = Math.round((gaps.exponential() * SECOND) / load.perSecond);
    if (request + 1 < load.requests) simulation.scheduleAfter(gap, arrive, request + 1);
  });
  simulation.schedule(0, arrive, 0);
  const inFlight = new TimeWeighted(0);
  simulation.onEvent(() => inFlight.update(simulation.now, fleet.inFlight));
  simulation.run();
  return { simulation, fleet, answers, inFlight };
}

/** The mean number of cores at work over all instances, from the start to now. */
function busyCores(fleet: Fleet, now: Ticks): number {
  const { instances } = fleet.lifecycle;
  let worked = 0;
  for (let row = 0; row < instances.count; row += 1) worked += instances.busyTicks(row, now);
  return worked / now;
}

/**
 * A station of first come first served cores worked out without events: each request takes the
 * core that is free first (Kiefer and Wolfowitz); beyond `room` requests inside, one is refused.
 * Returns the time that each spends inside, or -1.
 */
function worked(
  arrivals: readonly Ticks[],
  services: readonly Ticks[],
  cores: number,
  room: number,
) {
  const free: Ticks[] = Array.from({ length: cores }, () => 0);
  let ends: Ticks[] = [];
  return arrivals.map((arrival, request) => {
    ends = ends.filter((end) => end > arrival);
    if (ends.length >= room) return -1;
    const core = free.indexOf(Math.min(...free));
    free[core] = Math.max(free[core], arrival) + services[request];
    ends.push(free[core]);
    return free[core] - arrival;
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("one instance", () => {
  it("serves each request exactly as the recursion says, and refuses the same ones", () => {
    const load = { instances: 1, cores: 4, backlog: 6, cpu: 50 * MILLISECOND, cv: 1.1 };
    const { answers } = loaded({ ...load, perSecond: 90, requests: 20_000 });
    const draws = new RandomStream(SEED, "fleet.cpu");
    const cpuTime = lognormalFromMean({ mean: load.cpu, cv: load.cv });
    const services = answers.map((_answer, request) => Math.round(cpuTime.at(draws, request, 1)));
    const expected = worked(
      answers.map((answer) => answer.arrived),
      services,
      4,
      10,
    );
    const seen = answers.map(({ outcome, latency }) => (outcome === OK ? latency : -1));
    expect(seen).toEqual(expected);
    expect(expected.filter((latency) => latency < 0).length).toBeGreaterThan(500);
  });

  it("is compared with a recursion that itself agrees with Erlang C", () => {
    // M/M/5 at an offered load of 4: a wait has the probability 0.554113 (parameters.md section 7).
    const draws = new RandomStream(SEED, "test.recursion");
    const waits: number[] = [];
    for (let replication = 0; replication < 20; replication += 1) {
      let at = 0;
      const arrivals = Array.from({ length: 20_000 }, () => {
        at += draws.exponential() / 4;
        return at;
      });
      const services = arrivals.map(() => draws.exponential());
      const inside = worked(arrivals, services, 5, Number.POSITIVE_INFINITY);
      waits.push(mean(inside.map((time, request) => (time > services[request] + 1e-9 ? 1 : 0))));
    }
    expect(Math.abs(mean(waits) - erlangC(5, 4).waits)).toBeLessThan(0.012);
  });

  it("waits as Pollaczek and Khinchine say", () => {
    const cpu = 50 * MILLISECOND;
    const requests = 400_000;
    const load = { instances: 1, cores: 1, backlog: 1_000_000, cpu, cv: 1.1, requests };
    const { answers, simulation, fleet } = loaded({ ...load, perSecond: 10 });
    // r = 0.5: Wq = r ES (1 + cv^2) / (2 (1 - r)) = 1.105 ES. A service 1 % slower would wait 3 % longer.
    const seen = mean(answers.map((answer) => answer.latency)) / cpu - 1;
    expect(Math.abs(seen / 1.105 - 1)).toBeLessThan(0.025);
    expect(Math.abs(busyCores(fleet, simulation.now) - 0.5)).toBeLessThan(0.005);
  });

  it("loses what Erlang's loss formula says when nobody may wait, whatever the service varies", () => {
    // M/G/c/c does not depend on the shape of the service times: (5, 3) loses 0.110054.
    for (const cv of [0, 1.1]) {
      const load = { instances: 1, cores: 5, backlog: 0, cpu: 50 * MILLISECOND, cv };
      const { answers } = loaded({ ...load, perSecond: 60, requests: 200_000 });
      const lost = answers.filter((answer) => answer.outcome === REFUSED).length / answers.length;
      expect(Math.abs(lost - erlangB(5, 3))).toBeLessThan(0.0035);
    }
  });

  it("does the work it can under twice the load, and refuses the rest", () => {
    const load = { instances: 1, cores: 4, backlog: 50, cpu: 50 * MILLISECOND, cv: 1.1 };
    const { answers, fleet, simulation } = loaded({ ...load, perSecond: 160, requests: 60_000 });
    const refused = answers.filter((answer) => answer.outcome === REFUSED).length;
    expect(Math.abs(refused / answers.length - 0.5)).toBeLessThan(0.01);
    expect(busyCores(fleet, simulation.now) / 4).toBeGreaterThan(0.995);
    // A full backlog of 50 behind 4 cores of 50 ms: some 0.67 s for whoever gets in.
    const answered = answers.filter((answer) => answer.outcome === OK);
    expect(mean(answered.map((answer) => answer.latency)) / SECOND).toBeGreaterThan(0.6);
    expect(answers.every((answer) => answer.outcome !== FAILED)).toBe(true);
  });
});

describe("a fleet of many instances", () => {
  const load = { cores: 1, backlog: 1_000, cpu: 50 * MILLISECOND, cv: 1, perSecond: 16 * 20 };
  const { answers, fleet, simulation, inFlight } = loaded({
    ...load,
    instances: 20,
    requests: 200_000,
  });

  it("keeps Little's law between what is inside, what comes and how long it stays", () => {
    const { now } = simulation;
    const throughput = answers.length / now;
    const stay = mean(answers.map((answer) => answer.latency));
    expect(inFlight.mean(now)).toBeCloseTo(throughput * stay, 6);
    expect(fleet.inFlight).toBe(0);
  });

  it("does exactly the work that was asked for", () => {
    const draws = new RandomStream(SEED, "fleet.cpu");
    const cpuTime = lognormalFromMean({ mean: load.cpu, cv: load.cv });
    const asked = answers.map((_answer, request) => Math.round(cpuTime.at(draws, request, 1)));
    const { instances } = fleet.lifecycle;
    let done = 0;
    for (let row = 0; row < 20; row += 1) done += instances.busyTicks(row, simulation.now);
    expect(done).toBe(asked.reduce((sum, ticks) => sum + ticks, 0));
  });

  it("shares the load evenly and waits far less than with blind chance", () => {
    const { instances } = fleet.lifecycle;
    const { now } = simulation;
    for (let row = 0; row < 20; row += 1)
      expect(Math.abs(instances.busyTicks(row, now) / now - 0.8)).toBeLessThan(0.04);
    // Blind chance would make each an M/G/1 at r = 0.8: a wait of 4 ES. Two choices wait for some
    // 1 ES with exponential service (sum of 0.8^(2^i - 1) over 0.8, less the service itself).
    const wait = mean(answers.map((answer) => answer.latency)) / load.cpu - 1;
    expect(wait).toBeGreaterThan(0.7);
    expect(wait).toBeLessThan(1.3);
  });
});
