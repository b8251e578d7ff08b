/**
 * The audit of an order ledger: orders against the stock line by line (I02, I11), against what
 * shoppers were told (I20, I21, I40), and their states against the order machine (I22, I42).
 */
import { type Finding, Findings, increase, pairOf } from "./audit.ts";
import type { HoldRecord, StockLevel } from "./hold.ts";
import { isFinal, mayFollow } from "./order.machine.ts";
import type { FinalAnswer, Order } from "./order.ts";
import type { OrderBookSnapshot, OrderStep } from "./order-book.ts";
import { sameUnits } from "./stock-lines.ts";

/** A final answer as a shopper received it. */
export interface Acknowledged {
  readonly shopper: string;
  readonly key: string;
  readonly answer: FinalAnswer;
}

export interface OrderAuditInput {
  readonly orders: OrderBookSnapshot;
  /** The holds of the stock ledger, read at the same moment. */
  readonly holds: readonly HoldRecord[];
  /** The levels of the stock ledger, where the limits per person are to be audited. */
  readonly levels?: readonly StockLevel[];
  /** What shoppers received, where it was kept. */
  readonly acknowledged?: Iterable<Acknowledged>;
  /** The (shopper, key) pairs under which shoppers ordered, where they were kept. */
  readonly attempted?: ReadonlyMap<string, ReadonlySet<string>>;
  /** True where nothing is under way any more: every order has ended. */
  readonly quiescent?: boolean;
}

export function auditOrders(input: OrderAuditInput): readonly Finding[] {
  const findings = new Findings();
  auditAgainstStock(input, findings);
  auditKeysAndHolds(input.orders.orders, findings);
  auditSteps(input.orders, findings);
  for (const order of input.orders.orders) auditOrder(order, input, findings);
  auditPersons(input, findings);
  auditAcknowledged(input, findings);
  return findings.list;
}

/** I02, both ways: what a confirmed order bought was sold, and what was sold has its order. */
function auditAgainstStock(input: OrderAuditInput, findings: Findings): void {
  const orders = new Map<string, Order>();
  for (const order of input.orders.orders) orders.set(order.id, order);
  const sold = new Set<string>();
  for (const hold of input.holds) {
    if (hold.state !== "sold") continue;
    const order = orders.get(hold.order ?? "");
    // Between the sale of the units and the confirmation an order stands in `authorised`.
    const paid = order?.state === "confirmed" || order?.state === "authorised";
    findings.expect(
      order !== undefined && paid && order.hold === hold.hold && sameUnits(order.lines, hold.lines),
      "I02",
      () => `hold ${hold.hold} was sold to ${hold.order}, which is ${describe(order)}`,
    );
    if (order !== undefined) sold.add(order.id);
  }
  for (const order of orders.values()) {
    findings.expect(
      order.state !== "confirmed" || sold.has(order.id),
      "I02",
      () => `order ${order.id} is confirmed, but its hold ${order.hold} was not sold to it`,
    );
  }
}

function describe(order: Order | undefined): string {
  if (order === undefined) return "unknown";
  return `${order.state}, holds ${order.hold} and has ${JSON.stringify(order.lines)}`;
}

function auditKeysAndHolds(orders: readonly Order[], findings: Findings): void {
  const keys = new Map<string, string>();
  const holds = new Map<string, string>();
  for (const order of orders) {
    const key = pairOf(order.shopper, order.key);
    findings.expect(
      !keys.has(key),
      "I40",
      () => `the key ${keyText(order)} placed the orders ${keys.get(key)} and ${order.id}`,
    );
    findings.expect(
      !holds.has(order.hold),
      "I11",
      () => `hold ${order.hold} serves the orders ${holds.get(order.hold)} and ${order.id}`,
    );
    keys.set(key, order.id);
    holds.set(order.hold, order.id);
  }
}

function keyText(order: Order): string {
  return JSON.stringify([order.shopper, order.key]);
}

function auditSteps(book: OrderBookSnapshot, findings: Findings): void {
  const last = new Map<string, OrderStep>();
  let latest: OrderStep | undefined;
  for (const step of book.steps) {
    // The steps of an order mostly follow one another, and need no search then.
    if (latest !== undefined && latest.order !== step.order) last.set(latest.order, latest);
    const before = latest?.order === step.order ? latest : last.get(step.order);
    const sound =
      before === undefined
        ? step.from === null && step.to === "placed"
        : step.from === before.to && mayFollow(before.to, step.to);
    findings.expect(
      sound,
      "I22",
      () => `order ${step.order} went from ${step.from} to ${step.to} after ${before?.to}`,
    );
    latest = step;
  }
  if (latest !== undefined) last.set(latest.order, latest);
  for (const order of book.orders) {
    const state = last.get(order.id)?.to;
    findings.expect(
      state === order.state,
      "I22",
      () => `order ${order.id} is ${order.state}, its last step led to ${state}`,
    );
  }
}

function auditOrder(order: Order, input: OrderAuditInput, findings: Findings): void {
  findings.expect(
    isFinal(order.state) === (order.answer !== null),
    "I42",
    () => `order ${order.id} is ${order.state} with the answer ${JSON.stringify(order.answer)}`,
  );
  findings.expect(
    (order.state === "confirmed") === (order.answer?._tag === "Confirmed"),
    "I42",
    () => `order ${order.id} is ${order.state} and answered ${order.answer?._tag}`,
  );
  findings.expect(
    input.quiescent !== true || isFinal(order.state),
    "I20",
    () => `order ${order.id} was left ${order.state}`,
  );
  const attempted = input.attempted;
  findings.expect(
    attempted === undefined || attempted.get(order.shopper)?.has(order.key) === true,
    "I21",
    () => `nobody asked for order ${order.id} of ${order.shopper} under ${order.key}`,
  );
}

/** I13 from the orders: the units that a confirmed order bought count for the person it names. */
function auditPersons({ orders, levels }: OrderAuditInput, findings: Findings): void {
  if (levels === undefined) return;
  const limits = new Map(levels.map((level) => [level.sku, level.limitPerPerson]));
  const bought = new Map<string, number>();
  for (const { id, state, lines, person } of orders.orders) {
    if (state !== "confirmed") continue;
    for (const { sku, units } of lines) {
      const limit = limits.get(sku) ?? null;
      for (const name of limit === null ? [] : person) {
        const key = pairOf(sku, name);
        increase(bought, key, units);
        const all = bought.get(key) ?? 0;
        findings.expect(
          all <= (limit ?? all),
          "I13",
          () => `with order ${id} ${name} has ${all} units of ${sku}, limit ${limit}`,
        );
      }
    }
  }
}

function auditAcknowledged(input: OrderAuditInput, findings: Findings): void {
  if (input.acknowledged === undefined) return;
  const orders = new Map(
    input.orders.orders.map((order) => [JSON.stringify([order.shopper, order.key]), order]),
  );
  for (const told of input.acknowledged) {
    const order = orders.get(JSON.stringify([told.shopper, told.key]));
    findings.expect(
      order !== undefined,
      "I20",
      () => `${told.shopper} was told ${told.answer._tag} under ${told.key}, but there is no order`,
    );
    if (order === undefined) continue;
    findings.expect(
      JSON.stringify(order.answer) === JSON.stringify(told.answer),
      "I40",
      () => `${told.shopper} was told ${told.answer._tag}, the ledger says ${order.answer?._tag}`,
    );
  }
}
