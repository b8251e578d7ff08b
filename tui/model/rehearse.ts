/** A running or finished rehearsal as its screen shows it. */
import type { Ticks } from "../../engine/time.ts";
import type { RunResult } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { figureText, percentText, plainNumber } from "../report/quantity.ts";
import type { SteppedSeek } from "../worker/stepped-client.ts";
import { type Control, changedLines, controlsOf, shareOf, valueText } from "./controls.ts";
import { type Course, type Mark, marksOf, shownSpan, speedText } from "./course.ts";
import { type LogRow, logRows } from "./event-log.ts";
import { type Goal, type GoalState, goalText, judgedState } from "./goal.ts";
import { chartsOf, type RehearseChart } from "./rehearse-charts.ts";
import { type Figure, figuresOf } from "./rehearse-figures.ts";
import { clockText, type SaleClock } from "./sale-clock.ts";

export interface ControlRow {
  readonly label: string;
  readonly value: string;
  /** Where it lies, from 0 to 1. */
  readonly share: number;
}

export interface EndGoal {
  readonly state: GoalState;
  readonly text: string;
}

/** What came of it, missed goals first. */
export interface RehearseEnd {
  readonly state: GoalState;
  readonly verdict: string;
  readonly goals: readonly EndGoal[];
  readonly saved: string | null;
}

export interface RehearseModel {
  readonly title: string;
  readonly clock: SaleClock;
  readonly time: string;
  /** `▶ ×60`, `⏸`, `◀◀ to 20:12`. */
  readonly pace: string;
  readonly seed: string;
  readonly size: string;
  readonly rate: string;
  readonly now: Ticks;
  readonly span: Ticks;
  readonly marks: readonly Mark[];
  readonly figures: readonly Figure[];
  readonly charts: readonly RehearseChart[];
  readonly log: readonly LogRow[];
  readonly follow: boolean;
  readonly filter: string;
  readonly selectedEvent: number;
  readonly controls: readonly ControlRow[];
  readonly selectedControl: number;
  readonly atFullSize: boolean;
  readonly changed: readonly string[];
  readonly end: RehearseEnd | null;
  readonly repeat: string;
}

export interface RehearseState {
  readonly course: Course;
  readonly seeking: SteppedSeek | null;
  readonly plan: PlanSpec;
  readonly full: PlanSpec;
  readonly scale: number;
  readonly seed: string;
  readonly scenario: string;
  readonly goals: readonly Goal[];
  readonly own: readonly Ticks[];
  readonly follow: boolean;
  readonly filter: string;
  readonly selectedEvent: number;
  readonly selectedControl: number;
  readonly result: RunResult | null;
  /** Where the result was saved. */
  readonly saved: string | null;
  readonly repeat: string;
}

export function rehearseModel(state: RehearseState): RehearseModel {
  const { course, plan, full, scale, goals, result } = state;
  const { world } = plan;
  const now = course.snapshot?.now ?? 0;
  const span = shownSpan(plan, now);
  const context = { currency: world.currency, scale };
  const planResult = result?.plans[plan.name] ?? null;
  const log = logRows(course.happenings, world, state.filter);
  const sized = { full, scale };
  return {
    title: `${state.scenario} · ${plan.name}`,
    clock: world,
    time: clockText(world, now),
    pace: paceText(state),
    seed: state.seed,
    size: scale === 1 ? "full size" : `${percentText(scale)} scale`,
    rate: course.state === "playing" ? rateText(course.eventsPerSecond) : "",
    now: Math.min(now, world.lasts),
    span,
    marks: marksOf(course, plan, state.own),
    figures: figuresOf({ ...context, course, plan, goals, result: planResult }),
    charts: chartsOf({ ...context, samples: course.samples, span, plan, goals }),
    log,
    follow: state.follow,
    filter: state.filter,
    selectedEvent: state.follow ? log.length - 1 : Math.min(state.selectedEvent, log.length - 1),
    controls: [...controlsOf(sized, course).map(controlRow), FAULT_ROW],
    selectedControl: state.selectedControl,
    atFullSize: scale === 1,
    changed: changedLines(sized, course),
    end: result === null ? null : endOf(result, state),
    repeat: state.repeat,
  };
}

const FAULT_ROW: ControlRow = { label: "+ inject a fault", value: "", share: Number.NaN };

function controlRow(control: Control): ControlRow {
  const { id, label, value } = control;
  return { label, value: valueText(id, value), share: shareOf(control) };
}

function paceText({ course, seeking, plan }: RehearseState): string {
  const { state, snapshot } = course;
  // What is only starting plays as soon as it has started.
  switch (snapshot === null && state === "paused" ? "playing" : state) {
    case "playing":
      return `▶ ${speedText(course.speed)}`;
    case "seeking":
      return seeking === null ? "…" : `… to ${clockText(plan.world, seeking.to)}`;
    case "ended":
      return "■ over";
    case "paused":
      return `⏸ ${speedText(course.speed)}`;
  }
}

function rateText(perSecond: number): string {
  if (perSecond >= 1e6) return `${plainNumber(perSecond / 1e6, 1)} M events/s`;
  if (perSecond >= 1e3) return `${plainNumber(perSecond / 1e3, 0)} k events/s`;
  return perSecond > 0 ? `${plainNumber(perSecond, 0)} events/s` : "";
}

const WORST_FIRST: readonly GoalState[] = ["missed", "near", "open", "not-judged", "kept"];

function endOf(result: RunResult, { goals, saved, scale }: RehearseState): RehearseEnd {
  const { currency, exit, expectations, broken } = result;
  const rows = expectations.map((one): EndGoal => {
    const goal = goals.find(({ metric, expect }) => metric === one.metric && expect === one.expect);
    const bound = goal === undefined ? one.expect : goalText(goal, { currency, scale });
    const had = one.value === null ? "" : `  ${figureText(one.metric, one.value, { currency })}`;
    const why = one.met === true ? "" : `  (${one.why})`;
    return { state: judgedState(one), text: `${one.metric} ${bound}${had}${why}` };
  });
  const invariants = broken.map(
    ({ id, what }): EndGoal => ({ state: "missed", text: `invariant ${id} broken: ${what}` }),
  );
  const all = [...invariants, ...rows];
  const rank = ({ state }: EndGoal) => WORST_FIRST.indexOf(state);
  return {
    state: exit.code === 0 ? "kept" : "missed",
    verdict: exit.reason,
    goals: [...all].sort((one, other) => rank(one) - rank(other)),
    saved,
  };
}
