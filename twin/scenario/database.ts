/** The part of a scenario that says what the database behind the instances can take. */
import type { Ticks } from "../../engine/time.ts";
import type { DistributionSpec, PageClass } from "./scenario.ts";

/** What one page asks of the database. */
export interface QueriesSpec {
  readonly reads: number;
  readonly writes: number;
}

export interface DatabaseSpec {
  /** Connections in the pool of one instance; 0: no limits, and a page's I/O takes its time. */
  readonly pool: number;
  /** How long a request waits for a connection before it is an error. */
  readonly waitLimit: Ticks;
  /** Connections that the database serves at once, of all pools together. */
  readonly connections: number;
  readonly read: DistributionSpec;
  readonly write: DistributionSpec;
  readonly queries: Readonly<Record<PageClass, QueriesSpec>>;
  /** The stock row of an article, which one commit after the other has for itself. */
  readonly row: {
    /** How long a commit keeps it, without anybody waiting; 0: rows have no limit. */
    readonly lock: Ticks;
    /** How much longer for each connection that contends for it, the one that has it included. */
    readonly perContender: Ticks;
  };
}
