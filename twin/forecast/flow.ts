/**
 * How visits become requests, concurrent shoppers and orders over time: every session walks the
 * chain of `session-chain.ts`, its gaps spread what it asks for over later bins (a Markov renewal
 * equation, solved bin by bin), and who is in the shop is everybody whose last request is younger
 * than the idle time-out (the infinite-server queue Mt/G/inf: Eick, Massey and Whitt, Management
 * Science 39(2), 1993). Expected values; sessions never wait for one another.
 */
import type { Ticks } from "../../engine/time.ts";
import { LANDING, SUBMIT } from "../shoppers/journey.ts";
import { type Bins, delayShares, meansOver, scatter } from "./bins.ts";
import { type SessionChain, STEPS } from "./session-chain.ts";

export interface Flow {
  /** Requests per bin, by step of the visit. */
  readonly requests: readonly Float64Array[];
  /** Sessions within the idle time-out at the end of each bin. */
  readonly concurrent: Float64Array;
  /** Sessions between two of their pages at the end of a bin: those who will ask for more. */
  readonly activeAt: (bin: number) => number;
  /** Per bin: orders, charges declined, calls to charge. */
  readonly orders: Float64Array;
  readonly declined: Float64Array;
  readonly charges: Float64Array;
}

export interface FlowInput {
  readonly bins: Bins;
  readonly chain: SessionChain;
  readonly idleTimeout: Ticks;
  /** Sessions that begin per bin. */
  readonly visits: Float64Array;
  /** Share of each bin in which these visitors may buy. */
  readonly open: Float64Array;
}

/** Rounds in which requests that follow each other within one bin settle. */
const ROUNDS_WITHIN_BIN = 8;

export function flowOf(input: FlowInput): Flow {
  const { bins, chain } = input;
  const gaps = chain.steps.map(({ gapCdf }) => delayShares(gapCdf, bins));
  const { requests, admitted } = requestsOf(input, gaps);
  const submitted = new Float64Array(bins.count);
  for (let bin = 0; bin < bins.count; bin += 1)
    for (let step = SUBMIT; step < STEPS; step += 1) submitted[bin] += admitted[step][bin];
  const { approved, declined, calls } = chain.payment;
  return {
    requests,
    concurrent: concurrentOf(input, { requests, admitted, gaps }),
    activeAt: (bin) => activeIn(input, { requests, admitted, gaps }, bin),
    orders: submitted.map((orders) => orders * approved),
    declined: submitted.map((orders) => orders * declined),
    charges: submitted.map((orders) => orders * calls),
  };
}

/** Requests per step and bin, and those of them that the phase of the sale does not turn away. */
function requestsOf({ bins, chain, visits, open }: FlowInput, gaps: readonly Float64Array[]) {
  const rows = () => Array.from({ length: STEPS }, () => new Float64Array(bins.count));
  const requests = rows();
  const admitted = rows();
  /** Where the next request of those whose last one was of the step comes, whatever it is. */
  const next = rows();
  const settle = (bin: number) => {
    for (let step = 0; step < STEPS; step += 1) {
      let sum = step === LANDING ? visits[bin] : 0;
      for (const [from, { onward }] of chain.steps.entries()) {
        if (onward[step] > 0)
          sum += onward[step] * (next[from][bin] + admitted[from][bin] * gaps[from][0]);
      }
      requests[step][bin] = sum;
      admitted[step][bin] = sum * (chain.steps[step].needsOpenSale ? open[bin] : 1);
    }
  };
  for (let bin = 0; bin < bins.count; bin += 1) {
    for (let round = 0; round < ROUNDS_WITHIN_BIN; round += 1) settle(bin);
    for (let step = 0; step < SUBMIT + 1; step += 1)
      scatter(next[step], bin, admitted[step][bin], gaps[step]);
  }
  return { requests, admitted };
}

interface Requests {
  readonly requests: readonly Float64Array[];
  readonly admitted: readonly Float64Array[];
  readonly gaps: readonly Float64Array[];
}

/** Who is there at the end of each bin: a request counts until the next one, or until the time-out. */
function concurrentOf({ bins, chain, idleTimeout }: FlowInput, { requests, admitted }: Requests) {
  const concurrent = new Float64Array(bins.count);
  const ages = Math.min(bins.count, Math.ceil(idleTimeout / bins.step));
  const within = { step: bins.step, count: ages };
  const counts = meansOver((age) => (age < idleTimeout ? 1 : 0), within);
  for (const [index, { stays, gapCdf }] of chain.steps.entries()) {
    const gone = meansOver((age) => (age < idleTimeout ? stays * gapCdf(age) : 0), within);
    for (let bin = 0; bin < bins.count; bin += 1) {
      scatter(concurrent, bin, requests[index][bin], counts);
      if (stays > 0) scatter(concurrent, bin, -admitted[index][bin], gone);
    }
  }
  return concurrent;
}

/** Those of all earlier requests whose gap is not over at the end of the bin. */
function activeIn({ chain }: FlowInput, { admitted, gaps }: Requests, bin: number): number {
  let active = 0;
  for (const [index, { stays }] of chain.steps.entries()) {
    let waiting = stays;
    for (let age = 0; age < Math.min(gaps[index].length, bin + 1); age += 1) {
      waiting -= stays * gaps[index][age];
      active += admitted[index][bin - age] * waiting;
    }
  }
  return active;
}
