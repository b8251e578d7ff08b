/**
 * An open loop: every request goes out when it is due, whatever became of the ones before it, and
 * how long it took counts from then. A closed loop waits for slow answers and so leaves out the
 * requests that would have met the slowness ("coordinated omission", Tene 2013). Who is late here
 * is told: the store's part is the response, the sender's own the lag.
 */
/// <reference types="node" />
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { Connections, type Heard } from "./connections.ts";
import { BROKEN_OFF, LoadRecord } from "./load-record.ts";
import type { Exchange, FollowUp, LoadRequest, LoadSource } from "./load-request.ts";

/** Connections that are open at once, unless it is asked for otherwise. */
export const CONNECTIONS_MAX = 1_024;
/** How long an answer is waited for, unless it is asked for otherwise. */
export const TIME_LIMIT_MILLIS = 30_000;
/** Requests that wait for a connection or for the one before them; more are not sent. */
const WAITING_MAX = 200_000;
/** Timers are a millisecond coarse; what is left of it is waited out turn by turn of the loop. */
const TIMER_MILLIS = 1.2;
const TIMER_MILLIS_MAX = 200;
const LOOP_RESOLUTION_MILLIS = 5;
const NANOS_PER_MILLI = 1_000_000;

export interface OpenLoopOptions {
  /** As in `http://127.0.0.1:8080`. */
  readonly target: string;
  readonly source: LoadSource;
  /** When the load begins, milliseconds since 1970; now where nothing is said. */
  readonly startsAt?: number;
  readonly connectionsMax?: number;
  readonly timeLimitMillis?: number;
  /** Waits to a fraction of a millisecond, at the price of a busy processor. */
  readonly sharp?: boolean;
  /** Breaks the load off: what is under way is not waited for. */
  readonly signal?: AbortSignal;
  /** Counted into while it goes on; a new one where nothing is said. */
  readonly record?: LoadRecord;
}

/** A request that is under way or waits for the one before it in its session. */
interface Sending {
  readonly exchange: Exchange;
  readonly session: number;
  /** Milliseconds since the start of the load. */
  due: number;
  /** By `performance.now()`: when it was free to go. */
  freeAt: number;
}

/** Sends what the source gives and answers when all of it has been answered. */
export function openLoop(options: OpenLoopOptions): Promise<LoadRecord> {
  return new OpenLoop(options).run();
}

class OpenLoop {
  readonly record: LoadRecord;
  readonly #options: OpenLoopOptions;
  readonly #connections: Connections;
  readonly #connectionsMax: number;
  /** By `performance.now()`. */
  readonly #startsAt: number;
  /** Sessions with a request under way, and those of theirs that wait for it. */
  readonly #sessions = new Map<number, Sending[]>();
  #waiting = 0;
  #onIdle: () => void = () => undefined;

  constructor(options: OpenLoopOptions) {
    const { target, startsAt = Date.now(), connectionsMax = CONNECTIONS_MAX } = options;
    const { timeLimitMillis = TIME_LIMIT_MILLIS } = options;
    this.#options = options;
    this.record = options.record ?? new LoadRecord();
    this.#connectionsMax = connectionsMax;
    this.#connections = new Connections({ target, connectionsMax, timeLimitMillis });
    this.#startsAt = performance.now() + startsAt - Date.now();
  }

