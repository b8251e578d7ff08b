/**
 * What Home says of a plan before it is rehearsed: the visitors that are expected each minute, by
 * arithmetic alone, and what there is to meet them with.
 */
import { HOUR, MINUTE, SECOND, type Ticks } from "../../engine/time.ts";
import { visitsOf } from "../../twin/forecast/visits.ts";
import type { LaunchSpec, PlanSpec, WorldSpec } from "../../twin/scenario/scenario.ts";
import { writeDuration } from "../../twin/scenario/units.ts";
import { durationText, moneyText, percentText, plainNumber } from "../report/quantity.ts";

export interface Arrivals {
  /** Visitors expected per minute, in equal steps over the span. */
  readonly perMinute: readonly number[];
  /** The part of the sale that is shown, from its start. */
  readonly span: Ticks;
  /** When each batch is handed over, as shares of the span. */
  readonly batches: readonly number[];
}

export interface Fact {
  readonly name: string;
  readonly text: string;
}

/** A sale that goes on for days is shown while its mailing works, and somewhat longer. */
const SPAN_MIN: Ticks = 2 * HOUR;
const MAILING_TIMES = 3;

/** Steps of the curve: a large terminal has no more columns to show them in. */
const STEPS = 240;

/** The part of the sale that a chart shows first. */
export function firstSpan({ launch, world }: PlanSpec): Ticks {
  if (world.lasts <= 2 * SPAN_MIN) return world.lasts;
  const mailed = launch.at + launch.batches * launch.every + launch.eachOver;
  const wanted = Math.max(SPAN_MIN, mailed * MAILING_TIMES);
  return Math.min(world.lasts, Math.ceil(wanted / HOUR) * HOUR);
}

export function arrivalsOf(plan: PlanSpec): Arrivals {
  const span = firstSpan(plan);
  const step = Math.max(SECOND, Math.ceil(span / STEPS));
  const count = Math.max(1, Math.floor(span / step));
  const { mail, traffic } = visitsOf(plan, { step, count });
  const perMinute = Array.from(
    { length: count },
    (_, bin) => (((mail[bin] ?? 0) + (traffic[bin] ?? 0)) * MINUTE) / step,
  );
  return { perMinute, span, batches: batchTimes(plan.launch, span) };
}

/** When the batches of a launch are due, as shares of a span; those beyond it are left out. */
function batchTimes({ at, batches, every }: LaunchSpec, span: Ticks): readonly number[] {
  return Array.from({ length: batches }, (_, batch) => (at + batch * every) / span).filter(
    (share) => share <= 1,
  );
}

export function launchText({ batches, every, eachOver }: LaunchSpec): string {
  const over = `over ${writeDuration(eachOver)}`;
  if (batches === 1) return `1 batch ${over}`;
  return `${batches} batches, ${writeDuration(every)} apart, each ${over}`;
}

/** What a planner wants to know of a plan, a line each. */
export function factsOf({ world, launch }: PlanSpec): readonly Fact[] {
  return [
    { name: "Launch", text: launchText(launch) },
    { name: "Audience", text: audienceText(world) },
    { name: "Stock", text: stockText(world) },
    { name: "Fleet", text: fleetText(world) },
    { name: "Waiting room", text: roomText(world) },
    ...faultFacts(world),
  ];
}

function audienceText({ audience }: WorldSpec): string {
  const { recipients, visitRate } = audience;
  return `${plainNumber(recipients, 0)} mail${recipients === 1 ? "" : "s"}, ${percentText(visitRate)} come`;
}

function stockText({ sellers, currency }: WorldSpec): string {
  const items = sellers.flatMap((seller) => seller.items);
  const units = items.reduce((sum, item) => sum + item.units, 0);
  const value = items.reduce((sum, item) => sum + item.units * item.salePrice, 0);
  const price = units === 0 ? "" : `, mean ${moneyText(value / units, currency)}`;
  const products = `${plainNumber(items.length, 0)} product${items.length === 1 ? "" : "s"}`;
  return `${plainNumber(units, 0)} units of ${products}${price}`;
}

const SCALERS: Readonly<Record<WorldSpec["autoscaler"]["kind"], string>> = {
  none: "no autoscaler",
  "target-tracking": "target tracking",
  step: "step scaling",
  simple: "simple scaling",
  hpa: "pod autoscaler",
  serverless: "functions",
};

function fleetText({ fleet, autoscaler }: WorldSpec): string {
  if (autoscaler.kind === "serverless")
    return `functions, up to ${plainNumber(autoscaler.concurrency, 0)} at once`;
  const { initial, min, max, cores } = fleet;
  const range = min === max ? `${initial}` : `${initial}, ${min} to ${max}`;
  const scaler = SCALERS[autoscaler.kind];
  return `${range} instances of ${cores} core${cores === 1 ? "" : "s"}, ${scaler}`;
}

function roomText({ waitingRoom: room }: WorldSpec): string {
  if (room === null) return "none";
  const { capacity, rate } = room;
  const limits = [
    ...(capacity === null ? [] : [`${plainNumber(capacity, 0)} inside at once`]),
    ...(rate === null ? [] : [`${plainNumber(rate, 1)} let in per second`]),
  ];
  return limits.length === 0 ? "as the servers allow" : limits.join(", ");
}

function faultFacts({ faults }: WorldSpec): readonly Fact[] {
  if (faults.length === 0) return [];
  const words = faults.map(({ kind, at, ends }) => {
    const lasts = ends > at ? ` for ${durationText((ends - at) / 1_000)}` : "";
    return `${kind} at +${writeDuration(at)}${lasts}`;
  });
  return [{ name: "Faults", text: words.join(", ") }];
}
