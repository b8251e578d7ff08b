/**
 * The sale log in memory: keeps the newest events and counts all of them. An observer sees each
 * event as it is appended; that is how a rehearsal audits a log that it does not keep.
 */
import { Layer } from "effect";
import { assert } from "../core/assert.ts";
import type { SaleEvent } from "../core/sale-event.ts";
import { atOnce, readAtOnce } from "../ports/at-once.ts";
import { type LoggedEvent, SaleLog, type SaleLogService } from "../ports/sale-log.ts";

export interface MemorySaleLogOptions {
  /** Events that can be read again; older ones are dropped. */
  readonly keptMax?: number;
  /** Called with every event, in the step that appends it. */
  readonly observe?: (event: SaleEvent, sequence: number) => void;
}

const KEPT_MAX = 1_000_000;

type ReadRequest = Parameters<SaleLogService["read"]>[0];

function make(options: MemorySaleLogOptions = {}): SaleLogService {
  const keptMax = options.keptMax ?? KEPT_MAX;
  assert(Number.isSafeInteger(keptMax) && keptMax >= 0, "a log keeps a whole number of events");
  const observe = options.observe;
  // A ring: the event with sequence n stands at (n - 1) modulo keptMax.
  const kept: SaleEvent[] = [];
  let length = 0;
  const append = (event: SaleEvent): number => {
    if (keptMax > 0) kept[length % keptMax] = event;
    length++;
    observe?.(event, length);
    return length;
  };
  const read = ({ after, limit }: ReadRequest): readonly LoggedEvent[] => {
    assert(limit > 0, "a reader takes at least one event");
    const first = Math.max(after, length - kept.length);
    const end = Math.min(length, first + limit);
    const events: LoggedEvent[] = [];
    for (let index = first; index < end; index++) {
      events.push({ sequence: index + 1, event: kept[index % keptMax] });
    }
    return events;
  };
  return {
    append: atOnce(append),
    read: atOnce(read),
    length: readAtOnce(() => length),
  };
}

export const MemorySaleLog = {
  make,
  layer: (options: MemorySaleLogOptions = {}) => Layer.sync(SaleLog, () => make(options)),
} as const;
