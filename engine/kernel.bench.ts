/**
 * What the kernel can do, in million events a second of one core's time, and as a ratio to a bare
 * binary heap that is measured in the same run (machines differ; the ratio travels).
 *
 * The *hold* model: 100,000 entities that sleep an exponential time again and again.
 */
import { Digest } from "./digest.ts";
import { EventQueue } from "./event-queue.ts";
import { RandomStream } from "./random.ts";
import { Simulation } from "./simulation.ts";
import { TimeWeighted } from "./statistics/time-weighted.ts";
import { MINUTE, SECOND } from "./time.ts";

const ENTITIES = 100_000;
const SHOPPERS = 150_000;
const EVENTS = 400_000;
const ROUNDS = 30;
const LOOP_WITHOUT_DIGEST = "loop over handlers, digest left out";
const LOOP_WITH_DIGEST = "loop over handlers, digest put in";

interface Measurement {
  readonly name: string;
  readonly millionEventsPerSecond: number;
  /** Against the bare binary heap's hold. */
  readonly ratio: number;
  /** What is to be reached, million events a second. */
  readonly goal: number | null;
}

/** A workload is set up once and then executes so many events each time it is called. */
type Workload = (events: number) => void;

/** A binary heap of (time, entity) in typed arrays: no ties, no cancel, no handle. */
function binaryHeapHold(): Workload {
  const random = new RandomStream("bench", "hold");
  const times = new Float64Array(ENTITIES);
  const entities = new Int32Array(ENTITIES);
  const siftDown = (time: number, entity: number, from: number): void => {
    let hole = from;
    for (let child = 2 * hole + 1; child < ENTITIES; child = 2 * hole + 1) {
      if (child + 1 < ENTITIES && times[child + 1] < times[child]) child++;
      if (times[child] >= time) break;
      times[hole] = times[child];
      entities[hole] = entities[child];
      hole = child;
    }
    times[hole] = time;
    entities[hole] = entity;
  };
  for (let entity = 0; entity < ENTITIES; entity++) {
    times[entity] = Math.round(random.exponential() * MINUTE);
    entities[entity] = entity;
  }
  for (let place = ENTITIES >> 1; place >= 0; place--) {
    siftDown(times[place], entities[place], place);
  }
  return (events) => {
    for (let event = 0; event < events; event++) {
      siftDown(times[0] + Math.round(random.exponential() * MINUTE), entities[0], 0);
    }
  };
}

/** The queue alone under a rule for delays. */
function queueHold(delay: (random: RandomStream, entity: number) => number): Workload {
  const random = new RandomStream("bench", "hold");
  const queue = new EventQueue(2 * ENTITIES);
  for (let entity = 0; entity < ENTITIES; entity++) queue.push(delay(random, entity), 0, 0, entity);
  return (events) => {
    for (let event = 0; event < events && queue.pop(Infinity); event++) {
      queue.push(queue.at + delay(random, queue.subject), 0, 0, queue.subject);
    }
  };
}

/** The same, through handlers, with the digest on. */
function simulationHold(): Workload {
  const simulation = new Simulation({ seed: "bench" });
  const random = simulation.random("hold");
  const wake = simulation.defineEvent("wake", (entity) => {
    simulation.scheduleAfter(Math.round(random.exponential() * MINUTE), wake, entity);
  });
  for (let entity = 0; entity < ENTITIES; entity++) {
    simulation.schedule(Math.round(random.exponential() * MINUTE), wake, entity);
  }
  return (events) => void simulation.run({ events });
}

/**
 * 150,000 shoppers with every feature on: a state of their own, keyed draws, a time-weighted
 * count, and now and then an idle time-out that is cancelled.
 */
