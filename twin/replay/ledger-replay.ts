/**
 * A sale log put once more to the store's own rules: every event is the step of a ledger that it
 * tells of, made again, and what the rules answer must be what the log says. What comes out are the
 * orders and the ledger digest that the sale had; where the rules answer otherwise, the line is
 * told. Units that were there before the sale are in no log: what the rules are asked is whether the
 * events follow from one another, and at the end that no more was sold than the stock had.
 */
import type { StockLine } from "../../store/core/hold.ts";
import { type DigestedOrder, LedgerDigest } from "../../store/core/ledger-digest.ts";
import { isFinal, mayFollow } from "../../store/core/order.machine.ts";
import type { Order, OrderState } from "../../store/core/order.ts";
import type { SaleEvent } from "../../store/core/sale-event.ts";
import { Stock } from "../../store/core/stock.ts";

export interface LedgerFinding {
  /** Of the file, from 1; 0 for what is found at its end. */
  readonly line: number;
  readonly what: string;
}

export interface ReplayedLedger {
  readonly events: number;
  /** All that were placed, and those that were confirmed. */
  readonly placed: number;
  readonly confirmed: number;
  /** Orders that the log leaves without an end. */
  readonly open: number;
  /** Minor units of confirmed orders, by currency. */
  readonly revenue: Readonly<Record<string, number>>;
  readonly unitsSold: number;
  readonly digest: string;
  readonly findings: readonly LedgerFinding[];
  /** All that were found; the list has the first. */
  readonly found: number;
}

/** Findings that are kept. */
const FINDINGS_MAX = 100;
/** More than any sale has: the units before the sale are not known. */
const UNITS_BEFORE = 1_000_000_000;
/** Longer than any hold: when one is due is not in the log. */
const HELD_FOR = 100 * 365 * 86_400_000;

type Step = Extract<SaleEvent, { readonly order: string }>["kind"];

/** The state that each event leads an order to. */
const STATE_AFTER: Readonly<Partial<Record<Step, OrderState>>> = {
  OrderAuthorising: "authorising",
  OrderInDoubt: "inDoubt",
  OrderPaid: "authorised",
  OrderConfirmed: "confirmed",
  OrderDeclined: "declined",
  OrderCancelled: "cancelled",
  OrderExpired: "expired",
  OrderRefunding: "refunding",
  OrderRefunded: "refunded",
};

type ReplayedOrder = Omit<DigestedOrder, "state"> & Pick<Order, "hold"> & { state: OrderState };

export class LedgerReplay {
  readonly #stock = new Stock({ items: [] });
  readonly #known = new Set<string>();
  readonly #orders = new Map<string, ReplayedOrder>();
  #events = 0;
  #kept = 0;
  readonly #findings: LedgerFinding[] = [];
  #found = 0;
  #line = 0;

  /** `line`: where the event stands in its file. */
  take(event: SaleEvent, line: number): void {
    this.#line = line;
    this.#events += 1;
    switch (event.kind) {
      case "HoldPlaced":
      case "HoldHonoured":
        this.#hold(event);
        break;
      case "HoldReleased":
      case "HoldExpired":
        this.#release(event);
        break;
      case "HoldSold":
        this.#sell(event);
        break;
      case "OrderPlaced":
        this.#place(event);
        break;
      default:
        this.#move(event);
    }
  }

  /** Holds and orders that it keeps, and the lines of both: a sale has all of them until its end. */
  get kept(): number {
    return this.#kept;
  }

  result(): ReplayedLedger {
    const digest = new LedgerDigest();
    const revenue = new Map<string, number>();
    let confirmed = 0;
    let open = 0;
    for (const order of this.#orders.values()) {
      digest.order(order);
      if (!isFinal(order.state)) open += 1;
      if (order.state !== "confirmed") continue;
      confirmed += 1;
      revenue.set(order.currency, (revenue.get(order.currency) ?? 0) + order.total);
    }
    const unitsSold = this.#stock.levels().reduce((sum, { sold }) => sum + sold, 0);
    return {
      events: this.#events,
      placed: this.#orders.size,
      confirmed,
      open,
      revenue: Object.fromEntries([...revenue].sort()),
      unitsSold,
      digest: digest.hex(),
      findings: this.#findings,
      found: this.#found,
    };
  }

  #find(what: string): void {
    this.#found += 1;
    if (this.#findings.length < FINDINGS_MAX) this.#findings.push({ line: this.#line, what });
  }

