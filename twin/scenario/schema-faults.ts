/**
 * The faults of a scenario file: what fails when, for how long and how much. One list for every
 * kind; which keys a kind takes, and what they are where the file does not say, stands in
 * `defaults.ts`, and `checks-faults.ts` refuses a key that a kind does not take.
 */
import { Schema } from "effect";
import { FAULT_DEFAULTS } from "./defaults.ts";
import {
  CountFromOne,
  Duration,
  key,
  MomentOfSale,
  optionalKey,
  PositiveDuration,
  PositiveFactor,
  Rate,
  Share,
} from "./quantity.ts";
import type { FaultKind } from "./scenario.ts";

const Kind = Schema.Literal(
  "gateway-outage",
  "gateway-brownout",
  "gateway-rate-limit",
  "cdn-cold",
  "cdn-outage",
  "instances-lost",
  "zone-lost",
  "database-slow",
  "fleet-slow",
);

/** The line of a key that some kinds take, with its default for each of them. */
function ofKinds<Value, Written>(
  name: string,
  schema: Schema.Schema<Value, Written>,
  description: string,
) {
  const said = Object.entries(FAULT_DEFAULTS)
    .filter(([, defaults]) => name in defaults)
    .map(([kind, defaults]) => `${kind} ${String(defaults[name])}`);
  return optionalKey(schema, `${description} Default: ${said.join(", ")}.`);
}

const Fault = Schema.Struct({
  at: key(MomentOfSale, "When it begins."),
  kind: key(Kind, "What fails."),
  for: optionalKey(
    PositiveDuration,
    "How long it lasts. All kinds but instances-lost need it; cdn-cold is warm again by then.",
  ),
  network: ofKinds(
    "network",
    Schema.Literal("primary", "fallback"),
    "gateway-*: which payment network.",
  ),
  answer: ofKinds(
    "answer",
    Schema.Literal("error", "silence"),
    "gateway-outage: calls fail at once, or are never answered.",
  ),
  latency: ofKinds(
    "latency",
    PositiveFactor,
    "gateway-brownout: what every latency is multiplied by.",
  ),
  error: ofKinds(
    "error",
    Share,
    "gateway-brownout: share of calls that fail at once, on top of the network's own.",
  ),
  "time-out-before-capture": ofKinds(
    "time-out-before-capture",
    Share,
    "gateway-brownout: share of calls without an answer and without a charge, on top of the network's own.",
  ),
  "time-out-after-capture": ofKinds(
    "time-out-after-capture",
    Share,
    "gateway-brownout: share of calls without an answer although charged, on top of the network's own.",
  ),
  rate: ofKinds("rate", Rate, "gateway-rate-limit: charges per time; one more is refused."),
  "hit-ratio": ofKinds(
    "hit-ratio",
    Share,
    "cdn-cold: the hit ratio right after the purge; it climbs back evenly.",
  ),
  share: ofKinds("share", Share, "instances-lost: share of the instances in service."),
  instances: optionalKey(
    CountFromOne,
    "instances-lost: a number of instances, in place of a share.",
  ),
  zone: ofKinds("zone", CountFromOne, "zone-lost: which zone, from 1 to platform.fleet.zones."),
  "replaced-after": ofKinds(
    "replaced-after",
    Duration,
    "zone-lost: how long until an autoscaled fleet orders others in the zones that are left.",
  ),
  times: ofKinds(
    "times",
    PositiveFactor,
    "database-slow, fleet-slow: what every page's I/O or CPU time is multiplied by.",
  ),
});

export const Faults = Schema.Array(Fault);
export type FaultForm = typeof Fault.Type;

/** The keys that a kind takes besides when it begins. */
export function keysOfFault(kind: FaultKind): readonly string[] {
  const own = Object.keys(FAULT_DEFAULTS[kind]);
  return kind === "instances-lost" ? [...own, "instances"] : ["for", ...own];
}
