/** Why something cannot break in a world on the way: the rules of a scenario file's faults. */
import type { FaultSpec, WorldSpec } from "../scenario/scenario.ts";
import type { Intervention } from "./intervention.ts";

/** As in a scenario file: beyond a hundredfold a part is not slow but down. */
const TIMES_MAX = 100;

interface Others {
  readonly spec: WorldSpec;
  readonly others: readonly FaultSpec[];
}

type FaultIntervention = Extract<Intervention, { readonly kind: "fault" }>;

/** Null where it can. */
export function faultRefusal(
  { at, fault }: FaultIntervention,
  { spec, others }: Others,
): string | null {
  if (fault.at < at || fault.ends < fault.at) return "a fault begins when it is made or later";
  if (fault.at >= spec.sale.closesAt) return "the sale is over";
  if (fault.ends > spec.lasts) return "it would outlast the sale";
  if (fault.ends === fault.at && fault.kind !== "instances-lost")
    return `a ${fault.kind} lasts for some time`;
  const other = others.find((one) => overlaps(one, fault));
  if (other !== undefined) return `there is a ${fault.kind} at that time already`;
  return partRefusal(fault, spec);
}

/** Of the part that it hits, and of how hard. */
function partRefusal(fault: FaultSpec, spec: WorldSpec): string | null {
  const { autoscaler, fleet, payments, cdn } = spec;
  if ("network" in fault && fault.network === "fallback" && payments.fallback === null)
    return "there is no fallback network";
  switch (fault.kind) {
    case "gateway-rate-limit":
      return fault.rate > 0 ? null : "a limit of nothing is a gateway-outage";
    case "gateway-brownout": {
      const { error, timeoutBeforeCapture, timeoutAfterCapture, latency } = fault;
      const own = fault.network === "primary" ? payments.primary : payments.fallback;
      const shares = [error, timeoutBeforeCapture, timeoutAfterCapture];
      const lost = shares.reduce((sum, share) => sum + share, lostAnyway(own));
      if (shares.some((share) => !(share >= 0)) || lost > 1 + ROUNDING)
        return "errors and time-outs are shares of 100 % together, the network's own included";
      return isTimes(latency) ? null : NOT_SO_SLOW;
    }
    case "cdn-cold":
      return fault.hitRatio >= 0 && fault.hitRatio < cdn.hitRatio
        ? null
        : "a cold cache hits less often than the network does anyway";
    case "instances-lost":
    case "zone-lost":
      if (autoscaler.kind === "serverless") return "the shop runs on functions";
      return countRefusal(fault, fleet);
    case "database-slow":
    case "fleet-slow":
      return isTimes(fault.times) ? null : NOT_SO_SLOW;
    default:
      return null;
  }
}

const ROUNDING = 1e-9;
const NOT_SO_SLOW = `slower is more than 0 and up to ${TIMES_MAX} times`;

function isTimes(times: number): boolean {
  return times > 0 && times <= TIMES_MAX;
}

function lostAnyway(network: WorldSpec["payments"]["fallback"]): number {
  if (network === null) return 0;
  return network.error + network.timeoutBeforeCapture + network.timeoutAfterCapture;
}

function countRefusal(
  fault: Extract<FaultSpec, { readonly kind: "instances-lost" | "zone-lost" }>,
  fleet: WorldSpec["fleet"],
): string | null {
  if (fault.kind === "zone-lost") {
    const is = Number.isSafeInteger(fault.zone) && fault.zone >= 1 && fault.zone <= fleet.zones;
    return is ? null : `zones are numbered from 1 to ${fleet.zones}`;
  }
  const asked = "share" in fault ? fault.share : fault.instances;
  const most = "share" in fault ? 1 : Number.MAX_SAFE_INTEGER;
  return asked > 0 && asked <= most ? null : "it loses at least one instance and at most all";
}

function overlaps(one: FaultSpec, other: FaultSpec): boolean {
  return partOf(one) === partOf(other) && one.at < other.ends && other.at < one.ends;
}

function partOf(fault: FaultSpec): string {
  const part = "network" in fault ? fault.network : "zone" in fault ? fault.zone : "";
  return `${fault.kind} ${part}`;
}
