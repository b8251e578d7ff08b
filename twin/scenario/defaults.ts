/**
 * What a scenario is where its file says nothing, in the file's own spelling. Where each value
 * comes from stands in `default-sources.ts`, under the same path.
 */

import type { Trigger } from "../../store/core/promotion.ts";
import { LIMITS_DEFAULTS, WHEREABOUTS_DEFAULTS } from "./defaults-bots.ts";
import { DATABASE_DEFAULTS } from "./defaults-database.ts";
import { BULKHEADS_DEFAULTS, SHEDDING_DEFAULTS } from "./defaults-side-by-side.ts";
import type { FaultKind } from "./scenario.ts";
import { AUTHENTICATION_DEFAULTS } from "./schema-authentication.ts";
import type { Gateway } from "./schema-platform.ts";
import { SERVERLESS_DEFAULTS } from "./schema-serverless.ts";

/** A section of a file before it is decoded. */
export interface Form {
  readonly [key: string]: unknown;
}

const DYNAMIC_PAGE: Form = { cpu: "50ms", cv: 1.1, io: "65ms", memory: "2MB" };

/** A page with a static version costs an instance little when the CDN asks for it. */
const STATIC_PAGE: Form = { cpu: "10ms", cv: 1.1, io: "10ms", memory: "1MB" };

export const GATEWAY_DEFAULTS: typeof Gateway.Encoded = {
  latency: { lognormal: { median: "900ms", sigma: 0.5 } },
  decline: "8%",
  "soft-share": "80%",
  error: "0.1%",
  "time-out-before-capture": "0.02%",
  "time-out-after-capture": "0.02%",
};

export const SELLER_DEFAULTS: Form = {
  "limit-per-shopper": 10,
  "hold-for": "10min",
  floor: "0%",
};

export const CATALOG_DEFAULTS: Form = {
  "sale-price": { cv: 0.8 },
  discount: "60%",
  popularity: 0.8,
};

export const STOCK_DEFAULTS: Form = { "by-demand": "100%" };

export const LAUNCH_DEFAULTS: Form = { at: "+0s", batches: 1, every: "0s" };

export const HEADER_DEFAULTS: Form = { seeds: 3, currency: "USD" };

const audience: Form = {
  visits: "16%",
  "click-delay": { "log-logistic": { median: "2.761h", shape: 0.671, cap: "14d" } },
  "delivery-delay": {
    mixture: [
      { weight: 0.95, lognormal: { median: "15s", sigma: 1 } },
      { weight: 0.05, lognormal: { median: "360s", sigma: 1 } },
    ],
  },
  "sender-rate": "5M/h",
  segments: {
    vip: { share: "0%", "mailed-before": "0s" },
    loyal: { share: "0%", "mailed-before": "0s" },
  },
};

const traffic: Form = {
  rate: "0/s",
  "daily-profile": [
    0.45, 0.3, 0.22, 0.18, 0.18, 0.25, 0.45, 0.75, 1.05, 1.3, 1.45, 1.5, 1.5, 1.45, 1.4, 1.35, 1.3,
    1.25, 1.25, 1.35, 1.45, 1.4, 1.1, 0.75,
  ],
  decay: "0.3015/d",
  ramp: "30min",
  steps: [],
  invited: "100%",
};

const journey: Form = {
  landing: { list: "46.83%", product: "20.07%" },
  list: { list: "67.54%", product: "23.44%" },
  product: { list: "68.60%", product: "19.58%", cart: "2.81%" },
  cart: { list: "30%", checkout: "49.02%" },
  checkout: { payment: "80%" },
  payment: { submit: "75%" },
};

const shoppers: Form = {
  "idle-timeout": "15min",
  "think-time": { lognormal: { median: "34s", sigma: 1.1 } },
  journey,
  patience: { lognormal: { median: "12s", sigma: 1 } },
  bounce: { rise: 1.319, steepness: "0.924/s", middle: "3.857s", reference: "3s" },
  retry: {
    share: "70%",
    limit: 5,
    delay: { lognormal: { median: "8s", sigma: 0.8 } },
    reload: "0%",
    obeys: "80%",
  },
  "other-card": "30%",
  "extra-units": 0,
  whereabouts: WHEREABOUTS_DEFAULTS,
};

const fleet: Form = {
  zones: 1,
  initial: 4,
  min: 2,
  max: 40,
  cores: 4,
  backlog: 512,
  memory: { total: "8GB", base: "2GB" },
  boot: { lognormal: { median: "92.8s", sigma: 0.2936 } },
  "warm-up": { lognormal: { median: "60s", sigma: 0.5 } },
  restart: { lognormal: { median: "20s", sigma: 0.5 } },
  draining: "300s",
  refusal: "50ms",
};

const autoscaler: Form = {
  kind: "target-tracking",
  also: [],
  predictive: { target: "50%", buffer: "5min" },
  target: "50%",
  period: "1min",
  "metric-delay": "10s",
  "datapoints-high": 3,
  "datapoints-low": 15,
  "low-share": "90%",
  "instance-warm-up": "300s",
  step: {
    adjustment: "change",
    high: "60%",
    low: "30%",
    minimum: 1,
    out: [
      { from: "0%", to: "15%", by: 2 },
      { from: "15%", by: 4 },
    ],
    in: [{ from: "0%", by: 1 }],
  },
  simple: {
    adjustment: "change",
    high: "60%",
    low: "30%",
    minimum: 1,
    out: 2,
    in: 1,
    cooldown: "300s",
  },
  hpa: {
    target: "50%",
    "in-flight": 0,
    tolerance: "10%",
    sync: "15s",
    window: "15s",
    delay: "0s",
    "cpu-initialization": "300s",
    "readiness-delay": "30s",
    up: {
      window: "0s",
      policies: [
        { unit: "pods", by: 4, every: "15s" },
        { unit: "percent", by: 100, every: "15s" },
      ],
    },
    down: { window: "300s", policies: [{ unit: "percent", by: 100, every: "15s" }] },
  },
  serverless: SERVERLESS_DEFAULTS,
  scheduled: [],
  "scheduled-delay": { exponential: { mean: "5s", cap: "2min" } },
};

