/**
 * What every route stands on: the store, its clock, who is asking, and one way to ask. A program
 * of the store is gone through by hand as far as that goes, which saves a fiber where the answer
 * is at hand; the rest runs on one fiber. Nobody is told of a write before it survives a crash.
 */
import { Cause, type Clock, Effect, Either, Option, Runtime } from "effect";
import type { FastifyRequest } from "fastify";
import type { Order } from "../../core/order.ts";
import { chargeKey } from "../../core/payment-policy.ts";
import type { Bucket } from "../../core/rate-limit.ts";
import { PortUnavailable } from "../../ports/port-unavailable.ts";
import { orAllowed } from "../../service/limits.ts";
import { Program, restOf, type Steps } from "../../service/program.ts";
import { LeftOrders } from "../left-orders.ts";
import type { LiveStore } from "../live-store.ts";
import type { AskedOrder, OrderMails } from "../mailer/order-mails.ts";
import { HeldBack } from "./held-back.ts";
import type { HttpLimits } from "./http-limits.ts";
import { networkBlock } from "./network-block.ts";
import type { Overload } from "./overload.ts";
import { ProductViews } from "./product-views.ts";
import type { ShopperSession } from "./shopper-session.ts";
import type { Identity, ShopperTokens } from "./shopper-token.ts";

export interface HttpDeskParts {
  readonly store: LiveStore;
  readonly clock: Clock.Clock;
  readonly tokens: ShopperTokens;
  readonly session: ShopperSession;
  readonly overload: Overload;
  /** Null where nobody is held back. */
  readonly limits: HttpLimits | null;
  /** Null where nobody is mailed. */
  readonly mails: OrderMails | null;
  /**
   * What a browser needs to put a bank's question to the cardholder of a charge, by the charge's
   * key; null where no gateway has such questions.
   */
  readonly cardholder: ((key: string) => Promise<string | null>) | null;
}

/** A shopper who is not inside while a waiting room stands. */
export interface NotInside {
  readonly _tag: "NotInside";
  /** Where to take a place. */
  readonly queue: string;
}
/** Whoever asks, asks too often for this. */
export interface AskedTooOften {
  readonly _tag: "TooManyRequests";
  readonly by: "shopper" | "network";
  readonly retryAfterMillis: number;
}

/** A bucket that a request takes from before anything is done for it. */
export interface AskingBucket extends Bucket {
  readonly by: "shopper" | "network";
}

export const NOT_INSIDE: NotInside = { _tag: "NotInside", queue: "/api/queue" };

type Ended<Answer> = Answer | Promise<Answer>;

export class HttpDesk {
  readonly store: LiveStore;
  readonly clock: Clock.Clock;
  readonly tokens: ShopperTokens;
  readonly session: ShopperSession;
  readonly overload: Overload;
  readonly limits: HttpLimits | null;
  readonly mails: OrderMails | null;
  readonly #cardholder: HttpDeskParts["cardholder"];
  readonly views = new ProductViews();
  /** Orders that were placed here and whose requests then failed. */
  readonly left = new LeftOrders();
  /** Who has had too many cards declined. */
  readonly declined = new HeldBack();
  /** True once the server takes no new work, because it is about to end. */
  draining = false;

  constructor(parts: HttpDeskParts) {
    this.store = parts.store;
    this.clock = parts.clock;
    this.tokens = parts.tokens;
    this.session = parts.session;
    this.overload = parts.overload;
    this.limits = parts.limits;
    this.mails = parts.mails;
    this.#cardholder = parts.cardholder;
  }

  now(): number {
    return this.clock.unsafeCurrentTimeMillis();
  }

  /** The answer of a program that changes nothing; throws `PortUnavailable`. */
  ask<Answer>(program: Effect.Effect<Answer, PortUnavailable>): Ended<Answer> {
    const answer = answerOf(program, this.clock);
    return answer instanceof Promise ? this.#counted(answer) : answer;
  }

  /** The answer of a program once all that was written before it, by anybody, survives a crash. */
  change<Answer>(program: Effect.Effect<Answer, PortUnavailable>): Promise<Answer> {
    return this.#counted(this.#durable(program));
  }

