/**
 * The second witness: counts units, holds and money from the events of the sale log alone, one
 * event at a time, so that a log need not be kept to be audited. At the end it is held against
 * the ledgers. It finds nothing only where the log is whole: every event of one run from its start.
 */
import { type Finding, Findings, increase, pairOf } from "./audit.ts";
import type { SerialRange, StockLine, StockSnapshot } from "./hold.ts";
import type { OrderBookSnapshot } from "./order-book.ts";
import type { PromotionSnapshot } from "./promotion-book.ts";
import { PromotionTally } from "./promotion-tally.ts";
import type { SaleEvent } from "./sale-event.ts";
import { auditSerials } from "./stock-audit.ts";
import { sameUnits } from "./stock-lines.ts";

interface Money {
  paid: number;
  refunded: number;
}

type OfKind<Kind extends SaleEvent["kind"]> = Extract<SaleEvent, { readonly kind: Kind }>;

export class SaleTally {
  readonly #findings = new Findings();
  readonly #live = new Map<string, readonly StockLine[]>();
  readonly #held = new Map<string, number>();
  readonly #sold = new Map<string, number>();
  readonly #added = new Map<string, number>();
  readonly #writtenOff = new Map<string, number>();
  readonly #serials: SerialRange[] = [];
  readonly #holdSoldTo = new Map<string, string>();
  readonly #money = new Map<string, Money>();
  readonly #confirmed = new Set<string>();
  readonly #promotions = new PromotionTally(this.#findings);
  /** The person that each order named, and the units of each SKU that people were sold. */
  readonly #personOf = new Map<string, readonly string[]>();
  readonly #soldTo = new Map<string, { sku: string; name: string; units: number }>();
  #events = 0;

  get events(): number {
    return this.#events;
  }

  observe(event: SaleEvent): void {
    this.#events++;
    switch (event.kind) {
      case "HoldPlaced":
      case "HoldHonoured":
        this.#taken(event);
        break;
      case "HoldReleased":
      case "HoldExpired":
        this.#ended(event);
        break;
      case "HoldSold":
        this.#handedOver(event);
        break;
      case "StockAdded":
        increase(this.#added, event.sku, event.units);
        break;
      case "StockWrittenOff":
        increase(this.#writtenOff, event.sku, event.units);
        break;
      case "OrderPlaced":
        if (event.person !== undefined) this.#personOf.set(event.order, event.person);
        break;
      case "OrderPaid":
        this.#paid(event);
        break;
      case "OrderRefunded":
        this.#moneyOf(event.order).refunded += event.total;
        break;
      case "OrderConfirmed":
        this.#orderConfirmed(event);
        break;
      case "OfferMade":
      case "CodeClaimed":
      case "CodeRedeemed":
      case "CodeReleased":
        this.#promotions.observe(event);
        break;
      default:
        break;
    }
  }

  /** What the log and the ledgers, read at the same moment, do not agree on. */
  audit(
    stock: StockSnapshot,
    orders: OrderBookSnapshot,
    promotions?: PromotionSnapshot,
  ): readonly Finding[] {
    const findings = new Findings();
    findings.list.push(...this.#findings.list);
    this.#auditUnits(stock, findings);
    this.#auditHolds(stock, findings);
    this.#auditMoney(orders, findings);
    if (promotions !== undefined) this.#promotions.audit(promotions, orders, findings);
    this.#auditPersons(stock, findings);
    auditSerials(this.#serials, findings);
    return findings.list;
  }

  /** A hold that is live already and due may be taken again before a sweep has told its end. */
  #taken(event: OfKind<"HoldPlaced" | "HoldHonoured">): void {
    const before = this.#live.get(event.hold);
    if (before !== undefined) this.#addHeld(before, -1);
    this.#live.set(event.hold, event.lines);
    this.#addHeld(event.lines, 1);
  }

  #ended(event: OfKind<"HoldReleased" | "HoldExpired">): void {
    const lines = this.#live.get(event.hold);
    this.#findings.expect(
      lines !== undefined && sameUnits(lines, event.lines),
      "I12",
      () => `${event.kind} of ${event.hold}, which holds ${JSON.stringify(lines ?? null)}`,
    );
    if (lines === undefined) return;
    this.#live.delete(event.hold);
    this.#addHeld(lines, -1);
  }

  #handedOver(event: OfKind<"HoldSold">): void {
    const lines = this.#live.get(event.hold);
    const other = this.#holdSoldTo.get(event.hold);
    this.#findings.expect(
      lines !== undefined && sameUnits(lines, event.lines),
      "I11",
      () =>
        `${event.hold} sold to ${event.order}, ${other === undefined ? "not live" : `sold to ${other}`}`,
    );
    if (lines === undefined) return;
    this.#live.delete(event.hold);
    this.#addHeld(lines, -1);
    for (const line of lines) increase(this.#sold, line.sku, line.units);
    this.#serials.push(...event.serials);
    this.#holdSoldTo.set(event.hold, event.order);
    for (const name of this.#personOf.get(event.order) ?? []) this.#soldToPerson(name, lines);
  }

  #soldToPerson(name: string, lines: readonly StockLine[]): void {
    for (const { sku, units } of lines) {
      const key = pairOf(sku, name);
      const sum = this.#soldTo.get(key);
      if (sum === undefined) this.#soldTo.set(key, { sku, name, units });
      else sum.units += units;
    }
  }

