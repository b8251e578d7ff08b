/**
 * A sale as a store is opened with: what is sold, how much of it there is, and the rules it goes
 * by. Plain values, so that a scenario file, a seller's own list and a test say it alike.
 */
import type { CatalogContent } from "../core/catalog.ts";
import type { FeedbackPolicy } from "../core/feedback.ts";
import type { StockItem } from "../core/hold.ts";
import type { HoldLimits } from "../core/hold-watch.ts";
import type { TriesLimit } from "../core/promotion-book.ts";
import type { RoomLimits } from "../core/ticket.ts";
import type { Tier } from "../core/tier.ts";
import type { StoreSettings } from "./store-ports.ts";

/** The waiting room of a sale and the lane of each tier of shoppers. */
export interface RoomSetup {
  readonly limits: RoomLimits;
  readonly laneOf: Readonly<Record<Tier, string>>;
}

export interface SaleSetup {
  /** As planners and shoppers read it. */
  readonly name: string;
  readonly catalog: CatalogContent;
  readonly stock: readonly StockItem[];
  readonly holdLimits: HoldLimits | null;
  /** Wrong codes that a shopper may try; the ledger's own limit where nothing is said. */
  readonly tries?: TriesLimit;
  readonly settings: StoreSettings;
  /** Null where shoppers walk straight in. */
  readonly room: RoomSetup | null;
  readonly feedback: FeedbackPolicy;
}
