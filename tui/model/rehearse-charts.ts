/** The four charts of a rehearsal as data: series, goals, axes; drawing them is the screen's. */
import type { Ticks } from "../../engine/time.ts";
import { MINUTE } from "../../engine/time.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Sample } from "../../twin/stepped/snapshot.ts";
import type { ChartSeries } from "../components/chart.ts";
import { figureText, plainNumber } from "../report/quantity.ts";
import { axisMillis, axisText } from "./axis-text.ts";
import { boundOf, type Goal, type GoalContext, goalText } from "./goal.ts";

export const CHARTS = ["queue", "load", "orders", "latency"] as const;
export type ChartName = (typeof CHARTS)[number];

export interface RehearseChart {
  readonly name: ChartName;
  readonly title: string;
  /** The last figure, or the goal. */
  readonly remark: string;
  readonly series: readonly ChartSeries[];
  readonly goal: number | null;
  readonly axis: (value: number) => string;
}

export interface ChartQuestion extends GoalContext {
  readonly samples: readonly Sample[];
  readonly span: Ticks;
  readonly plan: PlanSpec;
  readonly goals: readonly Goal[];
}

export function chartsOf(question: ChartQuestion): readonly RehearseChart[] {
  return [crowdChart(question), loadChart(question), ordersChart(question), latencyChart(question)];
}

/** Who waits; in a shop without a waiting room, who is there. */
function crowdChart(question: ChartQuestion): RehearseChart {
  const room = question.plan.world.waitingRoom !== null;
  const goal = goalOn(
    question,
    room ? ["queue.length.peak", "queue.length"] : ["shoppers.concurrent.peak"],
  );
  const last = question.samples.at(-1);
  const value = room ? last?.queue : last?.shoppers;
  return {
    name: "queue",
    title: room ? "Queue length" : "Shoppers",
    remark: goal?.text ?? (value === undefined ? "" : plainNumber(value, 0)),
    series: [series(question, "first", (sample) => (room ? sample.queue : sample.shoppers))],
    goal: goal?.bound ?? null,
    axis: axisText,
  };
}

function loadChart(question: ChartQuestion): RehearseChart {
  const last = question.samples.at(-1);
  return {
    name: "load",
    title: "Load ━ vs capacity ┄ (req/s)",
    remark: last === undefined ? "" : `${plainNumber(last.instances, 0)} inst`,
    series: [
      { ...series(question, "second", ({ capacity }) => capacity), dashed: true },
      series(question, "first", ({ load }) => load),
    ],
    goal: null,
    axis: axisText,
  };
}

function ordersChart(question: ChartQuestion): RehearseChart {
  const { samples } = question;
  const interval = intervalOf(samples);
  const perMinute = ({ orders }: Sample) => (orders * MINUTE) / interval;
  const last = samples.at(-1);
  return {
    name: "orders",
    title: "Orders per minute",
    remark: last === undefined ? "" : plainNumber(perMinute(last), 0),
    series: [series(question, "first", perMinute)],
    goal: null,
    axis: axisText,
  };
}

function latencyChart(question: ChartQuestion): RehearseChart {
  const goal = goalOn(question, ["latency.p95"]);
  const last = question.samples.at(-1)?.latencyP95 ?? Number.NaN;
  const now = Number.isFinite(last) ? figureText("latency.p95", last, question) : "";
  return {
    name: "latency",
    title: "Page time p95 ━  p50 ┄",
    remark: goal?.text ?? now,
    series: [
      { ...series(question, "second", ({ latencyP50 }) => latencyP50), dashed: true },
      series(question, "first", ({ latencyP95 }) => latencyP95),
    ],
    goal: goal?.bound ?? null,
    axis: axisMillis,
  };
}

/** The samples stand at equal distances; the first is taken to hold from the start on. */
function series(
  { samples, span }: ChartQuestion,
  role: ChartSeries["role"],
  value: (sample: Sample) => number,
): ChartSeries {
  const [first] = samples;
  if (first === undefined) return { values: [], role };
  const values = [value(first), ...samples.map(value)];
  return { values, role, reaches: Math.min(1, (samples.at(-1)?.at ?? 0) / span) };
}

function intervalOf([first]: readonly Sample[]): Ticks {
  return first === undefined || first.at === 0 ? MINUTE : first.at;
}

/** The first bound from above on one of the metrics, overall or over time. */
function goalOn(
  { goals, ...context }: ChartQuestion,
  metrics: readonly string[],
): { readonly bound: number; readonly text: string } | null {
  const goal = goals.find(
    ({ metric, expectation }) => metrics.includes(metric) && expectation.operator.startsWith("<"),
  );
  if (goal === undefined) return null;
  return { bound: boundOf(goal.expectation, context), text: `goal ${goalText(goal, context)} ┄` };
}
