/**
 * The audit of the codes: counted again from the codes themselves, against the budgets (I60),
 * and against the orders that used them and what those cost (I61).
 */
import { type Finding, Findings, increase } from "./audit.ts";
import { totalOf } from "./money.ts";
import { isFinal } from "./order.machine.ts";
import type { Order } from "./order.ts";
import type { CodeRecord, OfferStanding, PromotionSnapshot } from "./promotion-book.ts";

export interface PromotionAuditInput {
  readonly promotions: PromotionSnapshot;
  readonly orders: readonly Order[];
  /** The least that a unit of a SKU may cost, minor units; 0 where nothing is said. */
  readonly floorOf: (sku: string) => number;
  /** True where nothing is under way any more. */
  readonly quiescent?: boolean;
}

export function auditPromotions(input: PromotionAuditInput): readonly Finding[] {
  const findings = new Findings();
  const counted = countedByOffer(input.promotions);
  for (const standing of input.promotions.offers) {
    auditBudget(standing, counted.get(standing.offer.offer) ?? new Counted(), findings);
  }
  auditCodes(input, findings);
  for (const order of input.orders) auditPrice(order, input, findings);
  return findings.list;
}

/** What an offer's codes come to, counted one by one. */
class Counted {
  readonly shoppers = new Set<string>();
  issued = 0;
  claimed = 0;
  spent = 0;
  moneyClaimed = 0;
  moneySpent = 0;

  add({ shopper, state, amount }: CodeRecord): void {
    this.shoppers.add(shopper);
    this.issued += 1;
    if (state === "claimed") {
      this.claimed += 1;
      this.moneyClaimed += amount;
    }
    if (state === "spent") {
      this.spent += 1;
      this.moneySpent += amount;
    }
  }
}

function countedByOffer({ codes }: PromotionSnapshot): ReadonlyMap<string, Counted> {
  const counted = new Map<string, Counted>();
  for (const code of codes) {
    const sum = counted.get(code.offer) ?? new Counted();
    if (sum.issued === 0) counted.set(code.offer, sum);
    sum.add(code);
  }
  return counted;
}

/** I60: redeemed <= issued <= budget, in number and in money, by a count of the codes. */
function auditBudget(standing: OfferStanding, counted: Counted, findings: Findings): void {
  const { offer: name, budget } = standing.offer;
  const { issued, claimed, spent, moneyClaimed, moneySpent } = counted;
  const used = claimed + spent;
  const given = moneyClaimed + moneySpent;
  findings.expect(
    issued <= budget.codes && used <= issued && used <= budget.redemptions,
    "I60",
    () => `${name}: ${used} of ${issued} codes in use, ${JSON.stringify(budget)} allowed`,
  );
  findings.expect(
    given <= budget.money,
    "I60",
    () => `${name}: ${given} minor units given away, ${budget.money} allowed`,
  );
  findings.expect(
    standing.issued === issued &&
      standing.claimed === claimed &&
      standing.spent === spent &&
      standing.moneyClaimed === moneyClaimed &&
      standing.moneySpent === moneySpent,
    "I60",
    () => `${name} stands at other counts than its codes: ${JSON.stringify(standing)}`,
  );
  findings.expect(
    counted.shoppers.size === issued,
    "I60",
    () => `${name} was given to one shopper twice`,
  );
}

/** I60: each code serves the order that says so, and an order that was sold has spent its codes. */
function auditCodes({ promotions, orders, quiescent }: PromotionAuditInput, findings: Findings) {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const used = new Map<string, number>();
  for (const code of promotions.codes) {
    if (code.order === null) continue;
    const order = byId.get(code.order);
    const named = order?.discount?.codes.find((one) => one.code === code.code);
    findings.expect(
      order !== undefined && order.shopper === code.shopper && named?.amount === code.amount,
      "I60",
      () => `code ${code.code} is ${code.state} by ${code.order}, which does not have it so`,
    );
    const settled = code.state === "spent" ? order?.state === "confirmed" : quiescent !== true;
    findings.expect(
      settled,
      "I60",
      () => `code ${code.code} is ${code.state} by ${code.order}, which is ${order?.state}`,
    );
    if (code.state === "spent") increase(used, code.order, 1);
  }
  for (const { id, state, discount } of orders) {
    // Between the confirmation and the redemption the claim is still open.
    if (quiescent !== true || state !== "confirmed" || discount === null) continue;
    findings.expect(
      used.get(id) === discount.codes.length,
      "I60",
      () => `order ${id} was sold cheaper, but not all its codes are spent`,
    );
  }
}

/** I61: an order costs its lines less its discount, and never less than the floors. */
function auditPrice(order: Order, input: PromotionAuditInput, findings: Findings): void {
  const { id, discount, lines, total } = order;
  const byLine = discount?.lines ?? [];
  const off = discount?.amount ?? 0;
  const byCode = (discount?.codes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  findings.expect(
    total + off === totalOf(lines) && total > 0 && byCode === off,
    "I61",
    () => `order ${id} costs ${total} and ${off} less than ${totalOf(lines)}, ${byCode} by code`,
  );
  if (discount === null || (isFinal(order.state) && order.state !== "confirmed")) return;
  findings.expect(
    byLine.length === lines.length && byLine.reduce((sum, part) => sum + part, 0) === off,
    "I61",
    () => `the lines of order ${id} give ${byLine.join(", ")} of ${off}`,
  );
  for (const [index, line] of lines.entries()) {
    const paid = line.units * line.unitPrice - (byLine[index] ?? 0);
    findings.expect(
      paid >= line.units * input.floorOf(line.sku) && paid >= 0,
      "I61",
      () => `order ${id} has ${line.units} ${line.sku} for ${paid}, under the floor`,
    );
  }
  for (const { offer } of input.promotions.offers) {
    const serves = discount.codes.some((code) => code.offer === offer.offer);
    findings.expect(
      !serves || total >= offer.floor,
      "I61",
      () => `order ${id} costs ${total}, under the ${offer.floor} of ${offer.offer}`,
    );
  }
}
