/** Offers and codes for tests: sound ones, of which a test changes what it is about. */
import { Effect } from "effect";
import type { Offer } from "../core/promotion.ts";
import { CODE_LENGTH, CODE_SYMBOLS, drawCode, SYMBOLS_PER_DRAW } from "../core/promotion-code.ts";

/** Ten per cent for ten shoppers, $100 in all, for an hour, and no order under $5. */
export function offerOf(offer: string, changes: Partial<Offer> = {}): Offer {
  return {
    offer,
    segment: "everyone",
    trigger: "exit-intent",
    discount: { kind: "percent", basisPoints: 1_000 },
    budget: { codes: 10, redemptions: 10, money: 10_000 },
    validForMillis: 3_600_000,
    floor: 500,
    stacks: false,
    ...changes,
  };
}

/** The code of the symbols that were drawn. */
export function codeOf(drawn: readonly number[]): string {
  let next = 0;
  const symbol = () => drawn[next++] ?? 0;
  return drawCode(() => {
    let draw = 0;
    for (let place = 0; place < SYMBOLS_PER_DRAW; place += 1) {
      draw += symbol() * CODE_SYMBOLS ** place;
    }
    return draw;
  });
}

/** A well-formed code, another one for each number. */
export function codeNumbered(number: number): string {
  const digit = (place: number) => Math.floor(number / CODE_SYMBOLS ** place) % CODE_SYMBOLS;
  return codeOf(Array.from({ length: CODE_LENGTH }, (_, place) => (place < 6 ? digit(place) : 7)));
}

/** Runs the effects at the same time and answers with what each was told. */
export function atTheSameTime<A, E>(effects: readonly Effect.Effect<A, E>[]) {
  return Effect.all(
    effects.map((effect) => Effect.zipRight(Effect.yieldNow(), effect)),
    { concurrency: "unbounded" },
  );
}
