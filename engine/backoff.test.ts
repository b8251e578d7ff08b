import { describe, expect, it } from "vitest";
import { type Attempt, backoffDelay, type Retried, retried } from "./backoff.ts";
import { type Behaviour, Processes } from "./process.ts";
import { RandomStream } from "./random.ts";
import { Simulation } from "./simulation.ts";
import { MILLISECOND, SECOND } from "./time.ts";

const policy = { attempts: 5, first: 500 * MILLISECOND, cap: 5 * SECOND };

describe("a backoff", () => {
  it("doubles from attempt to attempt up to its cap", () => {
    const random = new RandomStream("backoff.test", "delay");
    const delays = [2, 3, 4, 5, 6, 7].map((attempt) => backoffDelay(policy, attempt, random));
    expect(delays.map((delay) => delay / SECOND)).toEqual([0.5, 1, 2, 4, 5, 5]);
  });

  it("leaves a share of the delay to chance, never more than the delay itself", () => {
    const random = new RandomStream("backoff.test", "jitter");
    const delays = Array.from({ length: 1_000 }, () =>
      backoffDelay({ ...policy, jitter: 0.5 }, 2, random),
    );
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(250 * MILLISECOND);
    expect(Math.max(...delays)).toBeLessThanOrEqual(500 * MILLISECOND);
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    expect(Math.abs(mean / (375 * MILLISECOND) - 1)).toBeLessThan(0.03);
  });
});

describe("a retried attempt", () => {
  function run(worksAt: number): { answer: Retried<string> | null; at: number } {
    const simulation = new Simulation({ seed: "backoff.test" });
    const processes = new Processes(simulation);
    const random = simulation.random("backoff");
    let answer: Retried<string> | null = null;
    function* call(attempt: number): Behaviour<Attempt<string>> {
      yield 100 * MILLISECOND;
      return attempt < worksAt ? { kind: "failed" } : { kind: "done", value: "paid" };
    }
    function* shopper(): Behaviour {
      answer = yield* retried(policy, random, call);
    }
    processes.start("shopper", shopper());
    simulation.run();
    return { answer, at: simulation.now };
  }

  it("is over with the first success", () => {
    expect(run(1)).toEqual({
      answer: { kind: "done", value: "paid", attempts: 1 },
      at: 100 * MILLISECOND,
    });
    expect(run(3)).toEqual({
      answer: { kind: "done", value: "paid", attempts: 3 },
      at: 1_800 * MILLISECOND,
    });
  });

  it("gives up after its last attempt", () => {
    expect(run(99)).toEqual({
      answer: { kind: "gave-up", attempts: 5 },
      at: (500 + 500 + 1_000 + 2_000 + 4_000) * MILLISECOND,
    });
  });
});