  #paid(event: OfKind<"OrderPaid">): void {
    const money = this.#moneyOf(event.order);
    this.#findings.expect(
      money.paid === 0,
      "I31",
      () => `order ${event.order} was paid twice, again as ${event.reference}`,
    );
    money.paid += event.total;
  }

  #orderConfirmed(event: OfKind<"OrderConfirmed">): void {
    const { paid, refunded } = this.#moneyOf(event.order);
    this.#findings.expect(
      paid - refunded === event.total,
      "I30",
      () => `order ${event.order} confirmed for ${event.total}, paid ${paid}, returned ${refunded}`,
    );
    this.#confirmed.add(event.order);
  }

  #auditUnits(stock: StockSnapshot, findings: Findings): void {
    for (const level of stock.levels) {
      const { sku, initial, available, quarantined } = level;
      const held = this.#held.get(sku) ?? 0;
      const sold = this.#sold.get(sku) ?? 0;
      findings.expect(
        held === level.held && sold === level.sold,
        "I01",
        () =>
          `${sku}: the log has ${held} held, ${sold} sold; the ledger ${level.held}, ${level.sold}`,
      );
      const given = initial + (this.#added.get(sku) ?? 0) - (this.#writtenOff.get(sku) ?? 0);
      findings.expect(
        held + sold + available + quarantined === given,
        "I01",
        () => `${sku}: ${held + sold + available + quarantined} units, the log gives ${given}`,
      );
    }
  }

  #auditHolds(stock: StockSnapshot, findings: Findings): void {
    let live = 0;
    for (const hold of stock.holds) {
      if (hold.state !== "live") continue;
      live++;
      findings.expect(
        this.#live.has(hold.hold),
        "I12",
        () => `hold ${hold.hold} lives in the ledger, not in the log`,
      );
    }
    findings.expect(
      live === this.#live.size,
      "I12",
      () => `${this.#live.size} holds live in the log, ${live} in the ledger`,
    );
    for (const hold of stock.holds) {
      findings.expect(
        hold.state !== "sold" || this.#holdSoldTo.get(hold.hold) === hold.order,
        "I11",
        () =>
          `hold ${hold.hold} is sold to ${hold.order}, in the log to ${this.#holdSoldTo.get(hold.hold)}`,
      );
    }
  }

  #auditMoney(orders: OrderBookSnapshot, findings: Findings): void {
    const kept = new Map<string, number>();
    for (const row of orders.payments) {
      if (row.kind === "capture") increase(kept, row.order, row.amount);
      if (row.kind === "refund") increase(kept, row.order, -row.amount);
    }
    for (const order of orders.orders) {
      const money = this.#money.get(order.id);
      const logged = money === undefined ? 0 : money.paid - money.refunded;
      findings.expect(
        logged === (kept.get(order.id) ?? 0),
        "I30",
        () => `order ${order.id}: the log keeps ${logged}, the ledger ${kept.get(order.id) ?? 0}`,
      );
      findings.expect(
        (order.state === "confirmed") === this.#confirmed.has(order.id),
        "I20",
        () =>
          `order ${order.id} is ${order.state}, the log ${this.#confirmed.has(order.id) ? "confirmed" : "did not confirm"} it`,
      );
    }
  }

  #auditPersons({ levels }: StockSnapshot, findings: Findings): void {
    const limits = new Map(levels.map((level) => [level.sku, level.limitPerPerson]));
    for (const { sku, name, units } of this.#soldTo.values()) {
      const limit = limits.get(sku) ?? null;
      findings.expect(
        limit === null || units <= limit,
        "I13",
        () => `the log sells ${units} units of ${sku} to the person behind ${name}, limit ${limit}`,
      );
    }
  }

  #moneyOf(order: string): Money {
    const known = this.#money.get(order);
    if (known !== undefined) return known;
    const money = { paid: 0, refunded: 0 };
    this.#money.set(order, money);
    return money;
  }

  #addHeld(lines: readonly StockLine[], sign: 1 | -1): void {
    for (const line of lines) increase(this.#held, line.sku, sign * line.units);
  }
}
