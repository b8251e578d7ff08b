/** How the items of a cart or an order are called, as the catalog has them now. */
import type { Listing } from "../../core/catalog.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../service/program.ts";
import type { HttpDesk } from "../http/http-desk.ts";
import type { ItemNames } from "./refusal-words.ts";

type Lines = readonly { readonly sku: string }[];
type Listings = readonly (Listing | null)[];

/** The listing of each line; null where the catalog has it no more. */
export async function itemsNamed(desk: HttpDesk, lines: Lines): Promise<Listings> {
  const { catalog } = desk.store.ports;
  const program = new Program(function* (): Steps<Listings, PortUnavailable> {
    const listings: (Listing | null)[] = [];
    for (const { sku } of lines) listings.push(yield* catalog.listing(sku));
    return listings;
  });
  return await desk.ask(program);
}

export async function itemNames(desk: HttpDesk, lines: Lines): Promise<ItemNames> {
  const names = new Map<string, string>();
  for (const listing of await itemsNamed(desk, lines)) {
    if (listing !== null) names.set(listing.sku, listing.name);
  }
  return names;
}