  /** A hold that lapsed is taken again under its name. */
  #hold({ hold, shopper, lines, at }: OfHold): void {
    for (const { sku } of lines) this.#openStock(sku);
    const before = this.#stock.find(hold);
    const times = { now: at, expiresAt: at + HELD_FOR };
    // A hold may be taken again before the sweep has told that it had lapsed.
    if (before?.state === "live") this.#stock.release({ hold, epoch: before.epoch, now: at });
    if (before !== null && (before.state === "sold" || before.shopper !== shopper)) {
      const other = before.state === "sold" ? "is sold" : `is ${before.shopper}'s`;
      this.#find(`${hold} is taken by ${shopper}, and by the rules it ${other}`);
      return;
    }
    this.#kept += 1 + lines.length;
    const name = before === null ? hold : `${hold}/${this.#line}`;
    const answer = this.#stock.hold({ hold: name, shopper, lines, ...times });
    if (answer._tag !== "Held")
      this.#find(`${hold} is placed, and the rules answer ${answer._tag}`);
    else if (before !== null) this.#renamed.set(hold, name);
  }

  /** Holds that were taken again stand in the stock under a name of their own. */
  readonly #renamed = new Map<string, string>();

  #liveHold(hold: string) {
    return this.#stock.find(this.#renamed.get(hold) ?? hold);
  }

  #release({ kind, hold, at }: OfHold & { readonly kind: string }): void {
    const found = this.#liveHold(hold);
    if (found === null) {
      this.#find(`${kind} of ${hold}, which nobody took`);
      return;
    }
    const { epoch } = found;
    const answer = this.#stock.release({ hold: found.hold, epoch, now: at });
    if (answer._tag !== "Released")
      this.#find(`${kind} of ${hold}, and by the rules it is ${found.state}`);
  }

  #sell({ hold, order, lines, at }: OfHold & { readonly order: string }): void {
    const found = this.#liveHold(hold);
    if (found?.state !== "live") {
      const state = found === null ? "was never taken" : `is ${found.state}`;
      this.#find(`${hold} is sold to ${order}, and by the rules it ${state}`);
      return;
    }
    if (!sameLines(found.lines, lines))
      this.#find(`${hold} is sold with other units than it holds`);
    const { epoch } = found;
    const answer = this.#stock.sell({ hold: found.hold, epoch, order, now: at, honour: false });
    if (answer._tag !== "Sold")
      this.#find(`${hold} is sold to ${order}, and the rules answer ${answer._tag}`);
  }

  #place(event: Extract<SaleEvent, { readonly kind: "OrderPlaced" }>): void {
    const { order: id, shopper, hold, lines, total, discount = 0, currency } = event;
    if (this.#orders.has(id)) {
      this.#find(`${id} is placed twice`);
      return;
    }
    const sum = lines.reduce((all, { units, unitPrice }) => all + units * unitPrice, 0);
    if (sum - discount !== total)
      this.#find(`${id} comes to ${total}, and its lines less ${discount} to ${sum - discount}`);
    const taken = discount === 0 ? null : { amount: discount };
    const order = { id, shopper, hold, lines, total, currency, discount: taken };
    this.#orders.set(id, { ...order, state: "placed" });
    this.#kept += 1 + lines.length;
  }

  #move(event: SaleEvent): void {
    const to = STATE_AFTER[event.kind as Step];
    if (to === undefined || !("order" in event)) return;
    const { order: id } = event;
    const order = this.#orders.get(id);
    if (order === undefined) {
      this.#find(`${event.kind} of ${id}, which nobody placed`);
      return;
    }
    if (!mayFollow(order.state, to))
      this.#find(`${id} goes from ${order.state} to ${to}, where no way leads`);
    if (to === "confirmed" && !this.#isSold(order))
      this.#find(`${id} is confirmed, and its units are not sold`);
    // Lines of several nodes may stand the other way round: an order that has ended stays so.
    if (!isFinal(order.state) || isFinal(to)) order.state = to;
  }

  #isSold({ id, hold }: ReplayedOrder): boolean {
    const found = this.#liveHold(hold);
    return found?.state === "sold" && found.order === id;
  }

  #openStock(sku: string): void {
    if (this.#known.has(sku)) return;
    this.#known.add(sku);
    this.#stock.open({ sku, units: UNITS_BEFORE, limitPerShopper: null });
  }
}

interface OfHold {
  readonly hold: string;
  readonly shopper: string;
  readonly lines: readonly StockLine[];
  readonly at: number;
}

function sameLines(one: readonly StockLine[], other: readonly StockLine[]): boolean {
  const text = (lines: readonly StockLine[]) =>
    lines
      .map(({ sku, units }) => `${sku} ${units}`)
      .sort()
      .join();
  return text(one) === text(other);
}
