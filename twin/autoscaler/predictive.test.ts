/** Predictive scaling against a day worked by hand, and before a mailing that it cannot foresee. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { HOUR, MINUTE } from "../../engine/time.ts";
import { fleetSpec } from "../fleet/fleet.fixture.ts";
import { Fleet } from "../fleet/fleet.ts";
import { normalLoadOf } from "../platform.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";
import { instancesFor, LoadHistory } from "./load-history.ts";
import { PredictiveScaling } from "./predictive.ts";

const dayWith = (loads: Readonly<Record<number, number>>) =>
  Array.from({ length: 24 }, (_none, hour) => loads[hour] ?? 0);

describe("the history of a shop's load", () => {
  it("is the mean of a fortnight for each hour of the day, the oldest day forgotten", () => {
    const history = new LoadHistory(dayWith({ 7: 14 }));
    expect(history.forecast()[7]).toBe(14);
    history.record(7, 0);
    expect(history.forecast()[7]).toBe(13);
    for (let day = 0; day < 13; day += 1) history.record(7, 0);
    expect(history.forecast()).toEqual(dayWith({}));
  });

  it("asks for as many instances as hold the target", () => {
    expect(instancesFor(3.2, { target: 0.5, cores: 2 })).toBe(4);
    expect(instancesFor(0, { target: 0.5, cores: 2 })).toBe(0);
    expect(instancesFor(10 * 0.6, { target: 0.5, cores: 1 })).toBe(12);
  });
});

describe("predictive scaling of a fleet without load", () => {
  /**
   * The scenario starts at 06:20 at the shop. A normal day has 3.2 busy cores from 7 to 8 and 5 from
   * 8 to 9; with two cores at 50 % that is 4 and 5 instances. So 4 are wanted from 06:55, after 35
   * min, and 5 from 07:55, after 95 min; from 09:00, after 160 min, none is, and all stay. The next
   * day, when 7 and 8 o'clock have once been idle, the forecasts are 3.2 * 13 / 14 = 2.97, so 3, and
   * 5 * 13 / 14 = 4.64, so 5.
   */
  it("takes the steps that were worked out by hand, and never scales in", () => {
    const simulation = new Simulation({ seed: "predictive" });
    const fleetWith = fleetSpec({ instances: 2, fleet: { min: 2, max: 20 } });
    const { lifecycle } = new Fleet(simulation, fleetWith, () => {});
    const starts = { epochMillis: 1_322_220_000_000, offsetMinutes: -300 };
    const scaling = new PredictiveScaling(simulation, {
      spec: { target: 0.5, buffer: 5 * MINUTE },
      fleet: fleetWith,
      lifecycle,
      starts,
      normalLoad: dayWith({ 7: 3.2, 8: 5 }),
    });
    const at = (minutes: number) => {
      simulation.run({ until: minutes * MINUTE });
      return [scaling.wanted, lifecycle.desired];
    };
    expect(at(34)).toEqual([0, 2]);
    expect(at(35)).toEqual([4, 4]);
    expect(at(94)).toEqual([4, 4]);
    expect(at(95)).toEqual([5, 5]);
    expect(at(159)).toEqual([5, 5]);
    expect(at(161)).toEqual([0, 5]);
    const nextDay = (24 * HOUR) / MINUTE;
    expect(at(nextDay + 36)).toEqual([3, 5]);
    expect(at(nextDay + 96)).toEqual([5, 5]);
  });
});

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

function plan(...sets: string[]) {
  const all = [
    "platform.autoscaler.kind=none",
    "platform.autoscaler.also=[predictive]",
    "platform.fleet.cores=1",
    "platform.fleet.max=40",
    "platform.cdn.hit-ratio=0%",
    "traffic.daily-profile=[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
    ...sets,
  ];
  const scenario = decodeScenario({ text, path, sets: all });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
  const [first] = scenario.plans;
  if (first === undefined) throw new Error("the scenario has a plan");
  return first;
}

const peakOf = (...sets: string[]) =>
  rehearse({ plan: plan(...sets), seed: "mailing" }).metrics["instances.peak"] ?? 0;

describe("a forecast before a mailing", () => {
  it("orders the same whether a mail goes out or not", () => {
    const mailed = peakOf("audience.visits=20%");
    expect(mailed).toBe(peakOf("audience.visits=0%"));
  });

  it("orders more where every normal day is as busy", () => {
    const normal = plan("traffic.rate=20/s").world;
    const needed = instancesFor(normalLoadOf(normal)[12] ?? 0, { target: 0.5, cores: 1 });
    expect(needed).toBeGreaterThan(plan().world.fleet.initial);
    // Ten minutes are enough: the hour's forecast is known from the start.
    const short = ["lasts=10min", "sale={ early-access: +0s, public: +2min, closes: +9min }"];
    expect(peakOf("traffic.rate=20/s", "audience.visits=0%", ...short)).toBe(needed);
  });

  it("takes from traffic what the servers then have to do", () => {
    const { world } = plan("traffic.rate=20/s");
    // A visit is 8.1 pages; 10 ms for a static page and 50 ms for a dynamic one, all at the origin.
    const perVisit = (normalLoadOf(world)[12] ?? 0) / 20;
    expect(perVisit).toBeGreaterThan(8.1 * 0.01);
    expect(perVisit).toBeLessThan(8.1 * 0.05);
  });
});
