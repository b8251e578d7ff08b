/** The audits against books that are wrong in one place each: every wrong must be found. */
import { describe, expect, it } from "vitest";
import { changeOf, confirmedAnswer, orderOf, paymentOf } from "../testing/orders.ts";
import { FINDINGS_MAX, type Finding, Findings } from "./audit.ts";
import type { HoldRecord, StockSnapshot } from "./hold.ts";
import type { Order } from "./order.ts";
import { auditOrders, type OrderAuditInput } from "./order-audit.ts";
import { OrderBook, type OrderBookSnapshot } from "./order-book.ts";
import { auditPayments, type GatewayCharge } from "./payment-audit.ts";
import type { SaleEvent } from "./sale-event.ts";
import { SaleTally } from "./sale-tally.ts";
import { Stock } from "./stock.ts";

interface Sale {
  readonly stock: StockSnapshot;
  readonly orders: OrderBookSnapshot;
  readonly events: readonly SaleEvent[];
}

/** Three orders taken the whole way: one confirmed, one refunded, one cancelled; one hold lapses. */
function soundSale(): Sale {
  const stock = new Stock({ items: [{ sku: "lamp", units: 9, limitPerShopper: 5 }] });
  const book = new OrderBook();
  const events: SaleEvent[] = [];
  const lines = [{ sku: "lamp", units: 1 }];
  for (const order of ["o-1", "o-2", "o-3"].map((id) => orderOf(id))) {
    const { hold, shopper, id, total, currency } = order;
    const told = { at: 1_000, shopper, order: id, total, currency };
    book.place(order);
    const held = stock.hold({ hold, shopper, lines, now: 0, expiresAt: 50 });
    const epoch = held._tag === "Held" ? held.epoch : 0;
    events.push({ kind: "HoldPlaced", at: 0, hold, shopper, lines });
    if (id === "o-3") {
      step(book, order, "cancelled", { answer: { _tag: "Interrupted", order: id } });
      stock.release({ hold, epoch, now: 5 });
      events.push({ kind: "HoldReleased", at: 5, hold, shopper, lines });
      continue;
    }
    const asked = step(book, order, "authorising", { payment: paymentOf(order, "attempt", id) });
    const paid = step(book, asked, "authorised", { payment: paymentOf(asked, "capture", id) });
    events.push({ ...told, kind: "OrderPaid", gateway: "first", reference: `capture of ${id}` });
    if (id === "o-1") {
      const sale = stock.sell({ hold, epoch, order: id, now: 9, honour: false });
      const serials = sale._tag === "Sold" ? sale.serials : [];
      events.push({ kind: "HoldSold", at: 9, hold, shopper, lines, order: id, serials });
      step(book, paid, "confirmed", { answer: confirmedAnswer(paid) });
      events.push({ ...told, kind: "OrderConfirmed" });
      continue;
    }
    stock.expireNext(50);
    events.push({ kind: "HoldExpired", at: 50, hold, shopper, lines });
    const refunding = step(book, paid, "refunding", {});
    const payment = paymentOf(refunding, "refund", `back ${id}`);
    const answer = { _tag: "Refunded", order: id, total, currency } as const;
    step(book, refunding, "refunded", { payment, answer });
    events.push({ ...told, kind: "OrderRefunded" });
  }
  return { stock: stock.snapshot(), orders: book.snapshot(), events };
}

function step(
  book: OrderBook,
  order: Order,
  to: Order["state"],
  changes: Parameters<typeof changeOf>[2],
): Order {
  const answer = book.append(changeOf(order, to, changes));
  if (answer._tag !== "Appended") throw new Error(answer._tag);
  return answer.order;
}

const SALE = soundSale();
const CHARGES: readonly GatewayCharge[] = [
  { gateway: "first", key: "o-1", order: "o-1", captured: 2_500, refunded: 0 },
  { gateway: "first", key: "o-2", order: "o-2", captured: 2_500, refunded: 2_500 },
];

function ids(findings: readonly Finding[]): readonly string[] {
  return [...new Set(findings.map((finding) => finding.id))].sort();
}

function withOrder(id: string, changes: Partial<Order>): OrderBookSnapshot {
  const orders = SALE.orders.orders.map((order) =>
    order.id === id ? { ...order, ...changes } : order,
  );
  return { ...SALE.orders, orders };
}

