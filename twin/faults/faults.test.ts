/** Every kind of fault in a small world: what it does to a sale, and that nothing is lost by it. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import { rehearse } from "../world.ts";

const path = "scenarios/small-drop.yaml";
const text = readFileSync(path, "utf8");
const SEED = "faults";

/** The small drop with these faults, whose books must be in order whatever failed. */
function dropWith(faults: string, sets: readonly string[] = []): Rehearsal {
  const scenario = decodeScenario({ text, path, sets: [`faults=${faults}`, ...sets] });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  const rehearsal = rehearse({ plan, seed: SEED });
  expect(rehearsal.complete).toBe(true);
  expect(rehearsal.broken).toEqual([]);
  expect(rehearsal.metrics.oversold).toBe(0);
  return rehearsal;
}

/** One network, and units for everybody, so that what is sold is what could be paid. */
const ALONE = ["payments.fallback=none", "sellers.0.stock.units=5k"];
const sound = dropWith("[]");
const soundAlone = dropWith("[]", ALONE);

function sum(series: readonly number[] | undefined, from: number, to: number): number {
  return (series ?? []).slice(from, to).reduce((total, value) => total + value, 0);
}

/** A figure of two rehearsals, the second a sound one. */
function figures(one: Rehearsal, metric: string, other: Rehearsal = sound) {
  return { now: one.metrics[metric] ?? Number.NaN, before: other.metrics[metric] ?? Number.NaN };
}

describe("faults", () => {
  it("are in the digest, and are the same for the same seed", () => {
    const faults = "[{ at: +5min, kind: cdn-outage, for: 1min }]";
    const once = dropWith(faults);
    expect(dropWith(faults)).toEqual(once);
    expect(once.digest).not.toBe(sound.digest);
  });

  it("leave a rehearsal alone in which there are none", () => {
    expect(sound.metrics["recovery.time"]).toBeNaN();
    expect(sound.metrics["instances.lost"]).toBe(0);
  });

  it.each(["error", "silence"])(
    "of a network without another sell nothing meanwhile: %s",
    (answer) => {
      const faults = `[{ at: +5min, kind: gateway-outage, for: 10min, answer: ${answer} }]`;
      const out = dropWith(faults, ALONE);
      // Intervals of five minutes: the second and third are without a network.
      expect(sum(soundAlone.series.orders, 1, 3)).toBeGreaterThan(100);
      // What was charged before is confirmed, and orders in doubt before may be found paid.
      expect(sum(out.series.orders, 1, 3)).toBeLessThan(10);
      expect(sum(out.series.orders, 3, 6)).toBeGreaterThan(10);
      const lost = figures(out, "carts.abandoned{payment}", soundAlone);
      expect(lost.now).toBeGreaterThan(lost.before + 50);
      const which = answer === "error" ? "payments.failed" : "payments.timedOut";
      expect(figures(out, which, soundAlone).now).toBeGreaterThan(
        2 * (soundAlone.metrics[which] ?? 0),
      );
    },
  );

  it("of a network with another behind it cost few orders", () => {
    const out = dropWith("[{ at: +5min, kind: gateway-outage, for: 10min }]");
    expect(out.metrics["payments.fallback"]).toBeGreaterThan(10);
    expect(sum(out.series.orders, 1, 3)).toBeGreaterThan(0.9 * sum(sound.series.orders, 1, 3));
  });

  it("a brownout makes charges fail, time out and take longer", () => {
    const out = dropWith("[{ at: +2min, kind: gateway-brownout, for: 15min }]", ALONE);
    for (const metric of ["payments.failed", "payments.timedOut", "payments.retried"]) {
      const { now, before } = figures(out, metric, soundAlone);
      expect([metric, now > 3 * before]).toEqual([metric, true]);
    }
    const { now, before } = figures(out, "latency.p95{payment}", soundAlone);
    expect(now).toBeGreaterThan(2 * before);
  });

  it("a rate limit refuses the charges above it", () => {
    const out = dropWith(
      "[{ at: +2min, kind: gateway-rate-limit, for: 10min, rate: 6/min }]",
      ALONE,
    );
    expect(out.metrics["payments.failed"]).toBeGreaterThan(
      3 * (soundAlone.metrics["payments.failed"] ?? 0),
    );
    expect(sum(out.series.orders, 0, 2)).toBeLessThan(sum(soundAlone.series.orders, 0, 2));
  });

  it("a cold cache and an outage of the CDN send pages to the origin", () => {
    const cold = dropWith("[{ at: +2min, kind: cdn-cold, for: 20min }]");
    const out = dropWith("[{ at: +2min, kind: cdn-outage, for: 20min }]");
    expect(sound.metrics["cdn.hit.ratio"]).toBeGreaterThan(0.98);
    expect(cold.metrics["cdn.hit.ratio"]).toBeLessThan(0.8);
    expect(out.metrics["cdn.hit.ratio"]).toBeLessThan((cold.metrics["cdn.hit.ratio"] ?? 0) - 0.1);
    const landing = figures(out, "latency.p95{landing}");
    expect(landing.now).toBeGreaterThan(2 * landing.before);
  });

  it("lost instances crash and come back; a share is rounded, a number is taken as it is", () => {
    const some = dropWith("[{ at: +6min, kind: instances-lost, instances: 1 }]");
    const all = dropWith("[{ at: +6min, kind: instances-lost, share: 100% }]");
    expect([some.metrics["instances.crashed"], all.metrics["instances.crashed"]]).toEqual([1, 2]);
    expect(some.metrics["errors{refused}"]).toBe(0);
    expect(all.metrics["errors{refused}"]).toBeGreaterThan(100);
    expect(all.series.instances?.at(-1)).toBe(sound.series.instances?.at(-1));
  });

  it("a lost zone is made up for by an autoscaled fleet, and waited for by another", () => {
    const faults = "[{ at: +6min, kind: zone-lost, zone: 2, for: 15min, replaced-after: 3min }]";
    const minute = "{ constant: 1min }";
    const fleet = `platform.fleet={ initial: 4, min: 4, max: 4, zones: 2, boot: ${minute}, warm-up: ${minute} }`;
    const replaced = dropWith(faults, [fleet]);
    const waiting = dropWith(faults, [fleet, "platform.autoscaler.kind=none"]);
    expect(replaced.series.instances?.slice(0, 6)).toEqual([4, 2, 4, 4, 4, 4]);
    expect(waiting.series.instances?.slice(0, 6)).toEqual([4, 2, 2, 2, 4, 4]);
    expect(replaced.metrics["instances.lost"]).toBe(2);
    expect(replaced.metrics["instances.crashed"]).toBe(0);
  });

  it("a slow database and a slow fleet make pages late", () => {
    const database = dropWith("[{ at: +1min, kind: database-slow, for: 25min, times: 20 }]");
    const servers = dropWith("[{ at: +1min, kind: fleet-slow, for: 25min, times: 4 }]");
    // A product page waits 65 ms on databases: 1.2 s more when that takes twenty times as long.
    const product = figures(database, "latency.p95{product}");
    expect(product.now - product.before).toBeGreaterThan(1_000);
    expect(product.now - product.before).toBeLessThan(1_400);
    expect(figures(servers, "latency.p95{product}").now).toBeGreaterThan(1.2 * product.before);
  });

  it("one may begin at the tick at which another of its kind ends", () => {
    const two =
      "[{ at: +5min, kind: cdn-outage, for: 5min }, { at: +10min, kind: cdn-outage, for: 5min }]";
    const one = dropWith("[{ at: +5min, kind: cdn-outage, for: 10min }]");
    expect(dropWith(two).metrics["cdn.hit.ratio"]).toBe(one.metrics["cdn.hit.ratio"]);
  });

  it("at a smaller scale limit the smaller rate and lose the smaller number of instances", () => {
    const faults =
      "[{ at: +5min, kind: gateway-rate-limit, for: 1min, rate: 10/s }, { at: +9min, kind: instances-lost, instances: 2 }]";
    const sets = [`faults=${faults}`, "platform.fleet={ initial: 8, min: 8, max: 16, cores: 2 }"];
    const scenario = decodeScenario({ text, path, sets, scale: 0.25 });
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario));
    expect(scenario.plans[0]?.world.faults).toMatchObject([{ rate: 2.5 }, { instances: 1 }]);
  });
});