  async run(): Promise<LoadRecord> {
    const { signal } = this.#options;
    const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MILLIS });
    const stop = (): void => this.#connections.close();
    signal?.addEventListener("abort", stop, { once: true });
    const processor = process.cpuUsage();
    delay.enable();
    const began = performance.now();
    try {
      for await (const request of this.#options.source) {
        await this.#until(this.#startsAt + request.due);
        if (signal?.aborted) break;
        this.#take(request);
      }
      await this.#idle();
    } finally {
      this.#connections.close();
      signal?.removeEventListener("abort", stop);
      delay.disable();
    }
    const ended = performance.now();
    const { user, system } = process.cpuUsage(processor);
    const { record } = this;
    record.lastedMillis = Math.max(0, ended - this.#startsAt);
    // A sharp wait keeps the processor busy by itself: that says nothing of the load.
    const share = (user + system) / 1_000 / Math.max(1, ended - began);
    if (this.#options.sharp !== true) record.processorShares.push(share);
    const late = delay.percentile(99) / NANOS_PER_MILLI - LOOP_RESOLUTION_MILLIS;
    record.loopLateMillis = Math.max(0, late);
    return record;
  }

  /** Waits until a time, by `performance.now()`, or until the load is broken off. */
  async #until(at: number): Promise<void> {
    const { signal, sharp = false } = this.#options;
    for (;;) {
      const left = at - performance.now();
      if (left <= 0 || signal?.aborted) return;
      if (left > TIMER_MILLIS || !sharp) {
        const millis = sharp ? left - TIMER_MILLIS : left;
        await timer(Math.min(TIMER_MILLIS_MAX, millis));
      } else await turn();
    }
  }

  #take({ due, session, ...exchange }: LoadRequest): void {
    const sending = { exchange, session, due, freeAt: this.#startsAt + due };
    this.record.due(due);
    if (this.#waiting + this.#connections.underWay >= WAITING_MAX) {
      this.record.dropped += 1;
      return;
    }
    const queue = this.#sessions.get(session);
    if (queue === undefined) {
      this.#sessions.set(session, []);
      this.#send(sending);
      return;
    }
    this.record.heldBack += 1;
    this.#waiting += 1;
    queue.push(sending);
  }

  #send(sending: Sending): void {
    const { exchange, session } = sending;
    const asking = this.#isBrokenOff ? null : exchange.asking();
    if (asking === null) {
      this.record.skipped += 1;
      this.#next(session);
      return;
    }
    const { record } = this;
    const sentAt = performance.now();
    record.lag.record(sentAt - sending.freeAt);
    record.sent(exchange.route, this.#sinceStart(sentAt));
    if (this.#connections.underWay >= this.#connectionsMax) record.withoutConnection += 1;
    const wantsText = (exchange.onAnswer ?? exchange.followUp) !== undefined;
    void this.#connections.ask(asking, wantsText).then((heard) => {
      this.#hear(sending, heard);
    });
    const inUse = Math.min(this.#connections.underWay, this.#connectionsMax);
    record.connectionsPeak = Math.max(record.connectionsPeak, inUse);
  }

  #hear({ exchange, session, due }: Sending, { outcome, answer, sentAt, endedAt }: Heard): void {
    const isBrokenOff = outcome.kind === "failed" && this.#isBrokenOff;
    const end = isBrokenOff ? ({ kind: "failed", error: BROKEN_OFF } as const) : outcome;
    const timing = { due, sent: this.#sinceStart(sentAt), ended: this.#sinceStart(endedAt) };
    this.record.ended(exchange.route, end, timing);
    exchange.onAnswer?.(answer);
    const followUp = exchange.followUp?.(answer) ?? null;
    if (followUp === null) this.#next(session);
    else void this.#follow(session, followUp);
  }

  /** Sends what comes before the session's next request, which is due when that is answered. */
  async #follow(session: number, { afterMillis, ...exchange }: FollowUp): Promise<void> {
    const { signal } = this.#options;
    await pause(afterMillis, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    const freeAt = performance.now();
    const due = this.#sinceStart(freeAt);
    this.record.due(due);
    for (const waiting of this.#sessions.get(session) ?? [])
      waiting.due = Math.max(waiting.due, due);
    this.#send({ exchange, session, due, freeAt });
  }

  /** The session's next request goes, if it waits. */
  #next(session: number): void {
    const sending = this.#sessions.get(session)?.shift();
    if (sending !== undefined) {
      this.#waiting -= 1;
      sending.freeAt = performance.now();
      this.#send(sending);
      return;
    }
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#onIdle();
  }

  get #isBrokenOff(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Resolves when nothing is under way. */
  #idle(): Promise<void> {
    if (this.#sessions.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #sinceStart(at: number): number {
    return at - this.#startsAt;
  }
}

function timer(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
