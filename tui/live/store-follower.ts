/**
 * Follows a live store: asks it for its metrics and its alerts every few seconds, reads its sale
 * log on, and keeps the last hour. A store that is away is asked again after pauses that grow, and
 * the last figures stay. It reads and changes nothing.
 */
/// <reference types="node" />
import type { Rehearsed } from "../model/forecast-watch.ts";
import {
  type AlertAnswer,
  alertAnswerOf,
  alertsOfAll,
  type FiringAlert,
  type RuleStanding,
  type SaleFacts,
  saleFactsOf,
} from "../model/live-answers.ts";
import { LiveHistory } from "../model/live-history.ts";
import { LiveSaleLog } from "../model/live-sale-log.ts";
import { isOfStore, scrapeOf } from "../model/live-scrape.ts";
import type { LiveConnection, LiveWatch } from "../model/live-watch.ts";
import { metricText } from "./prometheus-text.ts";
import { SaleLogTail } from "./sale-log-tail.ts";
import { StoreAway, StoreClient } from "./store-client.ts";

const EVERY_MILLIS = 2_000;
const PAUSE_MILLIS_MAX = 30_000;
/** The times of a sale change seldom, and asking for them is a request as a shopper makes it. */
const SALE_EVERY_MILLIS = 30_000;

export interface StoreFollowerOptions {
  readonly target: string;
  readonly token?: string | null;
  /** The file that the store records its sale log into; null follows none. */
  readonly saleLog?: string | null;
  /** What the sale was rehearsed to do. */
  readonly rehearsed?: Rehearsed | null;
  readonly everyMillis?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Told after every look. */
  readonly onLook?: () => void;
}

export class StoreFollower {
  readonly #options: StoreFollowerOptions;
  readonly #client: StoreClient;
  readonly #ended = new AbortController();
  readonly #history = new LiveHistory();
  readonly #tail: SaleLogTail | null;
  /** What the sale was rehearsed to do; null where nobody said. */
  rehearsed: Rehearsed | null;
  #log = new LiveSaleLog();
  #logProblem: string | null = null;
  #connection: LiveConnection = { kind: "connecting" };
  #sale: SaleFacts | null = null;
  #saleAskedAt = Number.NEGATIVE_INFINITY;
  #alerts: AlertAnswer = { firing: [], rules: [] };
  #firing: readonly FiringAlert[] = [];
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: StoreFollowerOptions) {
    this.#options = options;
    this.rehearsed = options.rehearsed ?? null;
    this.#client = new StoreClient(options);
    const { saleLog: path = null } = options;
    const onLine = (line: string) => this.#log.heed(line);
    const onAnew = () => {
      this.#log = new LiveSaleLog();
    };
    this.#tail = path === null ? null : new SaleLogTail({ path, onLine, onAnew });
  }

  /** All that is known now. */
  get watch(): LiveWatch {
    const { target, saleLog: path = null } = this.#options;
    const rules: readonly RuleStanding[] = this.#alerts.rules;
    return {
      target,
      rehearsed: this.rehearsed,
      connection: this.#connection,
      sale: this.#sale,
      figures: this.#history.last,
      points: this.#history.points,
      rules,
      firing: this.#firing,
      saleLog: path === null ? null : { path, problem: this.#logProblem, log: this.#log },
    };
  }

  /** Milliseconds until the next look: growing while the store is away. */
  get pauseMillis(): number {
    const { everyMillis = EVERY_MILLIS } = this.#options;
    const connection = this.#connection;
    if (connection.kind !== "away") return everyMillis;
    return Math.min(
      everyMillis * 2 ** (connection.tries - 1),
      Math.max(everyMillis, PAUSE_MILLIS_MAX),
    );
  }

  /** One look. It never fails: a store that cannot be asked is away. */
  async look(): Promise<void> {
    if (this.#tail !== null) this.#logProblem = await this.#tail.read(this.#ended.signal);
    try {
      await this.#ask();
      this.#connection = { kind: "up", at: this.#now() };
    } catch (failure) {
      if (this.#ended.signal.aborted) return;
      if (!(failure instanceof StoreAway)) throw failure;
      this.#away(failure);
    }
  }

  /** Looks again and again until it is closed. */
  start(): void {
    const round = async () => {
      await this.look();
      if (this.#ended.signal.aborted) return;
      this.#timer = setTimeout(next, this.pauseMillis);
      this.#options.onLook?.();
    };
    const next = () => {
      this.#looking = round();
    };
    next();
  }

  async close(): Promise<void> {
    this.#ended.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  async #ask(): Promise<void> {
    const { signal } = this.#ended;
    const text = metricText(await this.#client.text("/metrics", signal));
    if (!text.ok) {
      const where = `line ${text.line} of what it answers at /metrics`;
      throw new StoreAway(`${where} cannot be read: ${text.reason}`, true);
    }
    if (!isOfStore(text.samples)) {
      throw new StoreAway("its /metrics has nothing of a sale: it is no store of Rehearse", true);
    }
    const scrape = scrapeOf(text.samples, this.#now());
    this.#alerts = alertAnswerOf(await this.#client.json("/api/admin/alerts", signal));
    await this.#askSale(scrape.at);
    this.#firing = alertsOfAll(this.#alerts, scrape.firing);
    const currency = scrape.revenue[0]?.currency ?? "";
    const at = scrape.at + (this.#sale?.clockAheadMillis ?? 0);
    const isCounted = this.#tail !== null && this.#logProblem === null;
    this.#history.heed(scrape, isCounted ? this.#log.minuteUntil(at, currency) : null);
  }

  /** What was known of the sale stands where a store under load does not say it again. */
  async #askSale(at: number): Promise<void> {
    if (at - this.#saleAskedAt < SALE_EVERY_MILLIS) return;
    try {
      const facts = saleFactsOf(
        await this.#client.json("/api/sale", this.#ended.signal),
        this.#now(),
      );
      this.#sale = facts ?? this.#sale;
      this.#saleAskedAt = at;
    } catch (failure) {
      if (!(failure instanceof StoreAway)) throw failure;
    }
  }

  #away({ message, isWrongTarget }: StoreAway): void {
    const before = this.#connection;
    const now = this.#now();
    const since = before.kind === "away" ? before.since : now;
    const tries = before.kind === "away" ? before.tries + 1 : 1;
    this.#connection = { kind: "away", since, tries, reason: message, isWrongTarget };
    // A store that comes back may be another one.
    this.#saleAskedAt = Number.NEGATIVE_INFINITY;
  }
}
