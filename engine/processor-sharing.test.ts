import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProcessorSharing, type ProcessorSharingOptions } from "./processor-sharing.ts";
import { Simulation } from "./simulation.ts";
import { SECOND } from "./time.ts";

function server(options: Partial<ProcessorSharingOptions> = {}): {
  simulation: Simulation;
  processor: ProcessorSharing;
  /** Subject and second of each finished job. */
  finished: [subject: number, at: number][];
  at(second: number, action: () => void): void;
} {
  const simulation = new Simulation({ seed: "processor-sharing.test" });
  const finished: [number, number][] = [];
  const processor = new ProcessorSharing(
    simulation,
    { name: "cpu", capacity: 1, ...options },
    (subject) => finished.push([subject, simulation.now / SECOND]),
  );
  const actions: (() => void)[] = [];
  const act = simulation.defineEvent("act", (index) => actions[index]());
  const at = (second: number, action: () => void): void => {
    simulation.schedule(second * SECOND, act, actions.push(action) - 1);
  };
  return { simulation, processor, finished, at };
}

describe("a processor that is shared", () => {
  it("slows every job down by as many as there are", () => {
    const { simulation, processor, finished, at } = server();
    at(0, () => processor.add(1, 4 * SECOND));
    at(2, () => processor.add(2, 1 * SECOND));
    simulation.run();
    // From 2 on both get half: job 2 needs 2 s, job 1 has 1 s of work left by then.
    expect(finished).toEqual([
      [2, 4],
      [1, 5],
    ]);
  });

  it("gives a job no more than its greatest share: two cores serve two jobs at full speed", () => {
    const { simulation, processor, finished } = server({ capacity: 2, shareMax: 1 });
    processor.add(1, 3 * SECOND);
    expect(processor.share).toBe(1);
    processor.add(2, 3 * SECOND);
    expect(processor.share).toBe(1);
    processor.add(3, 3 * SECOND);
    expect(processor.share).toBeCloseTo(2 / 3, 15);
    simulation.run();
    expect(finished.map(([subject]) => subject)).toEqual([1, 2, 3]);
    expect(finished[2][1]).toBeCloseTo(4.5, 5);
  });

  it("follows a capacity that changes, and stands still without any", () => {
    const { simulation, processor, finished, at } = server();
    at(0, () => processor.add(1, 10 * SECOND));
    at(2, () => processor.setCapacity(0));
    at(7, () => processor.setCapacity(4));
    simulation.run();
    expect(finished).toEqual([[1, 9]]);
  });

  it("lets a job be taken away, and the rest go on faster", () => {
    const { simulation, processor, finished, at } = server();
    at(0, () => {
      processor.add(1, 4 * SECOND);
      processor.add(2, 4 * SECOND);
    });
    at(2, () => expect(processor.remove(2)).toBe(true));
    simulation.run();
    expect(finished).toEqual([[1, 5]]);
    expect(processor.remove(2)).toBe(false);
  });

  it("refuses one more job than its limit", () => {
    const { processor } = server({ jobsMax: 1 });
    expect([processor.add(1, 5), processor.add(2, 5)]).toEqual([true, false]);
  });

  it("finishes equals in the order they came", () => {
    const { simulation, processor, finished } = server();
    for (const subject of [7, 3, 9, 1]) processor.add(subject, SECOND);
    simulation.run();
    expect(finished.map(([subject]) => subject)).toEqual([7, 3, 9, 1]);
  });

  it("agrees with a small-step integration, within a tick for each event", () => {
    const job = fc.record({
      at: fc.integer({ min: 0, max: 2_000 }),
      work: fc.integer({ min: 1, max: 1_000 }),
    });
    fc.assert(
      fc.property(fc.array(job, { minLength: 1, maxLength: 12 }), (jobs) => {
        const simulation = new Simulation({ seed: "steps" });
        const finished = new Float64Array(jobs.length);
        const options = { name: "cpu", capacity: 2, shareMax: 1 };
        const processor = new ProcessorSharing(simulation, options, (subject) => {
          finished[subject] = simulation.now;
        });
        const come = simulation.defineEvent("come", (subject) => {
          processor.add(subject, jobs[subject].work);
        });
        for (const [subject, { at }] of jobs.entries()) simulation.schedule(at, come, subject);
        simulation.run();
        const expected = finishedByHand(jobs);
        for (const [subject, at] of expected.entries()) {
          expect(Math.abs(finished[subject] - at)).toBeLessThan(jobs.length + 1);
        }
      }),
      { seed: 1 },
    );
  });
});

/**
 * When each job is done on two cores, from one arrival or departure to the next in real numbers.
 */
function finishedByHand(jobs: readonly { at: number; work: number }[]): number[] {
  const left = jobs.map(({ work }) => work);
  const done = jobs.map(() => Number.NaN);
  let now = 0;
  for (let step = 0; step < 4 * jobs.length; step++) {
    const present = left.flatMap((work, index) =>
      jobs[index].at <= now && work > 1e-9 ? [index] : [],
    );
    const share = Math.min(1, 2 / present.length);
    const arrivals = jobs.map(({ at }) => at).filter((at) => at > now);
    const ends = present.map((index) => now + left[index] / share);
    const next = Math.min(...arrivals, ...ends);
    if (next === Number.POSITIVE_INFINITY) break;
    for (const index of present) {
      left[index] -= (next - now) * share;
      if (left[index] <= 1e-9) done[index] = next;
    }
    now = next;
  }
  return done;
}
