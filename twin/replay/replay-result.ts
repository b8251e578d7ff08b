/**
 * What a replay yields: the recorded course beside the simulated one, series by series and figure
 * by figure, and beside both what a change would have brought. Nothing in it depends on the machine
 * or the clock.
 */
import { MILLISECOND } from "../../engine/time.ts";
import type { BrokenInvariant } from "../result.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import { AS_RECORDED, type Course, type Playing, spanOf } from "./recorded-course.ts";
import type { VisitBasis } from "./recorded-visits.ts";
import { besideRecorded, type ReplayFigure, type ReplaySeries, rounded } from "./replay-figures.ts";
import type { Replayed } from "./replay-run.ts";

/** Whether the visits are the recorded ones, or drawn anew from what was fitted to them. */
export type ReplayProcess = "recorded" | "fitted";

export const REPLAY_SCHEMA = "scenarios/replay.schema.json";

export interface ReplayResult {
  readonly $schema: string;
  readonly schemaVersion: 1;
  readonly verb: "replay";
  readonly recording: string;
  readonly version: string;
  readonly process: ReplayProcess;
  /** `targets` are published figures, beside which a scenario was rehearsed. */
  readonly basis: VisitBasis | "targets";
  readonly currency: string;
  /** When the recording began, ISO 8601 in UTC; `lasts` in milliseconds. */
  readonly from: string;
  readonly lasts: number;
  readonly visits: number;
  /** Of the recording's shoppers, the part that was replayed. */
  readonly share: number;
  readonly playing: Playing;
  readonly seeds: readonly string[];
  readonly digest: readonly string[];
  readonly changes: readonly string[];
  readonly figures: readonly ReplayFigure[];
  /** Milliseconds of an interval. */
  readonly every: number;
  readonly series: Readonly<Record<string, ReplaySeries>>;
  /** The mean of all marks. */
  readonly mark: number;
  readonly broken: readonly (BrokenInvariant & {
    readonly seed: string;
    /** Of the scenario that was rehearsed beside published figures. */
    readonly plan?: string;
  })[];
  readonly events: number;
  readonly repeat: string;
  readonly exit: { readonly code: number; readonly reason: string };
}

export interface ReplayQuestion {
  readonly recording: string;
  readonly version: string;
  readonly process: ReplayProcess;
  readonly course: Course;
  readonly playing: Playing;
  readonly seeds: readonly string[];
  readonly changes: readonly string[];
  readonly currency: string;
  readonly repeat: string;
}

/** `simulated` and `changed` have one place a seed; `changed` none where nothing is changed. */
export function replayResult(
  question: ReplayQuestion,
  simulated: readonly Replayed[],
  changed: readonly Replayed[],
): ReplayResult {
  const { course, process } = question;
  const drawn = process === "fitted";
  const { every, figures, series } = besideRecorded({ course, simulated, changed, drawn });
  const all = [...simulated, ...changed];
  const broken = all.flatMap(({ rehearsal: { seed, broken } }) =>
    broken.map((one) => ({ ...one, seed })),
  );
  const marks = [
    ...figures.flatMap(({ mark }) => mark ?? []),
    ...Object.values(series).map(({ agreement }) => agreement.mark),
  ];
  return {
    $schema: REPLAY_SCHEMA,
    schemaVersion: 1,
    verb: "replay",
    recording: question.recording,
    version: question.version,
    process,
    basis: course.basis,
    currency: question.currency,
    from: new Date(course.startsAt).toISOString(),
    lasts: Math.round(spanOf(course) / MILLISECOND),
    visits: course.at.length,
    share: course.share,
    playing: question.playing,
    seeds: question.seeds,
    digest: simulated.map(({ rehearsal }) => rehearsal.digest),
    changes: question.changes,
    figures,
    every: every / MILLISECOND,
    series,
    mark: rounded(marks.reduce((sum, mark) => sum + mark, 0) / marks.length),
    broken,
    events: all.reduce((sum, { rehearsal }) => sum + rehearsal.events, 0),
    repeat: question.repeat,
    exit: exitOf(figures, broken.length, question.changes),
  };
}

export interface PublishedQuestion {
  readonly recording: string;
  readonly version: string;
  readonly plan: PlanSpec;
  readonly seeds: readonly string[];
  readonly digest: readonly string[];
  readonly figures: readonly ReplayFigure[];
  /** Of the world: 1 is full size. */
  readonly share: number;
  readonly broken: ReplayResult["broken"];
  readonly events: number;
  readonly repeat: string;
}

/** The same of a sale that only figures are known of. */
export function publishedResult({
  plan,
  figures,
  broken,
  ...rest
}: PublishedQuestion): ReplayResult {
  const { starts, lasts, currency } = plan.world;
  const marks = figures.flatMap(({ mark }) => mark ?? []);
  const { recording, version, seeds, digest, share, events, repeat } = rest;
  return {
    ...{ $schema: REPLAY_SCHEMA, schemaVersion: 1, verb: "replay", recording, version },
    ...{ process: "fitted", basis: "targets", currency },
    from: new Date(starts.epochMillis).toISOString(),
    lasts: Math.round(lasts / MILLISECOND),
    visits: 0,
    share,
    playing: AS_RECORDED,
    seeds,
    digest,
    changes: [],
    figures,
    every: 0,
    series: {},
    mark: rounded(marks.reduce((sum, mark) => sum + mark, 0) / marks.length),
    broken,
    events,
    repeat,
    exit: exitOf(figures, broken.length),
  };
}

/** 1 where an invariant broke, 4 where a figure is further off than its goal; who asks "what if" judges nothing. */
function exitOf(
  figures: readonly ReplayFigure[],
  broken: number,
  changes: readonly string[] = [],
): ReplayResult["exit"] {
  if (broken > 0) return { code: 1, reason: `${broken} invariants of the store did not hold` };
  const off = figures.filter(({ met }) => met === false).map(({ metric }) => metric);
  if (changes.length > 0) return { code: 0, reason: "what if: nothing is judged" };
  if (off.length === 0) return { code: 0, reason: "every figure is within its goal" };
  return { code: 4, reason: `further off than the goal: ${off.join(", ")}` };
}
