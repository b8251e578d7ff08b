import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import type { FleetSpec } from "../scenario/scenario.ts";
import { fleetSpec, LANDING, MEGABYTE } from "./fleet.fixture.ts";
import { FAILED, Fleet, OK, type Outcome, REFUSED } from "./fleet.ts";
import { DRAINING, GONE, INSTANCE_STATES, RESTARTING, SERVING } from "./instance-table.ts";
import { NONE } from "./jobs.ts";

interface Told {
  readonly request: number;
  readonly outcome: Outcome;
  readonly latency: Ticks;
  readonly at: Ticks;
}

function fleetOf(spec: FleetSpec, seed = "fleet") {
  const simulation = new Simulation({ seed });
  const told: Told[] = [];
  const fleet = new Fleet(simulation, spec, (request, outcome, latency) => {
    told.push({ request, outcome, latency, at: simulation.now });
  });
  /** Sends requests with the given numbers now, one after the other. */
  const submit = (...requests: number[]) => {
    for (const request of requests) fleet.submit(request, LANDING, request, 1);
  };
  const states = () =>
    Array.from(fleet.lifecycle.instances.state.slice(0, fleet.lifecycle.instances.count)).map(
      (state) => INSTANCE_STATES[state],
    );
  return { simulation, fleet, told, submit, states };
}

const upTo = (count: number) => Array.from({ length: count }, (_none, request) => request);

describe("a fleet", () => {
  it("answers first come first served: two cores, then the backlog, with the I/O time on top", () => {
    const { simulation, told, submit } = fleetOf(fleetSpec({ demand: { io: 65 * MILLISECOND } }));
    submit(0, 1, 2, 3, 4);
    simulation.run();
    expect(
      told.map((answer) => [answer.request, answer.outcome, answer.latency / MILLISECOND]),
    ).toEqual([
      [0, OK, 115],
      [1, OK, 115],
      [2, OK, 165],
      [3, OK, 165],
      [4, OK, 215],
    ]);
  });

  it("works off what nobody waits for any more, tells nobody, and counts it as wasted", () => {
    const { simulation, fleet, told, submit } = fleetOf(fleetSpec({ cores: 1 }));
    const job = fleet.submit(7, LANDING, 7, 1);
    submit(8);
    fleet.abandon(job);
    simulation.run();
    expect(told).toEqual([
      { request: 8, outcome: OK, latency: 100 * MILLISECOND, at: 100 * MILLISECOND },
    ]);
    expect(fleet.figures).toMatchObject({ accepted: 2, answered: 2, wasted: 1 });
    expect(() => fleet.abandon(job)).toThrow("given up once");
  });

  it("names no job where the outcome is told at once", () => {
    const { fleet } = fleetOf(fleetSpec({ cores: 1, backlog: 0 }));
    expect(fleet.submit(0, LANDING, 0, 1)).not.toBe(NONE);
    expect(fleet.submit(1, LANDING, 1, 1)).toBe(NONE);
  });

  it("refuses what finds the backlog full, at once and without work", () => {
    const { simulation, fleet, told, submit } = fleetOf(fleetSpec({ cores: 1, backlog: 2 }));
    submit(0, 1, 2, 3);
    expect(told).toEqual([{ request: 3, outcome: REFUSED, latency: 30 * MILLISECOND, at: 0 }]);
    simulation.run();
    expect(fleet.figures).toMatchObject({ accepted: 3, answered: 3, refused: 1, failed: 0 });
  });

  it("keeps thousands waiting in the order in which they came", () => {
    const { simulation, told, submit } = fleetOf(fleetSpec({ cores: 1, backlog: 5_000 }));
    submit(...upTo(5_000));
    simulation.run();
    expect(told.map((answer) => answer.request)).toEqual(upTo(5_000));
    expect(told[4_999].latency).toBe(5_000 * 50 * MILLISECOND);
  });
});

