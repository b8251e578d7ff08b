/**
 * What the sale log says, counted for Prometheus. The counts are of the sale and not of a process:
 * every node gives the same, from the first event on, so over nodes take one and never the sum.
 * Money is in minor units of its currency; times are seconds.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { SaleEvent } from "../../core/sale-event.ts";

/** Orders and carts that are followed from one event to the next; beyond, the oldest is let go. */
const FOLLOWED_MAX = 200_000;
const WAIT_SECONDS = [1, 5, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200];

type Listed<Kind extends SaleEvent["kind"]> = Extract<SaleEvent, { readonly kind: Kind }>;

export class SaleMetrics {
  /** Units per SKU that the log says were sold: a witness beside the stock itself. */
  readonly soldUnits = new Map<string, number>();
  readonly #gatewayOf = new Map<string, string>();
  readonly #carts = new Map<string, true>();
  readonly #of: ReturnType<typeof metricsIn>;

  constructor(registry: Registry) {
    this.#of = metricsIn(registry);
  }

  heed(event: SaleEvent): void {
    switch (event.kind) {
      case "CartLineAdded":
        if (!this.#carts.has(event.cart)) this.#of.carts.inc();
        follow(this.#carts, event.cart, true);
        break;
      case "HoldPlaced":
        this.#of.holds.inc();
        this.#of.holdsLive.inc();
        break;
      case "HoldReleased":
      case "HoldExpired":
        this.#endHold(event.kind === "HoldExpired" ? "expired" : "released");
        break;
      case "HoldHonoured":
        this.#of.holds.inc();
        this.#of.holdsLive.inc();
        break;
      case "HoldSold":
        this.#endHold("sold");
        this.#countSold(event);
        break;
      case "HoldRefused":
        this.#of.holdsRefused.inc({ by: event.by });
        break;
      case "RequestLimited":
        this.#of.limited.inc({ step: event.step, by: event.by });
        break;
      case "CodeRedeemed":
        this.#of.codes.inc({ offer: event.offer });
        break;
      case "ExitAnswered":
        this.#of.exits.inc({ reason: event.reason });
        break;
      case "SurveyAsked":
        this.#of.surveysAsked.inc();
        break;
      case "SurveyAnswered":
        this.#of.satisfaction.observe(event.satisfaction);
        break;
      default:
        this.#heedOrder(event);
        this.#heedQueue(event);
    }
  }

  #heedOrder(event: SaleEvent): void {
    switch (event.kind) {
      case "OrderPlaced":
        this.#of.ordersPlaced.inc();
        break;
      case "OrderAuthorising":
        this.#asked(event);
        break;
      case "OrderInDoubt":
        this.#of.payments.inc({ gateway: event.gateway, outcome: "in_doubt" });
        break;
      case "OrderPaid":
        this.#of.payments.inc({ gateway: event.gateway, outcome: "paid" });
        break;
      case "OrderConfirmed":
        this.#of.revenue.inc({ currency: event.currency }, event.total);
        this.#endOrder(event.order, "confirmed");
        break;
      case "OrderDeclined": {
        const gateway = this.#gatewayOf.get(event.order) ?? "unknown";
        this.#of.payments.inc({ gateway, outcome: `declined_${event.decline}` });
        this.#endOrder(event.order, "declined");
        break;
      }
      case "OrderCancelled":
        this.#endOrder(event.order, "cancelled");
        break;
      case "OrderExpired":
        this.#endOrder(event.order, "expired");
        break;
      case "OrderRefunded":
        this.#of.refunded.inc({ currency: event.currency }, event.total);
        this.#endOrder(event.order, "refunded");
        break;
      default:
    }
  }

  #heedQueue(event: SaleEvent): void {
    switch (event.kind) {
      case "TicketTaken":
        this.#of.joined.inc({ lane: event.lane });
        break;
      case "WalkedIn":
        this.#of.walkedIn.inc();
        break;
      case "DoorPassed":
        this.#of.walkedIn.inc(event.shoppers);
        break;
      case "TicketAdmitted":
        this.#of.waits.observe({ lane: event.lane }, event.waitedMillis / 1_000);
        break;
      case "TicketEnded":
        this.#of.abandoned.inc({ lane: event.lane, why: event.why });
        break;
      default:
    }
  }

  #asked({ order, gateway }: Listed<"OrderAuthorising">): void {
    const before = this.#gatewayOf.get(order);
    this.#of.payments.inc({ gateway, outcome: "asked" });
    if (before !== undefined) {
      this.#of.retries.inc({ kind: before === gateway ? "retry" : "fallback" });
    }
    follow(this.#gatewayOf, order, gateway);
  }

  #endHold(end: "released" | "expired" | "sold"): void {
    this.#of.holdsEnded.inc({ end });
    this.#of.holdsLive.dec();
  }

  #countSold({ lines }: Listed<"HoldSold">): void {
    for (const { sku, units } of lines) {
      this.soldUnits.set(sku, (this.soldUnits.get(sku) ?? 0) + units);
    }
  }

  #endOrder(order: string, state: string): void {
    this.#of.orders.inc({ state });
    this.#gatewayOf.delete(order);
  }
}

function follow<Value>(followed: Map<string, Value>, name: string, value: Value): void {
  followed.set(name, value);
  if (followed.size <= FOLLOWED_MAX) return;
  for (const oldest of followed.keys()) {
    followed.delete(oldest);
    break;
  }
}

function metricsIn(registry: Registry) {
  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new Counter({ name: `rehearse_${name}_total`, help, labelNames, registers: [registry] });
  return {
    carts: counter("carts", "Carts that got a first item"),
    holds: counter("holds_placed", "Holds placed, those taken again for paid orders included"),
    holdsEnded: counter("holds_ended", "Holds that ended, by how", "end"),
    holdsRefused: counter("holds_refused", "Holds refused by a limit on holds", "by"),
    holdsLive: new Gauge({
      name: "rehearse_holds_live",
      help: "Holds that keep units now",
      registers: [registry],
    }),
    ordersPlaced: counter("orders_placed", "Orders placed, however they end"),
    orders: counter("orders_ended", "Orders that ended, by the state they ended in", "state"),
    revenue: counter("revenue_minor_units", "Total of confirmed orders", "currency"),
    refunded: counter("refunded_minor_units", "Total of refunded orders", "currency"),
    payments: counter("payments", "Calls at gateways by what came of them", "gateway", "outcome"),
    retries: counter(
      "payment_retries",
      "Calls after the first, at the same gateway or another",
      "kind",
    ),
    joined: counter("queue_joined", "Tickets taken in the waiting room", "lane"),
    walkedIn: counter("queue_walked_in", "Shoppers who came in without waiting"),
    waits: new Histogram({
      name: "rehearse_queue_wait_seconds",
      help: "How long those who were let in had waited",
      labelNames: ["lane"],
      buckets: WAIT_SECONDS,
      registers: [registry],
    }),
    abandoned: counter("queue_abandoned", "Tickets that ended outside, by why", "lane", "why"),
    limited: counter("requests_limited", "Shoppers turned away by a rate limit", "step", "by"),
    codes: counter("codes_redeemed", "Codes that took something off an order", "offer"),
    exits: counter("exit_answers", "Why shoppers said that they left", "reason"),
    surveysAsked: counter("surveys_asked", "Surveys sent"),
    satisfaction: new Histogram({
      name: "rehearse_survey_satisfaction_score",
      help: "Satisfaction of those who answered, 1 to 5",
      buckets: [1, 2, 3, 4, 5],
      registers: [registry],
    }),
  };
}
