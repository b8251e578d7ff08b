/** What the shoppers of a rehearsal are made of, and whom they meet. */
import type { Simulation } from "../../engine/simulation.ts";
import type { Cdn } from "../cdn/cdn.ts";
import type { Servers } from "../fleet/servers.ts";
import type { OfferDesk } from "../promotions/offer-desk.ts";
import type {
  AuthenticationSpec,
  SheddingSpec,
  ShoppersSpec,
  WorldSpec,
} from "../scenario/scenario.ts";
import type { WaitingShoppers } from "../waiting-room/waiting-shoppers.ts";
import type { ShopperFeedback } from "./feedback.ts";
import type { Wishes } from "./purchase.ts";
import type { SaleDesk } from "./sale-desk.ts";
import type { ShopperObserver } from "./shopper-observer.ts";
import type { ShopperTally } from "./tally.ts";

export interface ShoppersOptions {
  readonly simulation: Simulation;
  readonly spec: ShoppersSpec;
  readonly cdn: Cdn;
  readonly fleet: Servers;
  readonly desk: SaleDesk;
  readonly authentication: AuthenticationSpec;
  readonly tally: ShopperTally;
  /** Relative demand of each item. */
  readonly itemWeights: readonly number[];
  /** What shoppers come for; null where each of them looks around first. */
  readonly wishes: Wishes | null;
  /** What servers tell whom they refuse early; null where they do not. */
  readonly retryAfter: SheddingSpec["retryAfter"] | null;
  /** Where the world has offers: what they are, and who makes them. */
  readonly promotions: { readonly world: WorldSpec; readonly desk: OfferDesk } | null;
  /** Null where nobody is asked anything. */
  readonly feedback: ShopperFeedback | null;
  /** Null where nobody waits. */
  readonly room: WaitingShoppers | null;
  /** Hears of every request as it is made; null where nobody does. */
  readonly observer: ShopperObserver | null;
}