describe("an instance out of memory", () => {
  const tight = fleetSpec({
    backlog: 100,
    demand: { memory: 100 * MEGABYTE },
    fleet: { memory: { total: 1_500 * MEGABYTE, base: 500 * MEGABYTE } },
  });

  it("crashes with everything inside, serves nobody, restarts, warms up and serves again", () => {
    const { simulation, fleet, told, submit, states } = fleetOf(tight);
    // Ten requests of 100 MB fill what the base leaves; the eleventh is one too many.
    submit(...upTo(10));
    expect(fleet.figures.crashes).toBe(0);
    simulation.run({ until: 10 * MILLISECOND });
    submit(10);
    expect(fleet.figures).toMatchObject({ crashes: 1, failed: 11 });
    expect(told.map((answer) => answer.outcome)).toEqual(upTo(11).map(() => FAILED));
    expect(told[0].latency).toBe(40 * MILLISECOND);
    // Both cores worked for the 10 ms until the crash, and rest from then on.
    const { instances } = fleet.lifecycle;
    expect(instances.busyTicks(0, simulation.now)).toBe(20 * MILLISECOND);
    expect(instances.busyTicks(0, simulation.now + SECOND)).toBe(20 * MILLISECOND);
    expect(told[10].latency).toBe(30 * MILLISECOND);
    submit(20);
    expect(told[11]).toMatchObject({ request: 20, outcome: REFUSED });
    // 20 s of restart and 60 s of warm-up later it is back, with its memory empty.
    simulation.run({ until: 80 * SECOND + 9 * MILLISECOND });
    expect(states()).toEqual(["warming"]);
    simulation.run({ until: 80 * SECOND + 10 * MILLISECOND });
    expect(states()).toEqual(["serving"]);
    submit(...upTo(10));
    simulation.run();
    expect(fleet.figures).toMatchObject({ crashes: 1, answered: 10 });
    expect(fleet.inFlight).toBe(0);
  });

  it("leaves the other instances alone and gives its requests' retries to them", () => {
    const simulation = new Simulation({ seed: "fleet" });
    const outcomes: Outcome[] = [];
    const spec = {
      ...tight,
      initial: 2,
      memory: { total: 1_500 * MEGABYTE, base: 500 * MEGABYTE },
    };
    const fleet = new Fleet(simulation, spec, (request, outcome) => {
      outcomes.push(outcome);
      // Shoppers who try again at once, from inside the crash.
      if (outcome === FAILED && request < 3) fleet.submit(request, LANDING, request + 1_000, 1);
    });
    const { instances } = fleet.lifecycle;
    for (let request = 0; fleet.figures.crashes === 0; request += 1)
      fleet.submit(request, LANDING, request, 1);
    const crashed = instances.state.indexOf(RESTARTING);
    const other = 1 - crashed;
    expect(instances.inFlight(crashed)).toBe(0);
    expect(instances.memory(crashed)).toBe(500 * MEGABYTE);
    expect(instances.state[other] === SERVING || fleet.figures.crashes === 2).toBe(true);
    simulation.run();
    expect(fleet.figures.accepted).toBe(fleet.figures.answered + fleet.figures.failed);
  });
});

describe("the size of a fleet", () => {
  it("grows by instances that serve only after boot and warm-up", () => {
    const { simulation, fleet, states } = fleetOf(fleetSpec());
    fleet.lifecycle.resize(3);
    expect(states()).toEqual(["serving", "booting", "booting"]);
    simulation.run({ until: 97 * SECOND });
    expect(states()).toEqual(["serving", "warming", "warming"]);
    simulation.run({ until: 157 * SECOND - 1 });
    expect(fleet.figures.serving.value).toBe(1);
    simulation.run({ until: 157 * SECOND });
    expect(fleet.figures.serving.value).toBe(3);
    // Three hours: one instance all of it, two from their order on.
    simulation.run({ until: HOUR });
    expect(fleet.figures.instanceHours(HOUR)).toBeCloseTo(3, 12);
  });

  it("doubles its throughput when it doubles under overload", () => {
    const { simulation, fleet } = fleetOf(fleetSpec({ backlog: 20 }));
    let request = 0;
    // A request every 10 ms; one instance of two cores does 40 a second, two do 80.
    const arrive = simulation.defineEvent("test.arrival", () => {
      fleet.submit(request, LANDING, request, 1);
      request += 1;
      simulation.scheduleAfter(10 * MILLISECOND, arrive, 0);
    });
    simulation.schedule(0, arrive, 0);
    const answeredIn = (from: Ticks, to: Ticks) => {
      simulation.run({ until: from });
      const before = fleet.figures.answered;
      simulation.run({ until: to });
      return fleet.figures.answered - before;
    };
    expect(answeredIn(10 * SECOND, 20 * SECOND)).toBe(400);
    fleet.lifecycle.resize(2);
    expect(answeredIn(180 * SECOND, 190 * SECOND)).toBe(800);
    fleet.lifecycle.resize(1);
    expect(answeredIn(200 * SECOND, 210 * SECOND)).toBe(400);
    expect(fleet.figures.failed).toBe(0);
  });

  it("drains what shrinks: no new requests, the old ones finished, then gone", () => {
    const { simulation, fleet, told, submit } = fleetOf(fleetSpec({ instances: 2 }));
    submit(...upTo(8));
    fleet.lifecycle.resize(1);
    const { instances } = fleet.lifecycle;
    expect(instances.state[1]).toBe(DRAINING);
    const inside = instances.inFlight(1);
    submit(20, 21, 22);
    expect(instances.inFlight(1)).toBe(inside);
    simulation.run();
    expect(instances.state[1]).toBe(GONE);
    expect(told.every((answer) => answer.outcome === OK)).toBe(true);
    // It went when its last request left, not after the whole time for draining.
    expect(fleet.figures.instances.integral(SECOND)).toBeLessThan(1.4 * SECOND);
  });

  it("fails what has not ended when the time for draining is over", () => {
    const slow = fleetSpec({ instances: 2, demand: { cpu: 400 * SECOND } });
    const { simulation, fleet, told, submit } = fleetOf(slow);
    submit(...upTo(8));
    const lost = fleet.lifecycle.instances.inFlight(1);
    expect(lost).toBeGreaterThan(0);
    fleet.lifecycle.resize(1);
    simulation.run();
    expect(fleet.figures.failed).toBe(lost);
    const failed = told.filter((answer) => answer.outcome === FAILED);
    expect(failed.map((answer) => answer.at)).toEqual(failed.map(() => 300 * SECOND));
  });

  it("stays within its bounds, and takes back first what does not serve yet", () => {
    const { fleet, states } = fleetOf(fleetSpec({ fleet: { min: 1, max: 4 } }));
    fleet.lifecycle.resize(99);
    expect(fleet.lifecycle.desired).toBe(4);
    fleet.lifecycle.resize(0);
    expect(fleet.lifecycle.desired).toBe(1);
    expect(states()).toEqual(["serving", "gone", "gone", "gone"]);
  });
});

