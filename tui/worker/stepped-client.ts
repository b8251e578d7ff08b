/**
 * A rehearsal in a worker thread, as a screen drives it: played at a speed, paused, stepped, sought
 * back and forth, changed and changed back. Nothing here waits for the worker and nothing throws:
 * a command is sent, and what comes of it is told to the listener.
 */
/// <reference types="node" />
import { Worker } from "node:worker_threads";
import type { Ticks } from "../../engine/time.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Change, Intervention } from "../../twin/stepped/intervention.ts";
import type { Glimpse } from "../../twin/stepped/snapshot.ts";
import type { SteppedCommand, SteppedReport, SteppedWorkerData } from "./stepped-protocol.ts";
import { workerProgram } from "./worker-program.ts";

/** Virtual seconds per second of wall time, or as fast as it goes. */
export type Speed = number | "max";

/** What is rehearsed. */
export interface SteppedInput {
  readonly plan: PlanSpec;
  readonly seed: string;
  /** Known from the start; more are made on the way. */
  readonly interventions?: readonly Intervention[];
}

/**
 * Paused where it waits for a command, playing at its speed, seeking while it computes its way to
 * another instant (playing or paused again when it is there), ended when all is at rest.
 */
export type SteppedState = "paused" | "playing" | "seeking" | "ended";

export interface SteppedUpdate {
  readonly state: SteppedState;
  readonly speed: Speed;
  /** What came since the update before, with the figures of now. */
  readonly glimpse: Glimpse;
  /**
   * True where the glimpse begins at the start of the sale: samples and happenings shown before are
   * to be forgotten. So after `open`, a seek back, an undo and a redo.
   */
  readonly anew: boolean;
  /** Every intervention of this course, in the order of their times; some may lie ahead of now. */
  readonly interventions: readonly Intervention[];
  /** What `undo` would take back, and `redo` make again; null for nothing. */
  readonly undoes: Intervention | null;
  readonly redoes: Intervention | null;
  /** Events of the kernel per second of computing since the update before; 0 while paused. */
  readonly eventsPerSecond: number;
}

/** Where a seek, an undo or a redo has come to; told at most 10 times a second while it computes. */
export interface SteppedSeek {
  readonly at: Ticks;
  readonly to: Ticks;
}

export interface SteppedListener {
  /** At most 10 times a second while it plays; at once after every command that changes something. */
  readonly onUpdate: (update: SteppedUpdate) => void;
  readonly onSeeking?: (seek: SteppedSeek) => void;
  /** An intervention was not taken; why, as a plain sentence. Nothing has changed. */
  readonly onRefused: (why: string) => void;
  /** The worker has ended with this reason, as a plain sentence; `open` starts another. */
  readonly onFailed: (why: string) => void;
}

/** What the screens drive; {@link startSteppedClient} makes one. */
export interface SteppedClient {
  /** Starts a rehearsal, paused at its first tick; one under way is dropped. */
  open(input: SteppedInput): void;
  /** Plays on, at this speed. After the end it does nothing. */
  play(speed: Speed): void;
  /** Pauses what plays when this is heard, and plays what is paused, at its speed. */
  playOrPause(): void;
  /** Goes at another speed from now on; what is paused stays paused. */
  pace(speed: Speed): void;
  pause(): void;
  /** One event of the kernel, or one minute of virtual time; paused then. */
  step(of: "event" | "minute"): void;
  /**
   * Goes to an instant: forward by playing as fast as it goes, back by running again from the seed
   * with every intervention. It is as it was (playing or paused) when it is there. A newer seek
   * replaces one under way.
   */
  seek(to: Ticks): void;
  /** Changes something from now on: `onUpdate` when it is taken, `onRefused` when it cannot be. */
  intervene(change: Change): void;
  /** Takes back the intervention that was made last, and comes to this same instant without it. */
  undo(): void;
  redo(): void;
  /** Ends the worker; resolves when it is gone. Nothing is told after this call. */
  close(): Promise<void>;
}

/** Starts the worker at once, so that it is warm when something is opened. */
export function startSteppedClient(
  listener: SteppedListener,
  program: string = workerProgram(),
): SteppedClient {
  return new WorkerClient(listener, program);
}

class WorkerClient implements SteppedClient {
  readonly #listener: SteppedListener;
  readonly #program: string;
  /** Null where the last one has ended by itself. */
  #worker: Worker | null;
  #course = 0;
  #isClosed = false;

  constructor(listener: SteppedListener, program: string) {
    this.#listener = listener;
    this.#program = program;
    this.#worker = this.#start();
  }

  open(input: SteppedInput): void {
    if (this.#isClosed) return;
    this.#worker ??= this.#start();
    this.#course += 1;
    this.#send({ kind: "open", input, course: this.#course });
  }

  play(speed: Speed): void {
    this.#send({ kind: "play", speed });
  }

  playOrPause(): void {
    this.#send({ kind: "play-or-pause" });
  }

  pace(speed: Speed): void {
    this.#send({ kind: "pace", speed });
  }

  pause(): void {
    this.#send({ kind: "pause" });
  }

  step(of: "event" | "minute"): void {
    this.#send({ kind: "step", of });
  }

  seek(to: Ticks): void {
    this.#send({ kind: "seek", to });
  }

  intervene(change: Change): void {
    this.#send({ kind: "intervene", change });
  }

  undo(): void {
    this.#send({ kind: "undo" });
  }

  redo(): void {
    this.#send({ kind: "redo" });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #send(command: SteppedCommand): void {
    if (!this.#isClosed) this.#worker?.postMessage(command);
  }

  #start(): Worker {
    const workerData: SteppedWorkerData = { kind: "stepped" };
    // What a thread writes to the terminal would stand in the middle of a screen.
    const worker = new Worker(this.#program, {
      eval: true,
      workerData,
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on("message", (report: SteppedReport) => this.#hear(report));
    worker.on("error", (cause) => this.#lose(worker, cause.message));
    worker.on("exit", (code) => this.#lose(worker, `its thread ended with code ${code}`));
    return worker;
  }

  #hear(report: SteppedReport): void {
    if (this.#isClosed || report.course !== this.#course) return;
    if (report.kind === "update") this.#listener.onUpdate(report.update);
    else if (report.kind === "seeking") this.#listener.onSeeking?.(report.seek);
    else if (report.kind === "refused") this.#listener.onRefused(report.why);
    else this.#listener.onFailed(`the rehearsal ended early: ${report.why}.`);
  }

  /** An error is followed by an exit: the reason is told once. */
  #lose(worker: Worker, why: string): void {
    if (this.#isClosed || this.#worker !== worker) return;
    this.#worker = null;
    this.#listener.onFailed(`the rehearsal ended early: ${why}.`);
  }
}
