/** Bots, and what the store sets against them, as the twin sees them. Units as in `scenario.ts`. */
import type { Ticks } from "../../engine/time.ts";

/**
 * What the bots of a raid do: hold units and never pay; buy what the limit per identity lets them;
 * guess discount codes; or load pages again and again.
 */
export type RaidKind = "hoard" | "buy" | "crack" | "refresh";

export interface RaidSpec {
  readonly name: string;
  readonly kind: RaidKind;
  readonly at: Ticks;
  readonly ends: Ticks;
  /** Requests per second of all its programs together; not of a raid that refreshes. */
  readonly rate: number;
  /** Of a raid that refreshes: its share of all page requests, its own and the shoppers'. */
  readonly share: number;
  /** Programs that ask at the same time. */
  readonly programs: number;
  /** Shoppers that the programs come as, one after the other. */
  readonly identities: number;
  /** Blocks of addresses that they come from. */
  readonly networks: number;
  /** Payment instruments and delivery addresses behind all the identities. */
  readonly people: number;
  /** Share of programs that go on as another identity from another network when they are limited. */
  readonly adapts: number;
}

/** Requests of one key: so many per second, and so many at once. */
export interface RequestLimitSpec {
  readonly rate: number;
  readonly burst: number;
}

/** What the store sets against bots; null is no limit. */
export interface LimitsSpec {
  readonly perShopper: RequestLimitSpec | null;
  readonly perNetwork: RequestLimitSpec | null;
  /** The most units of one SKU for one payment instrument or delivery address. */
  readonly perPerson: number | null;
  /** Live holds at once. */
  readonly holdsPerShopper: number | null;
  readonly holdsPerNetwork: number | null;
  /** The wait after a hold that lapsed unpaid, doubled for each further one. */
  readonly afterLapse: { readonly first: Ticks; readonly max: Ticks } | null;
  /** No file says this: a rerun that asks what limits cost has them hit bots alone. */
  readonly spareShoppers?: true;
}

/** From where shoppers come, and whom they live with: what a limit may hit besides bots. */
export interface WhereaboutsSpec {
  /** Share of shoppers behind an address that many use: a mobile carrier, an office. */
  readonly shared: number;
  /** How many such addresses there are. */
  readonly networks: number;
  /** Share of shoppers who have their orders sent to an address that another shopper gives too. */
  readonly households: number;
}
