/**
 * What a planner can change while a rehearsal runs: each control with its value now, the plan's
 * own, and the change that a step makes.
 */
import { MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { parseDuration, writeDuration } from "../../twin/scenario/units.ts";
import type { Change, Intervention } from "../../twin/stepped/intervention.ts";
import { plainNumber } from "../report/quantity.ts";
import type { Course } from "./course.ts";
import { clockText } from "./sale-clock.ts";

export type ControlId = "batch-gap" | "min-instances" | "max-instances" | "room-capacity";

export interface Control {
  readonly id: ControlId;
  readonly label: string;
  readonly value: number;
  /** As the plan has it. */
  readonly planned: number;
  /** What one press of a key changes it by. */
  readonly step: number;
  readonly least: number;
  readonly most: number;
}

/** Those that this plan has. */
export function controlsOf(plan: PlanSpec, course: Course): readonly Control[] {
  return [
    gapControl(plan, course),
    ...instanceControls(plan, course),
    roomControl(plan, course),
  ].filter((control) => control !== null);
}

type KindOf<Kind extends Intervention["kind"]> = Extract<Intervention, { readonly kind: Kind }>;

/** The last change of a kind that has been made. */
function lastOf<Kind extends Intervention["kind"]>(
  { interventions }: Course,
  kind: Kind,
): KindOf<Kind> | undefined {
  return interventions.findLast((one): one is KindOf<Kind> => one.kind === kind);
}

function gapControl({ launch, world }: PlanSpec, course: Course): Control | null {
  if (launch.batches === 1) return null;
  const planned = launch.every;
  const step = planned <= 5 * MINUTE ? 15 * SECOND : planned <= 30 * MINUTE ? MINUTE : 5 * MINUTE;
  const value = lastOf(course, "batch-gap")?.every ?? planned;
  return { id: "batch-gap", label: "batch gap", value, planned, step, least: 0, most: world.lasts };
}

function instanceControls({ world }: PlanSpec, course: Course): readonly Control[] {
  if (world.autoscaler.kind === "serverless") return [];
  const { min, max } = world.fleet;
  const now = lastOf(course, "instances") ?? course.snapshot?.instances ?? { min, max };
  const control = (id: ControlId, label: string, value: number, planned: number): Control => ({
    id,
    label,
    value,
    planned,
    step: 1,
    least: id === "min-instances" ? 1 : now.min,
    most: id === "min-instances" ? now.max : INSTANCES_MAX,
  });
  return [
    control("min-instances", "min instances", now.min, min),
    control("max-instances", "max instances", now.max, max),
  ];
}

const INSTANCES_MAX = 10_000;
const CAPACITY_MAX = 10_000_000;

function roomControl({ world }: PlanSpec, course: Course): Control | null {
  const planned = world.waitingRoom?.capacity ?? null;
  if (planned === null) return null;
  const value = lastOf(course, "room-capacity")?.capacity ?? planned;
  const step = Math.max(1, roundStep(planned / 20));
  return {
    id: "room-capacity",
    label: "room capacity",
    value,
    planned,
    step,
    least: 1,
    most: CAPACITY_MAX,
  };
}

/** 1, 2 or 5 times a power of ten, not above the value. */
function roundStep(value: number): number {
  let power = 1;
  while (power * 10 <= value) power *= 10;
  return ([5, 2, 1].find((one) => one * power <= value) ?? 1) * power;
}

export function valueText(id: ControlId, value: number): string {
  return id === "batch-gap" ? writeDuration(value) : plainNumber(value, 0);
}

/** The change to a value, held within the control's bounds; null where it is that already. */
export function changeTo(control: Control, wanted: number, all: readonly Control[]): Change | null {
  const value = Math.round(Math.max(control.least, Math.min(control.most, wanted)));
  if (value === control.value) return null;
  const of = (id: ControlId) => all.find((one) => one.id === id)?.value ?? value;
  switch (control.id) {
    case "batch-gap":
      return { kind: "batch-gap", every: value };
    case "min-instances":
      return { kind: "instances", min: value, max: of("max-instances") };
    case "max-instances":
      return { kind: "instances", min: of("min-instances"), max: value };
    case "room-capacity":
      return { kind: "room-capacity", capacity: value };
  }
}

/** A value as a planner types it: `10min` for a gap, a whole number for the others; else why not. */
export function readValue({ id }: Control, written: string): number | string {
  if (id === "batch-gap") {
    const read = parseDuration(written);
    return read.ok ? read.value : `${read.why}: ${read.instead}.`;
  }
  const count = /^\d{1,8}$/u.test(written.trim()) ? Number(written) : Number.NaN;
  return count >= 1 ? count : `${written} is no whole number from 1 on.`;
}

/** Where the value lies between nothing and twice the planned one, from 0 to 1. */
export function shareOf({ value, planned }: Control): number {
  return Math.max(0, Math.min(1, value / Math.max(1, 2 * planned)));
}

/** What was changed, one line for each control and fault: `batch gap 8min → 10min (from 20:27:00)`. */
export function changedLines(plan: PlanSpec, course: Course): readonly string[] {
  const from = (at: Ticks) => `(from ${clockText(plan.world, at)})`;
  const lines = controlsOf(plan, course).flatMap(({ id, label, value, planned }) => {
    const at = course.interventions.findLast(({ kind }) => kind === KINDS[id])?.at;
    if (value === planned || at === undefined) return [];
    return [`${label} ${valueText(id, planned)} → ${valueText(id, value)} ${from(at)}`];
  });
  const faults = course.interventions.flatMap((one) =>
    one.kind === "fault" ? [`+ ${one.fault.kind} ${from(one.fault.at)}`] : [],
  );
  return [...lines, ...faults];
}

const KINDS: Readonly<Record<ControlId, Intervention["kind"]>> = {
  "batch-gap": "batch-gap",
  "min-instances": "instances",
  "max-instances": "instances",
  "room-capacity": "room-capacity",
};