const warmPool: Form = {
  prepared: 0,
  min: 0,
  state: "stopped",
  start: {
    stopped: { constant: "21.2s" },
    hibernated: { constant: "20.7s" },
    running: { constant: "1.9s" },
  },
};

const price: Form = {
  instance: 0.68,
  asleep: 0.01,
  database: 1.3,
  "million-requests": 0.2,
  "million-gigabyte-seconds": 16.67,
};

const nodes: Form = {
  pods: 0,
  spare: 0,
  provisioning: { lognormal: { median: "3.5min", sigma: 0.2 } },
};

const cdn: Form = {
  pages: ["landing", "list"],
  "hit-ratio": "99%",
  "serve-stale": "0%",
  hit: { lognormal: { median: "50ms", sigma: 0.6 } },
  miss: { lognormal: { median: "250ms", sigma: 0.7 } },
};

const serviceLevel: Form = { latency: "2s", errors: "1%" };

const profile: Form = {
  landing: STATIC_PAGE,
  list: STATIC_PAGE,
  product: DYNAMIC_PAGE,
  cart: DYNAMIC_PAGE,
  checkout: DYNAMIC_PAGE,
  payment: DYNAMIC_PAGE,
};

const policy: Form = {
  attempts: 3,
  "time-limit": "10s",
  backoff: { initial: "500ms", max: "5s" },
  breaker: { failures: 10, "open-for": "30s" },
  "reconcile-every": "5min",
};

/**
 * By kind of fault, the keys it takes besides when and how long, with their defaults; all assumed,
 * save where it says otherwise.
 */
export const FAULT_DEFAULTS: Readonly<Record<FaultKind, Form>> = {
  "gateway-outage": { network: "primary", answer: "error" },
  // Milder than Stripe's of 2015-10-08, in which two of three calls failed (parameters.md 5).
  "gateway-brownout": {
    network: "primary",
    latency: 4,
    error: "30%",
    "time-out-before-capture": "5%",
    "time-out-after-capture": "5%",
  },
  // What Stripe grants a live account (docs.stripe.com, in parameters.md 5).
  "gateway-rate-limit": { network: "primary", rate: "100/s" },
  "cdn-cold": { "hit-ratio": "0%" },
  "cdn-outage": {},
  "instances-lost": { share: "50%" },
  // Two failed health checks of a minute each.
  "zone-lost": { zone: 1, "replaced-after": "2min" },
  "database-slow": { times: 5 },
  "fleet-slow": { times: 2 },
};

const promotions: Form = {
  offers: [],
  "high-intent-views": 3,
  "wrong-codes": { max: 10, within: "1h" },
  "false-alarm": "10%",
};

const OFFER: Form = {
  segment: "cart-abandoner",
  discount: "10%",
  budget: { codes: 1_000, money: 10_000 },
  floor: 0,
  stacks: false,
};

/** By trigger, what an offer is besides its name. */
export const OFFER_DEFAULTS: Readonly<Record<Trigger, Form>> = {
  "exit-intent": { ...OFFER, "valid-for": "30min", uptake: "16%" },
  "abandoned-cart": { ...OFFER, "valid-for": "24h", uptake: "9%", after: "1h" },
  mailed: { ...OFFER, segment: "everyone", "valid-for": "72h", uptake: "16%" },
};

const feedback: Form = {
  exit: { among: "carts", asked: "0%", answered: "25%", price: "30%", noise: "15%" },
  survey: {
    asked: "0%",
    after: { from: "24h", to: "48h" },
    "open-for": "7d",
    answered: "15%",
    delay: { exponential: { mean: "12h" } },
  },
  satisfaction: {
    base: 4.4,
    spread: 0.8,
    "slow-after": "2s",
    "slow-second": 0.1,
    "failed-page": 0.5,
    "sold-out": 0.6,
    declined: 0.7,
  },
};

/** Everything a world has besides its start, its length, its sellers and its list. */
const waitingRoom: Form = {
  mode: "off",
  capacity: 0,
  rate: "0/s",
  above: "0%",
  doors: {},
  lanes: { vip: "0%", loyal: "0%" },
  pass: "2min",
  session: "5min",
  poll: "20s",
  "place-kept": "2min",
  patience: { weibull: { median: "25min", shape: 0.8 } },
  "no-show": "15%",
  reload: "20%",
  adaptive: { mode: "off", least: "50%", target: "2s", interval: "5s" },
};

export const WORLD_DEFAULTS: Form = {
  sale: { "early-access-for": ["regular", "loyal", "vip"], public: "+0s" },
  audience,
  traffic,
  neighbours: [],
  shoppers,
  platform: {
    fleet,
    autoscaler,
    "warm-pool": warmPool,
    price,
    nodes,
    database: DATABASE_DEFAULTS,
    cdn,
    bulkheads: BULKHEADS_DEFAULTS,
    shedding: SHEDDING_DEFAULTS,
    "service-level": serviceLevel,
    profile,
  },
  payments: {
    primary: GATEWAY_DEFAULTS,
    fallback: "none",
    "three-d-secure": AUTHENTICATION_DEFAULTS,
    policy,
  },
  bots: [],
  limits: LIMITS_DEFAULTS,
  "waiting-room": waitingRoom,
  faults: [],
  promotions,
  feedback,
};
