/**
 * What a planner can change while a rehearsal runs: each control with its value now, the plan's
 * own, and the change that a step makes. Values are those of the scenario file, at full size; the
 * change is one of the world that is rehearsed, which may be smaller.
 */
import { MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { scaledCapacity, scaledSize } from "../../twin/scenario/scale.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { parseDuration, writeDuration } from "../../twin/scenario/units.ts";
import type { Change, Intervention } from "../../twin/stepped/intervention.ts";
import { plainNumber } from "../report/quantity.ts";
import type { Course } from "./course.ts";
import { clockText } from "./sale-clock.ts";

export type ControlId = "batch-gap" | "min-instances" | "max-instances" | "room-capacity";

/** A plan at its full size, and the share of it that is rehearsed. */
export interface SizedPlan {
  readonly full: PlanSpec;
  readonly scale: number;
}

export interface Control {
  readonly id: ControlId;
  readonly label: string;
  readonly value: number;
  /** As the plan has it. */
  readonly planned: number;
  /** In the world that is rehearsed. */
  readonly size: number;
  /** What one press of a key changes it by. */
  readonly step: number;
  readonly least: number;
  readonly most: number;
}

const INSTANCES_MAX = 10_000;
const CAPACITY_MAX = 10_000_000;

/** Those that this plan has. */
export function controlsOf(plan: SizedPlan, course: Course): readonly Control[] {
  const gap = gapControl(plan, course);
  const room = roomControl(plan, course);
  return [gap, ...instanceControls(plan, course), room].filter((one) => one !== null);
}

type KindOf<Kind extends Intervention["kind"]> = Extract<Intervention, { readonly kind: Kind }>;

/** The last change of a kind that has been made. */
function lastOf<Kind extends Intervention["kind"]>(
  { interventions, snapshot }: Course,
  kind: Kind,
): KindOf<Kind> | undefined {
  const now = snapshot?.now ?? 0;
  return interventions.findLast((one): one is KindOf<Kind> => one.kind === kind && one.at <= now);
}

function gapControl({ full }: SizedPlan, course: Course): Control | null {
  const { launch, world } = full;
  if (launch.batches === 1) return null;
  const planned = launch.every;
  const step = planned <= 5 * MINUTE ? 15 * SECOND : planned <= 30 * MINUTE ? MINUTE : 5 * MINUTE;
  const value = lastOf(course, "batch-gap")?.every ?? planned;
  const bounds = { least: 0, most: world.lasts };
  return { id: "batch-gap", label: "batch gap", value, planned, size: value, step, ...bounds };
}

function instanceControls(plan: SizedPlan, { snapshot }: Course): readonly Control[] {
  const { autoscaler, fleet } = plan.full.world;
  if (autoscaler.kind === "serverless") return [];
  const control = (id: "min-instances" | "max-instances", label: string): Control => {
    const bound = id === "min-instances" ? "min" : "max";
    const planned = fleet[bound];
    const size = snapshot?.instances[bound] ?? sizeOf(id, planned, plan);
    const value = fullOf(id, size, { plan, planned });
    return { id, label, value, planned, size, step: 1, least: 1, most: INSTANCES_MAX };
  };
  return [control("min-instances", "min inst"), control("max-instances", "max inst")];
}

function roomControl(plan: SizedPlan, course: Course): Control | null {
  const planned = plan.full.world.waitingRoom?.capacity ?? null;
  if (planned === null) return null;
  const id = "room-capacity";
  const size = lastOf(course, id)?.capacity ?? sizeOf(id, planned, plan);
  const value = fullOf(id, size, { plan, planned });
  const step = Math.max(1, roundStep(planned / 20));
  return { id, label: "room size", value, planned, size, step, least: 1, most: CAPACITY_MAX };
}

/** A value of the file in the world that is rehearsed. */
export function sizeOf(id: ControlId, value: number, { full, scale }: SizedPlan): number {
  if (id === "batch-gap" || scale === 1) return value;
  if (id === "room-capacity") return scaledCapacity(value, scale);
  return scaledSize(full.world.fleet, value, scale);
}

/** Values beside the nearest that are tried for one that comes to a size exactly. */
const NEAREST_TRIED = 50;

/** The value of the file that comes to a size: the planned one where it does, else the nearest. */
export function fullOf(
  id: ControlId,
  size: number,
  { plan, planned }: { readonly plan: SizedPlan; readonly planned: number },
): number {
  if (sizeOf(id, planned, plan) === size) return planned;
  const { full, scale } = plan;
  const { cores } = full.world.fleet;
  const perInstance = id === "room-capacity" ? 1 : Math.max(1, Math.round(cores * scale)) / cores;
  const near = Math.max(1, Math.round((size * perInstance) / scale));
  for (let beside = 0; beside <= NEAREST_TRIED; beside += 1) {
    const found = [near + beside, near - beside].find(
      (value) => value >= 1 && sizeOf(id, value, plan) === size,
    );
    if (found !== undefined) return found;
  }
  return near;
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

/** Steps that are tried until the smaller world is another one. */
const STEPS_MAX = 10_000;

/** So many steps up or down, and further where the world that is rehearsed would stay the same. */
export function steppedValue(control: Control, steps: number, plan: SizedPlan): number {
  const { id, least, most, size, step } = control;
  const held = (value: number) => Math.max(least, Math.min(most, value));
  let value = held(control.value + steps * step);
  const on = Math.sign(steps) * step;
  for (let tried = 0; tried < STEPS_MAX && value > least && value < most; tried += 1) {
    if (sizeOf(id, value, plan) !== size) break;
    value = held(value + on);
  }
  return value;
}

/** The change to a value of the file; null where the world that is rehearsed has it already. */
export function changeTo(control: Control, wanted: number, plan: SizedPlan): Change | null {
  const value = Math.round(Math.max(control.least, Math.min(control.most, wanted)));
  const size = sizeOf(control.id, value, plan);
  if (size === control.size) return null;
  switch (control.id) {
    case "batch-gap":
      return { kind: "batch-gap", every: size };
    case "min-instances":
      return { kind: "instances", min: size, max: null };
    case "max-instances":
      return { kind: "instances", min: null, max: size };
    case "room-capacity":
      return { kind: "room-capacity", capacity: size };
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

/** What was changed, one line for each control and fault: `batch gap 8min → 10min (from 20:27)`. */
export function changedLines(plan: SizedPlan, course: Course): readonly string[] {
  const from = (at: Ticks) => `(from ${clockText(plan.full.world, at, "minute")})`;
  const lines = controlsOf(plan, course).flatMap(({ id, label, value, planned }) => {
    const at = course.interventions.findLast((one) => isOf(id, one))?.at;
    if (value === planned || at === undefined) return [];
    return [`${label} ${valueText(id, planned)} → ${valueText(id, value)} ${from(at)}`];
  });
  const faults = course.interventions.flatMap((one) =>
    one.kind === "fault" ? [`+ ${one.fault.kind} ${from(one.fault.at)}`] : [],
  );
  return [...lines, ...faults];
}

function isOf(id: ControlId, intervention: Intervention): boolean {
  if (intervention.kind !== "instances") return intervention.kind === id;
  if (id === "min-instances") return intervention.min !== null;
  return id === "max-instances" && intervention.max !== null;
}
