/**
 * What the order test compares: every decision, and what the ledgers hold at the end. Names that a
 * side gave are numbered in the order of their first appearance, so that two sides which give
 * other names to the same things say the same text.
 */
import { Effect } from "effect";
import type { Order } from "../../core/order.ts";
import { type GatewayScript, ScriptedGateway } from "../../memory/scripted-gateway.ts";
import type { SaleSetup } from "../../service/sale-setup.ts";
import { cartOf } from "../http/routes/cart.ts";
import type { LiveParts } from "../parts.ts";
import { LIST_PRICE, SALE_PRICE, SKUS } from "./order-schedule.ts";
import { trialSetup } from "./trial-server.ts";

/** An answer as HTTP says it, without the parts of a problem that are for people. */
export interface Decision {
  readonly status: number;
  readonly body: object | string;
}

export interface Outcome {
  /** One line for each request. */
  readonly decisions: readonly string[];
  /** Orders, payments, steps and journal; stock; and the sale log: one line for each row. */
  readonly ledger: readonly string[];
}

/** The block that all requests of the server's test come from. */
export const OUTSIDE_NETWORK = "127.0.0.0/24";

/** Every fourth shopper has an early-access link. */
export function isInvited(shopper: number): boolean {
  return shopper % 4 === 0;
}

/** What a shopper remembers of what they were told. */
export interface Notes {
  readonly shopper: string;
  readonly cart: string;
  hold: string | null;
  code: string | null;
}

export class ShopperNotes {
  /** The code that was given last, to whomever. */
  lastCode: string | null = null;
  readonly #nameOf: (number: number) => string;
  readonly #notes = new Map<number, Notes>();

  constructor(nameOf: (number: number) => string) {
    this.#nameOf = nameOf;
  }

  of(number: number): Notes {
    const known = this.#notes.get(number);
    if (known !== undefined) return known;
    const shopper = this.#nameOf(number);
    const notes = { shopper, cart: cartOf(shopper), hold: null, code: null };
    this.#notes.set(number, notes);
    return notes;
  }

  /** Keeps the hold or the code that an answer gave. */
  hear(number: number, body: object | string): void {
    const notes = this.of(number);
    if (typeof body === "string") return;
    if ("hold" in body && "expiresAt" in body) notes.hold = body.hold as string;
    if ("made" in body && "code" in body) {
      notes.code = body.code as string;
      this.lastCode = notes.code;
    }
  }
}

/** What becomes of each card at the first gateway; the second takes every card. */
const CARDS: Readonly<Record<string, ReturnType<NonNullable<GatewayScript["charge"]>>>> = {
  good: "approve",
  soft: "declineSoft",
  hard: "declineHard",
  lost: "timeOutAfterCapture",
  down: "networkError",
};

export const SCRIPTS: readonly GatewayScript[] = [
  { name: "first", charge: (_call, { paymentToken }) => CARDS[paymentToken] ?? "approve" },
  { name: "second" },
];

export function gatewaysOfTest(): readonly ScriptedGateway[] {
  return SCRIPTS.map((script) => ScriptedGateway.make(script));
}

/**
 * A sale that opens for the invited, then for all, sells out of some items and closes, all within
 * the schedule; with every limit on. Nothing in it sleeps: a gateway is asked once, then the next.
 */
export function setupOfTest(startsAt: number, lastsMillis: number): SaleSetup {
  const at = (share: number) => startsAt + Math.floor(lastsMillis * share);
  const plain = trialSetup({
    holdLimits: {
      perShopper: 3,
      perNetwork: 120,
      afterLapse: { firstMillis: 500, maxMillis: 4_000 },
    },
    limits: {
      perShopper: { tokens: 1, everyMillis: 1_500, burst: 4 },
      perNetwork: { tokens: 30, everyMillis: 1_000, burst: 60 },
    },
  });
  const of = { seller: "hearth", currency: "USD", price: LIST_PRICE, salePrice: SALE_PRICE };
  const units = Math.ceil(lastsMillis / 1_000);
  return {
    ...plain,
    name: "order-test",
    catalog: {
      sellers: [{ seller: "hearth", name: "Hearth" }],
      products: SKUS.map((sku) => ({ product: sku, seller: "hearth", name: sku, skus: [sku] })),
      listings: SKUS.map((sku) => ({ ...of, sku, product: sku, name: sku, floorPrice: 1_500 })),
    },
    stock: SKUS.map((sku) => ({ sku, units, limitPerShopper: 8, limitPerPerson: 6 })),
    tries: { max: 2, windowMillis: 20_000 },
    settings: {
      ...plain.settings,
      sale: { earlyAccessAt: at(0.05), publicAt: at(0.1), closesAt: at(0.95) },
      holdForMillis: 3_000,
      payment: { ...plain.settings.payment, attemptsPerGateway: 1 },
      promotions: {
        highIntentViews: 3,
        offers: [
          {
            offer: "stay",
            segment: "everyone",
            trigger: "exit-intent",
            discount: { kind: "percent", basisPoints: 1_250 },
            budget: { codes: 40, redemptions: 12, money: 20_000 },
            validForMillis: 30_000,
            floor: 1_000,
            stacks: false,
          },
        ],
      },
    },
  };
}

export async function outcomeOf(
  decisions: readonly Decision[],
  { orders, stock, saleLog }: LiveParts,
): Promise<Outcome> {
  const numbered = numbering();
  const written = await Effect.runPromise(orders.snapshot);
  const { levels, totals } = await Effect.runPromise(stock.snapshot);
  const length = await Effect.runPromise(saleLog.length);
  const log = await Effect.runPromise(saleLog.read({ after: 0, limit: Math.max(1, length) }));
  const ranked = ranking(written.orders);
  const rows = [
    ...written.orders,
    ...written.payments,
    ...written.steps,
    ...written.journal,
    [...written.balances].sort(),
    levels,
    totals,
    ...log,
  ];
  return {
    decisions: decisions.map((decision, place) => numbered(`${place} ${canonical(decision)}`)),
    ledger: rows.map((row) => numbered(ranked(canonical(row)))),
  };
}

/**
 * Writes an epoch as its place among all that orders have. A ledger promises that epochs grow and
 * not by how much: a gate in Redis goes on above the clock after every rebuild.
 */
function ranking(orders: readonly Order[]): (text: string) => string {
  const epochs = orders.flatMap(({ epoch }) => epoch ?? []).sort((one, other) => one - other);
  const ranks = new Map([...new Set(epochs)].map((epoch, rank) => [String(epoch), rank + 1]));
  return (text) =>
    text.replace(/"epoch":(\d+)/g, (_, epoch: string) => `"epoch":${ranks.get(epoch) ?? epoch}`);
}

const GIVEN =
  /(shopper|cart|hold|order)_(?:[0-9a-z]{9}_)?[A-Za-z0-9_-]{24}|[2-9A-Z]{4}(-[2-9A-Z]{4}){3}/g;

/** Writes names as their kind and number; a name gets its number where it first appears. */
function numbering(): (text: string) => string {
  const numbers = new Map<string, string>();
  const counts = new Map<string, number>();
  return (text) =>
    text.replace(GIVEN, (name, kind: string | undefined) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const of = kind ?? "code";
      const count = (counts.get(of) ?? 0) + 1;
      counts.set(of, count);
      numbers.set(name, `${of}#${count}`);
      return `${of}#${count}`;
    });
}

/** JSON with the members of every object in the order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
    return Object.fromEntries(
      Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)),
    );
  });
}
