import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_EVENT, PRIORITY_MAX, Simulation } from "./simulation.ts";
import { MILLISECOND, SECOND } from "./time.ts";

/** A simulation whose events write down what happened. */
function witnessed(options: { seed?: string; eventLimit?: number; pendingLimit?: number } = {}) {
  const simulation = new Simulation({ seed: "1", ...options });
  const seen: string[] = [];
  const note = (name: string, priority?: number) =>
    simulation.defineEvent(
      name,
      (subject) => {
        seen.push(`${simulation.now} ${name} ${subject}`);
      },
      priority === undefined ? {} : { priority },
    );
  return { simulation, seen, note };
}

/** Customers that come, wait a while and sometimes change their minds. */
function busy(seed: string): Simulation {
  const simulation = new Simulation({ seed });
  const pauses = simulation.random("pause");
  const minds = simulation.random("mind");
  const timeouts = new Float64Array(500);
  const leave = simulation.defineEvent("leave", () => {});
  const step = simulation.defineEvent("step", (customer) => {
    simulation.cancel(timeouts[customer]);
    const pause = Math.round(pauses.exponential() * SECOND);
    simulation.scheduleAfter(pause, step, customer);
    timeouts[customer] = simulation.scheduleAfter(3 * SECOND, leave, customer);
    if (minds.chance(0.01)) simulation.scheduleAfter(0, leave, customer);
  });
  for (let customer = 0; customer < 500; customer++) simulation.schedule(customer, step, customer);
  return simulation;
}

describe("events of one tick", () => {
  it("run by priority, lower first, then in the order in which they were scheduled", () => {
    const { simulation, seen, note } = witnessed();
    const [late, usual, early] = [note("late", 5), note("usual"), note("early", -5)];
    for (const subject of [1, 2]) {
      for (const kind of [late, usual, early]) simulation.schedule(7, kind, subject);
    }
    expect(simulation.run()).toBe("drained");
    expect(seen.map((one) => one.slice(2))).toEqual([
      "early 1",
      "early 2",
      "usual 1",
      "usual 2",
      "late 1",
      "late 2",
    ]);
  });

  it("scheduled by an event of the same tick still run in it, by their priority", () => {
    const { simulation, seen, note } = witnessed();
    const [late, early] = [note("late", 1), note("early", -1)];
    const begin = simulation.defineEvent("begin", () => {
      simulation.scheduleAfter(0, early, 0);
    });
    simulation.schedule(3, begin, 0);
    simulation.schedule(3, late, 0);
    simulation.run();
    expect(seen).toEqual(["3 early 0", "3 late 0"]);
    expect(simulation.now).toBe(3);
  });
});

describe("a run", () => {
  it("with an end executes the events at the end, and the time becomes the end", () => {
    const { simulation, seen, note } = witnessed();
    const tick = note("tick");
    for (const at of [1, 10, 11]) simulation.schedule(at, tick, 0);
    expect(simulation.run({ until: 10 })).toBe("until");
    expect([simulation.now, simulation.pending, seen.length]).toEqual([10, 1, 2]);
    expect(simulation.run({ until: 10 })).toBe("until");
    expect(simulation.run()).toBe("drained");
    expect([simulation.now, seen.at(-1)]).toEqual([11, "11 tick 0"]);
  });

  it("that drains before its end goes on to the end; one without an end stays at its last event", () => {
    const { simulation, note } = witnessed();
    const tick = note("tick");
    simulation.schedule(4, tick, 0);
    expect(simulation.run({ until: 100 })).toBe("drained");
    expect(simulation.now).toBe(100);
    simulation.schedule(104, tick, 0);
    expect(simulation.run()).toBe("drained");
    expect(simulation.now).toBe(104);
  });

  it("ends after so many events, at the limit of the simulation, or when a handler stops it", () => {
    const simulation = new Simulation({ seed: "1", eventLimit: 10 });
    const again = simulation.defineEvent("again", (count) => {
      if (count === 6) simulation.stop();
      simulation.scheduleAfter(MILLISECOND, again, count + 1);
    });
    simulation.schedule(0, again, 0);
    expect([simulation.run({ events: 4 }), simulation.events]).toEqual(["event-limit", 4]);
    expect([simulation.run(), simulation.events]).toEqual(["stopped", 7]);
    expect([simulation.run(), simulation.events]).toEqual(["event-limit", 10]);
    expect([simulation.run(), simulation.events]).toEqual(["event-limit", 10]);
  });

  it("in slices does what one run does, to the digest", () => {
    const whole = busy("7");
    whole.run({ until: 20 * SECOND });
    const sliced = busy("7");
    for (let slice = 1; slice <= 200; slice++) sliced.run({ until: (slice * SECOND) / 10 });
    const counted = busy("7");
    while (counted.events < whole.events) counted.run({ events: 97, until: 20 * SECOND });
    expect(whole.events).toBeGreaterThan(9_000);
    expect(sliced.digest.hex()).toBe(whole.digest.hex());
    expect(counted.digest.hex()).toBe(whole.digest.hex());
  });
});

