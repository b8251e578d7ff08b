/** From the decoded sections of a file to the twin's own shapes: names, offsets and defaults that depend on others. */
import type { Ticks } from "../../engine/time.ts";
import { describeItems } from "./catalog.ts";
import { ticksSince } from "./date.ts";
import { toDistribution } from "./quantity.ts";
import { toLimits, toRaid } from "./resolve-bots.ts";
import { toDatabase } from "./resolve-database.ts";
import { toFault } from "./resolve-faults.ts";
import { toFeedback } from "./resolve-feedback.ts";
import { toPromotions } from "./resolve-promotions.ts";
import {
  toAutoscaler,
  toFurtherPolicies,
  toNodes,
  toPredictive,
  toPrice,
  toSchedule,
  toWarmPool,
} from "./resolve-scaling.ts";
import { toSideBySide } from "./resolve-side-by-side.ts";
import { toWaitingRoom } from "./resolve-waiting-room.ts";
import type {
  CdnSpec,
  FleetSpec,
  GatewaySpec,
  ItemSpec,
  LaunchSpec,
  PaymentsSpec,
  SaleSpec,
  SegmentSpec,
  SegmentsSpec,
  SellerSpec,
  ShoppersSpec,
  TrafficStep,
  WorldSpec,
} from "./scenario.ts";
import type { LaunchForm, SellerForm, World } from "./schema.ts";
import { toAuthentication } from "./schema-authentication.ts";
import type { GatewayForm } from "./schema-platform.ts";
import { toMinor } from "./units.ts";

export function toWorld(form: World, currency: string): WorldSpec {
  return {
    starts: form.starts,
    lasts: form.lasts,
    currency,
    sellers: form.sellers.map((seller) => toSeller(seller, currency)),
    sale: toSale(form),
    audience: {
      recipients: form.audience.recipients,
      visitRate: form.audience.visits,
      clickDelay: toDistribution(form.audience["click-delay"]),
      deliveryDelay: toDistribution(form.audience["delivery-delay"]),
      senderRate: form.audience["sender-rate"],
      segments: toSegments(form.audience),
    },
    traffic: {
      rate: form.traffic.rate,
      dailyProfile: form.traffic["daily-profile"],
      decayPerDay: form.traffic.decay,
      ramp: form.traffic.ramp,
      steps: toSteps(form),
      invited: form.traffic.invited,
    },
    shoppers: toShoppers(form.shoppers),
    fleet: toFleet(form.platform),
    autoscaler: toAutoscaler(form.platform.autoscaler),
    furtherPolicies: toFurtherPolicies(form.platform.autoscaler),
    predictive: toPredictive(form.platform.autoscaler),
    schedule: toSchedule(form),
    price: toPrice(form.platform.price, currency),
    database: toDatabase(form.platform.database),
    cdn: toCdn(form.platform.cdn),
    serviceLevel: form.platform["service-level"],
    payments: toPayments(form.payments),
    sideBySide: toSideBySide(form),
    bots: form.bots.map((raid) => toRaid(raid, form, toSale(form))),
    limits: toLimits(form),
    waitingRoom: toWaitingRoom(form),
    faults: form.faults.map((fault) => toFault(fault, form)),
    promotions: toPromotions(form.promotions, currency),
    feedback: toFeedback(form.feedback),
  };
}

export function toLaunch(form: LaunchForm, world: World): LaunchSpec {
  return {
    at: ticksSince(world.starts, form.at),
    batches: form.batches,
    every: form.every,
    eachOver: form["each-over"],
  };
}

/** When the sale admits whom; without early access, everybody comes at the public hour. */
export function toSale(form: World): SaleSpec {
  const since = (point: World["sale"]["public"]): Ticks => ticksSince(form.starts, point);
  const { "early-access": earlyAccess, public: open, closes } = form.sale;
  return {
    earlyAccessAt: since(earlyAccess ?? open),
    earlyAccessFor: form.sale["early-access-for"],
    publicAt: since(open),
    closesAt: closes === undefined ? form.lasts : since(closes),
  };
}

