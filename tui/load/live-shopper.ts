/**
 * One shopper at a live store: who they are to it, and what its answers have told them. A request
 * that earlier answers leave nothing to ask for, as a checkout without a cart, is not made.
 */
/// <reference types="node" />
import type { Answer, Asking } from "./load-request.ts";

export interface CartWish {
  readonly sku: string;
  readonly units: number;
}

export class LiveShopper {
  readonly #number: number;
  #token: string | null = null;
  #cart: string | null = null;
  #hold: string | null = null;
  /** Whether the last checkout was taken: who was told no does not go on to pay. */
  #isCheckedOut = false;
  #ticket: number | null = null;
  #orders = 0;

  constructor(number: number) {
    this.#number = number;
  }

  get isKnown(): boolean {
    return this.#token !== null;
  }

  /** Signed by somebody who has the store's keys. */
  takeToken(token: string): void {
    this.#token = token;
  }

  askName(): Asking {
    return { method: "POST", path: "/api/shoppers", headers: this.#headers(), body: {} };
  }

  hearName(answer: Answer | null): void {
    const token = memberOf(answer, "token");
    if (answer?.status === 201 && typeof token === "string") this.#token = token;
  }

  /** A page, which anybody may ask for. */
  askPage(path: string): Asking {
    return { method: "GET", path, headers: this.#headers() };
  }

  join(): Asking | null {
    return this.#own({ method: "POST", path: "/api/queue" });
  }

  look(): Asking | null {
    return this.#own({ method: "GET", path: `/api/queue/${this.#ticket}` });
  }

  enter(pass: string): Asking | null {
    return this.#own({ method: "POST", path: "/api/queue/enter", body: { pass } });
  }

  hearTicket(answer: Answer | null): void {
    const ticket = memberOf(answer, "ticket");
    if (typeof ticket === "number") this.#ticket = ticket;
  }

  add({ sku, units }: CartWish): Asking | null {
    return this.#own({ method: "POST", path: "/api/cart/lines", body: { sku, units } });
  }

  hearCart(answer: Answer | null): void {
    const cart = memberOf(answer, "cart");
    if (answer?.status === 200 && typeof cart === "string") this.#cart = cart;
  }

  checkOut(): Asking | null {
    const cart = this.#cart;
    if (cart === null) return null;
    return this.#own({ method: "POST", path: "/api/checkout", body: { cart } });
  }

  hearHold(answer: Answer | null): void {
    const hold = memberOf(answer, "hold");
    this.#isCheckedOut = answer?.status === 201;
    if (this.#isCheckedOut && typeof hold === "string") this.#hold = hold;
  }

  seeCart(): Asking | null {
    return this.#isCheckedOut ? this.#own({ method: "GET", path: "/api/cart" }) : null;
  }

  /** A hold serves one order; after a decline the units are held anew, in the step of the order. */
  order(paymentToken: string): Asking | null {
    if (this.#cart === null || !this.#isCheckedOut) return null;
    const hold = this.#hold === null ? {} : { hold: this.#hold };
    this.#hold = null;
    this.#orders += 1;
    const asking = this.#own({
      method: "POST",
      path: "/api/orders",
      body: { cart: this.#cart, paymentToken, ...hold },
    });
    if (asking === null) return null;
    const key = `${this.#cart}/${this.#orders}`;
    return { ...asking, headers: { ...asking.headers, "idempotency-key": key } };
  }

  /** Whoever has bought has no cart any more. */
  hearOrder(answer: Answer | null): void {
    if (answer === null || answer.status >= 300) return;
    this.#cart = null;
    this.#isCheckedOut = false;
  }

  #own(asking: Asking): Asking | null {
    if (this.#token === null) return null;
    return { ...asking, headers: { ...this.#headers(), authorization: `Bearer ${this.#token}` } };
  }

  /**
   * Each shopper comes from a network of their own, for a store that believes this machine as a
   * proxy: a /64 of the block for documentation (RFC 3849).
   */
  #headers(): Record<string, string> {
    const high = (this.#number >>> 16).toString(16);
    const low = (this.#number & 0xffff).toString(16);
    const from = { "x-forwarded-for": `2001:db8:${high}:${low}::1` };
    return this.#ticket === null ? from : { ...from, "queue-ticket": String(this.#ticket) };
  }
}

/** A member of a JSON answer; undefined where it is none. */
export function memberOf(answer: Answer | null, name: string): unknown {
  if (answer === null || answer.text === "") return undefined;
  try {
    return (JSON.parse(answer.text) as Record<string, unknown> | null)?.[name];
  } catch {
    return undefined;
  }
}

/** The kind of problem that a store tells, as in `sold-out`; null where it tells none. */
export function problemIn(answer: Answer | null): string | null {
  const type = memberOf(answer, "type");
  const [, kind = null] = typeof type === "string" ? (/^\/problems\/(.+)$/.exec(type) ?? []) : [];
  return kind;
}
