/** A saved run as the row of a table. */
import type { RunResult } from "../../twin/result.ts";
import { figureText } from "../report/quantity.ts";
import type { SavedRun } from "../state/runs.ts";
import { type GoalState, meanOf } from "./goal.ts";

export interface RunRow {
  readonly when: string;
  readonly what: string;
  readonly seed: string;
  readonly orders: string;
  readonly revenue: string;
  readonly latency: string;
  readonly errors: string;
  readonly queue: string;
  /** Kept and judged goals, as `3/4`. */
  readonly goals: string;
  readonly state: GoalState;
}

/** What stands for a figure that nothing was measured of. */
const NOT_MEASURED = "–";

/** Figures are those of the first plan; `now` in milliseconds since 1970. */
export function runRow({ savedAt, result }: SavedRun, now: number): RunRow {
  const [first] = Object.values(result.plans);
  const figure = (metric: string) => {
    const mean = meanOf(first, metric);
    return mean === null ? NOT_MEASURED : figureText(metric, mean, result);
  };
  const judged = result.expectations.filter(({ met }) => met !== null);
  const kept = judged.filter(({ met }) => met === true).length;
  return {
    when: whenText(savedAt, now),
    what: runName(result),
    seed: seedText(first?.seeds ?? []),
    orders: figure("orders"),
    revenue: figure("revenue"),
    latency: figure("latency.p95"),
    errors: figure("errors.rate"),
    queue: figure("queue.length.peak"),
    goals: judged.length === 0 ? NOT_MEASURED : `${kept}/${judged.length}`,
    state: judged.length === 0 ? "not-judged" : kept === judged.length ? "kept" : "missed",
  };
}

/** The scenario, its plans and, where it is not full size, the scale. */
export function runName({ scenario, plans, scale }: RunResult): string {
  const size = scale === 1 ? "" : ` (${Math.round(scale * 10_000) / 100} %)`;
  return `${scenario} · ${Object.keys(plans).join(" against ")}${size}`;
}

function seedText(seeds: readonly string[]): string {
  const [first = NOT_MEASURED] = seeds;
  return seeds.length < 2 ? first : `${first} +${seeds.length - 1}`;
}

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const DAY_MILLIS = 86_400_000;

/** `today 14:02`, `yesterday 17:40`, `Mon 09:20` within a week, then the date; in local time. */
export function whenText(at: number, now: number): string {
  const moment = new Date(at);
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  const days = Math.round((midnight(now) - midnight(at)) / DAY_MILLIS);
  if (days === 0) return `today ${time}`;
  if (days === 1) return `yesterday ${time}`;
  if (days > 1 && days < 7) return `${WEEKDAYS[moment.getDay()]} ${time}`;
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${time}`;
}

function midnight(at: number): number {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
