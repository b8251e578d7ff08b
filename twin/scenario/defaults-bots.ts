/** What bots, limits and the whereabouts of shoppers are where a file says nothing; see `defaults.ts`. */
import type { RaidKind } from "./bots-spec.ts";

interface Form {
  readonly [key: string]: unknown;
}

const NAMES: Form = { rate: "50/s", programs: 50, identities: 1000, networks: 10, adapts: "100%" };
const BUSY: Form = { ...NAMES, people: 10 };

/** By kind of raid, the keys it takes besides its name and its time; assumed, save the share. */
export const RAID_DEFAULTS: Readonly<Record<RaidKind, Form>> = {
  hoard: BUSY,
  buy: BUSY,
  // Who guesses codes never comes to pay.
  crack: NAMES,
  // Bad bots are 17.7 % of the requests to shops (Imperva 2019, in parameters.md).
  refresh: { share: "18%" },
};

export const LIMITS_DEFAULTS: Form = {
  "per-shopper": { requests: "none", burst: 30, holds: "none" },
  "per-network": { requests: "none", burst: 300, holds: "none" },
  "per-person": "none",
  "after-lapse": { first: "none", max: "1h" },
};

export const WHEREABOUTS_DEFAULTS: Form = { shared: "30%", networks: 200, households: "0%" };
