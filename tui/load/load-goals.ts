/**
 * The scenario's expectations that a load can be held against: how long pages took, how many
 * failed, and of a whole sale the orders. What only a rehearsal knows is left out.
 */
/// <reference types="node" />
import type { Estimate } from "../../twin/result.ts";
import { expectationsOf, parseExpectation } from "../../twin/scenario/expectation.ts";
import { evaluateExpectation } from "../../twin/scenario/expectation-verdict.ts";
import type { PlanSpec, Scenario } from "../../twin/scenario/scenario.ts";
import type { LoadOutcome } from "./load-part.ts";
import { LoadRecord, RouteLoad } from "./load-record.ts";

export interface LoadGoal {
  readonly metric: string;
  readonly expect: string;
  readonly met: boolean;
  readonly value: number | null;
  readonly why: string;
}

/** Which routes are the pages of a class. */
const ROUTES_OF_CLASS: Readonly<Record<string, string>> = {
  landing: "GET /",
  list: "GET /products",
  product: "GET /product/:product",
  cart: "POST /api/cart/lines",
  checkout: "POST /api/checkout",
  payment: "POST /api/orders",
};

export interface LoadGoalsOptions {
  readonly scenario: Scenario;
  readonly plan: PlanSpec;
  /** Whether all of the sale was sent, so that its sums can be judged. */
  readonly isWhole: boolean;
}

export function loadGoals(
  outcome: LoadOutcome,
  { scenario, plan, isWhole }: LoadGoalsOptions,
): readonly LoadGoal[] {
  const metrics = figuresOf(outcome, isWhole);
  const { starts, currency } = plan.world;
  const { scale } = scenario;
  const facts = { metrics, series: {}, seriesEvery: 0, starts, currency, scale };
  return expectationsOf(scenario, plan).flatMap(({ metric, expect }) => {
    const expectation = parseExpectation({ metric, expect });
    if (!("metric" in expectation) || !Object.hasOwn(metrics, expectation.metric)) return [];
    if (expectation.when.kind !== "overall" || expectation.sure) return [];
    const { met, value, why } = evaluateExpectation(expectation, facts);
    return met === null ? [] : [{ metric, expect, met, value, why }];
  });
}

/** By the metrics' names: milliseconds, shares, counts, minor units. */
function figuresOf(outcome: LoadOutcome, isWhole: boolean): Readonly<Record<string, Estimate>> {
  const record = LoadRecord.of(outcome.record);
  const figures: Record<string, Estimate> = {};
  const note = (name: string, value: number): void => {
    if (Number.isFinite(value)) figures[name] = { mean: value, low: value, high: value, n: 1 };
  };
  const pages = new RouteLoad();
  for (const [name, route] of Object.entries(ROUTES_OF_CLASS)) {
    const load = record.route(route);
    pages.add(load);
    note(`latency.p95{${name}}`, load.response.quantileMillis(0.95));
  }
  note("latency.p50", pages.response.quantileMillis(0.5));
  note("latency.p95", pages.response.quantileMillis(0.95));
  note("latency.p99", pages.response.quantileMillis(0.99));
  const { sent, refused } = pages.counts;
  note("errors.rate", (pages.failed + refused + pages.broken) / sent);
  if (isWhole) {
    note("orders", outcome.answered.sold);
    note("revenue", outcome.revenue);
  }
  return figures;
}
