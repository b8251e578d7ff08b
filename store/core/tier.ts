/**
 * How a shop ranks its shoppers before a sale: what the list says of them, not what they do in it.
 * The waiting room's lanes and the promotions go by it.
 */
export type Tier = "regular" | "loyal" | "vip";

/** From the lowest to the highest. */
export const TIERS: readonly Tier[] = ["regular", "loyal", "vip"];
