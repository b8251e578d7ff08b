/**
 * A load in several processes: each has a part of the shoppers, all begin at one time, and what
 * they met is added up. A process is this program again with the same words, told by its
 * environment which part it is.
 */
/// <reference types="node" />
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type LoadOutcome, type LoadProgress, together } from "./load-part.ts";

/** The place of a process among the others, as in `1/4`. */
const PART = "REHEARSE_LOAD_PART";
/** From when all are ready to when they begin, milliseconds. */
const BEGINS_AFTER_MILLIS = 250;
const TELLS_EVERY_MILLIS = 500;

/** What a part is told before it can begin. */
export interface PartNews {
  readonly waitingRoom: boolean;
  /** Stands for this load in the names of its shoppers. */
  readonly mark: string;
}

type ToPart =
  | ({ readonly kind: "news" } & PartNews)
  | { readonly kind: "begin"; readonly startsAt: number }
  | { readonly kind: "stop" };
type FromPart =
  | { readonly kind: "here" }
  | { readonly kind: "ready" }
  | { readonly kind: "progress"; readonly progress: LoadProgress }
  | { readonly kind: "done"; readonly outcome: LoadOutcome };

/** Which part this process is; null for the one that was started by a person. */
export function ownPart(): { readonly place: number; readonly of: number } | null {
  const [, place, of] = /^(\d+)\/(\d+)$/.exec(process.env[PART] ?? "") ?? [];
  return place === undefined ? null : { place: Number(place), of: Number(of) };
}

/** What a part can do, whoever it belongs to. */
export interface Part {
  readonly progress: LoadProgress;
  ready(): Promise<void>;
  run(startsAt: number, signal: AbortSignal): Promise<LoadOutcome>;
}

/** Does a part's work for the process that has started this one; ends when that has ended. */
export async function servePart(make: (news: PartNews) => Part): Promise<void> {
  const stop = new AbortController();
  process.once("disconnect", () => process.exit(1));
  // Ctrl+C reaches every process of a terminal: who started this one says when to stop.
  process.on("SIGINT", () => undefined);
  const news = heard("news");
  const begin = heard("begin");
  process.on("message", ({ kind }: ToPart) => {
    if (kind === "stop") stop.abort();
  });
  tell({ kind: "here" });
  const part = make(await news);
  await part.ready();
  tell({ kind: "ready" });
  const { startsAt } = await begin;
  const timer = setInterval(
    () => tell({ kind: "progress", progress: part.progress }),
    TELLS_EVERY_MILLIS,
  );
  const outcome = await part.run(startsAt, stop.signal);
  clearInterval(timer);
  process.removeAllListeners("disconnect");
  await new Promise<void>((told) => process.send?.({ kind: "done", outcome }, () => told()));
  process.disconnect();
}

function tell(message: FromPart): void {
  process.send?.(message);
}

function heard<Kind extends ToPart["kind"]>(
  kind: Kind,
): Promise<Extract<ToPart, { readonly kind: Kind }>> {
  return new Promise((resolve) => {
    process.on("message", (message: ToPart) => {
      if (message.kind === kind) resolve(message as Extract<ToPart, { readonly kind: Kind }>);
    });
  });
}

/** The processes of a load, seen from the one that has started them. */
export class PartProcesses implements Part {
  readonly #children: readonly ChildProcess[];
  readonly #progress: LoadProgress[];
  readonly #ready: Promise<unknown>;
  readonly #done: Promise<readonly LoadOutcome[]>;

  constructor(count: number, news: PartNews) {
    const [program = "", ...words] = process.argv.slice(1);
    const none = { sent: 0, answered: 0, refused: 0, failed: 0 };
    this.#progress = Array.from({ length: count }, () => none);
    this.#children = this.#progress.map((_, place) => {
      const env = { ...process.env, [PART]: `${place}/${count}` };
      return fork(program, words, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    });
    const parts = this.#children.map((child, place) => this.#follow(child, place, news));
    this.#ready = Promise.all(parts.map(({ ready }) => ready));
    this.#done = Promise.all(parts.map(({ done }) => done));
    // Both are heard in their turn; a part that ends early fails the first.
    this.#done.catch(() => undefined);
  }

  get progress(): LoadProgress {
    return this.#progress.reduce((sum, one) => ({
      sent: sum.sent + one.sent,
      answered: sum.answered + one.answered,
      refused: sum.refused + one.refused,
      failed: sum.failed + one.failed,
    }));
  }

  async ready(): Promise<void> {
    try {
      await this.#ready;
    } catch (failure) {
      this.#end();
      throw failure;
    }
  }

  async run(startsAt: number, signal: AbortSignal): Promise<LoadOutcome> {
    const stop = (): void => this.#tell({ kind: "stop" });
    signal.addEventListener("abort", stop, { once: true });
    this.#tell({ kind: "begin", startsAt: Math.max(startsAt, Date.now() + BEGINS_AFTER_MILLIS) });
    if (signal.aborted) stop();
    try {
      return together(await this.#done);
    } finally {
      signal.removeEventListener("abort", stop);
      this.#end();
    }
  }

  #follow(child: ChildProcess, place: number, news: PartNews) {
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`the process of part ${place + 1} ended with code ${code}`);
    });
    const ready = new Promise<void>((resolve) => {
      child.on("message", (message: FromPart) => {
        if (message.kind === "here") child.send({ kind: "news", ...news });
        if (message.kind === "ready") resolve();
        if (message.kind === "progress") this.#progress[place] = message.progress;
      });
    });
    const done = new Promise<LoadOutcome>((resolve) => {
      child.on("message", (message: FromPart) => {
        if (message.kind === "done") resolve(message.outcome);
      });
    });
    return { ready: Promise.race([ready, ended]), done: Promise.race([done, ended]) };
  }

  #tell(message: ToPart): void {
    for (const child of this.#children) if (child.connected) child.send(message);
  }

  #end(): void {
    for (const child of this.#children) if (child.exitCode === null) child.kill("SIGTERM");
  }
}
