/**
 * How long an answer may take. Who has waited as long as that is told to come back, and what was
 * begun for them goes on: an order is paid or not, and the same request under the same key hears
 * which. Nothing is broken off, because half an order is worse than a late one.
 *
 * One look at all that wait, a few times a second, in the order in which they came: a timer for
 * each request, as the framework has it (`handlerTimeout`), was measured at 5 µs of every answer.
 */
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";
import { problemOf, sendProblem } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** How long an answer of this route may take, milliseconds; null for a stream without end. */
    answerMillisMax?: number | null;
  }
}

interface Waiting {
  readonly reply: FastifyReply;
  readonly since: number;
}

/** An answer is late by this much more at most, milliseconds. */
const LOOK_EVERY_MILLIS_MAX = 250;
const LOOKS_PER_LIMIT = 4;
const RETRY_AFTER_SECONDS = 2;

export class AnswerDeadline {
  readonly #millisMax: number;
  /** Who waits, by how long they may; within one limit the oldest is the first. */
  readonly #waiting = new Map<number, Map<ServerResponse, Waiting>>();
  #timer: NodeJS.Timeout | null = null;
  /** Answers that were not there in time. */
  late = 0;

  /** `millisMax` is for routes that name no limit of their own. */
  constructor(millisMax: number) {
    this.#millisMax = millisMax;
  }

  /** Counts from now: the request has arrived whole. */
  watch(reply: FastifyReply): void {
    const { answerMillisMax = this.#millisMax } = reply.routeOptions.config;
    if (answerMillisMax === null) return;
    const { raw } = reply;
    const others = this.#under(answerMillisMax);
    others.set(raw, { reply, since: performance.now() });
    // Comes once, whether the answer went out or the shopper went away.
    raw.on("close", () => others.delete(raw));
  }

  start(): void {
    const every = Math.min(LOOK_EVERY_MILLIS_MAX, Math.ceil(this.#millisMax / LOOKS_PER_LIMIT));
    this.#timer = setInterval(() => this.#look(performance.now()), every);
    this.#timer.unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #under(millis: number): Map<ServerResponse, Waiting> {
    const known = this.#waiting.get(millis);
    if (known !== undefined) return known;
    const waiting = new Map<ServerResponse, Waiting>();
    this.#waiting.set(millis, waiting);
    return waiting;
  }

  #look(now: number): void {
    for (const [millis, waiting] of this.#waiting) {
      for (const [raw, { reply, since }] of waiting) {
        if (now - since < millis) break;
        waiting.delete(raw);
        this.#tellLate(reply);
      }
    }
  }

  #tellLate(reply: FastifyReply): void {
    // What has begun to arrive is on its way; the limits of the connection hold for it.
    if (reply.sent || reply.raw.headersSent) return;
    this.late += 1;
    reply.log.warn("an answer was not there in time");
    sendProblem(reply, problemOf("TakingLong", 503, { retryAfterSeconds: RETRY_AFTER_SECONDS }));
  }
}
