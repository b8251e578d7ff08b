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

export class PromotionTally {
  /** Whose each code is, the order that has an open claim to it, and those that are spent. */
  readonly #ownerOf = new Map<string, string>();
  readonly #claimedBy = new Map<string, string>();
  readonly #spent = new Set<string>();
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
    this.#findings.expect(!this.#ownerOf.has(code), "I60", () => `code ${code} was given twice`);
    this.#ownerOf.set(code, shopper);
    increase(this.#issued, offer, 1);
  }

  #claim(event: ClaimEvent): void {
    const { kind, code, order, shopper, offer, amount } = event;
    const opens = kind === "CodeClaimed";
    const sound =
      this.#ownerOf.get(code) === shopper &&
      !this.#spent.has(code) &&
      this.#claimedBy.get(code) === (opens ? undefined : order);
    this.#findings.expect(
      sound,
      "I60",
      () => `${kind} of ${code} by ${order}: ${this.#told(code)}`,
    );
    if (opens) this.#claimedBy.set(code, order);
    else this.#claimedBy.delete(code);
    if (kind !== "CodeRedeemed") return;
    this.#spent.add(code);
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

  #told(code: string): string {
    const owner = this.#ownerOf.get(code);
    if (owner === undefined) return "it was never given";
    const spent = this.#spent.has(code);
    return `it is ${owner}'s, ${spent ? "spent" : `claimed by ${this.#claimedBy.get(code)}`}`;
  }
}
