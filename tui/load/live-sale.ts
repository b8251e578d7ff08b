/** The sale that a store serves, and whether it is the one of a scenario. */
/// <reference types="node" />
import { MILLISECOND } from "../../engine/time.ts";
import type { Listing } from "../../store/core/catalog.ts";
import type { WorldSpec } from "../../twin/scenario/scenario.ts";

const PAGE_LISTINGS = 100;
/** Pages of the catalog that are read; a sale has far fewer. */
const PAGES_MAX = 10_000;

export interface LiveSale {
  readonly name: string;
  readonly phase: string;
  readonly waitingRoom: boolean;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: number;
  readonly publicAt: number;
}

/** What the store answers at a path, as JSON; fails with a sentence for whoever named the target. */
export type AskStore = (path: string) => Promise<unknown>;

export async function liveSale(ask: AskStore): Promise<LiveSale | null> {
  const told = (await ask("/api/sale")) as Partial<LiveSale> | null;
  const isSale =
    typeof told?.name === "string" &&
    typeof told.phase === "string" &&
    typeof told.now === "number" &&
    typeof told.publicAt === "number";
  if (!isSale) return null;
  const { name, phase, now, publicAt, waitingRoom = false } = told as LiveSale;
  return { name, phase, now, publicAt, waitingRoom };
}

/** Where the store's sale stands, milliseconds since the scenario's start. */
export function standsAt({ now, publicAt }: LiveSale, { sale }: WorldSpec): number {
  return now - publicAt + sale.publicAt / MILLISECOND;
}

/** In what the store's catalog is another than the scenario's; null where it is the same. */
export async function otherCatalog(
  ask: AskStore,
  listings: readonly Listing[],
): Promise<string | null> {
  const wanted = new Map(listings.map((listing) => [listing.sku, listing]));
  let after = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const told = (await ask(`/api/products?limit=${PAGE_LISTINGS}${after}`)) as Page | null;
    if (!Array.isArray(told?.items)) return "it has no catalog at /api/products";
    for (const item of told.items) {
      const own = wanted.get(item.sku);
      if (own === undefined) return `it sells ${item.sku}, which the scenario does not`;
      if (item.listPrice !== own.price) {
        return `its ${item.sku} costs ${item.listPrice} outside the sale, and ${own.price} in the scenario`;
      }
      wanted.delete(item.sku);
    }
    if (typeof told.next !== "string") break;
    after = `&after=${encodeURIComponent(told.next)}`;
  }
  const [missing] = wanted.keys();
  return missing === undefined ? null : `it does not sell ${missing}`;
}

interface Page {
  readonly items?: readonly { readonly sku: string; readonly listPrice: number }[];
  readonly next?: string | null;
}

/** Addresses of this machine: nobody else is loaded by mistake. */
export function isThisMachine(target: string): boolean {
  const { hostname } = new URL(target);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}
