import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue } from "./event-queue.ts";
import { RandomStream } from "./random.ts";

interface Waiting {
  readonly at: number;
  readonly priority: number;
  readonly sequence: number;
  readonly handle: number;
}

function inTotalOrder(left: Waiting, right: Waiting): number {
  return left.at - right.at || left.priority - right.priority || left.sequence - right.sequence;
}

/** A queue beside the plainest one that can be thought of: a list that is sorted when asked. */
class Pair {
  readonly queue: EventQueue;
  now = 0;
  private readonly waiting = new Map<number, Waiting>();
  private readonly handles: number[] = [];
  private sorted: Waiting[] | null = null;
  private sequence = 0;

  constructor(pendingMax = 1_000_000) {
    this.queue = new EventQueue(pendingMax);
  }

  get size(): number {
    return this.waiting.size;
  }

  push(delay: number, priority: number): void {
    const at = this.now + delay;
    const sequence = this.sequence++;
    const handle = this.queue.push(at, priority, 3, sequence);
    if (handle === 0 || this.waiting.has(handle)) throw new Error("the handle is not new");
    this.waiting.set(handle, { at, priority, sequence, handle });
    this.handles.push(handle);
    this.sorted = null;
  }

  /** Cancels an event that was ever scheduled, be it gone or not; both must answer the same. */
  cancel(choice: number): void {
    const handle = this.handles[choice % this.handles.length];
    if (handle === undefined) return;
    const waited = this.waiting.delete(handle);
    if (this.queue.cancel(handle) !== waited) throw new Error("cancel answers wrongly");
    if (waited) this.sorted = this.sorted?.filter((one) => one.handle !== handle) ?? null;
  }

  /** Takes up to so many events out of both, and throws where they differ. */
  pop(count: number, until = Infinity): void {
    this.sorted ??= [...this.waiting.values()].sort(inTotalOrder).reverse();
    for (let taken = 0; taken < count; taken++) {
      const expected = this.sorted.at(-1);
      const isDue = expected !== undefined && expected.at <= until;
      if (this.queue.pop(until) !== isDue)
        throw new Error("pop finds what is not due, or misses it");
      if (!isDue) return;
      const { at, subject } = this.queue;
      if (at !== expected.at || subject !== expected.sequence)
        throw new Error("the order is wrong");
      this.sorted.pop();
      this.waiting.delete(expected.handle);
      this.now = at;
    }
  }

  drain(): void {
    this.pop(this.size + 1);
    expect(this.queue.size).toBe(0);
  }
}

