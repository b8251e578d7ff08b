/** The faults that a planner can have break now, each at a strength that is worth seeing. */
import { MINUTE, type Ticks } from "../../engine/time.ts";
import type { FaultEffect, WorldSpec } from "../../twin/scenario/scenario.ts";
import { writeDuration } from "../../twin/scenario/units.ts";
import type { Change } from "../../twin/stepped/intervention.ts";

export interface FaultChoice {
  readonly text: string;
  readonly change: Change;
}

interface FaultForm {
  readonly text: string;
  readonly lasts: Ticks;
  readonly effect: FaultEffect;
}

/** Those that this world can have; none lasts beyond the end of the sale. */
export function faultChoices(world: WorldSpec, now: Ticks): readonly FaultChoice[] {
  const left = Math.max(0, world.lasts - now);
  return formsOf(world).map(({ text, lasts, effect }) => {
    const shorter = Math.min(lasts, left);
    return {
      text: lasts === 0 ? text : `${text}, for ${writeDuration(shorter)}`,
      change: { kind: "fault", effect, lasts: shorter },
    };
  });
}

function formsOf(world: WorldSpec): readonly FaultForm[] {
  return [...paymentForms(world), ...serverForms(world), ...cdnForms(world)];
}

function paymentForms({ payments }: WorldSpec): readonly FaultForm[] {
  const outage = (network: "primary" | "fallback"): FaultForm => ({
    text: `${network} payment network fails`,
    lasts: 5 * MINUTE,
    effect: { kind: "gateway-outage", network, answer: "error" },
  });
  const brownout: FaultForm = {
    text: "primary payment network 8 times slower",
    lasts: 10 * MINUTE,
    effect: {
      kind: "gateway-brownout",
      network: "primary",
      latency: 8,
      error: 0,
      timeoutBeforeCapture: 0,
      timeoutAfterCapture: 0,
    },
  };
  const silence: FaultForm = {
    text: "primary payment network does not answer",
    lasts: 5 * MINUTE,
    effect: { kind: "gateway-outage", network: "primary", answer: "silence" },
  };
  const other = payments.fallback === null ? [] : [outage("fallback")];
  return [outage("primary"), silence, brownout, ...other];
}

function serverForms({ autoscaler, fleet, database }: WorldSpec): readonly FaultForm[] {
  const slow = (kind: "fleet-slow" | "database-slow", text: string): FaultForm => ({
    text,
    lasts: 5 * MINUTE,
    effect: { kind, times: 3 },
  });
  const slower = [
    ...(database.pool > 0 ? [slow("database-slow", "database 3 times slower")] : []),
    slow("fleet-slow", "servers 3 times slower"),
  ];
  if (autoscaler.kind === "serverless") return slower;
  const lost: FaultForm = {
    text: "30 % of the instances crash",
    lasts: 0,
    effect: { kind: "instances-lost", share: 0.3 },
  };
  const zone: FaultForm = {
    text: `zone 1 of ${fleet.zones} is lost`,
    lasts: 8 * MINUTE,
    effect: { kind: "zone-lost", zone: 1, replacedAfter: MINUTE },
  };
  return [lost, ...(fleet.zones > 1 ? [zone] : []), ...slower];
}

function cdnForms({ cdn }: WorldSpec): readonly FaultForm[] {
  if (cdn.pages.length === 0 || cdn.hitRatio === 0) return [];
  return [
    { text: "CDN cache is cold", lasts: 10 * MINUTE, effect: { kind: "cdn-cold", hitRatio: 0 } },
    { text: "CDN is down", lasts: 5 * MINUTE, effect: { kind: "cdn-outage" } },
  ];
}
