/** A part of a load: the shoppers that one process sends, and what they met. */
/// <reference types="node" />
import type { PlanSpec } from "../../twin/scenario/scenario.ts";
import { LiveShoppers, type LiveShoppersOptions } from "./live-shoppers.ts";
import { LoadRecord, type LoadRecordData } from "./load-record.ts";
import type { LoadRequest } from "./load-request.ts";
import { openLoop } from "./open-loop.ts";
import { ReadAhead } from "./read-ahead.ts";
import { rehearsedRequests } from "./rehearsed-requests.ts";
import { addOrders, noOrders, type OrderEnds } from "./sale-tally.ts";

/** Requests that are put together before they are due. */
const AHEAD = 4_096;

export interface LoadPartOptions extends LiveShoppersOptions {
  readonly plan: PlanSpec;
  readonly seed: string;
  readonly target: string;
  readonly connectionsMax: number;
  readonly timeLimitMillis: number;
}

/** What came of a part, or of all of them together, as it goes from process to process. */
export interface LoadOutcome {
  readonly record: LoadRecordData;
  readonly answered: OrderEnds;
  readonly rehearsed: OrderEnds;
  /** Pages that the CDN would have answered. */
  readonly atEdge: number;
  /** Minor units of the orders that were sold. */
  readonly revenue: number;
  /** Problems that the store told, by kind. */
  readonly problems: Readonly<Record<string, number>>;
}

export class LoadPart {
  readonly #options: LoadPartOptions;
  readonly #shoppers: LiveShoppers;
  readonly #requests: ReadAhead<LoadRequest>;
  readonly #record = new LoadRecord();

  constructor(options: LoadPartOptions) {
    const { plan, seed, window } = options;
    this.#options = options;
    this.#shoppers = new LiveShoppers(options);
    const rehearsed = rehearsedRequests({ plan, seed, ...window });
    this.#requests = new ReadAhead(this.#shoppers.requests(rehearsed), AHEAD);
  }

  /** Resolves when the first requests can go out. */
  ready(): Promise<void> {
    return this.#requests.ready();
  }

  get progress(): LoadProgress {
    const progress = { sent: 0, answered: 0, refused: 0, failed: 0 };
    for (const second of this.#record.seconds) {
      progress.sent += second.sent;
      progress.answered += second.answered;
      progress.refused += second.refused;
      progress.failed += second.failed;
    }
    return progress;
  }

  /** Sends them; `startsAt` in milliseconds since 1970. */
  async run(startsAt: number, signal: AbortSignal): Promise<LoadOutcome> {
    const { target, connectionsMax, timeLimitMillis } = this.#options;
    const source = this.#requests;
    const record = this.#record;
    await openLoop({ target, source, startsAt, connectionsMax, timeLimitMillis, signal, record });
    const { answered, rehearsed, atEdge, revenue, problems } = this.#shoppers;
    return { record: record.toJSON(), answered, rehearsed, atEdge, revenue, problems };
  }
}

/** How far a load has come. */
export interface LoadProgress {
  readonly sent: number;
  readonly answered: number;
  readonly refused: number;
  readonly failed: number;
}

/** The parts of one load as one. */
export function together(parts: readonly LoadOutcome[]): LoadOutcome {
  const record = new LoadRecord();
  const answered = noOrders();
  const rehearsed = noOrders();
  const problems: Record<string, number> = {};
  let atEdge = 0;
  let revenue = 0;
  for (const part of parts) {
    record.add(LoadRecord.of(part.record));
    addOrders(answered, part.answered);
    addOrders(rehearsed, part.rehearsed);
    atEdge += part.atEdge;
    revenue += part.revenue;
    for (const [kind, count] of Object.entries(part.problems)) {
      problems[kind] = (problems[kind] ?? 0) + count;
    }
  }
  return { record: record.toJSON(), answered, rehearsed, atEdge, revenue, problems };
}
