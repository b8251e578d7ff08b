import { describe, expect, it } from "vitest";
import { pollaczekKhinchine } from "../../engine/analytic/closed-forms.ts";
import { RandomStream } from "../../engine/random.ts";
import { type LoopRequest, simulateLoops } from "./event-loop-model.ts";

const COUNT = 40_000;
const NO_COMMIT = () => 0;

/** Poisson arrivals, `gap` microseconds apart in the mean. */
function arrivals(gap: number, of: (random: RandomStream) => Partial<LoopRequest>): LoopRequest[] {
  const random = new RandomStream("arrivals", "test");
  let at = 0;
  return Array.from({ length: COUNT }, () => {
    at += random.exponential() * gap;
    return {
      at: Math.round(at),
      instance: 0,
      work: [1_000],
      pauses: [],
      writes: false,
      ...of(random),
    };
  });
}

const meanOf = (values: Float64Array) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("an event loop", () => {
  it("is an M/D/1 queue where each request takes the same time and nobody writes", () => {
    for (const gap of [1_250, 2_000, 5_000]) {
      const { sojourns, busy } = simulateLoops({
        instances: 1,
        requests: arrivals(gap, () => ({})),
        commit: NO_COMMIT,
      });
      const theory = pollaczekKhinchine({
        arrivalRate: 1 / gap,
        serviceMean: 1_000,
        serviceVariation: 0,
      });
      expect(Math.abs(meanOf(sojourns) / (theory.wait + 1_000) - 1)).toBeLessThan(0.04);
      expect(busy[0]).toBe(COUNT * 1_000);
    }
  });

  it("is an M/G/1 queue where the times vary", () => {
    const { sojourns } = simulateLoops({
      instances: 1,
      requests: arrivals(2_000, (random) => ({
        work: [Math.round(random.exponential() * 1_000)],
      })),
      commit: NO_COMMIT,
    });
    const theory = pollaczekKhinchine({
      arrivalRate: 1 / 2_000,
      serviceMean: 1_000,
      serviceVariation: 1,
    });
    expect(Math.abs(meanOf(sojourns) / (theory.wait + 1_000) - 1)).toBeLessThan(0.05);
  });

  it("commits once for all who wrote in a turn: at saturation a commit is shared by its batch", () => {
    // All are there at once: the first has a turn to itself, the others one together.
    const [commit, work, count] = [4_000, 100, 50];
    const requests = Array.from({ length: count }, () => ({
      at: 0,
      instance: 0,
      work: [work],
      pauses: [],
      writes: true,
    }));
    const { sojourns, insideMost } = simulateLoops({
      instances: 1,
      requests,
      commit: () => commit,
    });
    expect(sojourns[0]).toBe(work + commit);
    const last = work + commit + (count - 1) * work + commit;
    expect([...sojourns.slice(1)]).toEqual(new Array(count - 1).fill(last));
    expect(insideMost).toBe(count);
  });

  it("bears more writes than commits one by one would allow", () => {
    // A commit takes twice as long as requests are apart.
    const { sojourns } = simulateLoops({
      instances: 1,
      requests: arrivals(2_000, () => ({ work: [100], writes: true })),
      commit: () => 4_000,
    });
    const mean = meanOf(sojourns);
    // Whoever comes waits for half of the present commit or more, and then for one of their own.
    expect(mean).toBeGreaterThan(4_000);
    expect(mean).toBeLessThan(3 * 4_000);
  });

  it("answers a payment's order after two turns, two commits and the pause between them", () => {
    const requests = [{ at: 5, instance: 0, work: [300, 200], pauses: [70_000], writes: true }];
    const { sojourns } = simulateLoops({ instances: 1, requests, commit: () => 1_000 });
    expect(sojourns[0]).toBe(300 + 1_000 + 70_000 + 200 + 1_000);
  });

  it("leaves the loop to others while a payment is waited for", () => {
    const requests = [
      { at: 0, instance: 0, work: [300, 200], pauses: [70_000], writes: false },
      { at: 1_000, instance: 0, work: [500], pauses: [], writes: false },
    ];
    const { sojourns } = simulateLoops({ instances: 1, requests, commit: NO_COMMIT });
    expect([...sojourns]).toEqual([300 + 70_000 + 200, 500]);
  });

  it("serves each instance's requests by themselves", () => {
    const requests = [0, 1].map((instance) => ({
      at: 0,
      instance,
      work: [1_000],
      pauses: [],
      writes: false,
    }));
    const { sojourns, busy } = simulateLoops({ instances: 2, requests, commit: NO_COMMIT });
    expect([...sojourns]).toEqual([1_000, 1_000]);
    expect([...busy]).toEqual([1_000, 1_000]);
  });

  it("lets others in between the turns of a request that has several", () => {
    const long = { at: 0, instance: 0, work: [300, 300, 300], pauses: [0, 0], writes: false };
    const short = { at: 100, instance: 0, work: [200], pauses: [], writes: false };
    const { sojourns } = simulateLoops({
      instances: 1,
      requests: [long, short],
      commit: NO_COMMIT,
    });
    expect([...sojourns]).toEqual([900 + 200, 300 + 200 - 100]);
  });
});