describe("the audit of orders", () => {
  const audit = (changes: Partial<OrderAuditInput>) =>
    ids(auditOrders({ orders: SALE.orders, holds: SALE.stock.holds, quiescent: true, ...changes }));
  const withHold = (id: string, changes: Partial<HoldRecord>) =>
    SALE.stock.holds.map((hold) => (hold.order === id ? { ...hold, ...changes } : hold));

  it("finds nothing in a sound sale, whatever shoppers were truly told", () => {
    const acknowledged = SALE.orders.orders.flatMap(({ shopper, key, answer }) =>
      answer === null ? [] : [{ shopper, key, answer }],
    );
    const attempted = new Map([["ann", new Set(SALE.orders.orders.map((order) => order.key))]]);
    expect(audit({ acknowledged, attempted })).toEqual([]);
  });

  it("finds a confirmed order whose units were not sold to it", () => {
    expect(audit({ holds: [] })).toEqual(["I02"]);
    expect(audit({ holds: withHold("o-1", { lines: [{ sku: "lamp", units: 2 }] }) })).toEqual([
      "I02",
    ]);
  });

  it("finds units that were sold to an order that is not confirmed, or is none", () => {
    expect(audit({ holds: withHold("o-1", { order: "o-3", hold: "hold of o-3" }) })).toEqual([
      "I02",
    ]);
    expect(audit({ holds: [...SALE.stock.holds, ...withHold("o-1", { order: "o-9" })] })).toEqual([
      "I02",
    ]);
  });

  it("finds two orders of one hold, and two of one key", () => {
    const { hold, key } = SALE.orders.orders[0];
    expect(audit({ orders: withOrder("o-3", { hold }) })).toEqual(["I11"]);
    expect(audit({ orders: withOrder("o-3", { key }) })).toEqual(["I40"]);
  });

  it("finds a step that the order machine does not know, and one out of a final state", () => {
    const late = { order: "o-1", from: "confirmed", to: "refunded", at: 99 } as const;
    expect(audit({ orders: { ...SALE.orders, steps: [...SALE.orders.steps, late] } })).toEqual([
      "I22",
    ]);
    const steps = SALE.orders.steps.filter((of) => of.to !== "authorised");
    expect(audit({ orders: { ...SALE.orders, steps } })).toEqual(["I22"]);
  });

  it("finds an order that was left on its way, and an end without its answer", () => {
    expect(audit({ orders: withOrder("o-3", { state: "inDoubt", answer: null }) })).toContain(
      "I20",
    );
    expect(audit({ orders: withOrder("o-3", { answer: null }) })).toEqual(["I42"]);
    expect(
      audit({ orders: withOrder("o-3", { answer: confirmedAnswer(orderOf("o-3")) }) }),
    ).toEqual(["I42"]);
  });

  it("finds an acknowledged order that is lost or says something else, and one nobody asked for", () => {
    const answer = confirmedAnswer(orderOf("o-9"));
    const lost = [{ shopper: "ann", key: "key of o-9", answer }];
    expect(audit({ acknowledged: lost })).toEqual(["I20"]);
    const other = [{ shopper: "ann", key: "key of o-1", answer }];
    expect(audit({ acknowledged: other })).toEqual(["I40"]);
    expect(audit({ attempted: new Map([["ben", new Set(["key of o-1"])]]) })).toEqual(["I21"]);
  });
});