describe("whatever happens to a fleet", () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.record({ do: fc.constant("submit"), count: fc.nat(12) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("resize"), count: fc.nat(6) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant("wait"), count: fc.nat(150) }) },
    ),
    { maxLength: 60 },
  );
  const spec = fleetSpec({
    instances: 2,
    demand: { cv: 1.1, memory: 100 * MEGABYTE },
    fleet: {
      memory: { total: 1_550 * MEGABYTE, base: 500 * MEGABYTE },
      boot: { kind: "constant", value: SECOND },
      warmUp: { kind: "constant", value: SECOND },
      restart: { kind: "constant", value: SECOND },
      draining: SECOND / 10,
    },
  });

  it("every request has one outcome, and cores, backlog, memory and counts add up after every event", () => {
    fc.assert(
      fc.property(steps, fc.string(), (plan, seed) => {
        const { simulation, fleet, told } = fleetOf(spec, seed);
        let next = 0;
        simulation.onEvent(() => expectSound(fleet, spec));
        for (const step of plan) {
          if (step.do === "submit")
            for (let more = 0; more < step.count; more += 1, next += 1)
              fleet.submit(next, LANDING, next, 1);
          if (step.do === "resize") fleet.lifecycle.resize(step.count);
          if (step.do === "wait")
            simulation.run({ until: simulation.now + step.count * MILLISECOND });
          expectSound(fleet, spec);
        }
        simulation.run();
        expect(fleet.inFlight).toBe(0);
        const heard = told.map((answer) => answer.request).sort((a, b) => a - b);
        expect(heard).toEqual(upTo(next));
        const { accepted, answered, failed, refused } = fleet.figures;
        expect(accepted).toBe(answered + failed);
        expect(accepted + refused).toBe(next);
      }),
      { seed: 14, numRuns: 150 },
    );
  });
});

/** What must hold between the instances and the fleet's own counts at any time. */
function expectSound(fleet: Fleet, spec: FleetSpec): void {
  const { instances, desired, held } = fleet.lifecycle;
  let inside = 0;
  for (let row = 0; row < instances.count; row += 1) {
    const inFlight = instances.inFlight(row);
    const busy = instances.busy(row);
    inside += inFlight;
    const memory = spec.memory.base + inFlight * spec.demands.landing.memory;
    const working = instances.state[row] === SERVING || instances.state[row] === DRAINING;
    const waiting = instances.firstInBacklog(row) !== NONE;
    const sound =
      busy === Math.min(inFlight, spec.cores) &&
      inFlight <= spec.cores + spec.backlog &&
      waiting === inFlight > busy &&
      waiting === (instances.lastInBacklog(row) !== NONE) &&
      instances.memory(row) === memory &&
      (working || inFlight === 0);
    if (!sound) throw new Error(`instance ${row} does not add up`);
  }
  expect([inside, held]).toEqual([fleet.inFlight, desired]);
}