describe("faults of every kind together", () => {
  const faults = `[
    { at: +1min, kind: gateway-outage, for: 2min, answer: silence },
    { at: +2min, kind: gateway-brownout, for: 9min },
    { at: +2min, kind: gateway-outage, for: 2min, network: fallback },
    { at: +4min, kind: gateway-rate-limit, for: 5min, rate: 1/s, network: fallback },
    { at: +1min, kind: cdn-cold, for: 9min }, { at: +3min, kind: cdn-outage, for: 2min },
    { at: +2min, kind: instances-lost }, { at: +3min, kind: zone-lost, for: 4min, zone: 2 },
    { at: +5min, kind: database-slow, for: 5min }, { at: +5min, kind: fleet-slow, for: 5min }]`;

  it("break no book, at no event", () => {
    const sets = [`faults=${faults}`, "platform.fleet.zones=2"];
    const scenario = decodeScenario({ text, path, sets, scale: 0.1 });
    if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
    const [plan] = scenario.plans;
    if (plan === undefined) throw new Error("the scenario has a plan");
    const audited = rehearse({ plan, seed: SEED, auditEveryEvent: true });
    expect(audited).toMatchObject({ complete: true, broken: [], metrics: { oversold: 0 } });
    expect(audited.metrics["payments.timedOut"]).toBeGreaterThan(0);
    expect(audited.metrics.orders).toBeGreaterThan(0);
  });
});

describe("the time of recovery", () => {
  it("is short where the system comes back at once, and long where servers must boot", () => {
    const cdn = dropWith("[{ at: +8min, kind: cdn-outage, for: 2min }]");
    expect(cdn.metrics["recovery.time"]).toBe(0);
    const crash = dropWith("[{ at: +8min, kind: instances-lost, share: 100% }]");
    // A restart of 20 s and a warm-up of 60 s, both of the median.
    expect(crash.metrics["recovery.time"]).toBeGreaterThanOrEqual(60_000);
    expect(crash.metrics["recovery.time"]).toBeLessThanOrEqual(300_000);
  });

  it("is what is left of the scenario where the sale never recovers", () => {
    const sets = ["platform.fleet.restart={ constant: 10h }"];
    const { metrics } = dropWith("[{ at: +8min, kind: instances-lost, share: 100% }]", sets);
    expect(metrics["recovery.time"]).toBe(22 * 60_000);
  });

  it("is not measured where there was nothing before the first fault", () => {
    const { metrics } = dropWith("[{ at: +0s, kind: cdn-outage, for: 2min }]");
    expect(metrics["recovery.time"]).toBeNaN();
  });
});
