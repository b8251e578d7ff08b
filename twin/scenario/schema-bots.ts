/**
 * Bots, and the limits that the store sets against them, as a scenario file says them. Which keys
 * a raid takes, and what they are where the file does not say, stands in `RAID_DEFAULTS`;
 * `checks-bots.ts` refuses a key that a kind does not take.
 */
import { Schema } from "effect";
import type { RaidKind } from "./bots-spec.ts";
import { RAID_DEFAULTS } from "./defaults-bots.ts";
import {
  CountFromOne,
  CountOrNone,
  Duration,
  DurationOrNone,
  key,
  MomentOfSale,
  optionalKey,
  PositiveDuration,
  Rate,
  RateOrNone,
  Share,
} from "./quantity.ts";

function ofKinds<Value, Written>(
  name: string,
  schema: Schema.Schema<Value, Written>,
  description: string,
) {
  const said = Object.entries(RAID_DEFAULTS)
    .filter(([, defaults]) => name in defaults)
    .map(([kind, defaults]) => `${kind} ${String(defaults[name])}`);
  return optionalKey(schema, `${description} Default: ${said.join(", ")}.`);
}

const Raid = Schema.Struct({
  name: optionalKey(Schema.NonEmptyString, "What to call it. Default: its kind."),
  kind: key(
    Schema.Literal("hoard", "buy", "crack", "refresh"),
    "hoard: holds units and never pays; buy: buys all that an identity may; crack: guesses discount codes; refresh: loads pages.",
  ),
  at: optionalKey(MomentOfSale, "When it begins. Default: when the sale is public."),
  for: optionalKey(PositiveDuration, "How long it goes on. Default: until the sale closes."),
  rate: ofKinds("rate", Rate, "Requests per time of all its programs together."),
  share: ofKinds("share", Share, "Its share of all page requests, its own and the shoppers'."),
  programs: ofKinds("programs", CountFromOne, "Programs that ask at the same time."),
  identities: ofKinds(
    "identities",
    CountFromOne,
    "Shoppers' names that the programs come under, one after the other.",
  ),
  networks: ofKinds("networks", CountFromOne, "Blocks of addresses that they come from."),
  people: ofKinds(
    "people",
    CountFromOne,
    "Payment instruments and delivery addresses behind all the identities.",
  ),
  adapts: ofKinds(
    "adapts",
    Share,
    "Share of the programs that come as another identity when they are limited; the rest wait.",
  ),
});

export const Bots = Schema.Array(Raid);
export type RaidForm = typeof Raid.Type;

/** The keys that a kind takes besides those that all take. */
export function keysOfRaid(kind: RaidKind): readonly string[] {
  return ["name", "kind", "at", "for", ...Object.keys(RAID_DEFAULTS[kind])];
}

const perKey = (whose: string) =>
  Schema.Struct({
    requests: key(RateOrNone, `Requests for the cart, the checkout or an order of ${whose}.`),
    burst: key(CountFromOne, "How many of them may come at once after a pause."),
    holds: key(CountOrNone, `Holds of ${whose} that may be open at once, unpaid.`),
  });

export const Limits = Schema.Struct({
  "per-shopper": key(perKey("one shopper"), "What one name may ask of the store."),
  "per-network": key(perKey("one block of addresses"), "What one network may ask of the store."),
  "per-person": key(
    CountOrNone,
    "The most units of one SKU by one payment instrument or to one delivery address, found at the order.",
  ),
  "after-lapse": key(
    Schema.Struct({
      first: key(DurationOrNone, "The wait after the first hold that lapsed unpaid."),
      max: key(Duration, "The longest wait; it doubles with each lapsed hold."),
    }),
    "How long a shopper whose holds lapse waits before the next.",
  ),
});

export const Whereabouts = Schema.Struct({
  shared: key(Share, "Share of shoppers behind an address that many use: a carrier, an office."),
  networks: key(CountFromOne, "How many such addresses there are."),
  households: key(Share, "Share of shoppers whose delivery address another shopper gives too."),
});