function toSegments({ segments, visits }: World["audience"]): SegmentsSpec {
  const segment = (form: World["audience"]["segments"]["vip"]): SegmentSpec => ({
    share: form.share,
    visitRate: form.visits ?? visits,
    mailedBefore: form["mailed-before"],
  });
  return { vip: segment(segments.vip), loyal: segment(segments.loyal) };
}

/** The steps of a load test, from the start of the scenario. */
export function toSteps(form: World): readonly TrafficStep[] {
  return form.traffic.steps.map(({ at, rate }) => ({ at: ticksSince(form.starts, at), rate }));
}

function toSeller(form: SellerForm, currency: string): SellerSpec {
  return {
    name: form.name,
    items: toItems(form, currency),
    limitPerShopper: form["limit-per-shopper"],
    holdFor: form["hold-for"],
    floor: form.floor,
  };
}

/** Items as listed, or written out from the catalog's rule. */
function toItems(form: SellerForm, currency: string): readonly ItemSpec[] {
  const { catalog, stock } = form;
  if (catalog === undefined || stock === undefined) {
    return (form.items ?? []).map((item) => ({
      sku: item.sku,
      name: item.name ?? item.sku,
      price: toMinor(item.price ?? item["sale-price"], currency),
      salePrice: toMinor(item["sale-price"], currency),
      units: item.units,
      weight: item.weight,
    }));
  }
  return describeItems({
    seller: form.name,
    products: catalog.products,
    prefix: catalog.prefix ?? form.name.slice(0, 2).toUpperCase(),
    salePriceMean: toMinor(catalog["sale-price"].mean, currency),
    salePriceCv: catalog["sale-price"].cv,
    discount: catalog.discount,
    popularity: catalog.popularity,
    units: stock.units,
    byDemand: stock["by-demand"],
  });
}

function toShoppers(form: World["shoppers"]): ShoppersSpec {
  return {
    idleTimeout: form["idle-timeout"],
    thinkTime: toDistribution(form["think-time"]),
    journey: form.journey,
    patience: toDistribution(form.patience),
    bounce: form.bounce,
    retry: { ...form.retry, delay: toDistribution(form.retry.delay) },
    otherCard: form["other-card"],
    extraUnitsMean: form["extra-units"],
    whereabouts: form.whereabouts,
  };
}

function toFleet(platform: World["platform"]): FleetSpec {
  const { fleet, profile } = platform;
  return {
    zones: fleet.zones,
    initial: fleet.initial,
    min: fleet.min,
    max: fleet.max,
    cores: fleet.cores,
    backlog: fleet.backlog,
    memory: fleet.memory,
    boot: toDistribution(fleet.boot),
    warmUp: toDistribution(fleet["warm-up"]),
    restart: toDistribution(fleet.restart),
    draining: fleet.draining,
    refusal: fleet.refusal,
    demands: profile,
    nodes: toNodes(platform.nodes),
    warmPool: toWarmPool(platform["warm-pool"]),
  };
}

function toCdn(form: World["platform"]["cdn"]): CdnSpec {
  return {
    pages: form.pages,
    hitRatio: form["hit-ratio"],
    serveStale: form["serve-stale"],
    hit: toDistribution(form.hit),
    miss: toDistribution(form.miss),
  };
}

function toPayments(form: World["payments"]): PaymentsSpec {
  const { policy } = form;
  return {
    primary: toGateway(form.primary),
    fallback: form.fallback === null ? null : toGateway(form.fallback),
    authentication: toAuthentication(form["three-d-secure"]),
    policy: {
      attempts: policy.attempts,
      timeLimit: policy["time-limit"],
      backoff: policy.backoff,
      breaker: { failures: policy.breaker.failures, openFor: policy.breaker["open-for"] },
      reconcileEvery: policy["reconcile-every"],
    },
  };
}

function toGateway(form: GatewayForm): GatewaySpec {
  return {
    latency: toDistribution(form.latency),
    decline: form.decline,
    softShare: form["soft-share"],
    error: form.error,
    timeoutBeforeCapture: form["time-out-before-capture"],
    timeoutAfterCapture: form["time-out-after-capture"],
  };
}
