/** The part of a scenario about sellers side by side and about refusing what is too much. */
import type { Ticks } from "../../engine/time.ts";
import type { PageClass } from "./scenario.ts";

/** Another seller on the same servers: an even stream of requests, no sessions. */
export interface NeighbourSpec {
  readonly name: string;
  /** Requests per second that reach the servers, Poisson. */
  readonly rate: number;
  /** Shares of the pages they ask for, 1 together. */
  readonly pages: Readonly<Record<PageClass, number>>;
  /** The part of each server that is theirs where there are bulkheads; the sale has the rest. */
  readonly share: number;
}

export interface BulkheadsSpec {
  /** The part of each guarantee that is not lent while it is idle. */
  readonly kept: number;
}

/** What servers refuse before they must; `store/core/load-shedding.ts` has the rules. */
export interface SheddingSpec {
  /** Null where nothing is refused in line. */
  readonly codel: { readonly target: Ticks; readonly interval: Ticks } | null;
  /** Bounds of what is inside one server at once; null where nothing is refused at the door. */
  readonly gradient2: { readonly min: number; readonly max: number } | null;
  readonly retryAfter: { readonly minSeconds: number; readonly maxSeconds: number };
}

export interface SideBySideSpec {
  readonly neighbours: readonly NeighbourSpec[];
  /** Null where all sellers share the servers as they come. */
  readonly bulkheads: BulkheadsSpec | null;
  /** Null where servers refuse only what finds no place. */
  readonly shedding: SheddingSpec | null;
}
