import { describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import { decodeScenario } from "./decode.ts";
import type { WorldSpec } from "./scenario.ts";
import { starterScenario } from "./starter.ts";

const BASE = "platform.fleet={initial: 12, min: 8, max: 60, cores: 4}";

function decode(sets: readonly string[], scale?: number) {
  const input = { text: starterScenario(), path: "starter", sets: [BASE, ...sets] };
  return decodeScenario(scale === undefined ? input : { ...input, scale });
}

function world(sets: readonly string[], scale?: number): WorldSpec {
  const scenario = decode(sets, scale);
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  return scenario.plans[0].world;
}

function problem(set: string): string {
  const scenario = decode([set]);
  if (!Array.isArray(scenario)) return "none";
  return scenario.map(({ path, message }) => `${path} ${message}`).join("; ");
}

const SCHEDULED =
  "platform.autoscaler.scheduled=[{at: +20min, min: 8}, {at: +5min, desired: 40, min: 40}]";

describe("the size of the fleet over time", () => {
  it("is by default followed by target tracking, with nothing scheduled", () => {
    const { autoscaler, schedule } = world([]);
    expect(autoscaler).toMatchObject({ kind: "target-tracking", target: 0.5 });
    expect(schedule).toEqual({
      actions: [],
      delay: { kind: "exponential", mean: 5 * SECOND, cap: 2 * MINUTE },
    });
  });

  it("may be scheduled beside a policy, in the order of the times", () => {
    const { autoscaler, schedule } = world([SCHEDULED]);
    expect(autoscaler.kind).toBe("target-tracking");
    expect(schedule.actions).toEqual([
      { at: 5 * MINUTE, desired: 40, min: 40, max: null },
      { at: 20 * MINUTE, desired: null, min: 8, max: null },
    ]);
  });

  it("may follow steps or one change at a time, with defaults for what is not said", () => {
    const step = world(["platform.autoscaler={kind: step, step: {high: 70%}}"]).autoscaler;
    expect(step).toMatchObject({ kind: "step", adjustment: "change", high: 0.7, low: 0.3 });
    expect(step).toHaveProperty("out.1", { from: 0.15, to: null, by: 4 });
    const simple = world(["platform.autoscaler={kind: simple, simple: {out: 5}}"]).autoscaler;
    expect(simple).toMatchObject({ kind: "simple", out: 5, in: 1, cooldown: 300 * SECOND });
  });

  it("may follow Kubernetes' rules, with pods on nodes", () => {
    const { autoscaler, fleet } = world(["platform.autoscaler.kind=hpa", "platform.nodes.pods=2"]);
    expect(autoscaler).toMatchObject({ kind: "hpa", tolerance: 0.1, sync: 15 * SECOND });
    expect(autoscaler).toHaveProperty("up.policies.0", {
      unit: "pods",
      by: 4,
      every: 15 * SECOND,
    });
    expect(autoscaler).toHaveProperty("down.window", 5 * MINUTE);
    expect(fleet.nodes).toMatchObject({ pods: 2, spare: 0 });
  });

  it("shrinks with the scale: sizes as the fleet does, percentages not", () => {
    const quarter = (sets: readonly string[]) => world(sets, 0.0625);
    expect(quarter([SCHEDULED]).schedule.actions[0]).toMatchObject({ desired: 10, min: 10 });
    const steps = "out: [{from: 0%, by: 20}], in: [{from: 0%, by: 0}]";
    const step = `platform.autoscaler={kind: step, step: {${steps}}}`;
    expect(quarter([step]).autoscaler).toMatchObject({ out: [{ by: 5 }], in: [{ by: 0 }] });
    const percent = "platform.autoscaler.step.adjustment=percent";
    expect(quarter([step, percent]).autoscaler).toMatchObject({ out: [{ by: 20 }] });
    const simple = "platform.autoscaler={kind: simple, simple: {out: 8, in: 4}}";
    expect(quarter([simple]).autoscaler).toMatchObject({ out: 2, in: 1 });
    const pods = quarter(["platform.autoscaler.kind=hpa", "platform.nodes={pods: 2, spare: 8}"]);
    expect(pods.autoscaler).toHaveProperty("up.policies.0.by", 1);
    expect(pods.autoscaler).toHaveProperty("up.policies.1.by", 100);
    expect(pods.fleet.nodes.spare).toBe(2);
  });
});

describe("the warm pool and the price", () => {
  it("are none and a price an hour where the file says nothing", () => {
    const { fleet, price } = world([]);
    expect(fleet.warmPool).toMatchObject({ prepared: 0, min: 0, state: "stopped" });
    expect(price).toMatchObject({ instance: 68, asleep: 1, database: 130 });
  });

  it("start as soon as their state allows", () => {
    const start = (state: string) => world([`platform.warm-pool.state=${state}`]).fleet.warmPool;
    expect(start("stopped").start).toEqual({ kind: "constant", value: 21.2 * SECOND });
    expect(start("running").start).toEqual({ kind: "constant", value: 1.9 * SECOND });
  });

  it("shrink with the scale: the pool as the fleet does, the price as the cores", () => {
    const sets = ["platform.warm-pool.prepared=32", "platform.price={instance: $0.085}"];
    const small = world(sets, 0.0625);
    expect(small.fleet.warmPool.prepared).toBe(8);
    expect(small.price.instance).toBeCloseTo(8.5 / 4, 12);
    expect(world(sets).price.instance).toBeCloseTo(8.5, 12);
  });

  it.each([
    ["warm-pool.prepared=12", "counts the fleet in, whose initial 12 leave nothing"],
    ["warm-pool.prepared=10001", "more than 10000"],
    ["warm-pool.state=frozen", "must be"],
    ["price.instance=€1", "the scenario's currency is USD, not €"],
  ])("refuse %s", (set, said) => {
    expect(problem(`platform.${set}`)).toContain(`platform.${set.split("=")[0]} ${said}`);
  });
});

describe("what cannot be about the size of the fleet", () => {
  it.each([
    ["scheduled=[{at: +5min}]", "scheduled.0 changes nothing"],
    ["scheduled=[{at: +300d, min: 9}]", "scheduled.0.at lies after the scenario's end"],
    ["scheduled=[{at: +5min, min: 9, max: 8}]", "scheduled.0.min is more than max, 8"],
    ["scheduled=[{at: +5min, desired: 61}]", "scheduled.0.desired lies outside min and max"],
    ["scheduled=[{at: +5min, max: 10001}]", "scheduled.0.max more than 10000"],
    ["scheduled=[{min: 9}]", "scheduled.0.at is missing"],
    ["={kind: step, step: {low: 60%}}", "step.low is not under high, so the fleet would swing"],
    ["={kind: step, step: {out: []}}", "step.out has no step"],
    [
      "={kind: step, step: {in: [{from: 5%, by: 1}]}}",
      "step.in.0.from is not where the threshold is",
    ],
    [
      "={kind: step, step: {out: [{from: 0%, to: 10%, by: 1}, {from: 20%, by: 2}]}}",
      "step.out.1.from is not where the step before ends",
    ],
    [
      "={kind: step, step: {out: [{from: 0%, to: 10%, by: 1}]}}",
      "step.out.0.to leaves a distance without a step",
    ],
    ["={kind: hpa, hpa: {target: 0%}}", "hpa.target must be above 0%"],
    ["={kind: hpa, hpa: {delay: 20h}}", "hpa.delay is over 999 windows"],
    ["={kind: hpa, hpa: {sync: 1ms}}", "hpa.sync leaves no time between looks"],
    ["={kind: hpa, hpa: {up: {policies: []}}}", "hpa.up.policies"],
    ["={kind: simple, simple: {low: 70%}}", "simple.low is not under high"],
  ])("%s", (set, said) => {
    const full = set.startsWith("=") ? `platform.autoscaler${set}` : `platform.autoscaler.${set}`;
    expect(problem(full)).toContain(`platform.autoscaler.${said}`);
    expect(problem(full)).not.toContain(";");
  });

  it("may go beyond the fleet's bounds where an action has moved them", () => {
    const raised = "[{at: +5min, max: 90}, {at: +6min, desired: 80}]";
    expect(problem(`platform.autoscaler.scheduled=${raised}`)).toBe("none");
  });

  it("refuses a price that nobody pays for an instance", () => {
    expect(problem("platform.price.instance=$2000000")).toContain("is beyond any price");
  });
});