  async #durable<Answer>(program: Effect.Effect<Answer, PortUnavailable>): Promise<Answer> {
    const answer = await answerOf(program, this.clock);
    await this.store.parts.durable();
    return answer;
  }

  /** Work that counts until it ends, also when nobody waits for it any more. */
  async #counted<Answer>(work: Promise<Answer>): Promise<Answer> {
    this.overload.underWay += 1;
    try {
      return await work;
    } finally {
      this.overload.underWay -= 1;
    }
  }

  /** What a browser needs to ask the cardholder of this order; null where it waits for no such. */
  async cardholderSecret(order: Order): Promise<string | null> {
    if (this.#cardholder === null || order.state !== "inDoubt") return null;
    return this.#cardholder(chargeKey(order.id, order.attempts));
  }

  /** Asks what may place an order, whose shopper can then be mailed about it. */
  mailed<Answer>(
    of: AskedOrder,
    address: string | undefined,
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    return this.mails === null ? ask() : this.mails.during(of, address, ask);
  }

  /** The program for a shopper who is inside; where no waiting room stands, the program itself. */
  inside<Answer>(
    request: FastifyRequest,
    program: Program<Answer, PortUnavailable>,
  ): Program<Answer | NotInside, PortUnavailable> {
    const { admission } = this.store;
    if (admission === null) return program;
    const ticket = this.session.ticketOf(request);
    const { shopper } = identityOf(request);
    return new Program(function* (clock): Steps<Answer | NotInside, PortUnavailable> {
      if (ticket === null) return NOT_INSIDE;
      const renewed = yield* admission.renew({ ticket, shopper }).begin(clock);
      if (renewed._tag !== "Inside") return NOT_INSIDE;
      return yield* program.begin(clock);
    });
  }

  /** The program, unless one of the buckets is empty. */
  limited<Answer>(
    buckets: readonly AskingBucket[],
    program: Program<Answer, PortUnavailable>,
  ): Program<Answer | AskedTooOften, PortUnavailable> {
    if (buckets.length === 0) return program;
    const refusal = this.refusal(buckets);
    return new Program(function* (clock): Steps<Answer | AskedTooOften, PortUnavailable> {
      return (yield* refusal.begin(clock)) ?? (yield* program.begin(clock));
    });
  }

  /** Takes from the buckets; why nothing was taken, or null. */
  refusal(buckets: readonly AskingBucket[]): Program<AskedTooOften | null, PortUnavailable> {
    const { rateLimiter } = this.store.ports;
    return new Program(function* (clock): Steps<AskedTooOften | null, PortUnavailable> {
      const now = clock.unsafeCurrentTimeMillis();
      const taken = yield* orAllowed(rateLimiter.take({ buckets, cost: 1, now }));
      if (taken._tag === "Allowed") return null;
      const { key, retryAfterMillis } = taken;
      const by = buckets.find((bucket) => bucket.key === key)?.by ?? "network";
      return { _tag: "TooManyRequests", by, retryAfterMillis };
    });
  }
}

/** Who asks, on a route whose policy lets nobody else through. */
export function identityOf(request: FastifyRequest): Identity {
  const { identity } = request;
  if (identity === null) throw new Error("a route for shoppers is guarded by its policy");
  return identity;
}

/** The block of addresses that the request came from. */
export function networkOf(request: FastifyRequest): string {
  return networkBlock(request.ip);
}

function answerOf<Answer>(
  program: Effect.Effect<Answer, PortUnavailable>,
  clock: Clock.Clock,
): Ended<Answer> {
  const steps = stepsOf(program, clock);
  const first = steps.next();
  if (first.done === true) return first.value;
  return Effect.runPromise(Effect.either(restOf(steps, first.value))).then(orThrow, throwCause);
}

/**
 * A program that ended half way because the ledger has lost what it wrote ends as one whose ledger
 * cannot answer: whoever asked comes again, and whatever was begun is ended by reconciliation.
 */
function throwCause(failure: unknown): never {
  if (Runtime.isFiberFailure(failure)) {
    const defect = Option.getOrNull(Cause.dieOption(failure[Runtime.FiberFailureCauseId]));
    if (defect instanceof PortUnavailable) throw defect;
  }
  throw failure;
}

function stepsOf<Answer>(
  program: Effect.Effect<Answer, PortUnavailable>,
  clock: Clock.Clock,
): Steps<Answer, PortUnavailable> {
  if (program instanceof Program) return program.begin(clock);
  return program[Symbol.iterator]() as unknown as Steps<Answer, PortUnavailable>;
}

function orThrow<Answer>(answer: Either.Either<Answer, PortUnavailable>): Answer {
  if (Either.isLeft(answer)) throw answer.left;
  return answer.right;
}
