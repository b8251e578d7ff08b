import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { fleetSpec, LANDING } from "./fleet.fixture.ts";
import { FAILED, Fleet, type Outcome, REFUSED } from "./fleet.ts";
import { BOOTING, GONE, POOLED, SERVING } from "./instance-table.ts";
import { NONE } from "./jobs.ts";
import { Zones } from "./zones.ts";

type Change = NonNullable<Parameters<typeof fleetSpec>[0]>;

function fleetOf(change: Change) {
  const simulation = new Simulation({ seed: "faults" });
  const told: { readonly outcome: Outcome; readonly latency: Ticks }[] = [];
  const fleet = new Fleet(simulation, fleetSpec(change), (_request, outcome, latency) =>
    told.push({ outcome, latency }),
  );
  const { instances } = fleet.lifecycle;
  const rows = () => Array.from({ length: instances.count }, (_none, instance) => instance);
  const zonesOf = (state: number) =>
    rows()
      .filter((instance) => instances.state[instance] === state)
      .map((instance) => instances.zone[instance]);
  return { simulation, fleet, told, zonesOf };
}

describe("slowness", () => {
  const demand = { cpu: 50 * MILLISECOND, io: 60 * MILLISECOND };

  it("of the database lengthens the I/O of a page and nothing else", () => {
    const { simulation, fleet, told } = fleetOf({ demand });
    fleet.slowDatabase(5);
    fleet.submit(0, LANDING, 0, 1);
    simulation.run();
    fleet.slowDatabase(1);
    fleet.submit(1, LANDING, 1, 1);
    simulation.run();
    expect(told.map(({ latency }) => latency / MILLISECOND)).toEqual([350, 110]);
    expect(fleet.lifecycle.instances.busyTicks(0, simulation.now)).toBe(100 * MILLISECOND);
  });

  it("of the fleet lengthens the work of a page, and so what waits behind it", () => {
    const { simulation, fleet, told } = fleetOf({ cores: 1, demand });
    fleet.slowCpu(3);
    fleet.submit(0, LANDING, 0, 1);
    fleet.submit(1, LANDING, 1, 1);
    simulation.run();
    fleet.slowCpu(1);
    fleet.submit(2, LANDING, 2, 1);
    simulation.run();
    expect(told.map(({ latency }) => latency / MILLISECOND)).toEqual([210, 360, 110]);
  });
});

describe("the zones of a fleet", () => {
  it("are gone round in turn, those that are down left out", () => {
    const zones = new Zones(3);
    const take = (count: number) => Array.from({ length: count }, () => zones.take());
    expect(take(4)).toEqual([0, 1, 2, 0]);
    zones.setUp(1, false);
    expect(take(4)).toEqual([2, 0, 2, 0]);
    zones.setUp(0, false);
    zones.setUp(2, false);
    expect(zones.take()).toBe(NONE);
    zones.setUp(1, true);
    expect(take(2)).toEqual([1, 1]);
  });

  it("spread the instances evenly", () => {
    const { zonesOf } = fleetOf({ instances: 7, fleet: { zones: 3 } });
    expect(zonesOf(SERVING)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });
});

describe("the loss of a zone", () => {
  it("takes its instances with everything inside, and leaves the others alone", () => {
    const { fleet, told, zonesOf } = fleetOf({ instances: 4, fleet: { zones: 2 } });
    for (let request = 0; request < 40; request += 1) fleet.submit(request, LANDING, request, 1);
    const inside = fleet.inFlight;
    fleet.lifecycle.loseZone(1);
    expect(zonesOf(SERVING)).toEqual([0, 0]);
    expect(zonesOf(GONE)).toEqual([1, 1]);
    const failed = told.filter(({ outcome }) => outcome === FAILED).length;
    expect(failed).toBeGreaterThan(0);
    expect(fleet.inFlight).toBe(inside - failed);
    expect(fleet.figures).toMatchObject({ lost: 2, crashes: 0, failed });
    expect(fleet.lifecycle).toMatchObject({ held: 2, desired: 4 });
  });

  it("is made up for in the zones that are left where somebody orders instances", () => {
    const { simulation, fleet, zonesOf } = fleetOf({ instances: 4, fleet: { zones: 2 } });
    fleet.lifecycle.loseZone(1);
    fleet.lifecycle.replaceLost();
    expect(zonesOf(BOOTING)).toEqual([0, 0]);
    // 97 s of boot and 60 s of warm-up.
    simulation.run({ until: 157 * SECOND });
    expect(zonesOf(SERVING)).toEqual([0, 0, 0, 0]);
    fleet.lifecycle.restoreZone(1);
    expect(zonesOf(BOOTING)).toEqual([]);
  });

  it("ends with new instances that boot in it, where nobody has ordered any", () => {
    const { simulation, fleet, zonesOf } = fleetOf({ instances: 4, fleet: { zones: 2 } });
    fleet.lifecycle.loseZone(1);
    simulation.run({ until: 10 * MINUTE });
    expect(zonesOf(SERVING)).toEqual([0, 0]);
    fleet.lifecycle.restoreZone(1);
    expect(zonesOf(BOOTING).length).toBe(2);
    simulation.run({ until: 20 * MINUTE });
    expect(zonesOf(SERVING)).toContain(1);
    expect(fleet.lifecycle.held).toBe(4);
  });

  it("takes what lies of a warm pool in it, and the rest of the pool steps in", () => {
    const start = { kind: "constant", value: 20 * SECOND } as const;
    const warmPool = { prepared: 4, min: 0, state: "stopped", start } as const;
    const { simulation, fleet, zonesOf } = fleetOf({ instances: 2, fleet: { zones: 2, warmPool } });
    expect(zonesOf(POOLED)).toEqual([0, 1]);
    fleet.lifecycle.loseZone(1);
    expect(fleet.figures.lost).toBe(2);
    expect(zonesOf(POOLED)).toEqual([0]);
    fleet.lifecycle.replaceLost();
    simulation.run({ until: 20 * SECOND });
    expect(zonesOf(SERVING)).toEqual([0, 0]);
    // The pool is filled again where there is a zone, and sleeps after 97 s of boot and 60 s of warm-up.
    simulation.run({ until: 157 * SECOND });
    expect(zonesOf(POOLED)).toEqual([0, 0]);
  });

  it("of the only one leaves nobody to answer, and nowhere to order", () => {
    const { simulation, fleet, told, zonesOf } = fleetOf({ instances: 2 });
    fleet.lifecycle.loseZone(0);
    fleet.submit(0, LANDING, 0, 1);
    expect(told.at(-1)?.outcome).toBe(REFUSED);
    fleet.lifecycle.replaceLost();
    fleet.lifecycle.resize(3);
    expect(fleet.lifecycle.held).toBe(0);
    fleet.lifecycle.restoreZone(0);
    simulation.run({ until: 10 * MINUTE });
    expect(zonesOf(SERVING)).toEqual([0, 0, 0]);
  });
});
