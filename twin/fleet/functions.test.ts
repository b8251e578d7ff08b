/** Functions against traces worked by hand, and against Erlang's loss formula. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { erlangB } from "../../engine/analytic/closed-forms.ts";
import { Simulation } from "../../engine/simulation.ts";
import { MILLISECOND, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { ServerlessSpec } from "../scenario/scenario.ts";
import { rehearse } from "../world.ts";
import { ConcurrencyRamp, RestingEnvironments } from "./environments.ts";
import { fleetSpec, LANDING } from "./fleet.fixture.ts";
import { Functions } from "./functions.ts";
import { OK, type Outcome, REFUSED } from "./servers.ts";

/** Environments that a ramp grants at each of these seconds when all that can be had are asked for. */
function granted(spec: ConstructorParameters<typeof ConcurrencyRamp>[0], seconds: number[]) {
  const ramp = new ConcurrencyRamp(spec);
  return seconds.map((second) => {
    let count = 0;
    while (ramp.admits(second * SECOND)) count += 1;
    return count;
  });
}

describe("how fast environments may come", () => {
  it("is 1,000 every 10 s, as Lambda has it since November 2023", () => {
    const spec = { burst: 1_000, by: 1_000, every: 10 * SECOND };
    expect(granted(spec, [0, 5, 10, 19, 20, 50])).toEqual([1_000, 0, 1_000, 0, 1_000, 1_000]);
  });

  it("is 3,000 at once and then 500 a minute, as Lambda had it before", () => {
    const spec = { burst: 3_000, by: 500, every: MINUTE };
    expect(granted(spec, [30, 60, 90, 149, 150, 1_000])).toEqual([3_000, 0, 500, 0, 500, 3_000]);
  });

  it("never exceeds the burst and its steps, whenever it is asked", () => {
    const asks = fc.array(fc.tuple(fc.nat(90), fc.integer({ min: 1, max: 40 })), { maxLength: 60 });
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 30 }), (gaps, burst) => {
        const spec = { burst, by: 5, every: 10 * SECOND };
        const ramp = new ConcurrencyRamp(spec);
        let now = 0;
        let came = 0;
        for (const [gap, count] of gaps) {
          now += gap;
          for (let asked = 0; asked < count; asked += 1) if (ramp.admits(now * SECOND)) came += 1;
          expect(came).toBeLessThanOrEqual(burst + (Math.floor(now / 10) + 1) * spec.by);
        }
      }),
    );
  });
});

describe("environments that rest", () => {
  it("are used the youngest first, and end the oldest first", () => {
    const resting = new RestingEnvironments();
    for (const since of [1, 2, 3]) resting.rest(since);
    expect(resting.take()).toBe(true);
    expect(resting.end(1)).toBe(1);
    expect(resting.longest).toBe(2);
    expect(resting.end(9)).toBe(1);
    expect(resting.take()).toBe(false);
  });
});

const SPEC: ServerlessSpec = {
  kind: "serverless",
  concurrency: 100,
  ramp: { burst: 100, by: 100, every: 10 * SECOND },
  coldStart: { kind: "constant", value: 400 * MILLISECOND },
  keepAlive: 10 * MINUTE,
  memory: 2 ** 31,
};

function made(change: Partial<ServerlessSpec> = {}) {
  const simulation = new Simulation({ seed: "functions" });
  const answers: { outcome: Outcome; latency: Ticks }[] = [];
  const functions = new Functions(
    simulation,
    fleetSpec({ demand: { cpu: 50 * MILLISECOND, io: 30 * MILLISECOND } }),
    {
      spec: { ...SPEC, ...change },
      onOutcome: (request, outcome, latency) => {
        answers[request] = { outcome, latency };
      },
      database: null,
    },
  );
  return { simulation, functions, answers };
}

