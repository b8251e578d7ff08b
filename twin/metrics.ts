/**
 * Every metric that a rehearsal yields, by its one name: results, expectations, series and
 * reports use these and no others. The names are a contract; add to them, do not rename. A part of
 * the world that a scenario may leave out keeps its metrics in its own folder and adds them here.
 */

import { MINUTE, type Ticks } from "../engine/time.ts";
import { BOT_METRICS } from "./bots/bot-figures.ts";
import { RECOVERY_METRICS } from "./faults/recovery.ts";
import { DATABASE_METRICS } from "./fleet/database-metrics.ts";
import { FUNCTIONS_METRICS } from "./fleet/functions-metrics.ts";
import { type Metric, metric, metricOfPart } from "./metric.ts";
import { NEIGHBOUR_METRICS } from "./neighbours/neighbour-figures.ts";
import { PROMOTION_METRICS } from "./promotions/offer-figures.ts";
import { PAGE_CLASSES } from "./scenario/scenario.ts";
import { CHALLENGE_METRICS } from "./shoppers/challenge-metrics.ts";
import { FEEDBACK_METRICS } from "./shoppers/feedback-metrics.ts";
import { SHED_METRICS } from "./shoppers/shed-figures.ts";
import { CAUSES } from "./shoppers/tally.ts";
import { TIER_METRICS } from "./shoppers/tier-figures.ts";
import { ROOM_METRICS } from "./waiting-room/room-figures.ts";

/** The causes for which the shop could do something; `choice` is the shopper's own affair. */
export const LOSS_CAUSES = CAUSES.filter((cause) => cause !== "choice");

const CAUSE_WORDS: Record<(typeof CAUSES)[number], string> = {
  choice: "the shopper changed their mind",
  soldOut: "the units were gone",
  payment: "the payment was declined or could not be made",
  error: "the servers failed or refused, and retrying did not help",
  wait: "a page took longer than the shopper would wait",
  closed: "the sale had closed",
  limited: "a limit of the store turned the shopper away",
};

