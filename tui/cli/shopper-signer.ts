/**
 * Signs who the shoppers of a load are, with the keys of a store on this machine: invited ones come
 * with their invitation and everybody with their tier, as in the rehearsal.
 */
/// <reference types="node" />
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Simulation } from "../../engine/simulation.ts";
import { TIERS } from "../../store/core/tier.ts";
import { openFolder, saleIn } from "../../store/live/data-folder.ts";
import { ShopperTokens } from "../../store/live/http/shopper-token.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { Segments } from "../../twin/shoppers/segments.ts";

/** Longer than any load. */
const SIGNED_FOR_MILLIS = 30 * 86_400_000;

export interface SignedShopper {
  /** Stands for the load: its shoppers are nobody of another one. */
  readonly mark: string;
  readonly shopper: number;
  readonly invited: boolean;
}

/** Throws where the folder is no store's or its keys cannot be read. */
export function shopperSigner(
  folder: string,
  { plan, seed }: { readonly plan: PlanSpec; readonly seed: string },
): (shopper: SignedShopper) => string {
  const sale = existsSync(join(folder, "keys")) ? saleIn({ path: folder }) : null;
  if (sale === null) throw new Error("there is no store in this folder, or it has keys elsewhere");
  const tokens = new ShopperTokens(sale.name, openFolder(folder).keys);
  const segments = new Segments(new Simulation({ seed }), plan.world.audience.segments);
  const until = Date.now() + SIGNED_FOR_MILLIS;
  return ({ mark, shopper, invited }) => {
    const tier = TIERS[segments.of(shopper)] ?? "regular";
    return tokens.sign({ shopper: `shopper_${mark}_${shopper}`, tier, invited }, until);
  };
}
