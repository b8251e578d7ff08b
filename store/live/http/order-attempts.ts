/**
 * Who tries cards and codes by placing orders. A thief with a list of cards buys something small
 * with each and sees which are declined (OWASP OAT-001, Carding), a guesser of codes sees which
 * are taken (OAT-002, Token Cracking). So both are counted twice, for the shopper and for the
 * network, since new names cost neither of them anything; whoever has used one up places no new
 * order for a while. What was placed before is told under its key all the same.
 */
import type { FastifyRequest } from "fastify";
import type { PlaceOrderAnswer, TooManyRequests } from "../../core/checkout.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { Program, type Steps } from "../../service/program.ts";
import {
  type AskingBucket,
  type HttpDesk,
  identityOf,
  type NotInside,
  networkOf,
} from "./http-desk.ts";

type Answer = PlaceOrderAnswer | NotInside;

export interface OrderAttempt {
  readonly key: string;
  readonly codes: readonly string[];
}

/** The order, unless its shopper or their network has tried too many cards or codes. */
export function withinAttempts(
  desk: HttpDesk,
  request: FastifyRequest,
  { key, codes }: OrderAttempt,
  place: Program<Answer, PortUnavailable>,
): Program<Answer, PortUnavailable> {
  const cards = cardBuckets(desk, request);
  if (cards.length === 0) return place;
  const { shopper } = identityOf(request);
  const { orders } = desk.store.ports;
  const guessing = codes.length === 0 ? null : desk.refusal(codeBuckets(desk, request));
  return new Program(function* (clock): Steps<Answer, PortUnavailable> {
    const held = heldBack(desk, cards, clock.unsafeCurrentTimeMillis());
    const refused = held ?? (guessing === null ? null : yield* guessing.begin(clock));
    if (refused !== null && (yield* orders.findByKey({ shopper, key })) === null) return refused;
    const answer = yield* place.begin(clock);
    if (answer._tag === "Declined") {
      const now = clock.unsafeCurrentTimeMillis();
      for (const bucket of cards) desk.declined.countFailure(bucket, now);
    }
    return answer;
  });
}

/** What each look at a code takes from. */
export function codeBuckets(desk: HttpDesk, request: FastifyRequest): readonly AskingBucket[] {
  const { limits } = desk;
  if (limits === null) return [];
  const { shopper } = identityOf(request);
  return [
    { key: `code ${shopper}`, limit: limits.codesPerShopper, by: "shopper" },
    { key: `code ${networkOf(request)}`, limit: limits.codesPerNetwork, by: "network" },
  ];
}

function cardBuckets({ limits }: HttpDesk, request: FastifyRequest): readonly AskingBucket[] {
  if (limits === null) return [];
  const { shopper } = identityOf(request);
  return [
    { key: `shopper ${shopper}`, limit: limits.declinesPerShopper, by: "shopper" },
    { key: `network ${networkOf(request)}`, limit: limits.declinesPerNetwork, by: "network" },
  ];
}

function heldBack(
  { declined }: HttpDesk,
  buckets: readonly AskingBucket[],
  now: number,
): TooManyRequests | null {
  for (const { key, by } of buckets) {
    const retryAfterMillis = declined.waitMillis(key, now);
    if (retryAfterMillis > 0) return { _tag: "TooManyRequests", by, retryAfterMillis };
  }
  return null;
}
