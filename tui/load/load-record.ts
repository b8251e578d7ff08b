/**
 * What a load has met: requests and answers by route, how long they took, what came each second,
 * and how the sender itself did. Records of several processes add up to one.
 */
/// <reference types="node" />
import { type HistogramRecord, LatencyHistogram } from "./latency-histogram.ts";

/** Refused under load: the store says when to come back. */
const REFUSED = new Set([429, 503]);

/** The error of a request that was not answered within the time limit. */
export const TIME_LIMIT = "time limit";
/** The error of a request that was under way when the load was broken off. */
export const BROKEN_OFF = "broken off";

/** What became of one request. */
export type Outcome =
  | { readonly kind: "answered"; readonly status: number }
  /** `error` is Node's code, as in `ECONNREFUSED`, {@link TIME_LIMIT} or {@link BROKEN_OFF}. */
  | { readonly kind: "failed"; readonly error: string };

/** A request in milliseconds since the start of the load. */
export interface Timing {
  readonly due: number;
  readonly sent: number;
  readonly ended: number;
}

interface RouteCounts {
  sent: number;
  /** By status, as in `{ "201": 12 }`. */
  statuses: Record<string, number>;
  refused: number;
  /** By kind. */
  errors: Record<string, number>;
}

/**
 * The times are of answers that were no refusals, for a refusal is quick, and of requests that ran
 * into the time limit, which count as that long.
 */
export interface RouteRecord extends Readonly<RouteCounts> {
  /** From the time at which it was due to the answer. */
  readonly response: HistogramRecord;
  /** From the time at which it went out to the answer. */
  readonly service: HistogramRecord;
}

/** One second of the load. */
export interface LoadSecond {
  due: number;
  sent: number;
  answered: number;
  refused: number;
  failed: number;
}

/** How the sender itself did. */
export interface SenderRecord {
  /** From the time at which a request could go out to that at which it did. */
  readonly lag: HistogramRecord;
  /** Requests that waited for the one before them in their session. */
  readonly heldBack: number;
  /** Requests that waited for a connection, all of them being in use. */
  readonly withoutConnection: number;
  /** Requests that earlier answers left nothing to ask for. */
  readonly skipped: number;
  /** Requests that were not sent because too many waited. */
  readonly dropped: number;
  readonly connectionsPeak: number;
  /** Processor time over time, of each process; 1 is a whole core. */
  readonly processorShares: readonly number[];
  /** Lateness of the event loop, 99th percentile, of the process that is latest. */
  readonly loopLateMillis: number;
}

export interface LoadRecordData {
  readonly routes: Readonly<Record<string, RouteRecord>>;
  readonly seconds: readonly Readonly<LoadSecond>[];
  readonly sender: SenderRecord;
  readonly lastedMillis: number;
}

/** The figures of one route, live. */
export class RouteLoad {
  readonly counts: RouteCounts = { sent: 0, statuses: {}, refused: 0, errors: {} };
  readonly response: LatencyHistogram;
  readonly service: LatencyHistogram;

  constructor(record?: RouteRecord) {
    this.response = record ? LatencyHistogram.of(record.response) : new LatencyHistogram();
    this.service = record ? LatencyHistogram.of(record.service) : new LatencyHistogram();
    if (record !== undefined) this.#count(record);
  }

  add(other: RouteLoad): void {
    this.#count(other.counts);
    this.response.add(other.response);
    this.service.add(other.service);
  }

  /** Requests that had an answer of any status. */
  get answered(): number {
    return sumOf(this.counts.statuses);
  }

  get failed(): number {
    return sumOf(this.counts.errors);
  }

  /** Answers of a server that is broken: 5xx but for the refusals. */
  get broken(): number {
    const broken = Object.entries(this.counts.statuses).filter(
      ([status]) => Number(status) >= 500 && !REFUSED.has(Number(status)),
    );
    return sumOf(Object.fromEntries(broken));
  }

  toJSON(): RouteRecord {
    return { ...this.counts, response: this.response.toJSON(), service: this.service.toJSON() };
  }

  #count({ sent, statuses, refused, errors }: Readonly<RouteCounts>): void {
    this.counts.sent += sent;
    this.counts.refused += refused;
    for (const [status, count] of Object.entries(statuses)) {
      increase(this.counts.statuses, status, count);
    }
    for (const [error, count] of Object.entries(errors)) increase(this.counts.errors, error, count);
  }
}