describe("the order of events is that of a plain sort", () => {
  const delay = fc.oneof(
    fc.nat({ max: 3 }),
    fc.nat({ max: 1_000 }),
    fc.constant(900_000_000),
    fc.maxSafeNat().map((at) => Math.floor(at / 64)),
  );
  const step = fc.oneof(
    fc.record({
      do: fc.constant("push" as const),
      delays: fc.array(delay, { maxLength: 300 }),
      priority: fc.integer({ min: -2, max: 2 }),
    }),
    fc.record({
      do: fc.constant("cancel" as const),
      choices: fc.array(fc.nat(), { maxLength: 20 }),
    }),
    fc.record({
      do: fc.constant("pop" as const),
      count: fc.nat({ max: 200 }),
      until: fc.option(fc.nat({ max: 2_000 })),
    }),
  );

  it("whatever is scheduled, cancelled and taken out, with ties and priorities", () => {
    const property = fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const pair = new Pair();
      for (const one of steps) {
        if (one.do === "push") for (const after of one.delays) pair.push(after, one.priority);
        else if (one.do === "cancel") for (const choice of one.choices) pair.cancel(choice);
        else pair.pop(one.count, one.until === null ? Infinity : pair.now + one.until);
        if (pair.queue.size !== pair.size) throw new Error("the size is wrong");
      }
      pair.drain();
    });
    fc.assert(property, { seed: 21, numRuns: 150 });
  });

  type Delay = (random: RandomStream, index: number) => number;
  const shapes: ReadonlyArray<readonly [string, Delay]> = [
    ["exponential delays", (random) => Math.round(random.exponential() * 1e6)],
    ["all at one tick", () => 0],
    ["one constant delay", () => 1_000],
    ["few ticks, many ties", (random) => random.below(4)],
    [
      "one millisecond or fifteen minutes",
      (random) => (random.chance(0.5) ? 9e8 : random.below(1e3)),
    ],
    ["a heavy tail over twelve decades", (random) => Math.floor(Math.exp(random.next() * 27))],
    ["each sooner than the last", (_random, index) => 1e6 - (index % 100_000) * 10],
    ["clusters far apart", (random) => random.below(5) * 1e9 + random.below(50)],
    ["the largest ticks", (random) => 2 ** 51 + random.below(1e6) * 2 ** 20],
  ];
  it.each(shapes)("with %s", (_shape, delayOf) => {
    for (const priorities of [1, 3]) {
      const random = new RandomStream("event-queue", `${priorities}`);
      const pair = new Pair();
      let index = 0;
      const push = () => pair.push(delayOf(random, index++), random.below(priorities));
      for (let event = 0; event < 6_000; event++) push();
      for (let round = 0; round < 15; round++) {
        pair.pop(300, round % 3 === 2 ? pair.now + 400 : Infinity);
        for (let event = 0; event < 150; event++) push();
        for (let event = 0; event < 60; event++) pair.cancel(random.below(2 ** 31));
      }
      pair.drain();
    }
  });

  it("with many cancelled for each that remains, which makes the queue sweep", () => {
    const random = new RandomStream("event-queue", "sweep");
    const queue = new EventQueue(40_000);
    let timeout = 0;
    let [fired, missed] = [0, 0];
    for (let event = 0; event < 150_000; event++) {
      // A short pause and a long time-out that the next event takes back, as a session has.
      queue.push(queue.at + 1 + random.below(1_000), 0, 1, event);
      if (timeout !== 0 && !queue.cancel(timeout)) missed++;
      timeout = queue.push(queue.at + 900_000_000, 0, 2, event);
      if (!queue.pop(Infinity)) missed++;
      if (queue.kind === 2) fired++;
    }
    expect([fired, missed]).toEqual([0, 0]);
    expect(queue.size).toBe(1);
    expect(queue.pop(Infinity) && queue.kind).toBe(2);
  });
});

describe("handles", () => {
  it("are never 0, never the same, and never valid twice", () => {
    const queue = new EventQueue(1_000);
    const seen = new Set<number>([0]);
    for (let event = 0; event < 5_000; event++) {
      const handle = queue.push(event, 0, 0, event);
      expect(seen.has(handle)).toBe(false);
      seen.add(handle);
      if (event % 2 === 0) expect(queue.cancel(handle)).toBe(true);
      else expect(queue.pop(Infinity)).toBe(true);
      expect(queue.cancel(handle)).toBe(false);
    }
    expect(queue.size).toBe(0);
  });

  it("that were never given cancel nothing", () => {
    const queue = new EventQueue(10);
    queue.push(1, 0, 0, 0);
    for (const handle of [0, -1, 0.5, 1, 2 ** 24, 2 ** 52, NaN, Infinity]) {
      if (handle === 2 ** 24) continue; // This one is the first event's.
      expect(queue.cancel(handle)).toBe(false);
    }
    expect(queue.size).toBe(1);
  });
});

describe("limits", () => {
  it("a queue holds as many events as it was allowed, and no more", () => {
    const queue = new EventQueue(5_000);
    for (let event = 0; event < 5_000; event++) queue.push(event % 7, 0, 0, event);
    expect(() => queue.push(1, 0, 0, 0)).toThrow("the events that wait stay below their limit");
    expect(queue.pop(Infinity)).toBe(true);
    expect(queue.push(1, 0, 0, 0)).not.toBe(0);
  });

  it("nothing is taken out beyond the time that is asked for", () => {
    const queue = new EventQueue(100);
    queue.push(10, 0, 0, 1);
    expect(queue.pop(9)).toBe(false);
    queue.push(5, 0, 0, 2);
    expect(queue.pop(9) && queue.subject).toBe(2);
    expect(queue.pop(10) && queue.subject).toBe(1);
    expect(queue.pop(Infinity)).toBe(false);
  });
});
