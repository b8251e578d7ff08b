/** The rules that a live store is watched by. */
import type { AlertRule, Sample } from "./alerts.ts";
import { REQUEST_SECONDS } from "./process-metrics.ts";

const MINUTE = 60_000;
/** Fewer requests in a minute say nothing about a share of them. */
const REQUESTS_MIN = 20;

export const ALERT_RULES: readonly AlertRule[] = [
  {
    name: "error-rate",
    severity: "page",
    about: "Requests fail for a reason that is the store's own.",
    todo: "Look in the log for the last errors; pause the sale if orders are among them.",
    unit: "of requests",
    threshold: 0.02,
    clearBelow: 0.01,
    forMillis: 30_000,
    clearForMillis: MINUTE,
    value: (samples) => errorShare(samples),
  },
  {
    name: "slow-requests",
    severity: "page",
    about: "One request in twenty takes longer than a shopper waits gladly.",
    todo: "Let fewer shoppers in at a time, or add nodes; see the event loop and the commits.",
    unit: "s",
    threshold: 1,
    clearBelow: 0.7,
    forMillis: MINUTE,
    clearForMillis: MINUTE,
    value: (samples) => percentile95(samples),
  },
  {
    name: "queue-rising",
    severity: "ticket",
    about: "More shoppers come to the waiting room than are let in.",
    todo: "Let more in at a time if the store has room, or tell those who wait how long it takes.",
    unit: "more a minute",
    threshold: 100,
    clearBelow: 20,
    forMillis: 3 * MINUTE,
    clearForMillis: 2 * MINUTE,
    value: (samples) => queueRise(samples),
  },
  {
    name: "stock-out-of-step",
    severity: "page",
    about: "Units do not add up, or the stock has sold another number than the log says.",
    todo: "Pause the sale; compare the stock with the orders before it goes on.",
    unit: "items",
    threshold: 1,
    clearBelow: 1,
    forMillis: 30_000,
    clearForMillis: 30_000,
    value: (samples) => samples.at(-1)?.outOfStep.length ?? null,
    why: ({ outOfStep }) => outOfStep.slice(0, 5).join("; "),
  },
  {
    name: "payment-in-doubt",
    severity: "page",
    about: "Nobody knows whether a shopper was charged, and the gateway does not say.",
    todo: "Look the order up at the gateway; a page of orders in that state is at state=inDoubt.",
    unit: "s",
    threshold: 300,
    clearBelow: 300,
    forMillis: 0,
    clearForMillis: 0,
    value: (samples) => (samples.at(-1)?.inDoubtMillis ?? 0) / 1_000,
  },
  {
    name: "event-loop-late",
    severity: "page",
    about: "The process has more to do than one core can.",
    todo: "Let fewer shoppers in, or start more workers with --cluster.",
    unit: "s",
    threshold: 0.2,
    clearBelow: 0.1,
    forMillis: 30_000,
    clearForMillis: MINUTE,
    value: (samples) => (samples.at(-1)?.loopLateMillis ?? 0) / 1_000,
  },
  {
    name: "mails-late",
    severity: "ticket",
    about: "Mails to shoppers do not leave; their orders stand all the same.",
    todo: "Look whether the mail server answers; what waits is sent once it does.",
    unit: "s",
    threshold: 900,
    clearBelow: 300,
    forMillis: 0,
    clearForMillis: 0,
    value: (samples) => (samples.at(-1)?.mailsLateMillis ?? 0) / 1_000,
  },
  {
    name: "disk-full",
    severity: "page",
    about: "The disk of the store's folder is nearly full; a full one stops every order.",
    todo: "Make room on it.",
    unit: "used",
    threshold: 0.9,
    clearBelow: 0.88,
    forMillis: 0,
    clearForMillis: 0,
    value: (samples) => samples.at(-1)?.diskUsed ?? null,
  },
  {
    name: "not-ready",
    severity: "page",
    about: "The store cannot serve.",
    todo: "See why, and bring back what it stands on.",
    unit: "of the store",
    threshold: 1,
    clearBelow: 1,
    forMillis: 15_000,
    clearForMillis: 15_000,
    value: (samples) => ((samples.at(-1)?.unready ?? null) === null ? 0 : 1),
    why: ({ unready }) => unready ?? "it can again",
  },
];

/** The newest sample and the one a minute before it, or as near as there is. */
function lastMinute(samples: readonly Sample[]): readonly [Sample, Sample] | null {
  const now = samples.at(-1);
  const then = now && samples.find(({ at }) => now.at - at <= MINUTE);
  return now === undefined || then === undefined || then === now ? null : [then, now];
}

function errorShare(samples: readonly Sample[]): number | null {
  const ends = lastMinute(samples);
  if (ends === null) return null;
  const [then, now] = ends;
  const requests = now.requests - then.requests;
  if (requests < REQUESTS_MIN) return null;
  return (now.serverErrors - then.serverErrors) / requests;
}

/** The bound that 95 % of the requests of the last minute keep, seconds. */
function percentile95(samples: readonly Sample[]): number | null {
  const ends = lastMinute(samples);
  if (ends === null) return null;
  const [then, now] = ends;
  const requests = now.requests - then.requests;
  if (requests < REQUESTS_MIN) return null;
  let within = 0;
  for (const [place, bound] of REQUEST_SECONDS.entries()) {
    within += (now.buckets[place] ?? 0) - (then.buckets[place] ?? 0);
    if (within >= 0.95 * requests) return bound;
  }
  return REQUEST_SECONDS.at(-1) ?? null;
}

function queueRise(samples: readonly Sample[]): number | null {
  const ends = lastMinute(samples);
  if (ends === null) return null;
  const [then, now] = ends;
  return ((now.queueLength - then.queueLength) / (now.at - then.at)) * MINUTE;
}
