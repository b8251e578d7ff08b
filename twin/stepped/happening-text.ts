/** What happens in a rehearsal, in one sentence each. */
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import type { Batch } from "../email/mailing.ts";
import { durationText, plainNumber } from "../plain-figures.ts";
import type { Resize } from "../platform.ts";
import type { FaultSpec } from "../scenario/scenario.ts";
import type { Intervention } from "./intervention.ts";

const time = (ticks: Ticks) => durationText(ticks / MILLISECOND);

const percent = (share: number) => `${plainNumber(Math.round(share * 100), 0)} %`;

export function batchText({ number, of, mails, tiers }: Batch): string {
  const whom = tiers.length === 0 ? "" : ` to ${tiers.join(" and ")} shoppers`;
  return `batch ${number} of ${of}${whom}: ${plainNumber(mails, 0)} mail${mails === 1 ? "" : "s"}`;
}

const SCALERS: Readonly<Record<Resize["by"], string>> = {
  autoscaler: "autoscaler",
  forecast: "predictive scaling",
  schedule: "scheduled action",
};

export function resizeText({ by, from, to, utilisation }: Resize): string {
  const why = utilisation === null ? "" : ` (utilisation ${percent(utilisation)})`;
  return `${SCALERS[by]}: ${from} → ${to} instances${why}`;
}

export function faultBeginsText({ kind, at, ends }: FaultSpec): string {
  return ends > at ? `${kind} begins, for ${time(ends - at)}` : kind;
}

export function faultEndsText({ kind }: FaultSpec): string {
  return `${kind} is over`;
}

export function changeText(intervention: Intervention): string {
  switch (intervention.kind) {
    case "batch-gap":
      return `changed: batches ${time(intervention.every)} apart`;
    case "instances":
      return `changed: ${boundsText(intervention)} instances`;
    case "room-capacity":
      return `changed: ${plainNumber(intervention.capacity, 0)} shoppers inside at once`;
    case "fault":
      return `made to break: ${intervention.fault.kind}`;
  }
}

function boundsText({ min, max }: { readonly min: number | null; readonly max: number | null }) {
  if (min === null) return `at most ${max}`;
  return max === null ? `at least ${min}` : `from ${min} to ${max}`;
}

export function missedText(
  of: { readonly latency: Ticks; readonly errors: number },
  bounds: { readonly latency: Ticks; readonly errors: number },
): string {
  const slow = of.latency > bounds.latency;
  return slow
    ? `service level missed: p95 ${time(of.latency)} > ${time(bounds.latency)}`
    : `service level missed: errors ${percentOf(of.errors)} > ${percentOf(bounds.errors)}`;
}

function percentOf(share: number): string {
  return `${plainNumber(share * 100, 2)} %`;
}
