import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MINUTE, SECOND } from "../../engine/time.ts";
import type { Rehearsal } from "../result.ts";
import { decodeScenario } from "../scenario/decode.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { rehearse } from "../world.ts";
import type { Intervention } from "./intervention.ts";
import type { Glimpse, Happening, Sample } from "./snapshot.ts";
import { SteppedRehearsal } from "./stepped-rehearsal.ts";

function planOf(name: string, sets: readonly string[] = [], scale = 1): PlanSpec {
  const path = `scenarios/${name}.yaml`;
  const scenario = decodeScenario({ text: readFileSync(path, "utf8"), path, sets, scale });
  if (Array.isArray(scenario)) throw new Error(JSON.stringify(scenario, null, 1));
  const [plan] = scenario.plans;
  if (plan === undefined) throw new Error("the scenario has a plan");
  return plan;
}

const SEED = "stepped";

/** Everything that was shown from here to the end. */
interface Shown {
  readonly last: Glimpse;
  readonly rehearsal: Rehearsal;
  readonly samples: readonly Sample[];
  readonly happenings: readonly Happening[];
}

function toTheEnd(stepped: SteppedRehearsal, events = Infinity): Shown {
  const samples: Sample[] = [];
  const happenings: Happening[] = [];
  for (;;) {
    stepped.advance({ events });
    const last = stepped.glimpse();
    samples.push(...last.samples);
    happenings.push(...last.happenings);
    const { rehearsal } = last;
    if (rehearsal !== null) return { last, rehearsal, samples, happenings };
  }
}

const textsOf = ({ happenings }: Shown) => happenings.map(({ text }) => text);

/** Batches, an autoscaled fleet, a waiting room and two payment networks. */
const SETS = [
  "plans.batched.launch={ at: +2min, batches: 4, every: 3min, each-over: 1min }",
  "waiting-room={ mode: on, capacity: 30 }",
  "audience.recipients=800",
];
const plan = planOf("small-drop", SETS);
const alone = rehearse({ plan, seed: SEED });

describe("a rehearsal that is stepped", () => {
  it("is the one that nobody stops, however often it is looked at", () => {
    for (const events of [Infinity, 997]) {
      const { rehearsal } = toTheEnd(new SteppedRehearsal({ plan, seed: SEED }), events);
      expect(rehearsal).toEqual(alone);
    }
  });

  it("stops at every time and after every number of events that it is asked for", () => {
    const stepped = new SteppedRehearsal({ plan, seed: SEED });
    stepped.advance({ until: 90 * SECOND });
    expect(stepped.now).toBe(90 * SECOND);
    const { events } = stepped;
    stepped.advance({ events: 1 });
    expect(stepped.events).toBe(events + 1);
    expect(stepped.now).toBeGreaterThan(90 * SECOND);
    stepped.advance({ until: stepped.now });
    stepped.advance({ until: 29 * MINUTE, events: 10 });
    expect(stepped.glimpse().snapshot.events).toBeGreaterThanOrEqual(events + 11);
    expect(stepped.isOver).toBe(false);
  });

  it("ends with figures that are the metrics of the same name", () => {
    const { last, samples, rehearsal } = toTheEnd(
      new SteppedRehearsal({ plan, seed: SEED }),
      5_000,
    );
    const { snapshot } = last;
    const { metrics, series } = rehearsal;
    expect(snapshot).toMatchObject({
      events: rehearsal.events,
      orders: metrics.orders,
      revenue: metrics.revenue,
      errorsRate: metrics["errors.rate"],
      latencyP50: metrics["latency.p50"],
      latencyP95: metrics["latency.p95"],
      oversold: metrics.oversold,
    });
    const sum = (of: (sample: Sample) => number) =>
      samples.reduce((total, sample) => total + of(sample), 0);
    expect(samples).toHaveLength(180);
    expect(sum(({ errors }) => errors)).toBe(metrics.errors);
    expect(sum(({ orders }) => orders)).toBe(series.orders?.reduce((all, one) => all + one, 0));
    // A series has the state at the end of each five minutes, which is every thirtieth sample.
    const states = samples.filter(({ at }) => at % (5 * MINUTE) === 0);
    expect(states.map(({ queue }) => queue)).toEqual(series["queue.length"]);
    expect(states.map(({ instances }) => instances)).toEqual(series.instances);
    expect(states.map(({ shoppers }) => shoppers)).toEqual(series["shoppers.concurrent"]);
    expect(Math.max(...samples.map(({ queue }) => queue))).toBeGreaterThan(0);
  });

  it("tells of batches, faults, the waiting room, scaling, sold out units and the end", () => {
    const eventful = planOf("small-drop", [
      ...SETS,
      "waiting-room.capacity=150",
      "sellers.0.stock.units=40",
      "faults=[{ at: +4min, kind: fleet-slow, for: 5min, times: 90 }]",
    ]);
    const shown = toTheEnd(new SteppedRehearsal({ plan: eventful, seed: SEED }), 2_000);
    const at = shown.happenings.map((happening) => happening.at);
    expect(at).toEqual([...at].sort((one, other) => one - other));
    expect(shown.happenings.filter(({ kind }) => kind === "batch").slice(0, 1)).toEqual([
      { at: 2 * MINUTE, kind: "batch", severity: "info", text: "batch 1 of 4: 200 mails" },
    ]);
    const kinds = new Set(shown.happenings.map(({ kind }) => kind));
    const expected = ["batch", "end", "fault", "scaling", "service-level", "sold-out"];
    expect([...kinds].sort()).toEqual([...expected, "waiting-room"]);
    expect(textsOf(shown)).toContain("fleet-slow begins, for 5 min");
    expect(textsOf(shown)).toContain("fleet-slow is over");
    expect(textsOf(shown).join("\n")).toMatch(/autoscaler: 2 → \d instances \(utilisation \d+ %\)/);
    expect(textsOf(shown).join("\n")).toMatch(/service level missed: (p95|errors) .* > /);
    expect(shown.happenings.at(-1)?.kind).toBe("end");
  });
});

