/**
 * Several workers on one machine that share a port. The first process only watches: it starts a
 * worker anew that has died, ends all of them in order, and on SIGHUP changes them one by one
 * while the others serve, which is how a new version comes in during a sale.
 */
import cluster, { type Worker } from "node:cluster";
import { FiguresRelay } from "./worker-figures.ts";

/** The place of a worker among its neighbours, from 0; its follower takes the same. */
const PLACE = "REHEARSE_WORKER";
/** A worker that dies again and again is not started more often than this. */
const RESTART_PAUSE_MILLIS = 500;
/** A worker that has not ended by then is killed; longer than any request may take. */
const STOP_MILLIS_MAX = 15_000;

/** The place of this process, or null where it is the one that watches. */
export function workerPlace(): number | null {
  if (cluster.isPrimary) return null;
  return Number(process.env[PLACE] ?? 0);
}

/** Tells the watcher that this worker serves, and at which address. */
export function tellServing(url: string): void {
  process.send?.({ serving: url });
}

/** Lets this worker end: its line to the watcher would keep it until it is killed. */
export function endServing(): void {
  if (process.connected) process.disconnect();
}

export interface Workers {
  /** The address that all of them serve at, once each of them does. */
  readonly serving: Promise<string>;
  /** Resolves when the last worker has ended. */
  readonly ended: Promise<void>;
  readonly stop: () => void;
  /** Changes the workers one by one; a change that is under way is not begun again. */
  readonly restart: () => Promise<void>;
}

export function startWorkers(count: number): Workers {
  const team = new Team();
  return {
    serving: startInTurn(count, (place) => team.start(place)),
    ended: team.ended,
    stop: () => team.stop(),
    restart: () => team.restart(),
  };
}

class Team {
  readonly ended: Promise<void>;
  /** Who has each place; while a place is handed over its next holder is in `all` alone. */
  readonly #holders = new Map<number, Worker>();
  readonly #all = new Set<Worker>();
  readonly #figures = new FiguresRelay(() => this.#all);
  #isStopping = false;
  #isRestarting = false;
  #tellEnded: () => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  /** Answers with the address once the worker serves. */
  start(place: number): Promise<string> {
    const worker = this.#fork(place);
    this.#holders.set(place, worker);
    return whenServing(worker);
  }

  stop(): void {
    this.#isStopping = true;
    if (this.#all.size === 0) this.#tellEnded();
    for (const worker of this.#all) endWorker(worker);
  }

  async restart(): Promise<void> {
    if (this.#isRestarting || this.#isStopping) return;
    this.#isRestarting = true;
    try {
      for (const place of [...this.#holders.keys()]) {
        const next = this.#fork(place);
        await whenServing(next);
        const last = this.#holders.get(place);
        this.#holders.set(place, next);
        if (last !== undefined) endWorker(last);
      }
    } catch (failure) {
      // Who cannot start takes nobody's place: those who serve go on.
      if (!this.#isStopping) process.stderr.write(`the workers are not changed: ${failure}\n`);
    } finally {
      this.#isRestarting = false;
    }
  }

  #fork(place: number): Worker {
    const worker = cluster.fork({ [PLACE]: String(place) });
    this.#all.add(worker);
    this.#figures.join(worker);
    worker.once("exit", () => {
      this.#all.delete(worker);
      if (this.#holders.get(place) === worker) this.#holders.delete(place);
      if (!this.#isStopping) setTimeout(() => this.#fill(place), RESTART_PAUSE_MILLIS);
      else if (this.#all.size === 0) this.#tellEnded();
    });
    return worker;
  }

  #fill(place: number): void {
    if (this.#isStopping || this.#holders.has(place)) return;
    this.start(place).catch(() => undefined);
  }
}

/** The first alone, so that it makes the folder and its tables; then the others together. */
async function startInTurn(
  count: number,
  start: (place: number) => Promise<string>,
): Promise<string> {
  const url = await start(0);
  await Promise.all(Array.from({ length: count - 1 }, (_, index) => start(index + 1)));
  return url;
}

function whenServing(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: { readonly serving?: unknown }) => {
      if (typeof message?.serving === "string") resolve(message.serving);
    });
    worker.once("exit", (code) => reject(new Error(`a worker ended with code ${code}`)));
  });
}

function endWorker(worker: Worker): void {
  worker.process.kill("SIGTERM");
  const late = setTimeout(() => worker.process.kill("SIGKILL"), STOP_MILLIS_MAX);
  worker.once("exit", () => clearTimeout(late));
}