function shoppers(): Workload {
  const simulation = new Simulation({ seed: "bench" });
  const thinking = simulation.random("think");
  const states = new Uint8Array(SHOPPERS);
  const steps = new Int32Array(SHOPPERS);
  const timeouts = new Float64Array(SHOPPERS);
  const inside = new TimeWeighted(0);
  const leave = simulation.defineEvent("leave", (shopper) => {
    timeouts[shopper] = 0;
  });
  const step = simulation.defineEvent("step", (shopper) => {
    const state = states[shopper];
    const next = state === 7 ? 0 : state + 1;
    states[shopper] = next;
    if (state === 0) inside.add(simulation.now, 1);
    if (next === 0) {
      inside.add(simulation.now, -1);
      simulation.cancel(timeouts[shopper]);
      timeouts[shopper] = simulation.scheduleAfter(15 * MINUTE, leave, shopper);
    }
    const pause = thinking.at(shopper, steps[shopper]++).exponential() * 30 * SECOND;
    simulation.scheduleAfter(Math.round(pause), step, shopper);
  });
  for (let shopper = 0; shopper < SHOPPERS; shopper++) {
    simulation.schedule(Math.round(thinking.at(shopper, -1).exponential() * MINUTE), step, shopper);
  }
  return (events) => void simulation.run({ events });
}

/** The kernel's loop over handlers taken apart, so that the digest can be left out. */
function loopHold(digest: Digest | null): Workload {
  const random = new RandomStream("bench", "hold");
  const queue = new EventQueue(2 * ENTITIES);
  const handlers = [
    (entity: number) => {
      queue.push(queue.at + exponential(random), 0, 0, entity);
    },
  ];
  for (let entity = 0; entity < ENTITIES; entity++) queue.push(exponential(random), 0, 0, entity);
  return (events) => {
    for (let event = 0; event < events && queue.pop(Infinity); event++) {
      if (digest !== null) digest.add(queue.at, queue.kind, queue.subject);
      handlers[queue.kind](queue.subject);
    }
  };
}

const exponential = (random: RandomStream): number => Math.round(random.exponential() * MINUTE);
const tie = (): number => MINUTE;
const wholeSeconds = (random: RandomStream): number =>
  Math.round(random.exponential() * 60) * SECOND;
const bimodal = (random: RandomStream): number =>
  random.chance(0.1) ? 15 * MINUTE : Math.round(random.exponential() * 1_000);
const heavyTail = (random: RandomStream): number =>
  Math.min(1e12, Math.floor(1_000 / (random.next() + 1e-9)));

const WORKLOADS: ReadonlyArray<readonly [string, () => Workload, number | null]> = [
  ["binary heap, hold 100,000 (the measure)", binaryHeapHold, null],
  ["queue, hold 100,000 exponential", () => queueHold(exponential), 10],
  ["queue, hold 100,000 exact ties", () => queueHold(tie), 8],
  ["queue, hold 100,000 on whole seconds", () => queueHold(wholeSeconds), null],
  ["queue, hold 100,000 bimodal (1 ms, 15 min)", () => queueHold(bimodal), null],
  ["queue, hold 100,000 heavy tail", () => queueHold(heavyTail), null],
  ["simulation with handlers and digest, hold 100,000", simulationHold, null],
  ["simulation, 150,000 shoppers, every feature", shoppers, 5],
];

/** Measures every workload; the best of a few rounds, in the time of this process alone. */
export function measureKernel(events = EVENTS): readonly Measurement[] {
  let measure = 0;
  const measured = WORKLOADS.map(([name, prepare, goal]): Measurement => {
    const rate = bestRates([prepare()], events)[0];
    measure ||= rate;
    return { name, millionEventsPerSecond: rate, ratio: rate / measure, goal };
  });
  const loops = bestRates([loopHold(null), loopHold(new Digest())], events);
  return measured.concat(
    [LOOP_WITHOUT_DIGEST, LOOP_WITH_DIGEST].map((name, index) => {
      const rate = loops[index];
      return { name, millionEventsPerSecond: rate, ratio: rate / measure, goal: null };
    }),
  );
}

/** The digest's share of the time of an event of the hold model, from the two loops above. */
export function digestShare(measurements: readonly Measurement[]): number {
  const rate = (name: string): number =>
    measurements.find((one) => one.name === name)?.millionEventsPerSecond ?? NaN;
  return 1 - rate(LOOP_WITH_DIGEST) / rate(LOOP_WITHOUT_DIGEST);
}

/** Million events a second of each workload, measured in turn so that all see the same machine. */
function bestRates(workloads: readonly Workload[], events: number): number[] {
  const best = workloads.map(() => 0);
  for (const workload of workloads) workload(events);
  for (let round = 0; round < ROUNDS; round++) {
    workloads.forEach((workload, index) => {
      const before = process.cpuUsage().user;
      workload(events);
      best[index] = Math.max(best[index], events / (process.cpuUsage().user - before));
    });
  }
  return best;
}
