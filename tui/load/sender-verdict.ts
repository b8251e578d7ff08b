/**
 * Whether the machine that sends, not the store, was the limit of a load: then its latencies say
 * nothing of the store. Each sign is a figure of the sender and the threshold that it is held to.
 */
/// <reference types="node" />
import type { LoadRecord } from "./load-record.ts";

/** A request that goes out later than this is no shopper's any more; 1 % may. */
const LAG_P99_MILLIS_MAX = 10;
/** Either may be this share of what the store takes at the same percentile, where that is more. */
const LATE_SHARE_OF_SERVICE_MAX = 0.1;
const LOOP_LATE_MILLIS_MAX = 20;
/** A process of JavaScript has one core for its work; beyond this share it falls behind. */
const PROCESSOR_SHARE_MAX = 0.85;
/** Requests that waited for a connection of the sender's. */
const WITHOUT_CONNECTION_SHARE_MAX = 0.01;

export interface SenderSign {
  readonly figure: "lag" | "event loop" | "processor" | "connections" | "dropped";
  readonly value: number;
  readonly threshold: number;
  /** One sentence. */
  readonly says: string;
}

/** What shows that the sender was the limit; nothing where it was not. */
export function senderSigns(record: LoadRecord): readonly SenderSign[] {
  const signs: SenderSign[] = [];
  const { sent } = record.total().counts;
  const note = (figure: SenderSign["figure"], value: number, threshold: number, says: string) => {
    if (value > threshold) signs.push({ figure, value, threshold, says });
  };
  const lag = record.lag.count === 0 ? 0 : record.lag.quantileMillis(0.99);
  const lagMax = lateMaxOf(record, LAG_P99_MILLIS_MAX);
  note(
    "lag",
    lag,
    lagMax,
    `Requests went out ${millis(lag)} late (P99); up to ${millis(lagMax)} is no matter.`,
  );
  const loop = record.loopLateMillis;
  const loopMax = lateMaxOf(record, LOOP_LATE_MILLIS_MAX);
  note(
    "event loop",
    loop,
    loopMax,
    `The sender's event loop was ${millis(loop)} late (P99); up to ${millis(loopMax)} is no matter.`,
  );
  const share = Math.max(0, ...record.processorShares);
  note(
    "processor",
    share,
    PROCESSOR_SHARE_MAX,
    `A sending process used ${percent(share)} of a core; beyond ${percent(PROCESSOR_SHARE_MAX)} it falls behind.`,
  );
  const without = record.withoutConnection / Math.max(1, sent);
  note(
    "connections",
    without,
    WITHOUT_CONNECTION_SHARE_MAX,
    `${percent(without)} of the requests found no connection free (${record.connectionsPeak} in use).`,
  );
  note("dropped", record.dropped, 0, `${record.dropped} requests were not sent: too many waited.`);
  return signs;
}

function lateMaxOf(record: LoadRecord, millisMax: number): number {
  const { service } = record.total();
  const share = service.count === 0 ? 0 : service.quantileMillis(0.99);
  return Math.max(millisMax, LATE_SHARE_OF_SERVICE_MAX * share);
}

function millis(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
