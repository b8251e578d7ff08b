/** Several policies on one fleet: the rule, and a trace worked by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Simulation } from "../../engine/simulation.ts";
import { MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { fleetSpec, LANDING } from "../fleet/fleet.fixture.ts";
import { Fleet } from "../fleet/fleet.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { AlarmedSpec } from "../scenario/scenario.ts";
import { starterScenario } from "../scenario/starter.ts";
import { Autoscaler } from "./autoscaler.ts";
import { combined, type Decision } from "./policy.ts";

const stay: Decision = { kind: "stay", why: "no-alarm" };
const out = (desired: number): Decision => ({ kind: "out", desired });
const shrink = (desired: number): Decision => ({ kind: "in", desired });

describe("several policies", () => {
  it.each([
    ["grow if any asks", [stay, out(7)], out(7)],
    ["grow to the largest size", [out(7), out(9), shrink(2)], out(9)],
    ["do not shrink while one does not ask for it", [shrink(3), stay], stay],
    ["shrink to the largest size if all ask", [shrink(3), shrink(4)], shrink(4)],
  ])("%s", (_words, decisions, expected) => {
    expect(combined(decisions, { desired: 6 })).toEqual(expected);
  });

  it("shrink no further than the floor", () => {
    expect(combined([shrink(2)], { desired: 6, floor: 5 })).toEqual(shrink(5));
    expect(combined([shrink(2)], { desired: 6, floor: 6 })).toEqual({
      kind: "stay",
      why: "enough",
    });
  });

  it("of which there is one decide as that one does", () => {
    const decision = fc.oneof(
      fc.constant(stay),
      fc.integer({ min: 7, max: 20 }).map(out),
      fc.integer({ min: 1, max: 5 }).map(shrink),
    );
    fc.assert(
      fc.property(decision, (one) => {
        expect(combined([one], { desired: 6 })).toEqual(one);
      }),
    );
  });
});

const METRIC = {
  period: MINUTE,
  metricDelay: 30 * SECOND,
  datapointsLow: 15,
  instanceWarmUp: 2 * MINUTE,
};
const tracking: AlarmedSpec = {
  ...METRIC,
  kind: "target-tracking",
  target: 0.5,
  datapointsHigh: 3,
  lowShare: 0.9,
};
const step = (low: number): AlarmedSpec => ({
  ...METRIC,
  kind: "step",
  datapointsHigh: 1,
  adjustment: "change",
  high: 0.6,
  low,
  minimum: 1,
  out: [{ from: 0, to: null, by: 1 }],
  in: [{ from: 0, to: null, by: 1 }],
});

/** Two instances of two cores; each request is 50 ms of CPU, evenly spaced. */
function rehearsed(further: readonly AlarmedSpec[], floor = 0) {
  const simulation = new Simulation({ seed: "together" });
  const fleetWith = fleetSpec({ instances: 2, backlog: 400, fleet: { min: 2, max: 20 } });
  const fleet = new Fleet(simulation, fleetWith, () => {});
  const steps: (readonly [minute: number, did: string, desired: number])[] = [];
  new Autoscaler(simulation, {
    spec: tracking,
    further,
    floor: () => floor,
    fleet: fleetWith,
    lifecycle: fleet.lifecycle,
    onDecision: (decision) => {
      if (decision.kind === "stay") return;
      steps.push([simulation.now / MINUTE, decision.kind, decision.desired]);
    },
  });
  const perSecond = (at: Ticks) => (at < 10 * MINUTE ? 64 : 20);
  let request = 0;
  const arrive = simulation.defineEvent("test.arrival", () => {
    fleet.submit(request % 100_000, LANDING, request, 1);
    request += 1;
    simulation.scheduleAfter(Math.round(SECOND / perSecond(simulation.now)), arrive, 0);
  });
  simulation.schedule(0, arrive, 0);
  simulation.run({ until: 32 * MINUTE });
  return steps;
}

describe("target tracking and step scaling on one fleet", () => {
  /**
   * Until 10 min 64/s, 3.2 of 4 cores, 80 %. Step scaling acts on one datapoint: at 1.5 min one
   * more, 3. At 2.5 min it counts 2 warm ones and one more, 3: enough. At 3.5 min target tracking
   * has its three: ceil(2 * 0.8 / 0.5) = 4, more than the 3 of step scaling: 4.
   *
   * From 10 min 20/s, 1 of 8 cores, 12.5 %. Target tracking would go down to 2 as soon as its 15
   * datapoints below 45 % are there, the periods from 7 to 22 min; step scaling has its 15 below
   * 30 % in the periods from 10 to 25 min, known at 25.5 min, and asks for 3: the larger holds. The
   * next datapoint, 1 of 6 cores, asks for 2 on both sides.
   */
  it("takes the steps that were worked out by hand", () => {
    expect(rehearsed([step(0.3)])).toEqual([
      [1.5, "out", 3],
      [3.5, "out", 4],
      [25.5, "in", 3],
      [26.5, "in", 2],
    ]);
  });

  it("never shrinks where step scaling sees no reason to", () => {
    expect(rehearsed([step(0.1)])).toEqual([
      [1.5, "out", 3],
      [3.5, "out", 4],
    ]);
  });

  it("keeps what another policy holds", () => {
    expect(rehearsed([step(0.3)], 3).at(-1)).toEqual([25.5, "in", 3]);
  });
});

describe("policies in a scenario", () => {
  const decode = (...sets: string[]) =>
    decodeScenario({
      text: starterScenario(),
      path: "starter.yaml",
      sets: sets.map((set) => `platform.autoscaler.${set}`),
    });

  it("stand beside the first, with their own sections", () => {
    const found = decode("kind=step", "also=[target-tracking, predictive]");
    if (Array.isArray(found)) throw new Error(JSON.stringify(found));
    const world = found.plans[0]?.world;
    expect(world?.autoscaler.kind).toBe("step");
    expect(world?.furtherPolicies.map(({ kind }) => kind)).toEqual(["target-tracking"]);
    expect(world?.predictive).toEqual({ target: 0.5, buffer: 5 * MINUTE });
  });

  it.each([
    [["kind=step", "also=[step]"], "is there already"],
    [["kind=none", "also=[step, step]"], "is there already"],
    [["kind=hpa", "also=[step]"], "works alone"],
    [["kind=serverless", "also=[predictive]"], "works alone"],
    [["kind=none", "also=[step]", "step.low=90%"], "would swing"],
    [["also=[predictive]", "predictive.target=0%"], "must be above 0%"],
    [["also=[predictive]", "predictive.buffer=2h"], "longer than the hour before"],
  ])("are refused where they contradict: %s", (sets, words) => {
    expect(JSON.stringify(decode(...sets))).toContain(words);
  });
});
