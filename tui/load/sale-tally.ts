/** What became of orders and units, of a live store and of a rehearsal, counted by the same names. */
/// <reference types="node" />
import {
  ACCEPTED,
  DECLINED,
  HOLD_EXPIRED,
  IN_DOUBT,
  LIMIT_REACHED,
  PAYMENT_UNAVAILABLE,
  SALE_CLOSED,
  type SaleAnswer,
  SOLD_OUT,
} from "../../twin/shoppers/sale-desk.ts";

/** The end of a request for an order. `refused`: told to come back, or not answered. */
export const ORDER_ENDS = [
  "sold",
  "inDoubt",
  "declined",
  "notCharged",
  "soldOut",
  "lapsed",
  "limited",
  "closed",
  "refused",
  "other",
] as const;
export type OrderEnd = (typeof ORDER_ENDS)[number];

export type OrderEnds = Record<OrderEnd, number>;

export function noOrders(): OrderEnds {
  return Object.fromEntries(ORDER_ENDS.map((end) => [end, 0])) as OrderEnds;
}

export function addOrders(to: OrderEnds, more: Readonly<OrderEnds>): void {
  for (const end of ORDER_ENDS) to[end] += more[end];
}

const OF_REHEARSAL: Readonly<Partial<Record<SaleAnswer, OrderEnd>>> = {
  [ACCEPTED]: "sold",
  [IN_DOUBT]: "inDoubt",
  [DECLINED]: "declined",
  [PAYMENT_UNAVAILABLE]: "notCharged",
  [SOLD_OUT]: "soldOut",
  [HOLD_EXPIRED]: "lapsed",
  [LIMIT_REACHED]: "limited",
  [SALE_CLOSED]: "closed",
};

/** What a rehearsal answered; null where nothing came back, as from servers that were too busy. */
export function endOfRehearsed(answer: SaleAnswer | null): OrderEnd {
  return answer === null ? "refused" : (OF_REHEARSAL[answer] ?? "other");
}

/** By the kinds of problem that the store tells. */
const OF_PROBLEM: Readonly<Record<string, OrderEnd>> = {
  declined: "declined",
  "payment-unavailable": "notCharged",
  interrupted: "notCharged",
  "sold-out": "soldOut",
  refunded: "soldOut",
  "hold-expired": "lapsed",
  "limit-reached": "limited",
  "person-limit-reached": "limited",
  "sale-not-open": "closed",
  "in-flight": "inDoubt",
  "taking-long": "inDoubt",
  "too-many-requests": "refused",
  "too-many-holds": "refused",
  overloaded: "refused",
  draining: "refused",
  unavailable: "refused",
};

/** What a live store answered, by its status and the kind of problem that it told. */
export function endOfAnswered(status: number, problem: string | null): OrderEnd {
  if (status === 201) return "sold";
  if (status === 202) return "inDoubt";
  const known = problem === null ? undefined : OF_PROBLEM[problem];
  if (known !== undefined) return known;
  return status === 429 || status >= 500 ? "refused" : "other";
}

/** The test card of the sandbox that ends as the rehearsal did, whatever the store makes of it. */
export function cardOf(answer: SaleAnswer | null, isChallenged: boolean): string {
  if (isChallenged) return "card-3ds";
  if (answer === DECLINED) return "card-declined";
  if (answer === IN_DOUBT) return "card-timeout";
  if (answer === PAYMENT_UNAVAILABLE) return "card-unavailable";
  return "card-ok";
}
