/**
 * What one process does: its requests, its event loop, its commits. Every series bears the number
 * of the worker. Routes are named by their template, so a label has as many values as there are
 * routes, whatever anybody asks for.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from "prom-client";
import { PRIORITIES } from "../../core/load-shedding.ts";
import type { LiveParts } from "../parts.ts";
import type { RuleStanding } from "./alerts.ts";

/** Bounds of the histogram of requests, seconds. */
export const REQUEST_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const UNMATCHED = "unmatched";
const NANOS = 1e9;
/** Somebody who was silent for this long has left, as in a rehearsal. */
const IDLE_MILLIS = 30 * 60_000;
const SHOPPERS_MAX = 500_000;

/** What was answered since the start, for whoever compares two moments. */
export interface Answered {
  readonly requests: number;
  readonly serverErrors: number;
  /** By the bounds of {@link REQUEST_SECONDS}, and one more for those above. */
  readonly buckets: readonly number[];
}

export class ProcessMetrics {
  readonly #metrics: ReturnType<typeof metricsIn>;
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });
  readonly #lastSeen = new Map<string, number>();
  readonly #buckets: number[] = Array.from({ length: REQUEST_SECONDS.length + 1 }, () => 0);
  #requests = 0;
  #serverErrors = 0;

  constructor(registry: Registry) {
    collectDefaultMetrics({ register: registry });
    this.#metrics = metricsIn(registry);
  }

  get answered(): Answered {
    const buckets = [...this.#buckets];
    return { requests: this.#requests, serverErrors: this.#serverErrors, buckets };
  }

  /** Watches every route that the server has or will have. */
  watch(server: FastifyInstance): void {
    server.addHook("onResponse", (request, reply, done) => {
      this.#count(request, reply);
      done();
    });
    server.addHook("onListen", (done) => {
      this.#loop.enable();
      done();
    });
    server.addHook("onClose", (_server, done) => {
      this.#loop.disable();
      done();
    });
  }

  /** The parts with the time of every wait for the disk measured, and of what was held for it. */
  timed(parts: LiveParts): LiveParts {
    const { durable } = parts;
    const { commits: commit, held } = this.#metrics;
    parts.onHeld?.((seconds) => held.observe(seconds));
    return {
      ...parts,
      durable: async () => {
        const end = commit.startTimer();
        await durable();
        end();
      },
    };
  }

  /** Takes the lateness of the event loop since the last look: its 99th percentile, milliseconds. */
  lookAtLoop(): number {
    const late = this.#loop.count === 0 ? 0 : this.#loop.percentile(99) / NANOS;
    this.#metrics.loop.set(late);
    this.#loop.reset();
    return late * 1_000;
  }

  lookAtShoppers(now: number): void {
    for (const [shopper, seen] of this.#lastSeen) {
      if (now - seen < IDLE_MILLIS) break;
      this.#lastSeen.delete(shopper);
    }
    this.#metrics.shoppers.set(this.#lastSeen.size);
  }

  lookAtRefused(refused: readonly number[]): void {
    for (const [place, count] of refused.entries()) {
      this.#metrics.shed.set({ priority: PRIORITIES[place] }, count);
    }
  }

  /** `used`: share of the disk of the store's folder; null where there is none. */
  lookAtDisk(used: number | null): void {
    this.#metrics.disk.set(used ?? 0);
  }

  lookAtAlerts(rules: readonly RuleStanding[]): void {
    for (const { name, severity, firing } of rules) {
      this.#metrics.alerts.set({ alert: name, severity }, firing ? 1 : 0);
    }
  }

  #count(request: FastifyRequest, reply: FastifyReply): void {
    const { identity, method, problem } = request;
    if (identity) this.#saw(identity.shopper, request.server.desk.now());
    const status = reply.statusCode;
    if (problem) this.#metrics.problems.inc({ kind: problem });
    const kind = reply.getHeader("content-type");
    if (typeof kind === "string" && kind.startsWith("text/event-stream")) return;
    const seconds = reply.elapsedTime / 1_000;
    const route = request.routeOptions.url ?? UNMATCHED;
    const labels = { method, route, status_class: `${Math.floor(status / 100)}xx` };
    this.#metrics.requests.observe(labels, seconds);
    const bucket = REQUEST_SECONDS.findIndex((bound) => seconds <= bound);
    this.#buckets[bucket < 0 ? REQUEST_SECONDS.length : bucket] += 1;
    this.#requests += 1;
    // A refusal under load is the store at work; what broke is what counts here.
    if (status >= 500 && problem !== "overloaded" && problem !== "draining") {
      this.#serverErrors += 1;
    }
  }

  #saw(shopper: string, now: number): void {
    this.#lastSeen.delete(shopper);
    if (this.#lastSeen.size < SHOPPERS_MAX) this.#lastSeen.set(shopper, now);
  }
}

function metricsIn(registry: Registry) {
  const registers = [registry];
  return {
    requests: new Histogram({
      name: "rehearse_http_request_duration_seconds",
      help: "Requests by route template and class of status; streams are left out",
      labelNames: ["method", "route", "status_class"],
      buckets: [...REQUEST_SECONDS],
      registers,
    }),
    problems: new Counter({
      name: "rehearse_http_problems_total",
      help: "Requests that were not done, by the kind of problem they were told",
      labelNames: ["kind"],
      registers,
    }),
    shed: new Gauge({
      name: "rehearse_http_shed_requests",
      help: "Requests refused under load since the start, by priority",
      labelNames: ["priority"],
      registers,
    }),
    commits: new Histogram({
      name: "rehearse_durable_commit_seconds",
      help: "How long a request waited until what it wrote survives a crash",
      buckets: COMMIT_SECONDS,
      registers,
    }),
    held: new Histogram({
      name: "rehearse_ledger_held_seconds",
      help: "How long the lock of the ledger's file, or a connection to its database, was held",
      buckets: COMMIT_SECONDS,
      registers,
    }),
    loop: new Gauge({
      name: "rehearse_event_loop_lag_seconds",
      help: "99th percentile of the lateness of the event loop since the last look",
      registers,
    }),
    disk: new Gauge({
      name: "rehearse_disk_used_ratio",
      help: "Share of the disk of the store's folder that is used; 0 where it keeps nothing",
      registers,
    }),
    alerts: new Gauge({
      name: "rehearse_alert_firing",
      help: "1 where the store's own alert fires, by its name",
      labelNames: ["alert", "severity"],
      registers,
    }),
    shoppers: new Gauge({
      name: "rehearse_shoppers_concurrent",
      help: "Shoppers that this process has answered within the idle time-out of 30 minutes",
      registers,
    }),
  };
}
