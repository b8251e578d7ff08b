/** What the shoppers of the benchmark ask for. Each has a name of their own, and every order a key. */
import type autocannon from "autocannon";
import { ShopperTokens } from "../store/live/http/shopper-token.ts";
import type { Asking, Served } from "./bench-store-load.ts";
import type { StoreTold } from "./bench-store-server.ts";

/** Adds to the cart before the order of a whole checkout: six requests with it. */
const LINES_OF_A_CART = 5;
export const REQUESTS_OF_A_CHECKOUT = LINES_OF_A_CART + 1;
const HOUR = 3_600_000;
/** Enough that none of them comes near the limit per shopper in a round. */
const SHOPPERS = 20_000;

export class BenchRequests {
  readonly #told: StoreTold;
  readonly #tokens: ShopperTokens;
  readonly #known: string[] = [];
  readonly #until = Date.now() + HOUR;
  #keys = 0;

  constructor({ told }: Served, key: string) {
    this.#told = told;
    this.#tokens = new ShopperTokens(told.sale, [Buffer.from(key, "hex")]);
  }

  /** One order in one request. */
  order(path: string): Asking {
    this.#keys += 1;
    return { method: "POST", path, headers: this.#headers(this.#keys), body: this.#orderBody() };
  }

  orders(path: string): autocannon.Request[] {
    return [{ setupRequest: () => ({ ...this.order(path) }) }];
  }

  /** Five lines into a cart, and the order of it. */
  checkouts(cartPath: string, orderPath: string): autocannon.Request[] {
    const { sku } = this.#told;
    const add: autocannon.Request = {
      method: "POST",
      path: cartPath,
      body: JSON.stringify({ sku, units: 1 }),
      setupRequest: (request, visit: Visit) => {
        if (visit.number === undefined) {
          this.#keys += 1;
          visit.number = this.#keys;
        }
        return { ...request, headers: this.#headers(visit.number) };
      },
      onResponse: (status, body, visit: Visit) => {
        if (status === 200) visit.cart = (JSON.parse(body) as { cart: string }).cart;
      },
    };
    const order: autocannon.Request = {
      method: "POST",
      path: orderPath,
      setupRequest: (request, { number = 0, cart = "none" }: Visit) => ({
        ...request,
        headers: this.#headers(number),
        body: JSON.stringify({ cart, paymentToken: "card-ok" }),
      }),
    };
    return [...new Array<autocannon.Request>(LINES_OF_A_CART).fill(add), order];
  }

  /** Everybody new comes to the door. */
  joins(path: string): autocannon.Request[] {
    return [
      {
        setupRequest: () => {
          this.#keys += 1;
          return { method: "POST", path, headers: { authorization: this.#bearer(this.#keys) } };
        },
      },
    ];
  }

  /** So many come to the door one after the other; answers with their tickets. */
  async joined(path: string, count: number): Promise<readonly number[]> {
    const tickets: number[] = [];
    for (let number = 0; number < count; number += 1) {
      const headers = { authorization: this.#bearer(number) };
      const heard = await fetch(this.#told.url + path, { method: "POST", headers });
      tickets.push(((await heard.json()) as { ticket: number }).ticket);
    }
    this.#keys = count;
    return tickets;
  }

  /** Those who joined first ask how far it is, one after the other. */
  looks(pathOf: (ticket: number) => string, tickets: readonly number[]): autocannon.Request[] {
    let turn = 0;
    return [
      {
        setupRequest: () => {
          turn = (turn + 1) % tickets.length;
          const path = pathOf(tickets[turn] as number);
          return { method: "GET", path, headers: { authorization: this.#bearer(turn) } };
        },
      },
    ];
  }

  #orderBody(): string {
    const { sku, unitPrice } = this.#told;
    return JSON.stringify({ lines: [{ sku, units: 1, unitPrice }], paymentToken: "card-ok" });
  }

  #headers(number: number): Record<string, string> {
    return {
      "content-type": "application/json",
      authorization: this.#bearer(number % SHOPPERS),
      "idempotency-key": `bench-${process.pid}-${number}`,
    };
  }

  #bearer(number: number): string {
    this.#known[number] ??= this.#tokens.sign(
      { shopper: `bench-${number}`, tier: "regular", invited: false },
      this.#until,
    );
    return `Bearer ${this.#known[number]}`;
  }
}

interface Visit {
  number?: number;
  cart?: string;
}
