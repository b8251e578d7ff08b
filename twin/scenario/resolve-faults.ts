/** From a fault as a file says it, every default filled in, to the twin's own shape. */
import { assert } from "../../engine/assert.ts";
import { ticksSince } from "./date.ts";
import type { FaultEffect, FaultSpec } from "./scenario.ts";
import type { World } from "./schema.ts";
import type { FaultForm } from "./schema-faults.ts";

export function toFault(form: FaultForm, world: World): FaultSpec {
  const at = ticksSince(world.starts, form.at);
  return { at, ends: at + (form.for ?? 0), ...effectOf(form) };
}

function effectOf(form: FaultForm): FaultEffect {
  const { kind } = form;
  switch (kind) {
    case "gateway-outage":
      return { kind, network: given(form.network), answer: given(form.answer) };
    case "gateway-brownout":
      return {
        kind,
        network: given(form.network),
        latency: given(form.latency),
        error: given(form.error),
        timeoutBeforeCapture: given(form["time-out-before-capture"]),
        timeoutAfterCapture: given(form["time-out-after-capture"]),
      };
    case "gateway-rate-limit":
      return { kind, network: given(form.network), rate: given(form.rate) };
    case "cdn-cold":
      return { kind, hitRatio: given(form["hit-ratio"]) };
    case "cdn-outage":
      return { kind };
    case "instances-lost":
      return form.instances === undefined
        ? { kind, share: given(form.share) }
        : { kind, instances: form.instances };
    case "zone-lost":
      return { kind, zone: given(form.zone), replacedAfter: given(form["replaced-after"]) };
    case "database-slow":
    case "fleet-slow":
      return { kind, times: given(form.times) };
  }
}

function given<Value>(value: Value | undefined): Value {
  assert(value !== undefined, "the defaults of a fault's kind fill in every key that it takes");
  return value;
}
