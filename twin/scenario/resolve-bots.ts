/** From bots and limits as a file says them to the twin's own shapes. */
import { assert } from "../../engine/assert.ts";
import type { LimitsSpec, RaidSpec, RequestLimitSpec } from "./bots-spec.ts";
import { ticksSince } from "./date.ts";
import type { SaleSpec } from "./scenario.ts";
import type { World } from "./schema.ts";
import type { RaidForm } from "./schema-bots.ts";

/** A raid begins with the sale and goes on to its close where the file does not say. */
export function toRaid(form: RaidForm, world: World, sale: SaleSpec): RaidSpec {
  const at = form.at === undefined ? sale.publicAt : ticksSince(world.starts, form.at);
  const { kind } = form;
  const busy = kind !== "refresh";
  return {
    name: form.name ?? kind,
    kind,
    at,
    ends: form.for === undefined ? sale.closesAt : at + form.for,
    rate: busy ? given(form.rate) : 0,
    share: busy ? 0 : given(form.share),
    programs: busy ? given(form.programs) : 1,
    identities: busy ? given(form.identities) : 1,
    networks: busy ? given(form.networks) : 1,
    people: busy && kind !== "crack" ? given(form.people) : 1,
    adapts: busy ? given(form.adapts) : 0,
  };
}

export function toLimits({ limits }: World): LimitsSpec {
  const { "per-shopper": shopper, "per-network": network, "after-lapse": lapse } = limits;
  return {
    perShopper: toRequestLimit(shopper),
    perNetwork: toRequestLimit(network),
    perPerson: limits["per-person"],
    holdsPerShopper: shopper.holds,
    holdsPerNetwork: network.holds,
    afterLapse: lapse.first === null ? null : { first: lapse.first, max: lapse.max },
  };
}

function toRequestLimit(form: {
  readonly requests: number | null;
  readonly burst: number;
}): RequestLimitSpec | null {
  return form.requests === null ? null : { rate: form.requests, burst: form.burst };
}

function given<Value>(value: Value | undefined): Value {
  assert(value !== undefined, "the defaults of a raid's kind fill in every key that it takes");
  return value;
}
