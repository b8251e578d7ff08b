/**
 * What all workers of a machine know, from whichever of them is asked: they share a port, so who
 * scrapes one cannot choose which. The asked one asks the watcher, the watcher asks everybody, and
 * whoever does not answer in time is left out.
 */
import cluster, { type Worker } from "node:cluster";

/** A worker that is as late as this is left out; a scrape waits for ten seconds at most. */
const ANSWER_MILLIS_MAX = 1_000;

type Figures = object;

/** Between a worker and its watcher. Rounds are numbered by whoever began them. */
type Message =
  | { readonly figures: "asked"; readonly round: number }
  | { readonly figures: "wanted"; readonly round: number }
  | { readonly figures: "given"; readonly round: number; readonly own: Figures }
  | { readonly figures: "told"; readonly round: number; readonly all: readonly Figures[] };

function isMessage(message: unknown): message is Message {
  return typeof message === "object" && message !== null && "figures" in message;
}

interface Round {
  readonly missing: Set<Worker>;
  readonly all: Figures[];
  readonly tell: () => void;
}

/** The watcher's side. */
export class FiguresRelay {
  readonly #workers: () => Iterable<Worker>;
  readonly #rounds = new Map<number, Round>();
  #begun = 0;

  constructor(workers: () => Iterable<Worker>) {
    this.#workers = workers;
  }

  /** Heeds what a new worker asks and gives. */
  join(worker: Worker): void {
    worker.on("message", (message: unknown) => {
      if (!isMessage(message)) return;
      if (message.figures === "asked") this.#begin(worker, message.round);
      if (message.figures === "given") this.#take(worker, message.round, message.own);
    });
    worker.once("disconnect", () => {
      for (const round of this.#rounds.values()) this.#leave(round, worker);
    });
  }

  #begin(asker: Worker, askersRound: number): void {
    this.#begun += 1;
    const number = this.#begun;
    const all: Figures[] = [];
    const missing = new Set([...this.#workers()].filter((worker) => worker.isConnected()));
    const tell = () => {
      clearTimeout(late);
      if (!this.#rounds.delete(number)) return;
      send(asker, { figures: "told", round: askersRound, all });
    };
    const late = setTimeout(tell, ANSWER_MILLIS_MAX);
    this.#rounds.set(number, { missing, all, tell });
    for (const worker of missing) send(worker, { figures: "wanted", round: number });
  }

  #take(worker: Worker, number: number, own: Figures): void {
    const round = this.#rounds.get(number);
    if (round === undefined || !round.missing.has(worker)) return;
    round.all.push(own);
    this.#leave(round, worker);
  }

  #leave(round: Round, worker: Worker): void {
    round.missing.delete(worker);
    if (round.missing.size === 0) round.tell();
  }
}

function send(worker: Worker, message: Message): void {
  if (worker.isConnected()) worker.send(message);
}

/**
 * A worker's side: gives its own figures when they are wanted. The answer asks for those of all,
 * its own included; null where this process has no neighbours.
 */
export function shareFigures(
  own: () => Promise<Figures>,
): (() => Promise<readonly Figures[]>) | null {
  if (!cluster.isWorker) return null;
  const asked = new Map<number, (all: readonly Figures[]) => void>();
  let begun = 0;
  process.on("message", (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.figures === "told") asked.get(message.round)?.(message.all);
    if (message.figures !== "wanted") return;
    const { round } = message;
    own().then((figures) => toWatcher({ figures: "given", round, own: figures }));
  });
  return async () => {
    begun += 1;
    const round = begun;
    const alone = [await own()];
    return new Promise((resolve) => {
      // Twice the watcher's time: where nothing comes at all, the watcher is gone.
      const late = setTimeout(() => end(alone), 2 * ANSWER_MILLIS_MAX);
      const end = (all: readonly Figures[]) => {
        clearTimeout(late);
        asked.delete(round);
        resolve(all.length === 0 ? alone : all);
      };
      asked.set(round, end);
      if (!toWatcher({ figures: "asked", round })) end(alone);
    });
  };
}

function toWatcher(message: Message): boolean {
  return process.connected && process.send?.(message) === true;
}
