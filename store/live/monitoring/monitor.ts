/**
 * Looks at the store every few seconds: reads the log on, takes the gauges, and heeds the alerts.
 * The looks are far apart and short, so that an order does not notice them; what is scraped
 * between two of them is what the last one saw.
 */
import { statfs } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { AggregatorRegistry, Registry } from "prom-client";
import type { LiveStore } from "../live-store.ts";
import type { OutboxFigures } from "../mailer/mail-outbox.ts";
import type { LiveParts } from "../parts.ts";
import { ALERT_RULES } from "./alert-rules.ts";
import { AlertWebhook } from "./alert-webhook.ts";
import { type AlertChange, type AlertRule, Alerts } from "./alerts.ts";
import { MailGauges } from "./mail-gauges.ts";
import { ProcessMetrics } from "./process-metrics.ts";
import { SaleMetrics } from "./sale-metrics.ts";
import { SaleTail } from "./sale-tail.ts";
import { StoreGauges, type StoreSeen } from "./store-gauges.ts";

/** How often the store is looked at. */
const LOOK_EVERY_MILLIS = 5_000;

/** What has to stand between the adapters and the store for both to be watched. */
export class WatchedParts {
  /** What the store is to be made with. */
  readonly parts: LiveParts;
  readonly tail: SaleTail;
  readonly ofSale = new Registry();
  readonly ofProcess = new Registry();
  readonly sale: SaleMetrics;
  readonly process: ProcessMetrics;

  /** `worker`: the place of this process among its neighbours on the machine. */
  constructor(parts: LiveParts, worker = 0) {
    this.tail = new SaleTail(parts.saleLog);
    this.ofProcess.setDefaultLabels({ worker: String(worker) });
    this.sale = new SaleMetrics(this.ofSale);
    this.process = new ProcessMetrics(this.ofProcess);
    this.tail.listen((event) => this.sale.heed(event));
    this.parts = this.process.timed({ ...parts, saleLog: this.tail.saleLog });
  }
}

export interface MonitorOptions {
  readonly watched: WatchedParts;
  readonly store: LiveStore;
  /** The folder whose disk is watched; null where nothing is kept. */
  readonly folder: string | null;
  readonly rules?: readonly AlertRule[];
  /** What stands in the outbox of mails; nothing is looked at where it is left out. */
  readonly mails?: (() => OutboxFigures) | null;
  /** The figures of all workers of the machine, this one's included; null where it is alone. */
  readonly ofWorkers?: (() => Promise<readonly object[]>) | null;
  /** Where alerts are told, and the key that the messages are signed with. */
  readonly webhook?: { readonly url: string; readonly key: Buffer } | null;
}

export class Monitor {
  readonly alerts: Alerts;
  readonly #options: MonitorOptions;
  readonly #server: FastifyInstance;
  readonly #gauges: StoreGauges;
  readonly #mails: MailGauges | null;
  readonly #webhook: AlertWebhook | null;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(server: FastifyInstance, options: MonitorOptions) {
    const { watched, store, rules = ALERT_RULES, webhook = null, mails = null } = options;
    this.#mails = mails === null ? null : new MailGauges(watched.ofProcess, mails);
    this.#options = options;
    this.#server = server;
    this.alerts = new Alerts(rules);
    this.#gauges = new StoreGauges(watched.ofSale, store, watched.sale.soldUnits);
    const onGivenUp = (why: string) => server.log.error({ why }, "an alert was not told");
    this.#webhook = webhook === null ? null : new AlertWebhook({ ...webhook, onGivenUp });
  }

  /** One look, at the time of the store's clock; answers with the alerts that it changed. */
  async look(): Promise<readonly AlertChange[]> {
    const { desk } = this.#server;
    const { process, tail } = this.#options.watched;
    const at = desk.now();
    const loopLateMillis = process.lookAtLoop();
    process.lookAtShoppers(at);
    process.lookAtRefused(desk.overload.refused);
    const seen = await this.#seen(at, () => tail.catchUp());
    const diskUsed = await this.#diskUsed();
    process.lookAtDisk(diskUsed);
    const changes = this.alerts.heed({
      at,
      ...process.answered,
      ...seen,
      loopLateMillis,
      mailsLateMillis: this.#mails?.look(at) ?? 0,
      diskUsed,
    });
    process.lookAtAlerts(this.alerts.rules);
    for (const change of changes) this.#tell(change);
    return changes;
  }

  /** What a scrape is given: the sale once, and every worker of the machine under its label. */
  async text(): Promise<string> {
    const { watched, ofWorkers = null } = this.#options;
    const { ofSale, ofProcess } = watched;
    const processes =
      ofWorkers === null ? ofProcess : AggregatorRegistry.aggregate([...(await ofWorkers())]);
    return `${await ofSale.metrics()}\n${await processes.metrics()}`;
  }

  start(): void {
    const next = () => {
      this.#timer = setTimeout(() => {
        this.#looking = this.look()
          .catch((err: unknown) => this.#server.log.error({ err }, "a look at the store failed"))
          .then(() => {
            if (this.#timer !== null) next();
          });
      }, LOOK_EVERY_MILLIS);
      this.#timer.unref();
    };
    next();
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#webhook?.close();
    await this.#looking;
  }

  /** A store that cannot be looked at cannot serve either. */
  async #seen(at: number, catchUp: () => Promise<number>): Promise<StoreSeen> {
    try {
      const left = await catchUp();
      const seen = await this.#gauges.look(at);
      // Before the log is read to its end it cannot be a witness.
      return left > 0 ? { ...seen, outOfStep: [] } : seen;
    } catch (failure) {
      const unready = failure instanceof Error ? failure.message : String(failure);
      return { outOfStep: [], queueLength: 0, inDoubtMillis: 0, unready };
    }
  }

  async #diskUsed(): Promise<number | null> {
    const { folder } = this.#options;
    if (folder === null) return null;
    try {
      const { bavail, blocks } = await statfs(folder);
      return blocks === 0 ? null : 1 - bavail / blocks;
    } catch {
      // A folder that is gone is told of by the ledger in it.
      return null;
    }
  }

  #tell(change: AlertChange): void {
    const { alert, status } = change;
    const { name, why, severity } = alert;
    const level = status === "firing" ? "error" : "info";
    this.#server.log[level]({ alert: name, severity, why }, `alert ${status}`);
    this.#webhook?.tell(change);
  }
}