export const METRICS: readonly Metric[] = [
  metric("revenue", "money", "more", "Total of all confirmed orders, refunds taken off"),
  metric("revenue.bestDay", "money", "more", "Revenue of the best 24 hours, on a 5-minute grid"),
  metric("orders", "count", "more", "Orders confirmed"),
  metric("orders.per5min.peak", "count", null, "Orders confirmed in the busiest 5 minutes"),
  metric("order.value.mean", "money", "more", "Mean total of a confirmed order"),
  metric("conversion", "share", "more", "Orders over sessions"),
  metric("sessions", "count", null, "Visits that began"),
  metric("sessions{mail}", "count", null, "Visits that followed a mail"),
  metric("sessions{traffic}", "count", null, "Visits that no mail explains"),
  metric(
    "shoppers.concurrent",
    "count",
    null,
    "Sessions within the idle time-out, mean over the sale",
  ),
  metric(
    "shoppers.concurrent.peak",
    "count",
    null,
    "Most sessions within the idle time-out at once",
  ),
  metric(
    "shoppers.concurrent.knee",
    "count",
    null,
    "Sessions at once when the service level was first missed; nothing where it never was",
  ),
  metric("pages", "count", null, "Pages asked for, retries included"),
  metric("pages.abandoned", "count", "less", "Pages that the shopper would not wait for"),
  metric(
    "pages.wasted",
    "count",
    "less",
    "Pages that the servers made after a reload had taken their place, for nobody",
  ),
  metric("bounces", "count", "less", "Visits that ended at their first page"),
  metric("carts", "count", "more", "Sessions that put something into a cart"),
  metric("carts.abandoned", "count", "less", "Carts that were left without an order"),
  ...CAUSES.map((cause) =>
    metric(
      `carts.abandoned{${cause}}`,
      "count",
      "less",
      `Carts left because ${CAUSE_WORDS[cause]}`,
    ),
  ),
  metric(
    "revenue.lost",
    "money",
    "less",
    "Value of carts left for a cause that the shop could mend",
  ),
  ...LOSS_CAUSES.map((cause) =>
    metric(
      `revenue.lost{${cause}}`,
      "money",
      "less",
      `Value of carts left because ${CAUSE_WORDS[cause]}`,
    ),
  ),
  metric("holds", "count", null, "Holds placed"),
  metric("holds.expired", "count", "less", "Holds whose time ran out before an order"),
  metric("soldOut", "count", null, "SKUs of which no unit was left at the end"),
  metric(
    "soldOut.first",
    "ms",
    null,
    "When the first SKU sold out, from the start; the length of the sale where none did",
  ),
  metric("oversold", "count", "less", "Units sold beyond the stock; anything but 0 is a defect"),
  metric("latency.p50", "ms", "less", "Median time from request to page"),
  metric("latency.p95", "ms", "less", "95 % of pages came within this"),
  metric("latency.p99", "ms", "less", "99 % of pages came within this"),
  ...PAGE_CLASSES.map((page) =>
    metric(`latency.p95{${page}}`, "ms", "less", `95 % of ${page} pages came within this`),
  ),
  metric("errors", "count", "less", "Requests refused or lost, retries counted each"),
  metric(
    "errors{refused}",
    "count",
    "less",
    "Requests refused because every place in a server's queue was taken",
  ),
  metric("errors{failed}", "count", "less", "Requests lost in a crash or with a zone"),
  metric(
    "errors{shed}",
    "count",
    "less",
    "Requests refused early, with Retry-After, because servers were asked too much",
  ),
  metric("errors.rate", "share", "less", "Errors over pages"),
  metric("availability", "share", "more", "Share of pages answered without an error"),
  metric(
    "downtime",
    "ms",
    "less",
    "Intervals in which over half of the requests to the servers were refused, lost or given up",
  ),
  metric(
    "downtime.longest",
    "ms",
    "less",
    "The longest time that the store was down without a break: how long it took to recover",
  ),
  metric("retries", "count", "less", "Requests repeated after an error or a wait too long"),
  metric("instances", "count", "less", "Instances serving, mean over the sale"),
  metric("instances.peak", "count", "less", "Most instances serving at once"),
  metric("instances.crashed", "count", "less", "Crashes of instances"),
  metric("instances.lost", "count", "less", "Instances that went with their zone"),
  metric("instance.hours", "hours", "less", "Hours of instances, from order to end"),
  metric("instance.hours{asleep}", "hours", "less", "Hours asleep in the warm pool, besides those"),
  metric("cost", "money", "less", "Instance hours at their prices, the warm pool included"),
  metric("cost{instances}", "money", "less", "Of the cost, what instances came to"),
  metric("cost{asleep}", "money", "less", "Of the cost, what instances asleep in the pool came to"),
  metric("cost.perOrder", "money", "less", "Cost over orders"),
  metric("cost.perHour", "money", "less", "Cost over the hours of the scenario"),
  metric("cdn.hit.ratio", "share", "more", "Hits over requests for pages with a static version"),
  metricOfPart(
    "cdn.stale",
    "count",
    null,
    "Old copies that the network gave out because the servers had failed, which no shopper saw as an error",
  ),
  metric("payments", "count", null, "Calls to charge at a gateway"),
  metric("payments.declined", "count", "less", "Orders whose charge was declined"),
  metric("payments.retried", "count", "less", "Charges tried again at the same gateway"),
  metric(
    "payments.fallback",
    "count",
    "less",
    "Charges sent to the fallback gateway, after the first had failed or past it",
  ),
  metric(
    "payments.failed",
    "count",
    "less",
    "Calls that a network refused or answered with an error",
  ),
  metric("payments.timedOut", "count", "less", "Calls that were not answered in time"),
  metric(
    "payments.inDoubt",
    "count",
    "less",
    "Orders that were in doubt for a while; none is at the end",
  ),
  ...RECOVERY_METRICS,
  ...SHED_METRICS,
  ...NEIGHBOUR_METRICS,
  ...PROMOTION_METRICS,
  metric(
    "honest.checkouts",
    "count",
    null,
    "Visits of shoppers, not bots, that tried to check out",
  ),
  metric("honest.orders", "count", "more", "Orders of shoppers, not bots"),
  metric("honest.success", "share", "more", "Orders of shoppers over the checkouts they tried"),
  metric("shoppers.limited", "count", "less", "Visits of shoppers that a limit turned away"),
  ...BOT_METRICS,
  ...DATABASE_METRICS,
  ...FUNCTIONS_METRICS,
  ...CHALLENGE_METRICS,
  ...FEEDBACK_METRICS,
  ...TIER_METRICS,
  ...ROOM_METRICS,
];

/** Metrics that are no number where nothing was there to measure: no page, no order, no knee. */
const UNMEASURED =
  /^(latency\..*|order\.value\.mean|honest\.success|cost\.perOrder|shoppers\.concurrent\.knee)$/u;

const OF_PARTS = new Set(METRICS.filter(({ ofPart }) => ofPart).map(({ name }) => name));

/** Whether a rehearsal may have nothing to say of a metric; a result then holds null. */
export function mayBeUnmeasured(name: string): boolean {
  return OF_PARTS.has(name) || UNMEASURED.test(name);
}

export const METRIC_NAMES: readonly string[] = METRICS.map(({ name }) => name);

/** Series that every rehearsal yields, one value per interval. */
export const SERIES_NAMES = [
  "shoppers.concurrent",
  "sessions",
  "pages",
  "orders",
  "revenue",
  "latency.p95",
  "errors",
  "instances",
  "pages.shed",
  "sellers.other.latency.p95",
  "queue.length",
] as const;
export type SeriesName = (typeof SERIES_NAMES)[number];

/** Length of an interval of every series. */
export const SERIES_INTERVAL: Ticks = 5 * MINUTE;
