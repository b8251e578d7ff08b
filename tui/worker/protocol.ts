/** What the command line and its workers say to each other. */
import type { Rehearsal } from "../../twin/result.ts";
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import type { Intervention } from "../../twin/stepped/intervention.ts";

/**
 * One rehearsal for a worker. The plan travels decoded: it is plain data, and a worker that need
 * not decode starts without the scenario's schema and YAML.
 */
export interface RehearsalTask {
  readonly plan: PlanSpec;
  readonly seed: string;
  /** Which row of the {@link Board} is this task's. */
  readonly row: number;
  /** Where its part of the sale log goes, or null where nobody asked for it. */
  readonly eventsPath: string | null;
  /** Whether to say what became of every shopper. */
  readonly outcomes: boolean;
  /** What is changed on the way; one that cannot be made fails the rehearsal. */
  readonly interventions: readonly Intervention[];
}

export type TaskOutcome =
  | {
      readonly kind: "rehearsed";
      readonly rehearsal: Rehearsal;
      /** Wall time; never part of a result. */
      readonly seconds: number;
    }
  /** A broken assumption of the program, or a sale log that could not be written. */
  | { readonly kind: "failed"; readonly why: string };

const ROW_CELLS = 3;

/**
 * Memory that workers and the command line share: a rehearsal computes without a pause, so it can
 * neither take a message that says stop nor have one sent for it by anybody else.
 */
export class Board {
  readonly memory: { readonly stop: SharedArrayBuffer; readonly rows: SharedArrayBuffer };
  /** The first is for all rows, one for each of them follows. */
  private readonly stopCells: Int32Array;
  private readonly cells: Float64Array;

  constructor(memory: { readonly stop: SharedArrayBuffer; readonly rows: SharedArrayBuffer }) {
    this.memory = memory;
    this.stopCells = new Int32Array(memory.stop);
    this.cells = new Float64Array(memory.rows);
  }

  static forTasks(count: number): Board {
    const bytes = Math.max(1, count) * ROW_CELLS * Float64Array.BYTES_PER_ELEMENT;
    return new Board({
      stop: new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT),
      rows: new SharedArrayBuffer(bytes),
    });
  }

  /** Asks every worker to end its rehearsal at the next slice. */
  stop(): void {
    Atomics.store(this.stopCells, 0, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.stopCells, 0) === 1;
  }

  /** Asks for the rehearsal of one row alone to end. */
  stopRow(row: number): void {
    Atomics.store(this.stopCells, 1 + row, 1);
  }

  /** Whether the rehearsal of a row is asked to end. */
  isStopped(row: number): boolean {
    return this.stopped || Atomics.load(this.stopCells, 1 + row) === 1;
  }

  /** Another rehearsal takes the row. */
  clear(row: number): void {
    Atomics.store(this.stopCells, 1 + row, 0);
    this.report(row, { ticks: 0, of: 0, events: 0 });
  }

  report(row: number, progress: RowProgress): void {
    this.cells[row * ROW_CELLS] = progress.ticks;
    this.cells[row * ROW_CELLS + 1] = progress.of;
    this.cells[row * ROW_CELLS + 2] = progress.events;
  }

  read(row: number): RowProgress {
    const [ticks = 0, of = 0, events = 0] = this.cells.slice(
      row * ROW_CELLS,
      (row + 1) * ROW_CELLS,
    );
    return { ticks, of, events };
  }

  get rows(): number {
    return this.cells.length / ROW_CELLS;
  }
}

export interface RowProgress {
  /** Virtual time that has passed, ticks. */
  readonly ticks: number;
  /** The sale's length, ticks; 0 before the rehearsal has begun. */
  readonly of: number;
  readonly events: number;
}
