/**
 * Reference values of queueing theory, each computed from its textbook formula and, where a note
 * says so, printed by the source named. Symbols are the textbooks': lam and mu rates, a = lam / mu
 * offered load, c or n servers, K places, theta the rate of giving up, cs2 the squared coefficient
 * of variation of the service time, Z think time, D service demand; L and Lq customers in the
 * system and waiting, W and Wq times, B and pK shares refused, Pab the share that gives up, X and
 * thr throughput, R response time, m(t) the mean number at time t.
 */
import { assert } from "../assert.ts";

export interface AnalyticCheck {
  readonly model: Model;
  readonly inputs: Readonly<Record<string, number | readonly number[]>>;
  readonly expect: Readonly<Record<string, number>>;
  /** Absolute tolerance of a value that its source prints with few digits; six digits elsewhere. */
  readonly within?: number;
  readonly note?: string;
}

export type Model =
  | "M/M/1"
  | "ErlangB"
  | "ErlangC"
  | "ErlangA"
  | "M/M/c/K"
  | "M/G/1"
  | "Mt/M/inf"
  | "M/M/inf step"
  | "finite source"
  | "closed MVA";

export const ANALYTIC_CHECKS: readonly AnalyticCheck[] = [
  { model: "M/M/1", inputs: { lam: 0.5, mu: 1 }, expect: { L: 1, Wq: 1, W: 2 } },
  { model: "M/M/1", inputs: { lam: 0.8, mu: 1 }, expect: { L: 4, Wq: 4, W: 5, Lq: 3.2 } },
  {
    model: "M/M/1",
    inputs: { lam: 0.9, mu: 1 },
    expect: { L: 9, Wq: 9, W: 10, sojourn_p90: 23.02585 },
  },
  {
    model: "ErlangC",
    inputs: { c: 2, a: 1 },
    expect: { Pwait: 0.3333333333333333, Wq: 0.3333333333333333 },
  },
  {
    model: "ErlangC",
    inputs: { c: 3, a: 2 },
    expect: { Pwait: 0.4444444444444444, Lq: 0.8888888888888888 },
  },
  { model: "ErlangC", inputs: { c: 5, a: 4 }, expect: { Pwait: 0.554113, Lq: 2.21645 } },
  { model: "ErlangC", inputs: { c: 10, a: 8 }, expect: { Pwait: 0.40918, Wq: 0.20459 } },
  {
    model: "ErlangC",
    inputs: { c: 50, a: 48 },
    expect: { Pwait: 0.694456, Wq: 0.347228 },
    note: "20.8 s with 1-min service",
  },
  { model: "ErlangC", inputs: { c: 100, a: 90 }, expect: { Pwait: 0.21694, Wq: 0.021694 } },
  { model: "ErlangB", inputs: { c: 2, a: 1 }, expect: { B: 0.2 } },
  { model: "ErlangB", inputs: { c: 5, a: 3 }, expect: { B: 0.110054 } },
  { model: "ErlangB", inputs: { c: 10, a: 5 }, expect: { B: 0.018385 } },
  {
    model: "ErlangB",
    inputs: { c: 30, a: 25 },
    expect: { B: 0.052603 },
    note: "Wolfram docs: approximately 0.05",
  },
  {
    model: "ErlangB",
    inputs: { c: 100, a: 84.1 },
    expect: { B: 0.01 },
    within: 0.0002,
    note: "standard 1% tables; also (50,37.9),(20,12.0),(10,4.46)",
  },
  {
    model: "M/M/c/K",
    inputs: { lam: 0.9, mu: 1, c: 1, K: 10 },
    expect: { pK: 0.0508137, L: 3.969441, Wq: 3.646601 },
  },
  {
    model: "M/M/c/K",
    inputs: { lam: 1.2, mu: 1, c: 1, K: 5 },
    expect: { pK: 0.250588, L: 3.021172 },
  },
  {
    model: "M/M/c/K",
    inputs: { lam: 4, mu: 1, c: 3, K: 10 },
    expect: { pK: 0.2658, L: 7.615356, thr: 2.936801 },
  },
  {
    model: "M/M/c/K",
    inputs: { lam: 100, mu: 1, c: 80, K: 120 },
    expect: { pK: 0.200003, Wq: 0.450016, thr: 79.999658 },
  },
  { model: "M/G/1", inputs: { lam: 0.8, ES: 1, cs2: 0 }, expect: { Wq: 2, L: 2.4 } },
  { model: "M/G/1", inputs: { lam: 0.8, ES: 1, cs2: 0.5 }, expect: { Wq: 3 } },
  { model: "M/G/1", inputs: { lam: 0.8, ES: 1, cs2: 4 }, expect: { Wq: 10, L: 8.8 } },
  { model: "M/G/1", inputs: { lam: 0.9, ES: 1, cs2: 0 }, expect: { Wq: 4.5 } },
  {
    model: "ErlangA",
    inputs: { n: 50, lam: 48, mu: 1, theta: 0.5 },
    expect: { Pab: 0.030912, Wq: 0.0618245, Lq: 2.967576, Pwait: 0.467774, util: 0.930324 },
    note: "Garnett-Mandelbaum-Reiman 2002: 3.1%, 3.7 s, 3, 93%",
  },
  {
    model: "ErlangA",
    inputs: { n: 10, lam: 12, mu: 1, theta: 1 },
    expect: { Pab: 0.213632, Lq: 2.563588 },
  },
  {
    model: "ErlangA",
    inputs: { n: 100, lam: 110, mu: 1, theta: 0.5 },
    expect: { Pab: 0.0946183, Lq: 20.816033 },
  },
  {
    model: "ErlangA",
    inputs: { n: 1000, lam: 1100, mu: 1, theta: 0.5 },
    expect: { Pab: 0.0909091, Lq: 200.00013 },
    note: "fluid: Pab=1-1/rho=1/11, q=(lam-n mu)/theta=200",
  },
  {
    model: "Mt/M/inf",
    inputs: { base: 100, swing: 50, period: 24, mu: 1 },
    expect: {
      "m(0)": 87.749656,
      "m(3)": 124.425252,
      "m(6)": 146.792867,
      "m(12)": 112.250344,
      "m(18)": 53.207133,
    },
    note: "periodic steady state",
  },
  {
    model: "M/M/inf step",
    inputs: { lam: 100, mu: 0.5 },
    expect: { "m(1)": 78.693868, "m(4)": 172.932943 },
  },
  {
    model: "finite source",
    inputs: { N: 100, Z: 7, D: 0.05, c: 1 },
    expect: { X: 13.975125, R: 0.155571 },
  },
  {
    model: "finite source",
    inputs: { N: 140, Z: 7, D: 0.05, c: 1 },
    expect: { X: 18.710066, R: 0.482602 },
  },
  {
    model: "finite source",
    inputs: { N: 600, Z: 7, D: 0.05, c: 4 },
    expect: { X: 79.615058, R: 0.536263 },
  },
  {
    model: "closed MVA",
    inputs: { N: 100, Z: 7, D: [0.03, 0.05, 0.02] },
    expect: { X: 13.830035, R: 0.23064 },
  },
];

/** An input that is a plain number. */
export function input(check: AnalyticCheck, name: string): number {
  const value = check.inputs[name];
  assert(typeof value === "number", `the check of ${check.model} has a number ${name}`);
  return value;
}

/** What a check is called in a test's title. */
export function titleOf(check: AnalyticCheck): string {
  const inputs = Object.entries(check.inputs).map(([name, value]) => `${name} ${value}`);
  return `${check.model} (${inputs.join(", ")})`;
}