const OUTAGE = { kind: "gateway-outage", network: "primary", answer: "error" } as const;

/** One of each kind, at a time. */
const changes: readonly ((at: number) => Intervention)[] = [
  (at) => ({ kind: "batch-gap", at, every: 90 * SECOND }),
  (at) => ({ kind: "instances", at, min: 3, max: 3 }),
  (at) => ({ kind: "room-capacity", at, capacity: 2_000 }),
  (at) => ({ kind: "fault", at, fault: { ...OUTAGE, at, ends: at + 5 * MINUTE } }),
];

describe("an intervention", () => {
  it("leaves the time before it alone, and is the same whenever it was announced", () => {
    const times = fc.integer({ min: 0, max: 10 * 60 }).map((seconds) => seconds * SECOND);
    const made = fc.array(fc.record({ change: fc.constantFrom(...changes), at: times }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(made, fc.integer({ min: 0, max: 500 }), (wanted, steps) => {
        const all = wanted.map(({ change, at }) => change(at)).sort((a, b) => a.at - b.at);
        const known = new SteppedRehearsal({ plan, seed: SEED, interventions: all });
        const onTheWay = new SteppedRehearsal({ plan, seed: SEED });
        const untouched = new SteppedRehearsal({ plan, seed: SEED });
        const taken = all.filter((intervention) => {
          onTheWay.advance({ until: intervention.at });
          return onTheWay.intervene(intervention) === null;
        });
        onTheWay.advance({ events: steps });
        const [first] = all;
        if (first !== undefined && first.at > 0) {
          known.advance({ until: first.at - 1 });
          untouched.advance({ until: first.at - 1 });
          expect(known.glimpse()).toEqual(untouched.glimpse());
        }
        const ends = toTheEnd(known, 10_007).rehearsal;
        expect(toTheEnd(onTheWay).rehearsal.metrics).toEqual(ends.metrics);
        // What was refused on the way is refused when its time comes, which is an event as well.
        expect(all.length - taken.length).toBe(known.refused.length);
        if (taken.length === all.length) expect(onTheWay.events).toBe(known.events);
        expect(ends.broken).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });

  it("changes the course with its digest, and what was announced is told", () => {
    for (const change of changes) {
      const intervention = change(4 * MINUTE);
      const given = { plan, seed: SEED, interventions: [intervention] };
      const known = toTheEnd(new SteppedRehearsal(given));
      const onTheWay = new SteppedRehearsal({ plan, seed: SEED });
      onTheWay.advance({ until: 4 * MINUTE, events: 300 });
      onTheWay.advance({ until: 4 * MINUTE });
      expect(onTheWay.intervene(intervention)).toBeNull();
      const shown = toTheEnd(onTheWay, 1_000);
      expect(shown.rehearsal).toEqual(known.rehearsal);
      expect(shown.rehearsal.digest).not.toBe(alone.digest);
      expect(known.happenings.filter(({ kind }) => kind === "intervention")).toMatchObject([
        { at: 4 * MINUTE, severity: "info" },
      ]);
    }
  });

  it("moves the batches that have not begun, and nobody's own time to click", () => {
    const stepped = new SteppedRehearsal({ plan, seed: SEED });
    stepped.advance({ until: 4 * MINUTE });
    expect(
      stepped.intervene({ kind: "batch-gap", at: stepped.now, every: 10 * MINUTE }),
    ).toBeNull();
    const dues = () => stepped.glimpse().batches.map(({ due }) => due / MINUTE);
    expect(dues()).toEqual([2, 12, 22, 32]);
    // As the plan has it: whoever comes comes when they would have come.
    expect(stepped.intervene({ kind: "batch-gap", at: stepped.now, every: 3 * MINUTE })).toBeNull();
    expect(dues()).toEqual([2, 5, 8, 11]);
    stepped.advance({ until: 7 * MINUTE });
    const again: Intervention = { kind: "batch-gap", at: stepped.now, every: 3 * MINUTE };
    expect(stepped.intervene(again)).toBeNull();
    expect(toTheEnd(stepped).rehearsal.metrics).toEqual(alone.metrics);
  });

  it("orders the instances that the fleet is short of, and none above its bound", () => {
    const stepped = new SteppedRehearsal({ plan, seed: SEED });
    stepped.advance({ until: MINUTE });
    stepped.intervene({ kind: "instances", at: stepped.now, min: 5, max: 5 });
    expect(stepped.glimpse().snapshot.instances).toEqual({
      serving: 2,
      warming: 3,
      min: 5,
      max: 5,
    });
    const { metrics } = toTheEnd(stepped).rehearsal;
    expect(metrics["instances.peak"]).toBe(5);
  });

  it("lets so many be inside, and fails payments while the network is out", () => {
    const large = changes[2]?.(0) as Intervention;
    const roomy = toTheEnd(new SteppedRehearsal({ plan, seed: SEED, interventions: [large] }));
    const queue = (of: Rehearsal) => of.metrics["queue.length.peak"] ?? Number.NaN;
    expect(queue(roomy.rehearsal)).toBeLessThan(0.5 * queue(alone));
    const out = changes[3]?.(3 * MINUTE) as Intervention;
    const failing = toTheEnd(new SteppedRehearsal({ plan, seed: SEED, interventions: [out] }));
    expect(failing.rehearsal.metrics["payments.failed"]).toBeGreaterThan(
      (alone.metrics["payments.failed"] ?? 0) + 10,
    );
    expect(textsOf(failing)).toContain("gateway-outage is over");
  });

  it("is refused with a reason where it cannot be, and nothing has changed", () => {
    const roomless = planOf("small-drop", ["payments.fallback=none"]);
    const stepped = new SteppedRehearsal({ plan: roomless, seed: SEED });
    stepped.advance({ until: 10 * MINUTE });
    const at = stepped.now;
    const lasting = (fault: object) => ({
      kind: "fault",
      at,
      fault: { at, ends: at + MINUTE, ...fault },
    });
    const refused: readonly (readonly [object, RegExp])[] = [
      [{ kind: "batch-gap", at, every: MINUTE }, /every batch has begun/],
      [{ kind: "batch-gap", at, every: -1 }, /no longer than the sale/],
      [{ kind: "instances", at, min: 0, max: 3 }, /from 1 to 10000/],
      [{ kind: "instances", at, min: 4, max: 3 }, /cannot both be/],
      [{ kind: "room-capacity", at, capacity: 5 }, /no waiting room/],
      [{ kind: "room-capacity", at: at - 1, capacity: 5 }, /past/],
      [lasting({ ...OUTAGE, network: "fallback" }), /no fallback network/],
      [lasting({ ...OUTAGE, ends: 31 * MINUTE }), /outlast/],
      [lasting({ kind: "zone-lost", zone: 9, replacedAfter: 0 }), /zones are numbered/],
      [lasting({ kind: "fleet-slow", times: 0 }), /slower/],
      [lasting({ kind: "cdn-cold", hitRatio: 1 }), /cold cache/],
    ];
    for (const [intervention, why] of refused)
      expect(stepped.intervene(intervention as Intervention)).toMatch(why);
    const { rehearsal } = toTheEnd(stepped);
    expect(rehearsal).toEqual(rehearse({ plan: roomless, seed: SEED }));
    expect(stepped.intervene({ kind: "batch-gap", at: stepped.now, every: 1 })).toMatch(/over/);
  });
});