describe("the seed decides everything", () => {
  it("the same seed has the same digest, and the checkpoints with it; another has another", () => {
    const runs = ["a", "a", "b"].map((seed) => {
      const simulation = busy(seed);
      simulation.run({ events: 140_000 });
      return { hex: simulation.digest.hex(), checkpoints: simulation.digest.checkpoints() };
    });
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.checkpoints).toHaveLength(2);
    expect(runs[2]?.hex).not.toBe(runs[0]?.hex);
  });

  it("the digest is the one written down here, on every machine and every version", () => {
    const simulation = busy("golden");
    simulation.run({ events: 50_000 });
    expect(simulation.digest.hex()).toBe("2a5a2c6954012986");
  });

  it("a stream is one object per name", () => {
    const { simulation } = witnessed();
    expect(simulation.random("a")).toBe(simulation.random("a"));
    expect(simulation.random("a")).not.toBe(simulation.random("b"));
  });
});

describe("cancelled events", () => {
  it("do not run, do not count, and cannot be cancelled again", () => {
    const { simulation, seen, note } = witnessed();
    const tick = note("tick");
    const first = simulation.schedule(1, tick, 1);
    const second = simulation.schedule(2, tick, 2);
    expect(simulation.cancel(first)).toBe(true);
    expect(simulation.cancel(first)).toBe(false);
    expect(simulation.pending).toBe(1);
    expect(simulation.run()).toBe("drained");
    expect(seen).toEqual(["2 tick 2"]);
    expect(simulation.cancel(second)).toBe(false);
    expect(simulation.cancel(NO_EVENT)).toBe(false);
  });

  it("leave the order of all others as a plain sort has it", () => {
    const schedule = fc.array(
      fc.record({ at: fc.nat({ max: 30 }), priority: fc.nat({ max: 2 }), cancelled: fc.boolean() }),
      { maxLength: 300 },
    );
    const property = fc.property(schedule, (plan) => {
      const { simulation, seen, note } = witnessed();
      const kinds = [0, 1, 2].map((priority) => note(`p${priority}`, priority));
      const handles = plan.map(({ at, priority }, index) =>
        simulation.schedule(at, kinds[priority] ?? 0, index),
      );
      plan.forEach(({ cancelled }, index) => {
        if (cancelled) expect(simulation.cancel(handles[index] ?? 0)).toBe(true);
      });
      simulation.run();
      const expected = plan
        .map((one, index) => ({ ...one, index }))
        .filter((one) => !one.cancelled)
        .sort((a, b) => a.at - b.at || a.priority - b.priority || a.index - b.index)
        .map((one) => `${one.at} p${one.priority} ${one.index}`);
      expect(seen).toEqual(expected);
    });
    fc.assert(property, { seed: 31, numRuns: 100 });
  });
});

describe("the observer", () => {
  it("sees every event after it happened, until nobody observes", () => {
    const { simulation, seen, note } = witnessed();
    const tick = note("tick");
    const observed: string[] = [];
    simulation.onEvent((kind, subject) => {
      observed.push(`${simulation.nameOf(kind)} ${subject} after ${seen.length}`);
    });
    simulation.schedule(1, tick, 8);
    simulation.run();
    simulation.onEvent(null);
    simulation.schedule(2, tick, 9);
    simulation.run();
    expect(observed).toEqual(["tick 8 after 1"]);
  });
});

describe("a broken assumption ends the run", () => {
  it("when an event lies in the past, off the ticks, or is of no kind or subject", () => {
    const { simulation, note } = witnessed();
    const tick = note("tick");
    simulation.schedule(10, tick, 0);
    simulation.run();
    const at = (time: number) => () => simulation.schedule(time, tick, 0);
    expect(at(9)).toThrow("no event is scheduled in the past");
    expect(at(NaN)).toThrow("no event is scheduled in the past");
    expect(at(10.5)).toThrow("a tick is a whole number");
    expect(at(Infinity)).toThrow("a tick is a whole number");
    expect(() => simulation.schedule(11, 99, 0)).toThrow("the kind of event is defined");
    expect(() => simulation.schedule(11, tick, 0.5)).toThrow("a subject is a whole number");
    expect(() => simulation.schedule(11, tick, 2 ** 31)).toThrow("a subject is a whole number");
    expect(() => simulation.nameOf(99)).toThrow("the kind of event is defined");
  });

  it("when a run begins within a run, or would end before it begins", () => {
    const { simulation } = witnessed();
    const nested = simulation.defineEvent("nested", () => void simulation.run());
    simulation.schedule(5, nested, 0);
    expect(() => simulation.run()).toThrow("a run is not started from within an event");
    const other = witnessed().simulation;
    other.schedule(
      5,
      other.defineEvent("tick", () => {}),
      0,
    );
    other.run();
    expect(() => other.run({ until: 4 })).toThrow("a run does not end before it begins");
  });

  it("when a priority is out of range, or too many events wait", () => {
    const { simulation, note } = witnessed({ pendingLimit: 2 });
    expect(() => note("far", PRIORITY_MAX + 1)).toThrow("a priority is a whole number");
    expect(() => note("half", 0.5)).toThrow("a priority is a whole number");
    const tick = note("tick");
    simulation.schedule(1, tick, 0);
    simulation.schedule(1, tick, 0);
    expect(() => simulation.schedule(1, tick, 0)).toThrow("stay below their limit");
  });
});
