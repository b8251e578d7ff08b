/**
 * A recording of a past sale: one event a line, as the sale log has them. A sale log is a recording
 * already; what other systems kept is told in the same way, with the kinds of this file beside the
 * sale log's own.
 */

/** An order that a shop served; of other systems' orders nothing more is known. */
export interface RecordedOrder {
  readonly kind: "OrderConfirmed";
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly order?: string;
  readonly shopper?: string;
  /** Minor units of the currency. */
  readonly total?: number;
  readonly currency?: string;
  readonly units?: number;
  /** Different products in it. */
  readonly lines?: number;
  /** What it was served together with: the number of a slot, a block, a batch. */
  readonly slot?: string;
}

/** A request that a web server answered. */
export interface RecordedRequest {
  readonly kind: "Request";
  readonly at: number;
  readonly shopper?: string;
  readonly method: string;
  /** Without what stands behind the question mark. */
  readonly path: string;
  readonly status: number;
  /** Milliseconds until it was answered. */
  readonly millis?: number;
}

/** How many there were in an interval. */
export interface RecordedCount {
  readonly kind: "Count";
  /** When the interval began. */
  readonly at: number;
  /** Milliseconds; null for the last of a file whose intervals differ. */
  readonly lasts: number | null;
  readonly metric: string;
  readonly value: number;
}

/** What had come together a while after the start of a sale. */
export interface RecordedMilestone {
  readonly kind: "Milestone";
  /** The name of the sale, such as its year. */
  readonly sale: string;
  /** Milliseconds since it began. */
  readonly after: number;
  readonly metric: string;
  readonly value: number;
}

/** A figure that was published, and how far from it a simulated one may lie. */
export interface RecordedTarget {
  readonly kind: "Target";
  readonly metric: string;
  readonly value: number;
  /** As an expectation writes it: `5 %`, `120`; null where none is given. */
  readonly tolerance: string | null;
  readonly source?: string;
}

export type RecordedEvent =
  | RecordedOrder
  | RecordedRequest
  | RecordedCount
  | RecordedMilestone
  | RecordedTarget;

/** The line of a recording, without its end; times as ISO 8601 in UTC, as the sale log has them. */
export function recordedLine(event: RecordedEvent): string {
  return JSON.stringify("at" in event ? { ...event, at: new Date(event.at).toISOString() } : event);
}
