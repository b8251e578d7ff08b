/**
 * Where the defaults come from, by path: *read* (the source states it), *computed* from such, or
 * *assumed* (a modelling choice, to be swept). A section's source holds for its keys that have
 * none of their own. Editors show it beside the default.
 */

import { SIDE_BY_SIDE_SOURCES } from "./defaults-side-by-side.ts";

const IBM = "IBM Coremetrics, Black Friday 2011";
const EC2 = "EC2 Auto Scaling user guide";

export const DEFAULT_SOURCES: ReadonlyMap<string, string> = new Map([
  ["audience.visits", "assumed; list x share is fitted to the white paper's sales"],
  ["audience.click-delay", "computed fit to 33.6, 51.4, 81.0% at 1, 3, 24 h: GetResponse 2019-20"],
  ["audience.delivery-delay", "read means (MailChimp 2016), assumed shape"],
  ["audience.sender-rate", "assumed: one large sender of 2011; 20M/h today"],
  ["audience.segments", "none: a list without tiers"],
  ["sale.early-access-for", "whoever was mailed"],
  ["traffic.daily-profile", "assumed shape of a shop's day"],
  [
    "traffic.decay",
    "computed from best day $3.0M and total $7.6M of the white paper's second sale",
  ],
  ["traffic.ramp", "assumed"],
  ["traffic.steps", "none: a load test, not a sale"],
  ["traffic.invited", "assumed: links are passed on"],
  ["shoppers.idle-timeout", "computed: the white paper's 1-2% conversion implies 7 to 24 min"],
  ["shoppers.think-time", `computed mean 62.5 s from ${IBM}; assumed sigma`],
  ["shoppers.journey", `computed: bounce 33.1%, 8.14 pages (${IBM}), order 1.47% (white paper)`],
  ["shoppers.patience", "assumed; published figures differ tenfold, sweep 4s to 25s"],
  ["shoppers.bounce", "computed fit to Google/SOASTA 2017, which is relative to 1 s"],
  ["shoppers.retry", "assumed between surveys by Gomez (84% try again) and 1&1 (63% go elsewhere)"],
  ["shoppers.retry.reload", "assumed: none; set it where shoppers press reload, sweep 30% to 90%"],
  ["shoppers.other-card", "read: 25 to 34% try another card (Ethoca)"],
  ["shoppers.extra-units", "assumed"],
  ["feedback.exit.asked", "none: a shop that does not ask"],
  ["feedback.exit.among", "read: aimed at those who leave a cart (Zigpoll on flash sales)"],
  ["feedback.exit", "assumed"],
  ["feedback.survey.asked", "none: a shop that does not ask"],
  ["feedback.survey.after", "read: 24 to 48 h after checkout (Zigpoll on flash sales)"],
  ["feedback.survey", "assumed"],
  [
    "feedback.satisfaction",
    "assumed: no source ties points to seconds or errors; sweep it, compare plans by it",
  ],
  ["platform.fleet", "assumed"],
  [
    "platform.fleet.boot",
    "read mean 96.9 s: Mao & Humphrey 2012, EC2 Linux of 2011; assumed CV 0.3",
  ],
  ["platform.fleet.zones", "a shop in one data centre"],
  ["platform.fleet.draining", `read: ${EC2}`],
  ["platform.autoscaler", `read: ${EC2}, detailed monitoring; alarms from secondary sources`],
  ["platform.autoscaler.target", "assumed"],
  ["platform.autoscaler.metric-delay", "assumed"],
  ["platform.autoscaler.step", "assumed"],
  ["platform.autoscaler.simple", "assumed"],
  ["platform.autoscaler.simple.cooldown", `read: ${EC2}`],
  ["platform.autoscaler.also", "none"],
  ["platform.autoscaler.predictive", `read: ${EC2}; how it forecasts is not public`],
  ["platform.autoscaler.predictive.target", "assumed"],
  ["platform.autoscaler.hpa", "read: Kubernetes, defaults of autoscaling/v2"],
  ["platform.autoscaler.hpa.target", "assumed"],
  ["platform.autoscaler.hpa.window", "read: metrics-server's manifest; its binary's own is 60s"],
  ["platform.autoscaler.hpa.delay", "assumed"],
  ["platform.autoscaler.serverless", "assumed"],
  ["platform.autoscaler.serverless.concurrency", "read: AWS Lambda's quota of a new account"],
  [
    "platform.autoscaler.serverless.ramp",
    "read: AWS Lambda since November 2023; before, 500 to 3,000 at once and 500/min",
  ],
  ["platform.autoscaler.serverless.memory", "read: AWS Lambda's share of one processor"],
  ["platform.price.million-requests", "read: AWS Lambda"],
  ["platform.price.million-gigabyte-seconds", "read: AWS Lambda"],
  ["platform.nodes", "assumed"],
  ["platform.warm-pool", "assumed"],
  ["platform.warm-pool.state", `read: ${EC2}`],
  ["platform.warm-pool.start", "read: EC2 of 2026, one measurement each (ec2-coldboot-research)"],
  [
    "platform.price",
    "assumed, in the scenario's currency: four cores of 2011; a disk alone; a large database",
  ],
  [
    "platform.nodes.provisioning",
    "read: 3 to 4 min on GCE (Cluster Autoscaler FAQ); assumed shape",
  ],
  [
    "platform.autoscaler.scheduled-delay",
    `read "usually seconds, up to 2 min": ${EC2}; assumed shape`,
  ],
  ["platform.database", "assumed"],
  ["platform.database.pool", "no limits; 2 x cores + spindles is a usual pool, Hikari's is 10"],
  ["platform.database.wait-limit", "read: HikariCP's connectionTimeout"],
  ["platform.database.connections", "read: PostgreSQL's max_connections"],
  [
    "platform.database.row",
    "computed: PostgreSQL 15 measured at 3,676/s with 8 connections on one row, 2,157/s with 32",
  ],
  ["platform.cdn.pages", "read: the white paper made static home, info and browse pages"],
  ["platform.cdn.hit-ratio", "read: 99% of static content (eknix.com)"],
  ["platform.cdn.serve-stale", "none: an error of the origin is shown"],
  ["platform.cdn.hit", "read mean 50 to 80 ms (Netlify), assumed shape"],
  ["platform.cdn.miss", "read mean 250 to 350 ms (Netlify), assumed shape"],
  ["waiting-room", "assumed: a shop without one"],
  ["waiting-room.session", "read: Cloudflare Waiting Room, 5 min by default, renewed by a request"],
  ["waiting-room.poll", "read: Cloudflare Waiting Room, a page refreshes every 20 s"],
  ["waiting-room.place-kept", "assumed; Cloudflare keeps a place 5 min after the last refresh"],
  [
    "waiting-room.pass",
    "assumed; Queue-it wants a turn taken within a time that the operator sets",
  ],
  [
    "waiting-room.patience",
    "assumed for a flash sale: no curve is published; sweep exponential 8min to median 180min",
  ],
  [
    "waiting-room.no-show",
    "assumed: Queue-it counts with no-shows and gives no share; in proportion up to a wait of 10 min",
  ],
  ["waiting-room.adaptive", "assumed; the rules are Netflix's Gradient2 and folly's CoDel"],
  ["platform.service-level", "assumed; conversion falls by a third for 2 s more (Akamai/SOASTA)"],
  [
    "platform.profile",
    "read: 50 ms CPU + 65 ms I/O a dynamic page (Menascé); CV from a TTFB survey",
  ],
  ["platform.profile.landing", "assumed: a page with a static version costs little"],
  ["platform.profile.list", "assumed: a page with a static version costs little"],
  ["payments.primary", "assumed"],
  ["payments.primary.latency", "assumed; no trustworthy percentiles are public"],
  ["payments.primary.decline", "read: 3.5% for physical goods, 15% for digital (Ethoca)"],
  ["payments.three-d-secure.share", "none: in the United States of 2011 nobody was asked"],
  ["payments.three-d-secure.frictionless", "read: 58% worldwide (Ravelin 2026)"],
  ["payments.three-d-secure.challenge", "assumed; no trustworthy times are public"],
  ["payments.three-d-secure.abandon", "assumed; 10 to 15% with the first version"],
  ["payments.three-d-secure.fail", "assumed; losses of 20% in all with the first version"],
  ["payments.policy", "assumed"],
  ["payments.policy.backoff", "read: stripe-node waits 0.5 s, doubling, 5 s at most"],
  ["shoppers.whereabouts", "assumed; carriers put many of their customers behind one address"],
  ["bots", "a sale without bots"],
  ["limits", "a store without limits; bursts and the longest wait are assumed"],
  ["faults", "a sale in which nothing fails"],
  ...SIDE_BY_SIDE_SOURCES,
  ["sellers.catalog.sale-price", "computed from the order values fitted to the white paper"],
  ["sellers.catalog.discount", 'assumed; "deep discounts" (white paper)'],
  ["sellers.catalog.popularity", "assumed"],
  ["sellers.stock", "assumed"],
  ["sellers.limit-per-shopper", "assumed"],
  ["sellers.hold-for", "assumed"],
  ["sellers.floor", "none: a seller who says nothing"],
  ["promotions", "assumed"],
  ["promotions.offers", "none: a sale without promotions"],
  ["promotions.offers.segment", "assumed; mailed: everyone"],
  ["promotions.offers.discount", "assumed"],
  ["promotions.offers.budget", "assumed"],
  ["promotions.offers.floor", "none"],
  ["promotions.offers.stacks", "assumed: codes stand alone"],
  ["promotions.offers.valid-for", "assumed; abandoned-cart: 24h, mailed: 72h"],
  [
    "promotions.offers.uptake",
    "computed so that conversion rises by the 22% claimed for ASOS's exit pop-ups, a vendor's word: sweep 2% to 16%; abandoned-cart 9%, from the 12% claimed for Best Buy's mails",
  ],
]);

/** The source of the default at a path, or of the nearest section around it; null where none is known. */
export function defaultSource(path: readonly string[]): string | null {
  const steps = path.join(".").replace("payments.fallback", "payments.primary").split(".");
  for (let length = steps.length; length > 0; length--) {
    const source = DEFAULT_SOURCES.get(steps.slice(0, length).join("."));
    if (source !== undefined) return source;
  }
  return null;
}
