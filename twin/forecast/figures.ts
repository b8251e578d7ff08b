/** Every figure of a forecast by its one name, in the order of the white paper's demand sheet. */
import type { MetricUnit } from "../metric.ts";
import { PAGE_CLASSES, type PageClass } from "../scenario/scenario.ts";

export type ForecastUnit = MetricUnit | "perSecond" | "times";

export interface ForecastFigure {
  readonly name: ForecastName;
  readonly unit: ForecastUnit;
  readonly about: string;
  /** What of a rehearsal moves it that the closed form leaves out. */
  readonly movedBy: readonly Mover[];
}

/**
 * Stock that runs out; errors and waiting at the servers; a payment network given up on; codes;
 * bots, and limits that turn shoppers away; the waiting room.
 */
export type Mover = "stock" | "servers" | "payments" | "offers" | "bots" | "waitingRoom";

export type ForecastName =
  | "recipients"
  | "sessions{mail}"
  | "sessions{traffic}"
  | "sessions"
  | "session.pages"
  | "session.length"
  | "shoppers.concurrent"
  | "shoppers.concurrent.peak"
  | "shoppers.concurrent.peak.at"
  | "shoppers.active.peak"
  | "pages"
  | "pages.per5min.peak"
  | "pages.perSecond.peak"
  | `pages.perSecond.peak{${PageClass}}`
  | "requests.perSecond.peak"
  | "cores.busy.peak"
  | "servers.atTarget"
  | "servers.atFull"
  | "conversion"
  | "orders"
  | "orders.inStock"
  | "orders.per5min.peak"
  | "orders.perSecond.peak"
  | "order.value.mean"
  | "revenue"
  | "revenue.bestDay"
  | "payments"
  | "payments.perSecond.peak"
  | "payments.declined"
  | "normal.sessions.perSecond"
  | "normal.orders.perSecond"
  | "multiple.ofNormalMean"
  | "multiple.ofNormalPeak";

function figure(
  name: ForecastName,
  unit: ForecastUnit,
  about: string,
  ...movedBy: readonly Mover[]
): ForecastFigure {
  // Offers, bots and the limits against them reach whatever anything reaches.
  const everywhere: readonly Mover[] = movedBy.length === 0 ? [] : ["offers", "bots"];
  return { name, unit, about, movedBy: [...new Set([...movedBy, ...everywhere])] };
}

export const FORECAST_FIGURES: readonly ForecastFigure[] = [
  figure("recipients", "count", "Addresses on the list"),
  figure("sessions{mail}", "count", "Visits that follow a mail"),
  figure("sessions{traffic}", "count", "Visits that no mail explains"),
  figure("sessions", "count", "Visits in all", "offers"),
  figure("session.pages", "count", "Pages of a visit, mean", "stock", "servers"),
  figure("session.length", "ms", "From the first page of a visit to the last, mean"),
  figure(
    "shoppers.concurrent",
    "count",
    "Sessions within the idle time-out, mean",
    "stock",
    "servers",
  ),
  figure(
    "shoppers.concurrent.peak",
    "count",
    "Most sessions within the idle time-out",
    "stock",
    "servers",
  ),
  figure("shoppers.concurrent.peak.at", "ms", "When that is, from the start"),
  figure("shoppers.active.peak", "count", "Of these, those who will ask for another page"),
  figure("pages", "count", "Pages asked for", "stock", "servers"),
  figure("pages.per5min.peak", "count", "Pages in the busiest 5 minutes", "stock", "servers"),
  figure("pages.perSecond.peak", "perSecond", "Pages, mean of the busiest minute"),
  ...PAGE_CLASSES.map((page) =>
    figure(`pages.perSecond.peak{${page}}`, "perSecond", `Of the pages in that minute: ${page}`),
  ),
  figure(
    "requests.perSecond.peak",
    "perSecond",
    "Pages that reach the servers, mean of the busiest minute",
  ),
  figure(
    "cores.busy.peak",
    "count",
    "CPU cores busy in the busiest minute, other sellers included",
  ),
  figure("servers.atTarget", "count", "Servers at the autoscaler's target utilisation"),
  figure("servers.atFull", "count", "Servers at 100 % utilisation, where queues grow without end"),
  figure("conversion", "share", "Orders over visits", "stock", "servers", "payments"),
  figure("orders", "count", "Orders, from full shelves", "stock", "servers", "payments"),
  figure(
    "orders.inStock",
    "count",
    "Orders that the stock can fill",
    "stock",
    "servers",
    "payments",
  ),
  figure(
    "orders.per5min.peak",
    "count",
    "Orders in the busiest 5 minutes",
    "stock",
    "servers",
    "payments",
  ),
  figure("orders.perSecond.peak", "perSecond", "Orders, mean of the busiest minute"),
  figure("order.value.mean", "money", "Mean order", "stock"),
  figure("revenue", "money", "Revenue", "stock", "servers", "payments"),
  figure(
    "revenue.bestDay",
    "money",
    "Revenue of the best 24 hours",
    "stock",
    "servers",
    "payments",
  ),
  figure("payments", "count", "Calls to payment networks", "stock", "servers", "payments"),
  figure("payments.perSecond.peak", "perSecond", "These calls, mean of the busiest minute"),
  figure(
    "payments.declined",
    "count",
    "Orders whose charge is declined",
    "stock",
    "servers",
    "payments",
  ),
  figure("normal.sessions.perSecond", "perSecond", "Visits on a normal day, mean"),
  figure("normal.orders.perSecond", "perSecond", "Orders on a normal day, mean"),
  figure("multiple.ofNormalMean", "times", "Orders at the peak over a normal day's mean"),
  figure("multiple.ofNormalPeak", "times", "Orders at the peak over a normal day's busiest hour"),
];