describe("the audit of payments", () => {
  const audit = (orders: OrderBookSnapshot, charges = CHARGES) =>
    ids(auditPayments({ orders, charges, quiescent: true }));

  it("finds nothing in a sound sale", () => {
    expect(audit(SALE.orders)).toEqual([]);
  });

  it("finds a second capture, in the ledger and at the gateway", () => {
    const second = { ...SALE.orders.payments[1], key: "again" };
    const payments = [...SALE.orders.payments, second];
    expect(audit({ ...SALE.orders, payments })).toEqual(["I30", "I31", "I42"]);
    const charge = { ...CHARGES[0], key: "again" };
    expect(audit(SALE.orders, [...CHARGES, charge])).toEqual(["I30", "I32"]);
  });

  it("finds a charge that no order accounts for, and an order that no charge pays", () => {
    const orphan = { ...CHARGES[0], order: "o-9" };
    expect(audit(SALE.orders, [...CHARGES, orphan])).toEqual(["I32"]);
    expect(audit(SALE.orders, CHARGES.slice(1))).toEqual(["I30"]);
    const kept = { ...CHARGES[1], refunded: 0 };
    expect(audit(SALE.orders, [CHARGES[0], kept])).toEqual(["I32"]);
  });

  it("finds an order that was charged and not confirmed, or confirmed and not charged", () => {
    const unpaid = SALE.orders.payments.filter((row) => row.order !== "o-1");
    expect(audit({ ...SALE.orders, payments: unpaid })).toEqual(["I30"]);
    const kept = SALE.orders.payments.filter((row) => row.kind !== "refund");
    expect(audit({ ...SALE.orders, payments: kept })).toEqual(["I30", "I32"]);
  });

  it("finds an account that its entries do not explain, and an entry out of balance", () => {
    const balances = new Map(SALE.orders.balances).set("USD gateway:first", 2_499);
    expect(audit({ ...SALE.orders, balances })).toEqual(["I33"]);
    const [entry, ...rest] = SALE.orders.journal;
    const broken = { ...entry, postings: entry.postings.slice(0, 1) };
    expect(audit({ ...SALE.orders, journal: [broken, ...rest] })).toEqual(["I33"]);
  });

  it("finds a total that is not the sum of its lines", () => {
    const lines = [{ sku: "lamp", units: 1, unitPrice: 2_499 }];
    expect(audit(withOrder("o-3", { lines }))).toEqual(["I33"]);
  });

  it("lets an order be charged while it waits for its answer, but not for ever", () => {
    const waiting = withOrder("o-3", { state: "inDoubt", answer: null });
    const charges = [...CHARGES, { ...CHARGES[0], order: "o-3", key: "o-3" }];
    expect(ids(auditPayments({ orders: waiting, charges }))).toEqual([]);
    expect(ids(auditPayments({ orders: waiting, charges, quiescent: true }))).toEqual(["I32"]);
  });

  it("says so where money was kept for an order that nobody knows", () => {
    const kept = (order: string) => {
      const charges = [{ ...CHARGES[0], order, key: "stray", captured: 5, refunded: 0 }];
      const found = auditPayments({ orders: SALE.orders, charges, quiescent: true });
      return found.filter(({ id }) => id === "I32").map(({ what }) => what);
    };
    expect(kept("")).toEqual(["the gateways keep 5 of order unknown, which is in no ledger"]);
    expect(kept("o-99")).toEqual(["the gateways keep 5 of order o-99, which is in no ledger"]);
  });
});

describe("the tally of the sale log", () => {
  const tallied = (events: readonly SaleEvent[]) => {
    const tally = new SaleTally();
    for (const event of events) tally.observe(event);
    return ids(tally.audit(SALE.stock, SALE.orders));
  };

  it("agrees with the ledgers of a sound sale", () => {
    expect(tallied(SALE.events)).toEqual([]);
  });

  it("misses every event that is left out of the log", () => {
    const missed = SALE.events.map((_, left) =>
      tallied(SALE.events.filter((_, index) => index !== left)),
    );
    for (const found of missed) expect(found).not.toEqual([]);
  });

  it("finds every event that is in the log twice, but a hold taken again", () => {
    for (const event of SALE.events) {
      if (event.kind === "HoldPlaced" || event.kind === "OrderConfirmed") continue;
      expect(tallied([...SALE.events, event])).not.toEqual([]);
    }
  });

  it("counts restocks and write-offs", () => {
    const restock: SaleEvent = { kind: "StockAdded", at: 1, sku: "lamp", units: 3 };
    expect(tallied([...SALE.events, restock])).toEqual(["I01"]);
    const writeOff: SaleEvent = { kind: "StockWrittenOff", at: 2, sku: "lamp", units: 3 };
    expect(tallied([...SALE.events, restock, writeOff])).toEqual([]);
  });
});

it("an audit stops listing where more findings say nothing new", () => {
  const findings = new Findings();
  for (let n = 0; n < 500; n++) findings.expect(false, "I01", () => `finding ${n}`);
  expect(findings.list).toHaveLength(FINDINGS_MAX);
});
