/**
 * What the sale log says of codes, counted event by event: a second witness beside the ledger of
 * codes. A code is given once, has one open claim at a time, and each claim ends once; what codes
 * took off is what the confirmed orders cost less.
 */
import { type Findings, increase } from "./audit.ts";
import type { OrderBookSnapshot } from "./order-book.ts";
import type { PromotionSnapshot } from "./promotion-book.ts";
import type { SaleEvent } from "./sale-event.ts";

type OfKind<Kind extends SaleEvent["kind"]> = Extract<SaleEvent, { readonly kind: Kind }>;
type ClaimEvent = OfKind<"CodeClaimed" | "CodeRedeemed" | "CodeReleased">;
export type PromotionEvent = OfKind<"OfferMade"> | ClaimEvent;

interface Given {
  readonly shopper: string;
  order: string | null;
  spent: boolean;
}

export class PromotionTally {
  readonly #codes = new Map<string, Given>();
  readonly #issued = new Map<string, number>();
  readonly #redeemed = new Map<string, number>();
  readonly #money = new Map<string, number>();
  /** What codes took off each order that was sold. */
  readonly #off = new Map<string, number>();
  readonly #findings: Findings;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  observe(event: PromotionEvent): void {
    if (event.kind !== "OfferMade") {
      this.#claim(event);
      return;
    }
    const { code, offer, shopper } = event;
    this.#findings.expect(!this.#codes.has(code), "I60", () => `code ${code} was given twice`);
    this.#codes.set(code, { shopper, order: null, spent: false });
    increase(this.#issued, offer, 1);
  }

  #claim(event: ClaimEvent): void {
    const { kind, code: name, order, shopper, offer, amount } = event;
    const code = this.#codes.get(name);
    const opens = kind === "CodeClaimed";
    const sound =
      code !== undefined &&
      !code.spent &&
      code.shopper === shopper &&
      code.order === (opens ? null : order);
    this.#findings.expect(sound, "I60", () => `${kind} of ${name} by ${order}: ${told(code)}`);
    if (code === undefined) return;
    code.order = opens ? order : null;
    if (kind !== "CodeRedeemed") return;
    code.spent = true;
    increase(this.#redeemed, offer, 1);
    increase(this.#money, offer, amount);
    increase(this.#off, order, amount);
  }

  audit(promotions: PromotionSnapshot, orders: OrderBookSnapshot, findings: Findings): void {
    for (const { offer, issued, spent, moneySpent } of promotions.offers) {
      const name = offer.offer;
      const logged = [this.#issued, this.#redeemed, this.#money].map((sum) => sum.get(name) ?? 0);
      findings.expect(
        logged[0] === issued && logged[1] === spent && logged[2] === moneySpent,
        "I60",
        () =>
          `${name}: the log has ${logged.join(", ")}; the ledger ${issued}, ${spent}, ${moneySpent}`,
      );
    }
    for (const { id, state, discount } of orders.orders) {
      if (state !== "confirmed") continue;
      const off = this.#off.get(id) ?? 0;
      findings.expect(
        off === (discount?.amount ?? 0),
        "I61",
        () => `order ${id}: the log takes ${off} off, the ledger ${discount?.amount ?? 0}`,
      );
    }
  }
}

function told(code: Given | undefined): string {
  if (code === undefined) return "it was never given";
  return `it is ${code.shopper}'s, ${code.spent ? "spent" : `claimed by ${code.order}`}`;
}
