/**
 * The seven figures of a rehearsal: what it is now, where it goes, and what the sale expects of
 * it. Once the sale is over they are the metrics of the result, written as every report writes them.
 */
import type { PlanResult } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Sample, Snapshot } from "../../twin/stepped/snapshot.ts";
import { figureText, plainNumber } from "../report/quantity.ts";
import type { Course } from "./course.ts";
import {
  briefGoalText,
  type Goal,
  type GoalContext,
  type GoalState,
  goalState,
  goalText,
  meanOf,
} from "./goal.ts";

export interface Figure {
  readonly name: string;
  readonly value: string;
  /** Where it goes; empty where there is nothing to say. */
  readonly trend: string;
  /** Null where nothing is expected of it. */
  readonly goal: {
    readonly state: GoalState;
    readonly text: string;
    /** The same in at most a dozen cells. */
    readonly brief: string;
  } | null;
}

export interface FigureQuestion extends GoalContext {
  readonly course: Course;
  readonly plan: PlanSpec;
  readonly goals: readonly Goal[];
  /** Of the finished rehearsal; null while the sale goes on. */
  readonly result: PlanResult | null;
}

interface FigureForm {
  readonly name: string;
  /** The metric of the finished rehearsal. */
  readonly metric: string;
  readonly ended: string;
  /** Metrics whose goals it shows, with the figure that is held against each. */
  readonly goals: (course: Course) => Readonly<Record<string, number>>;
  readonly value: (now: Snapshot, question: FigureQuestion) => string;
  readonly trend: (now: Snapshot, question: FigureQuestion) => string;
}

const FORMS: readonly FigureForm[] = [
  {
    name: "SHOPPERS",
    metric: "shoppers.concurrent.peak",
    ended: "most at once",
    goals: ({ most, snapshot }) => ({
      "shoppers.concurrent.peak": most.shoppers,
      "shoppers.concurrent": snapshot?.shoppers ?? Number.NaN,
    }),
    value: ({ shoppers }, context) => figureText("shoppers.concurrent", shoppers, context),
    trend: ({ arrivalsPerMinute }) => `+${plainNumber(arrivalsPerMinute, 0)}/min`,
  },
  {
    name: "QUEUE",
    metric: "queue.length.peak",
    ended: "at most",
    goals: ({ most, snapshot }) => ({
      "queue.length.peak": most.queue,
      "queue.length": snapshot?.queue ?? Number.NaN,
    }),
    value: ({ queue }, { plan, ...context }) =>
      plan.world.waitingRoom === null ? "–" : figureText("queue.length", queue, context),
    trend: ({ queue }, { plan, course }) =>
      plan.world.waitingRoom === null
        ? "none planned"
        : direction(
            queue,
            course.samples.map((sample) => sample.queue),
          ),
  },
  {
    name: "INSTANCES",
    metric: "instances.peak",
    ended: "at most",
    goals: ({ most }) => ({ "instances.peak": most.instances }),
    value: ({ instances }) => `${instances.serving} / ${instances.max}`,
    trend: ({ instances }) => (instances.warming > 0 ? `+${instances.warming} warming` : "steady"),
  },
  {
    name: "ORDERS",
    metric: "orders",
    ended: "confirmed",
    goals: ({ snapshot }) => ({ orders: snapshot?.orders ?? Number.NaN }),
    value: ({ orders }, context) => figureText("orders", orders, context),
    trend: ({ ordersPerMinute }) => `+${plainNumber(ordersPerMinute, 0)}/min`,
  },
  {
    name: "REVENUE",
    metric: "revenue",
    ended: "of all orders",
    goals: ({ snapshot }) => ({ revenue: snapshot?.revenue ?? Number.NaN }),
    value: ({ revenue }, context) => figureText("revenue", revenue, context),
    trend: ({ revenuePerMinute }, context) =>
      `+${figureText("revenue", revenuePerMinute, context)}/min`,
  },
  {
    name: "ERRORS",
    metric: "errors.rate",
    ended: "of all pages",
    goals: ({ snapshot }) => ({ "errors.rate": snapshot?.errorsRate ?? Number.NaN }),
    value: ({ errorsRate }, context) => measured("errors.rate", errorsRate, context),
    trend: (_, { course }) => {
      const errors = course.samples.at(-1)?.errors ?? 0;
      return errors === 0 ? "none now" : `${plainNumber(errors, 0)} just now`;
    },
  },
  {
    name: "P95",
    metric: "latency.p95",
    ended: "of all pages",
    goals: ({ snapshot }) => ({ "latency.p95": snapshot?.latencyP95 ?? Number.NaN }),
    value: ({ latencyP95 }, context) => measured("latency.p95", latencyP95, context),
    trend: (_, { course, ...context }) => {
      const now = lastMeasured(course.samples);
      return now === null ? "" : `${figureText("latency.p95", now, context)} now`;
    },
  },
];

export function figuresOf(question: FigureQuestion): readonly Figure[] {
  const { course, result } = question;
  const { snapshot } = course;
  return FORMS.map((form) => {
    const goal = goalOf(form, question);
    if (result !== null) {
      const mean = meanOf(result, form.metric);
      const value = mean === null ? "–" : figureText(form.metric, mean, question);
      return { name: form.name, value, trend: mean === null ? "" : form.ended, goal };
    }
    if (snapshot === null) return { name: form.name, value: "–", trend: "", goal };
    const value = form.value(snapshot, question);
    return { name: form.name, value, trend: form.trend(snapshot, question), goal };
  });
}

/** The goal of the figure that is worst off. */
function goalOf(form: FigureForm, question: FigureQuestion): Figure["goal"] {
  const { course, goals, result } = question;
  const live = form.goals(course);
  const own = goals.filter(({ metric }) => Object.hasOwn(live, metric));
  const judged = own.map((goal) => {
    const value = result === null ? live[goal.metric] : meanOf(result, goal.metric);
    const over = result !== null;
    return {
      state: goalState(goal, { ...question, value: value ?? Number.NaN, over }),
      text: goalText(goal, question),
      brief: briefGoalText(goal, question),
    };
  });
  const order: readonly GoalState[] = ["missed", "near", "open", "kept", "not-judged"];
  return order.flatMap((state) => judged.find((one) => one.state === state) ?? [])[0] ?? null;
}

function measured(metric: string, value: number, context: GoalContext): string {
  return Number.isFinite(value) ? figureText(metric, value, context) : "–";
}

function lastMeasured(samples: readonly Sample[]): number | null {
  const value = samples.at(-1)?.latencyP95 ?? Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** Samples that a trend looks back. */
const TREND_SAMPLES = 4;

function direction(now: number, before: readonly number[]): string {
  const then = before.at(-TREND_SAMPLES) ?? now;
  const change = now - then;
  if (Math.abs(change) <= Math.max(1, Math.abs(then) * 0.02)) return "steady";
  return change > 0 ? "▲ rising" : "▼ falling";
}
