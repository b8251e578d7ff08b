/**
 * The moments of a sale that a chart marks: when which mails go out, what breaks when, when the
 * service level was missed, when the first article was gone. From the plan, its series and its
 * rehearsals alone: the same result gives the same marks.
 */
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { duesOf, movedDues } from "../email/sender.ts";
import { wavesOf } from "../email/waves.ts";
import { SERIES_INTERVAL } from "../metrics.ts";
import type { PlanMarks, PlanResult, Rehearsal } from "../result.ts";
import type { Moment } from "../scenario/date.ts";
import type { PlanSpec } from "../scenario/scenario.ts";
import type { Intervention } from "../stepped/intervention.ts";

export function marksOf(
  { world, launch }: PlanSpec,
  series: PlanResult["series"],
  rehearsals: readonly Rehearsal[],
  interventions: readonly Intervention[] = [],
): PlanMarks {
  const broken = interventions.flatMap((one) => (one.kind === "fault" ? [one.fault] : []));
  return {
    starts: isoOf(world.starts),
    lasts: millis(world.lasts),
    batches: batchesOf({ world, launch }, interventions),
    faults: [...world.faults, ...broken].map(({ kind, at, ends }) => ({
      kind,
      at: millis(at),
      ends: millis(ends),
    })),
    missed: missedOf(series, {
      latency: millis(world.serviceLevel.latency),
      errors: world.serviceLevel.errors,
      lasts: millis(world.lasts),
    }),
    soldOut: soldOutOf(rehearsals),
  };
}

/** Each batch as it is handed to the sender; of a list in waves, what each wave is expected to hold. */
function batchesOf(
  { world: { audience }, launch }: Pick<PlanSpec, "world" | "launch">,
  interventions: readonly Intervention[],
): PlanMarks["batches"] {
  const gaps = interventions
    .flatMap((one) => (one.kind === "batch-gap" ? [{ now: one.at, every: one.every }] : []))
    .sort((one, other) => one.now - other.now);
  const waves = wavesOf(audience, launch);
  return waves
    .flatMap((wave) => {
      const share = wave.tiers.reduce((sum, tier) => sum + tier.share, 0);
      const mails = waves.length === 1 ? audience.recipients : share * audience.recipients;
      const { batches } = wave.launch;
      const before = (batch: number) => Math.floor((batch * mails) / batches);
      return gaps.reduce(movedDues, duesOf(wave.launch)).map((due, batch) => ({
        at: millis(due),
        mails: before(batch + 1) - before(batch),
      }));
    })
    .sort((one, other) => one.at - other.at);
}

interface ServiceBounds {
  /** Milliseconds. */
  readonly latency: number;
  readonly errors: number;
  readonly lasts: number;
}

/** Rows of intervals in which the means of latency or errors are beyond the service level. */
function missedOf(series: PlanResult["series"], bounds: ServiceBounds): PlanMarks["missed"] {
  const latency = listOf(series["latency.p95"]);
  const errors = listOf(series.errors);
  const pages = listOf(series.pages);
  const every = millis(SERIES_INTERVAL);
  const missed: { at: number; ends: number }[] = [];
  const length = Math.max(latency.length, errors.length);
  for (let index = 0; index < length; index += 1) {
    const slow = (latency[index] ?? Number.NaN) > bounds.latency;
    const failing = (errors[index] ?? 0) > (pages[index] ?? 0) * bounds.errors;
    if (!slow && !failing) continue;
    const ends = Math.min((index + 1) * every, bounds.lasts);
    const last = missed.at(-1);
    if (last?.ends === index * every) last.ends = ends;
    else missed.push({ at: index * every, ends });
  }
  return missed;
}

function listOf(series: readonly number[] | string | undefined): readonly number[] {
  return Array.isArray(series) ? series : [];
}

/** Mean over the seeds in which any article sold out; null where none did. */
function soldOutOf(rehearsals: readonly Rehearsal[]): number | null {
  const times = rehearsals
    .filter(({ metrics }) => (metrics.soldOut ?? 0) > 0)
    .map(({ metrics }) => metrics["soldOut.first"] ?? Number.NaN)
    .filter(Number.isFinite);
  if (times.length === 0) return null;
  return Math.round(times.reduce((sum, one) => sum + one, 0) / times.length);
}

/** `2011-11-25T06:00:00-05:00` */
function isoOf({ epochMillis, offsetMinutes }: Moment): string {
  const local = new Date(epochMillis + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offsetMinutes);
  const two = (count: number) => String(count).padStart(2, "0");
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function millis(ticks: Ticks): number {
  return ticks / MILLISECOND;
}
