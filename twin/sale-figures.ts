/**
 * Orders, money and payments of a rehearsal, read from the store's own sale log: nothing counts
 * as sold that the store did not write down. Works on any sale log, live or rehearsed.
 */
import { Series } from "../engine/statistics/series.ts";
import { MILLISECOND, type Ticks } from "../engine/time.ts";
import type { SaleEvent, SaleEventKind } from "../store/core/sale-event.ts";

export interface SaleFiguresOptions {
  /** Wall time of tick 0. */
  readonly epochMillis: number;
  readonly interval: Ticks;
  readonly length: number;
  /** The gateway that the store asks first; a charge at any other has fallen back. */
  readonly primaryGateway: string;
}

export class SaleFigures {
  /** Minor units of confirmed orders. */
  revenue = 0;
  /**
   * Charges asked of the gateway that the order asked before, and those that came to another than
   * the first gateway, after it had failed or past it while its breaker was open.
   */
  chargesRetried = 0;
  chargesFallenBack = 0;
  readonly ordersPerInterval: Series;
  readonly revenuePerInterval: Series;
  private readonly counts = new Map<SaleEventKind, number>();
  /** The gateway that each open order asked last. */
  private readonly gatewayOf = new Map<string, string>();
  private readonly epochMillis: number;
  private readonly primaryGateway: string;

  constructor(options: SaleFiguresOptions) {
    const { interval, length } = options;
    this.epochMillis = options.epochMillis;
    this.primaryGateway = options.primaryGateway;
    this.ordersPerInterval = new Series({ interval, length });
    this.revenuePerInterval = new Series({ interval, length });
  }

  count(kind: SaleEventKind): number {
    return this.counts.get(kind) ?? 0;
  }

  get orders(): number {
    return this.count("OrderConfirmed");
  }

  read(event: SaleEvent): void {
    this.counts.set(event.kind, this.count(event.kind) + 1);
    switch (event.kind) {
      case "OrderAuthorising":
        this.charged(event.order, event.gateway);
        break;
      case "OrderConfirmed": {
        const at = (event.at - this.epochMillis) * MILLISECOND;
        this.revenue += event.total;
        this.ordersPerInterval.add(at, 1);
        this.revenuePerInterval.add(at, event.total);
        this.gatewayOf.delete(event.order);
        break;
      }
      case "OrderDeclined":
      case "OrderCancelled":
      case "OrderExpired":
      case "OrderRefunded":
        this.gatewayOf.delete(event.order);
        break;
      default:
    }
  }

  private charged(order: string, gateway: string): void {
    const before = this.gatewayOf.get(order);
    if (before === gateway) this.chargesRetried += 1;
    else if (gateway !== this.primaryGateway) this.chargesFallenBack += 1;
    this.gatewayOf.set(order, gateway);
  }
}
