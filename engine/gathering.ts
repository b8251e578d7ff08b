/**
 * Processes that go on together: a batch that leaves when it is full or when its first member has
 * waited long enough, as group commits and mail batches do.
 */
import { assert } from "./assert.ts";
import {
  type Abandonment,
  type Process,
  type Processes,
  Signal,
  type Waitable,
} from "./process.ts";
import { type EventHandle, type EventKind, NO_EVENT } from "./simulation.ts";
import type { Ticks } from "./time.ts";

export interface GatheringOptions {
  readonly name: string;
  /** Members that make a batch; the last one to come does not wait. */
  readonly size: number;
  /** Ticks that the first member waits at most; for ever where nothing is said. */
  readonly patience?: Ticks;
}

/** Yield it to become a member of the batch that is gathering. */
export class Gathering implements Waitable {
  /** Batches that have left, and the members they had together. */
  readonly left = { batches: 0, members: 0 };
  private readonly processes: Processes;
  private readonly size: number;
  private readonly patience: Ticks;
  private readonly dueKind: EventKind;
  private readonly members: Signal;
  private due: EventHandle = NO_EVENT;

  constructor(processes: Processes, options: GatheringOptions) {
    assert(Number.isInteger(options.size) && options.size >= 1, "a batch has members");
    this.processes = processes;
    this.size = options.size;
    this.patience = options.patience ?? Number.POSITIVE_INFINITY;
    this.members = new Signal(processes);
    this.dueKind = processes.simulation.defineEvent(`${options.name}.due`, () => {
      this.due = NO_EVENT;
      this.leave(this.members.size);
    });
  }

  /** Members that wait now. */
  get waiting(): number {
    return this.members.size;
  }

  begin(process: Process<unknown>): boolean {
    if (this.members.size + 1 >= this.size) {
      this.leave(this.members.size + 1);
      return true;
    }
    this.members.begin(process);
    if (this.members.size === 1 && this.patience < Number.POSITIVE_INFINITY) {
      this.due = this.processes.simulation.scheduleAfter(this.patience, this.dueKind, 0);
    }
    return false;
  }

  abandon(process: Process<unknown>, _why: Abandonment): void {
    this.members.abandon(process);
    if (this.members.size === 0) this.stopWaiting();
  }

  private leave(members: number): void {
    assert(members <= this.size, "a batch is never larger than its size");
    this.stopWaiting();
    this.left.batches += 1;
    this.left.members += members;
    this.members.fire();
  }

  private stopWaiting(): void {
    if (this.due !== NO_EVENT) this.processes.simulation.cancel(this.due);
    this.due = NO_EVENT;
  }
}
