/**
 * The audit of the money: captures and refunds against orders (I30, I31, I32), the journal against
 * itself and its accounts (I33), and both against what the gateways say they did.
 */
import { type Finding, Findings, increase, pairOf } from "./audit.ts";
import { balances, type JournalEntry } from "./journal.ts";
import { totalOf } from "./money.ts";
import type { Order, OrderState, PaymentRow } from "./order.ts";
import type { OrderBookSnapshot } from "./order-book.ts";

/** A charge as its gateway keeps it: the witness from outside the store. */
export interface GatewayCharge {
  readonly gateway: string;
  readonly key: string;
  readonly order: string;
  /** Minor units captured, and of these returned. */
  readonly captured: number;
  readonly refunded: number;
}

export interface PaymentAuditInput {
  readonly orders: OrderBookSnapshot;
  /** What the gateways captured, where they can be asked. */
  readonly charges?: readonly GatewayCharge[];
  /** True where nothing is under way any more. */
  readonly quiescent?: boolean;
}

/** States in which the money of an order has been captured and not returned. */
const PAID: ReadonlySet<OrderState> = new Set<OrderState>(["authorised", "confirmed", "refunding"]);

export function auditPayments(input: PaymentAuditInput): readonly Finding[] {
  const findings = new Findings();
  auditCaptures(input, findings);
  auditRows(input.orders.payments, findings);
  auditJournal(input.orders, findings);
  if (input.charges !== undefined) auditCharges(input.charges, input, findings);
  return findings.list;
}

function auditCaptures(input: PaymentAuditInput, findings: Findings): void {
  const net = new Map<string, number>();
  for (const row of input.orders.payments) {
    if (row.kind === "capture") increase(net, row.order, row.amount);
    if (row.kind === "refund") increase(net, row.order, -row.amount);
  }
  for (const order of input.orders.orders) {
    const kept = net.get(order.id) ?? 0;
    const due = PAID.has(order.state) ? order.total : 0;
    findings.expect(
      kept === due,
      "I30",
      () => `order ${order.id} is ${order.state}: ${kept} minor units kept, ${due} due`,
    );
    findings.expect(
      input.quiescent !== true || kept === 0 || order.state === "confirmed",
      "I32",
      () => `order ${order.id} was charged ${kept} and left ${order.state}`,
    );
    findings.expect(
      order.total + (order.discount?.amount ?? 0) === totalOf(order.lines),
      "I33",
      () => `order ${order.id} costs ${order.total}, its lines ${totalOf(order.lines)}`,
    );
    net.delete(order.id);
  }
  for (const [order, kept] of net) {
    findings.expect(false, "I30", () => `${kept} minor units of ${order}, which is no order`);
  }
}

function auditRows(rows: readonly PaymentRow[], findings: Findings): void {
  const captures = new Set<string>();
  const keys = new Set<string>();
  const attempts = new Set<string>();
  for (const row of rows) {
    findings.expect(
      Number.isSafeInteger(row.amount) && row.amount > 0,
      "I33",
      () => `a ${row.kind} of ${row.amount} minor units for order ${row.order}`,
    );
    const key = pairOf(row.gateway, row.key);
    if (row.kind === "attempt") attempts.add(key);
    if (row.kind !== "capture") continue;
    findings.expect(
      !captures.has(row.order) && !keys.has(key),
      "I31",
      () => `order ${row.order} was captured twice, again under ${keyText(row)}`,
    );
    findings.expect(
      attempts.has(key),
      "I42",
      () => `order ${row.order} was captured under ${keyText(row)}, which no attempt announced`,
    );
    captures.add(row.order);
    keys.add(key);
  }
}

function keyText(row: PaymentRow): string {
  return JSON.stringify([row.gateway, row.key]);
}

function auditJournal(book: OrderBookSnapshot, findings: Findings): void {
  for (const entry of book.journal) {
    findings.expect(
      sumOf(entry) === 0,
      "I33",
      () => `the ${entry.kind} of order ${entry.order} is out of balance by ${sumOf(entry)}`,
    );
  }
  const again = balances(book.journal);
  const accounts = new Set([...again.keys(), ...book.balances.keys()]);
  const sums = new Map<string, number>();
  for (const account of accounts) {
    const kept = book.balances.get(account) ?? 0;
    const counted = again.get(account) ?? 0;
    findings.expect(
      kept === counted,
      "I33",
      () => `${account} stands at ${kept}, its entries sum to ${counted}`,
    );
    increase(sums, account.slice(0, account.indexOf(" ")), kept);
  }
  for (const [currency, sum] of sums) {
    findings.expect(sum === 0, "I33", () => `the accounts in ${currency} sum to ${sum}`);
  }
  auditSales(book, findings);
}

/** I33 from the other side: the account of sales is what the paid orders cost. */
function auditSales(book: OrderBookSnapshot, findings: Findings): void {
  const sales = new Map<string, number>();
  for (const order of book.orders) {
    if (PAID.has(order.state)) increase(sales, `${order.currency} sales`, -order.total);
  }
  for (const [account, balance] of book.balances) {
    if (!account.endsWith(" sales")) continue;
    const due = sales.get(account) ?? 0;
    findings.expect(
      balance === due,
      "I33",
      () => `${account} stands at ${balance}, the paid orders at ${due}`,
    );
  }
}

function sumOf(entry: JournalEntry): number {
  let sum = 0;
  for (const posting of entry.postings) sum += posting.amount;
  return sum;
}

/** I31 and I32 against the gateways: they captured what the ledger says, and nothing else. */
function auditCharges(
  charges: readonly GatewayCharge[],
  input: PaymentAuditInput,
  findings: Findings,
): void {
  const orders = new Map<string, Order>();
  for (const order of input.orders.orders) orders.set(order.id, order);
  const net = new Map<string, number>();
  for (const charge of charges) increase(net, charge.order, charge.captured - charge.refunded);
  for (const [id, kept] of net) {
    findings.expect(
      kept === 0 || accountsFor(orders.get(id), kept, input.quiescent === true),
      "I32",
      () =>
        `the gateways keep ${kept} of order ${id || "unknown"}, which is ${orders.get(id)?.state ?? "in no ledger"}`,
    );
  }
  for (const order of orders.values()) {
    findings.expect(
      order.state !== "confirmed" || net.get(order.id) === order.total,
      "I30",
      () => `order ${order.id} costs ${order.total}, the gateways keep ${net.get(order.id) ?? 0}`,
    );
  }
}

/** Whether an order explains that the gateways keep this much of its shopper's money. */
function accountsFor(order: Order | undefined, kept: number, quiescent: boolean): boolean {
  if (order === undefined || kept !== order.total) return false;
  if (quiescent) return order.state === "confirmed";
  return PAID.has(order.state) || order.state === "authorising" || order.state === "inDoubt";
}
