/**
 * A seeded schedule of what shoppers of a sale ask for: the same list of wishes for the twin's
 * engine and for a live server. A wish names shoppers by number and what they were given before by
 * when they were given it, so that it can be made of whoever keeps those names.
 */
import { Simulation } from "../../../engine/simulation.ts";

export interface Line {
  readonly sku: string;
  readonly units: number;
  readonly unitPrice: number;
}

export type Wish =
  | { readonly kind: "add"; readonly sku: string; readonly units: number }
  | { readonly kind: "set"; readonly sku: string; readonly units: number }
  | { readonly kind: "hold"; readonly of: "cart" | Line; readonly withCode: boolean }
  | { readonly kind: "release" }
  | {
      readonly kind: "order";
      readonly of: "cart" | Line;
      /** A key that is used again is a repetition, or a mistake. */
      readonly key: string;
      readonly withHold: boolean;
      readonly withCode: boolean;
      readonly card: string;
      readonly email: string | null;
    }
  | { readonly kind: "offer" }
  | { readonly kind: "check"; readonly own: boolean }
  | { readonly kind: "askExit" }
  | { readonly kind: "answerExit"; readonly reason: "price" | "wait" }
  | { readonly kind: "sweep" };

export interface Scheduled {
  /** Milliseconds after the start of the schedule. */
  readonly at: number;
  readonly shopper: number;
  readonly wish: Wish;
}

export const SKUS = ["A", "B", "C"] as const;
export const SALE_PRICE = 2_500;
/** Before the sale and after it, everything costs this. */
export const LIST_PRICE = 4_000;
/** What a gateway makes of each card; one in ten pays with each of the others. */
const CARDS = ["good", "soft", "hard", "lost", "down"] as const;
const MEAN_GAP_MILLIS = 40;

export interface ScheduleOptions {
  readonly seed: string;
  readonly requests: number;
  readonly shoppers: number;
}

export function orderSchedule({ seed, requests, shoppers }: ScheduleOptions): readonly Scheduled[] {
  const draws = new Simulation({ seed }).random("order-test");
  const below = (limit: number) => draws.below(limit);
  const schedule: Scheduled[] = [];
  let at = 0;
  for (let made = 0; made < requests; made += 1) {
    at += below(2 * MEAN_GAP_MILLIS);
    schedule.push({ at, shopper: below(shoppers), wish: wishOf(below, made) });
  }
  return schedule;
}

type Below = (limit: number) => number;

function wishOf(below: Below, made: number): Wish {
  if (made % 50 === 49) return { kind: "sweep" };
  const sku = SKUS[below(SKUS.length)] as string;
  const chance = below(100);
  if (chance < 28) return { kind: "add", sku, units: 1 + below(3) };
  if (chance < 34) return { kind: "set", sku, units: below(4) };
  if (chance < 50) return { kind: "hold", of: itemsOf(below, sku), withCode: below(4) === 0 };
  if (chance < 54) return { kind: "release" };
  if (chance < 58) return { kind: "offer" };
  if (chance < 61) return { kind: "check", own: below(2) === 0 };
  if (chance < 63) return { kind: "askExit" };
  if (chance < 65) return { kind: "answerExit", reason: below(2) === 0 ? "price" : "wait" };
  return orderOf(below, sku);
}

function itemsOf(below: Below, sku: string): "cart" | Line {
  if (below(2) === 0) return "cart";
  const unitPrice = below(12) === 0 ? LIST_PRICE : SALE_PRICE;
  return { sku, units: 1 + below(2), unitPrice };
}

function orderOf(below: Below, sku: string): Wish {
  const card = below(2) === 0 ? "good" : (CARDS[below(CARDS.length)] as string);
  return {
    kind: "order",
    of: itemsOf(below, sku),
    key: `key-${below(24)}`,
    withHold: below(2) === 0,
    withCode: below(4) === 0,
    card,
    email: below(3) === 0 ? `reader+${below(3)}-${below(40)}@example.com` : null,
  };
}