export class LoadRecord {
  readonly routes = new Map<string, RouteLoad>();
  readonly seconds: LoadSecond[] = [];
  readonly lag = new LatencyHistogram();
  heldBack = 0;
  withoutConnection = 0;
  skipped = 0;
  dropped = 0;
  connectionsPeak = 0;
  processorShares: number[] = [];
  loopLateMillis = 0;
  lastedMillis = 0;

  static of({ routes, seconds, sender, lastedMillis }: LoadRecordData): LoadRecord {
    const record = new LoadRecord();
    for (const [name, route] of Object.entries(routes)) {
      record.routes.set(name, new RouteLoad(route));
    }
    record.seconds.push(...seconds.map((second) => ({ ...second })));
    record.lag.add(LatencyHistogram.of(sender.lag));
    const { lag: _, processorShares, ...counts } = sender;
    Object.assign(record, counts, { processorShares: [...processorShares], lastedMillis });
    return record;
  }

  route(name: string): RouteLoad {
    let route = this.routes.get(name);
    if (route === undefined) {
      route = new RouteLoad();
      this.routes.set(name, route);
    }
    return route;
  }

  /** A request has gone out. */
  sent(name: string, at: number): void {
    this.route(name).counts.sent += 1;
    this.#second(at).sent += 1;
  }

  /** A request is due, and has been or will be sent. */
  due(at: number): void {
    this.#second(at).due += 1;
  }

  ended(name: string, outcome: Outcome, { due, sent, ended }: Timing): void {
    const route = this.route(name);
    const second = this.#second(ended);
    if (outcome.kind === "failed") {
      increase(route.counts.errors, outcome.error, 1);
      second.failed += 1;
      if (outcome.error !== TIME_LIMIT) return;
    } else {
      increase(route.counts.statuses, String(outcome.status), 1);
      second.answered += 1;
      if (REFUSED.has(outcome.status)) {
        route.counts.refused += 1;
        second.refused += 1;
        return;
      }
    }
    route.response.record(ended - due);
    route.service.record(ended - sent);
  }

  /** Adds what another process has met that began at the same time. */
  add(other: LoadRecord): void {
    for (const [name, route] of other.routes) this.route(name).add(route);
    other.seconds.forEach((theirs, at) => {
      const second = this.#second(at * 1_000);
      for (const key of Object.keys(second) as (keyof LoadSecond)[]) second[key] += theirs[key];
    });
    this.lag.add(other.lag);
    this.heldBack += other.heldBack;
    this.withoutConnection += other.withoutConnection;
    this.skipped += other.skipped;
    this.dropped += other.dropped;
    this.connectionsPeak += other.connectionsPeak;
    this.processorShares.push(...other.processorShares);
    this.loopLateMillis = Math.max(this.loopLateMillis, other.loopLateMillis);
    this.lastedMillis = Math.max(this.lastedMillis, other.lastedMillis);
  }

  /** All routes as one. */
  total(): RouteLoad {
    const all = new RouteLoad();
    for (const route of this.routes.values()) all.add(route);
    return all;
  }

  toJSON(): LoadRecordData {
    const names = [...this.routes.keys()].sort();
    return {
      routes: Object.fromEntries(names.map((name) => [name, this.route(name).toJSON()])),
      seconds: this.seconds,
      sender: {
        lag: this.lag.toJSON(),
        heldBack: this.heldBack,
        withoutConnection: this.withoutConnection,
        skipped: this.skipped,
        dropped: this.dropped,
        connectionsPeak: this.connectionsPeak,
        processorShares: this.processorShares,
        loopLateMillis: this.loopLateMillis,
      },
      lastedMillis: this.lastedMillis,
    };
  }

  #second(at: number): LoadSecond {
    const number = Math.max(0, Math.floor(at / 1_000));
    while (this.seconds.length <= number) {
      this.seconds.push({ due: 0, sent: 0, answered: 0, refused: 0, failed: 0 });
    }
    return this.seconds[number] as LoadSecond;
  }
}

function increase(counts: Record<string, number>, name: string, by: number): void {
  counts[name] = (counts[name] ?? 0) + by;
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
