/**
 * Several workers on one machine that share a port. The first process only watches: it starts a
 * worker anew that has died, ends all of them in order, and on SIGHUP changes them one by one
 * while the others serve, which is how a new version comes in during a sale.
 */
import cluster, { type Worker } from "node:cluster";

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
  const workers = new Map<number, Worker>();
  let stopping = false;
  let restarting = false;
  let tellEnded: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    tellEnded = resolve;
  });
  const start = (place: number): Promise<string> => {
    const worker = cluster.fork({ [PLACE]: String(place) });
    workers.set(place, worker);
    worker.once("exit", () => {
      if (workers.get(place) !== worker) return;
      workers.delete(place);
      if (stopping) {
        if (workers.size === 0) tellEnded();
      } else
        setTimeout(() => stopping || start(place).catch(() => undefined), RESTART_PAUSE_MILLIS);
    });
    return whenServing(worker);
  };
  const serving = startInTurn(count, start);
  return {
    serving,
    ended,
    stop: () => {
      stopping = true;
      if (workers.size === 0) tellEnded();
      for (const worker of workers.values()) endWorker(worker);
    },
    restart: async () => {
      if (restarting || stopping) return;
      restarting = true;
      try {
        for (const [place, worker] of [...workers]) {
          const next = start(place);
          await next;
          endWorker(worker);
        }
      } finally {
        restarting = false;
      }
    },
  };
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