describe("a request to a function", () => {
  it("starts cold the first time, is warm the next, and cold again after the keep-alive", () => {
    const { simulation, functions, answers } = made();
    const ask = simulation.defineEvent("test.ask", (n) => functions.submit(n, LANDING, n, 1));
    simulation.schedule(0, ask, 0);
    simulation.schedule(MINUTE, ask, 1);
    // The second answer came 80 ms after the minute; the environment rests from then on.
    simulation.schedule(11 * MINUTE + 79 * MILLISECOND, ask, 2);
    simulation.schedule(22 * MINUTE, ask, 3);
    simulation.run();
    const millis = answers.map(({ latency }) => latency / MILLISECOND);
    expect(millis).toEqual([480, 80, 80, 480]);
    expect(functions.coldStarts).toBe(2);
    expect(functions.figures.instances.value).toBe(0);
    expect(functions.gigabyteSeconds).toBeCloseTo(2 * (0.48 + 0.08 + 0.08 + 0.48), 9);
  });

  it("has an environment to itself, and is turned away where none may be had", () => {
    const { simulation, functions, answers } = made({
      concurrency: 5,
      ramp: { burst: 3, by: 1, every: 10 * SECOND },
    });
    for (let request = 0; request < 4; request += 1) functions.submit(request, LANDING, request, 1);
    expect(answers[3]).toEqual({ outcome: REFUSED, latency: 30 * MILLISECOND });
    simulation.run({ until: SECOND });
    expect(answers.slice(0, 3).map(({ outcome }) => outcome)).toEqual([OK, OK, OK]);
    expect(functions).toMatchObject({ concurrentPeak: 3, concurrent: 0, coldStarts: 3 });
    expect(functions.figures.refused).toBe(1);
  });

  it("is refused beyond the account's concurrency as Erlang's B says", () => {
    const { simulation, functions } = made({
      concurrency: 10,
      coldStart: { kind: "constant", value: 0 },
    });
    const requests = 200_000;
    const perSecond = 5 / 0.08;
    const gaps = simulation.random("test.arrivals");
    const ask = simulation.defineEvent("test.ask", (request) => {
      functions.submit(request, LANDING, request, 1);
      const gap = Math.round((gaps.exponential() * SECOND) / perSecond);
      if (request + 1 < requests) simulation.scheduleAfter(gap, ask, request + 1);
    });
    simulation.schedule(0, ask, 0);
    simulation.run();
    const refused = functions.figures.refused / requests;
    expect(Math.abs(refused / erlangB(10, 5) - 1)).toBeLessThan(0.05);
  });
});

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");

describe("a sale on functions", () => {
  const decode = (...sets: string[]) =>
    decodeScenario({ text, path, sets: ["platform.autoscaler.kind=serverless", ...sets] });
  const sale = (...sets: string[]) => {
    const scenario = decode(...sets);
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
    const [plan] = scenario.plans;
    if (plan === undefined) throw new Error("the scenario has a plan");
    const { metrics, broken } = rehearse({ plan, seed: "functions" });
    expect(broken).toEqual([]);
    return metrics;
  };

  it("is paid by requests and memory, and by no hour of an instance", () => {
    const metrics = sale("platform.price.million-requests=1000");
    expect(metrics["cost{instances}"]).toBe(0);
    expect(metrics.cost).toBe(metrics["cost{functions}"]);
    expect(metrics.cost).toBeGreaterThan(0);
    expect(metrics["functions.coldStarts"]).toBeGreaterThan(0);
    expect(metrics["functions.concurrent.peak"]).toBeGreaterThan(0);
    expect(metrics["errors{refused}"]).toBe(0);
  });

  it("turns shoppers away where the account allows too little", () => {
    const metrics = sale("platform.autoscaler.serverless.concurrency=2");
    expect(metrics["errors{refused}"]).toBeGreaterThan(0);
    expect(metrics["functions.concurrent.peak"]).toBe(2);
  });

  it("opens connections to the database as it has requests, up to the database's own limit", () => {
    const database = ["platform.database.pool=1", "platform.database.connections=3"];
    expect(sale(...database)["database.connections.peak"]).toBe(3);
  });

  it.each([
    [["platform.warm-pool.prepared=20"], "platform.warm-pool"],
    [["platform.nodes.pods=4"], "platform.nodes.pods"],
    [["platform.autoscaler.scheduled=[{ at: +1min, min: 3 }]"], "platform.autoscaler.scheduled"],
    [["faults=[{ at: +1min, kind: instances-lost }]"], "faults.0.kind"],
    [["platform.autoscaler.serverless.concurrency=9M"], "serverless.concurrency"],
  ])("contradicts %s", (sets, at) => {
    const found = decode(...sets);
    expect(JSON.stringify(found)).toContain(at);
    expect(Array.isArray(found)).toBe(true);
  });
});
