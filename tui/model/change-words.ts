/**
 * Interventions as `rehearse run --change` takes them, so that a rehearsal that was changed by hand
 * can be repeated by a command. What is written is read back as the same intervention.
 */
import { assert } from "../../engine/assert.ts";
import type { Ticks } from "../../engine/time.ts";
import type { FaultEffect, FaultSpec } from "../../twin/scenario/scenario.ts";
import { parseDuration, writeDuration } from "../../twin/scenario/units.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";
import { fullOf, type SizedPlan } from "./controls.ts";

export function changeWords(intervention: Intervention, plan: SizedPlan): string {
  return `+${ticksWord(intervention.at)} ${settingWords(intervention, plan)}`;
}

function settingWords(intervention: Intervention, plan: SizedPlan): string {
  const { fleet, waitingRoom } = plan.full.world;
  switch (intervention.kind) {
    case "batch-gap":
      return `launch.every=${ticksWord(intervention.every)}`;
    case "instances": {
      const { min, max } = intervention;
      if (min !== null)
        return `platform.fleet.min=${fullOf("min-instances", min, { plan, planned: fleet.min })}`;
      assert(max !== null, "a change of bounds changes one of them");
      return `platform.fleet.max=${fullOf("max-instances", max, { plan, planned: fleet.max })}`;
    }
    case "room-capacity": {
      const planned = waitingRoom?.capacity ?? 0;
      const capacity = fullOf("room-capacity", intervention.capacity, { plan, planned });
      return `waiting-room.capacity=${capacity}`;
    }
    case "fault":
      return `fault=${faultWords(intervention.fault, plan)}`;
  }
}

/** In the largest unit in which it reads back exactly. */
function ticksWord(ticks: Ticks): string {
  const written = writeDuration(ticks);
  const read = parseDuration(written);
  return read.ok && read.value === ticks ? written : `${ticks}us`;
}

function faultWords(fault: FaultSpec, plan: SizedPlan): string {
  const lasts = fault.ends > fault.at ? [`for: ${ticksWord(fault.ends - fault.at)}`] : [];
  return `{ ${[`kind: ${fault.kind}`, ...lasts, ...effectWords(fault, plan)].join(", ")} }`;
}

function effectWords(effect: FaultEffect, plan: SizedPlan): readonly string[] {
  switch (effect.kind) {
    case "gateway-outage":
      return [`network: ${effect.network}`, `answer: ${effect.answer}`];
    case "gateway-brownout":
      return [
        `network: ${effect.network}`,
        `latency: ${effect.latency}`,
        `error: ${effect.error}`,
        `time-out-before-capture: ${effect.timeoutBeforeCapture}`,
        `time-out-after-capture: ${effect.timeoutAfterCapture}`,
      ];
    case "gateway-rate-limit":
      return [`network: ${effect.network}`, `rate: ${effect.rate / plan.scale}/s`];
    case "cdn-cold":
      return [`hit-ratio: ${effect.hitRatio}`];
    case "cdn-outage":
      return [];
    case "instances-lost":
      return ["share" in effect ? `share: ${effect.share}` : lostWords(effect.instances, plan)];
    case "zone-lost":
      return [`zone: ${effect.zone}`, `replaced-after: ${ticksWord(effect.replacedAfter)}`];
    case "database-slow":
    case "fleet-slow":
      return [`times: ${effect.times}`];
  }
}

function lostWords(instances: number, plan: SizedPlan): string {
  return `instances: ${fullOf("min-instances", instances, { plan, planned: instances })}`;
}
