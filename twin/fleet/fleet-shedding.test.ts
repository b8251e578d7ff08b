/** Load shedding in the fleet: against closed forms, the same limit in another form, and its promises. */
import { describe, expect, it } from "vitest";
import { erlangB } from "../../engine/analytic/closed-forms.ts";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, SECOND, type Ticks } from "../../engine/time.ts";
import { PRIORITIES } from "../../store/core/load-shedding.ts";
import type { SheddingSpec } from "../scenario/scenario.ts";
import { fleetSpec, LANDING } from "./fleet.fixture.ts";
import { Fleet, OK, type Outcome, REFUSED, SHED } from "./fleet.ts";

const PAYING = PRIORITIES.indexOf("payment");
const ARRIVING = PRIORITIES.indexOf("arriving");
const CPU = 50 * MILLISECOND;
const retryAfter = { minSeconds: 5, maxSeconds: 30 };

interface Load {
  readonly cores: number;
  readonly backlog: number;
  readonly cv: number;
  readonly perSecond: number;
  readonly requests: number;
  readonly shedding: Omit<SheddingSpec, "retryAfter"> | null;
  /** Of the nth request. */
  readonly priority?: (n: number) => number;
}

/** One instance under Poisson arrivals, every request a session of its own. */
function loaded(load: Load) {
  const { cores, backlog, cv, shedding, priority = () => PAYING } = load;
  const simulation = new Simulation({ seed: "shedding" });
  const outcomes: Outcome[] = [];
  const latencies: Ticks[] = [];
  const fleet = new Fleet(
    simulation,
    fleetSpec({ cores, backlog, demand: { cpu: CPU, cv } }),
    (request, outcome, latency) => {
      outcomes[request] = outcome;
      latencies[request] = latency;
    },
    {
      sideBySide: {
        neighbours: [],
        bulkheads: null,
        shedding: shedding === null ? null : { ...shedding, retryAfter },
      },
    },
  );
  const gaps = simulation.random("test.arrivals");
  const arrive = simulation.defineEvent("test.arrival", (request) => {
    fleet.submit(request, LANDING, request, 1, priority(request));
    const gap = Math.round((gaps.exponential() * SECOND) / load.perSecond);
    if (request + 1 < load.requests) simulation.scheduleAfter(gap, arrive, request + 1);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run();
  const worked = fleet.lifecycle.instances.busyTicks(0, simulation.now);
  return { fleet, outcomes, latencies, utilisation: worked / simulation.now / cores };
}

const share = (outcomes: readonly Outcome[], of: Outcome) =>
  outcomes.filter((one) => one === of).length / outcomes.length;

/** The limit is as large as it ever is: those who pay may fill all of it. */
const fixed = (places: number) => ({ codel: null, gradient2: { min: places, max: places } });
const codel = { codel: { target: CPU, interval: SECOND }, gradient2: null };

describe("a fixed limit at the door", () => {
  it("loses what Erlang's loss formula says where it is the number of cores", () => {
    for (const cv of [0, 1.1]) {
      const load = { cores: 5, backlog: 100, cv, perSecond: 60, requests: 200_000 };
      const { outcomes } = loaded({ ...load, shedding: fixed(5) });
      // (5, 3) loses 0.110054, whatever the service times are.
      expect(Math.abs(share(outcomes, SHED) - erlangB(5, 3))).toBeLessThan(0.0035);
    }
  });

  it("refuses exactly the requests that a backlog of that length would", () => {
    const load = { cores: 4, cv: 1.1, perSecond: 100, requests: 20_000 };
    const byLimit = loaded({ ...load, backlog: 1_000, shedding: fixed(12) });
    const byBacklog = loaded({ ...load, backlog: 8, shedding: null });
    expect(byLimit.outcomes.map((one) => one === SHED)).toEqual(
      byBacklog.outcomes.map((one) => one === REFUSED),
    );
    expect(byLimit.latencies).toEqual(byBacklog.latencies);
    expect(byLimit.fleet.figures.shedAtDoor).toBe(byBacklog.fleet.figures.refused);
    expect(byLimit.fleet.figures.shedAtDoor).toBeGreaterThan(1_000);
  });
});

describe("refusing in line", () => {
  const load = { cores: 4, backlog: 100_000, cv: 1.1, perSecond: 160, requests: 60_000 };
  const shedding = loaded({ ...load, shedding: codel });

  it("keeps all cores at work under twice the load, and the line short", () => {
    expect(shedding.utilisation).toBeGreaterThan(0.99);
    expect(Math.abs(share(shedding.outcomes, SHED) - 0.5)).toBeLessThan(0.01);
    // Those who pay stand 64 targets: what they wait for at most, and their own page.
    const answered = shedding.latencies.filter((_one, n) => shedding.outcomes[n] === OK);
    const bound = 2 * 32 * CPU;
    const late = answered.filter((latency) => latency > bound + SECOND).length;
    expect(late / answered.length).toBeLessThan(0.01);
    const plain = loaded({ ...load, shedding: null });
    expect(Math.max(...plain.latencies)).toBeGreaterThan(20 * bound);
  });

  it("loses nobody: who comes in is answered, or refused", () => {
    const { accepted, answered, shedInLine, shedAtDoor, refused } = shedding.fleet.figures;
    expect(accepted).toBe(answered + shedInLine);
    expect(shedding.outcomes).toHaveLength(load.requests);
    expect(share(shedding.outcomes, SHED) * load.requests).toBe(shedInLine);
    expect([shedAtDoor, refused]).toEqual([0, 0]);
    expect(shedding.fleet.inFlight).toBe(0);
  });

  it("refuses nobody where the servers can do what is asked", () => {
    const calm = loaded({ ...load, perSecond: 48, shedding: codel });
    expect(share(calm.outcomes, OK)).toBe(1);
  });

  it.each([
    ["in line", codel],
    ["at the door", fixed(24)],
  ])("%s refuses those who arrive before those who pay", (_where, rule) => {
    // A quarter pays; they alone are half of what the cores can do, all together are twice as much.
    const priority = (n: number) => (n % 4 === 0 ? PAYING : ARRIVING);
    const { outcomes } = loaded({ ...load, shedding: rule, priority });
    const of = (wanted: number) => outcomes.filter((_one, n) => priority(n) === wanted);
    expect(share(of(PAYING), SHED)).toBeLessThan(0.001);
    expect(share(of(ARRIVING), SHED)).toBeGreaterThan(0.6);
  });
});
