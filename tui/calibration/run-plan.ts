/**
 * One plan sent to the store, in an open loop, and what came of it: the answers, the CPU time that
 * it took, how fast the machine was before and after, and how much of it others used meanwhile.
 */
/// <reference types="node" />
import { setTimeout as wait } from "node:timers/promises";
import { type LoadPlan, ROUTES } from "../../twin/calibration/load-cell.ts";
import type { LoadRequest } from "../load/load-request.ts";
import { openLoop } from "../load/open-loop.ts";
import { GOOD, type PlanRequests } from "./plan-requests.ts";
import { CORES, machineTime, processTime } from "./processor-time.ts";
import { referenceLoop } from "./reference-speed.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Orders by what the store said. */
export interface Decisions {
  readonly sold: number;
  readonly declined: number;
  readonly refused: number;
}

export interface PlanRun {
  readonly plan: LoadPlan;
  /** From the time due, microseconds; NaN without a good answer. */
  readonly responses: Float64Array;
  readonly decisions: Decisions;
  /** Requests that were answered otherwise than they should have been, by route and status. */
  readonly wrong: Readonly<Record<string, number>>;
  /** Microseconds of CPU time over `seconds`. */
  readonly spent: { readonly loop: number; readonly store: number; readonly machine: number };
  readonly seconds: number;
  /** CPU time of the loops, microseconds, in each interval of {@link SAMPLE_MILLIS}. */
  readonly loopSamples: readonly number[];
  /** The fixed loop beside it, microseconds. */
  readonly reference: number;
  /** Share of the machine that processes used which have nothing to do with the calibration. */
  readonly foreign: number;
}

export const SAMPLE_MILLIS = 250;
const START_MILLIS = 60;
const MICROS_PER_SECOND = 1e6;
const ANSWER_MILLIS_MAX = 15_000;

export interface RunOptions {
  readonly store: StoreUnderTest;
  readonly requests: PlanRequests;
  readonly turn: number;
  readonly signal: AbortSignal;
}

export async function runPlan(plan: LoadPlan, options: RunOptions): Promise<PlanRun> {
  const { store } = options;
  await store.delayPayments(plan.cell.paymentMillis ?? { from: 0, to: 0 });
  const referenceBefore = referenceLoop();
  const before = spentUntilNow(store);
  const began = performance.now();
  const samples = sampling(store);
  const heard = await sendPlan(plan, options);
  samples.stop();
  const seconds = (performance.now() - began) / 1_000;
  const after = spentUntilNow(store);
  // Whatever disturbs the loop makes it slower.
  const reference = Math.min(referenceBefore, referenceLoop());
  const ofStore = after.store - before.store;
  // What others used is no part of it: it is told apart.
  const known = ofStore + after.own - before.own;
  const spent = { loop: after.loop - before.loop, store: ofStore, machine: known };
  const used = after.machine - before.machine;
  const foreign = Math.max(0, used - known) / (seconds * MICROS_PER_SECOND * CORES);
  return { plan, ...heard, spent, seconds, loopSamples: samples.taken, reference, foreign };
}

function spentUntilNow(store: StoreUnderTest) {
  return {
    loop: store.loopMicros(),
    store: store.storeMicros(),
    machine: machineTime(),
    own: processTime(process.pid),
  };
}

async function sendPlan(plan: LoadPlan, { store, requests, turn, signal }: RunOptions) {
  const responses = new Float64Array(plan.requests.length).fill(Number.NaN);
  const decisions = { sold: 0, declined: 0, refused: 0 };
  const wrong: Record<string, number> = {};
  const asking = requests.of(plan, turn);
  let start = 0;
  const hear = (place: number, status: number) => {
    const request = plan.requests[place] as LoadPlan["requests"][number];
    const route = ROUTES[request.route] as (typeof ROUTES)[number];
    if (!GOOD[route].includes(status)) {
      const name = `${route} ${status}`;
      wrong[name] = (wrong[name] ?? 0) + 1;
      return;
    }
    responses[place] = (performance.now() - start) * 1_000 - request.due;
    if (status === 201) decisions.sold += 1;
    else if (status === 409) decisions.refused += 1;
    else if (status === 402) decisions.declined += 1;
  };
  const loads = store.urls.map((target, instance) => {
    const source = plan.requests.flatMap((request, place): LoadRequest[] =>
      request.instance === instance
        ? [
            {
              due: request.due / 1_000,
              session: place,
              route: ROUTES[request.route] as string,
              asking: () => asking(request, place),
              onAnswer: (answer) => hear(place, answer?.status ?? 0),
            },
          ]
        : [],
    );
    return { target, source, timeLimitMillis: ANSWER_MILLIS_MAX, signal };
  });
  const startsAt = nextMillisecond() + START_MILLIS;
  start = performance.now() + START_MILLIS;
  await Promise.all(loads.map((load) => openLoop({ ...load, startsAt })));
  await wait(1);
  return { responses, decisions, wrong };
}

/**
 * The time, at the moment at which a millisecond of the clock begins: whoever takes the fraction
 * from it later is then off by the time between, and not by a whole millisecond.
 */
function nextMillisecond(): number {
  const now = Date.now();
  for (;;) {
    const next = Date.now();
    if (next !== now) return next;
  }
}

/** Looks at the loops' CPU time again and again. */
function sampling(store: StoreUnderTest) {
  const taken: number[] = [];
  let last = store.loopMicros();
  const timer = setInterval(() => {
    const loop = store.loopMicros();
    taken.push(loop - last);
    last = loop;
  }, SAMPLE_MILLIS);
  return { taken, stop: () => clearInterval(timer) };
}
