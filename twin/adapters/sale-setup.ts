/**
 * A scenario's sale as the store takes it: what is sold and the rules it goes by, in the store's
 * own units (milliseconds, minor units). The rehearsal opens its store in memory with it, and a
 * live store that is started from a scenario the same.
 */
import { MILLISECOND, type Ticks } from "../../engine/time.ts";
import { CART_LIMITS } from "../../store/core/cart.ts";
import type { CatalogContent } from "../../store/core/catalog.ts";
import { FEEDBACK_POLICY, type FeedbackPolicy } from "../../store/core/feedback.ts";
import type { StockItem } from "../../store/core/hold.ts";
import { PAYMENT_POLICY, type PaymentPolicy } from "../../store/core/payment-policy.ts";
import type { Offer } from "../../store/core/promotion.ts";
import type { TriesLimit } from "../../store/core/promotion-book.ts";
import type { RoomLimits } from "../../store/core/ticket.ts";
import type { Tier } from "../../store/core/tier.ts";
import type { RoomSetup, SaleSetup } from "../../store/service/sale-setup.ts";
import type { StoreSettings } from "../../store/service/store-ports.ts";
import type { FeedbackSpec, PaymentsSpec, WorldSpec } from "../scenario/scenario.ts";
import type { WaitingRoomSpec } from "../scenario/waiting-room-spec.ts";
import { holdLimits, requestLimits } from "./store-limits.ts";

/** The setup of a world; `seed` decides the lots of its waiting room. */
export function saleSetupOf(world: WorldSpec, seed: string): SaleSetup & { tries: TriesLimit } {
  const { max, within } = world.promotions.wrongCodes;
  return {
    name: world.sellers.map(({ name }) => name).join(", "),
    catalog: catalogOf(world),
    stock: stockItems(world),
    holdLimits: holdLimits(world.limits),
    tries: { max, windowMillis: Math.max(1, millisOf(within)) },
    settings: settingsOf(world),
    room: world.waitingRoom === null ? null : roomSetupOf(world.waitingRoom, world, seed),
    feedback: feedbackPolicyOf(world.feedback),
  };
}

/**
 * The setup of the same sale for a store that opens now: a sale whose start is past starts at
 * `now` (milliseconds since 1970), with all its other times as far from that as they were.
 */
export function saleSetupFrom(
  scenario: { readonly name: string; readonly world: WorldSpec },
  { now, drawSeed }: { readonly now: number; readonly drawSeed: string },
): SaleSetup {
  const { world } = scenario;
  const epochMillis = Math.max(now, world.starts.epochMillis);
  const moved = { ...world, starts: { ...world.starts, epochMillis } };
  return { ...saleSetupOf(moved, drawSeed), name: scenario.name };
}

function millisOf(ticks: Ticks): number {
  return Math.round(ticks / MILLISECOND);
}

function roomSetupOf(room: WaitingRoomSpec, world: WorldSpec, seed: string): RoomSetup {
  const limits = roomLimitsOf(room, world, seed);
  const lane = (tier: Tier) => laneOf(room, tier);
  const lanes = { regular: lane("regular"), loyal: lane("loyal"), vip: lane("vip") };
  return { limits, laneOf: lanes };
}

/** The lane in which shoppers of a tier stand. */
export function laneOf(room: WaitingRoomSpec, tier: Tier): string {
  return room.lanes.find(({ tiers }) => tiers.includes(tier))?.name ?? "regular";
}

function stockItems({
  sellers,
  limits: { perPerson: limitPerPerson },
}: WorldSpec): readonly StockItem[] {
  return sellers.flatMap(({ items, limitPerShopper }) =>
    items.map(({ sku, units }) => ({ sku, units, limitPerShopper, limitPerPerson })),
  );
}

function catalogOf({ sellers, currency }: WorldSpec): CatalogContent {
  const each = sellers.flatMap(({ name: seller, items, floor }) =>
    items.map((item) => ({ seller, product: `product-${item.sku}`, item, floor })),
  );
  return {
    sellers: sellers.map(({ name }) => ({ seller: name, name })),
    products: each.map(({ seller, product, item: { name, sku } }) => ({
      product,
      seller,
      name,
      skus: [sku],
    })),
    listings: each.map(({ seller, product, floor, item: { sku, name, price, salePrice } }) => ({
      sku,
      product,
      seller,
      name,
      currency,
      price,
      salePrice,
      floorPrice: Math.floor(salePrice * floor),
    })),
  };
}

function settingsOf(world: WorldSpec): StoreSettings {
  const { sale, starts, sellers, payments } = world;
  const at = (ticks: number) => starts.epochMillis + millisOf(ticks);
  const holdFor = Math.min(...sellers.map((seller) => seller.holdFor));
  return {
    sale: {
      earlyAccessAt: at(sale.earlyAccessAt),
      publicAt: at(sale.publicAt),
      closesAt: at(sale.closesAt),
    },
    holdForMillis: millisOf(holdFor),
    holdForMillisOfSeller: new Map(
      sellers.map((seller) => [seller.name, millisOf(seller.holdFor)]),
    ),
    cartLimits: CART_LIMITS,
    payment: policyOf(payments.policy),
    promotions: { offers: offersOf(world), highIntentViews: world.promotions.highIntentViews },
    limits: requestLimits(world.limits),
  };
}

function offersOf({ promotions }: WorldSpec): readonly Offer[] {
  return promotions.offers.map(({ name, segment, trigger, discount, budget, ...rest }) => ({
    offer: name,
    segment,
    trigger,
    discount,
    budget,
    validForMillis: Math.max(1, millisOf(rest.validFor)),
    floor: rest.floor,
    stacks: rest.stacks,
  }));
}

function policyOf(policy: PaymentsSpec["policy"]): PaymentPolicy {
  return {
    ...PAYMENT_POLICY,
    attemptsPerGateway: policy.attempts,
    timeLimitMillis: millisOf(policy.timeLimit),
    backoff: {
      initialMillis: millisOf(policy.backoff.initial),
      maxMillis: millisOf(policy.backoff.max),
    },
    breaker: {
      failures: policy.breaker.failures,
      openForMillis: millisOf(policy.breaker.openFor),
    },
  };
}

/** The limits of a room as the store takes them. */
export function roomLimitsOf(room: WaitingRoomSpec, world: WorldSpec, seed: string): RoomLimits {
  const at = (ticks: Ticks | null) =>
    ticks === null ? null : world.starts.epochMillis + millisOf(ticks);
  const { adaptive } = room;
  return {
    active: room.capacity,
    perMinute: room.rate === null ? null : room.rate * 60,
    lanes: room.lanes.map(({ name, share, opensAt }) => ({ name, share, opensAt: at(opensAt) })),
    engages: { from: at(room.from), above: room.above },
    passMillis: millisOf(room.pass),
    sessionMillis: millisOf(room.session),
    keptMillis: millisOf(room.placeKept),
    adaptive:
      adaptive === null
        ? null
        : {
            activeMin: adaptive.least,
            targetMillis: millisOf(adaptive.target),
            intervalMillis: millisOf(adaptive.interval),
          },
    drawSeed: `${seed}/lots`,
  };
}

/** Whom the store asks, and until when it takes the answer. */
export function feedbackPolicyOf({ exit, survey }: FeedbackSpec): FeedbackPolicy {
  return {
    ...FEEDBACK_POLICY,
    exitShare: exit.asked,
    surveyShare: survey.asked,
    surveyAfterMillis: { from: millisOf(survey.after.from), to: millisOf(survey.after.to) },
    surveyOpenForMillis: Math.max(1, millisOf(survey.openFor)),
  };
}
