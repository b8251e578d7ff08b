/**
 * The sale log on SQLite. What is appended between two commits becomes one row, so an event costs
 * little more than its text; sequence numbers are given in the step that appends.
 */
import { assert } from "../../core/assert.ts";
import type { SaleEvent } from "../../core/sale-event.ts";
import type { LoggedEvent, SaleLogService } from "../../ports/sale-log.ts";
import type { GroupCommit, Image } from "./group-commit.ts";
import { PortSteps } from "./port-steps.ts";
import type { Counters } from "./row-image.ts";

/** Counter of the ledger file. */
const EVENTS = "saleLog.events";

type ReadRequest = Parameters<SaleLogService["read"]>[0];

export function sqliteSaleLog(group: GroupCommit, counters: Counters): SaleLogService {
  const log = new StoredLog(group, counters);
  const steps = new PortSteps(group, "store/SaleLog");
  return {
    append: steps.write((event: SaleEvent) => log.append(event)),
    read: steps.read((request: ReadRequest) => log.read(request)),
    length: steps.readNow(() => counters.get(EVENTS)),
  };
}

class StoredLog implements Image {
  readonly #group: GroupCommit;
  readonly #counters: Counters;
  readonly #insert;
  readonly #select;
  /** The events of the open group, as texts. */
  #appended: string[] = [];

  constructor(group: GroupCommit, counters: Counters) {
    this.#group = group;
    this.#counters = counters;
    const { connection } = group;
    this.#insert = connection.prepare<[number, number, string]>(
      "INSERT INTO sale_log (first, count, events) VALUES (?, ?, ?)",
    );
    this.#select = connection.prepare<[number], { first: number; events: string }>(
      `SELECT first, events FROM sale_log
         WHERE first >= coalesce((SELECT max(first) FROM sale_log WHERE first <= ?), 1)
         ORDER BY first`,
    );
    group.join(this);
  }

  append(event: SaleEvent): number {
    this.#group.wrote();
    this.#appended.push(JSON.stringify(event));
    return this.#counters.add(EVENTS);
  }

  read({ after, limit }: ReadRequest): readonly LoggedEvent[] {
    assert(limit > 0, "a reader takes at least one event");
    this.flush();
    const found: LoggedEvent[] = [];
    for (const { first, events } of this.#select.iterate(after + 1)) {
      const list: readonly SaleEvent[] = JSON.parse(events);
      for (const [index, event] of list.entries()) {
        const sequence = first + index;
        if (sequence > after) found.push({ sequence, event });
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  flush(): void {
    const { length } = this.#appended;
    if (length === 0) return;
    const first = this.#counters.get(EVENTS) - length + 1;
    this.#insert.run(first, length, `[${this.#appended.join(",")}]`);
    this.#appended = [];
  }

  forget(): void {
    this.#appended = [];
  }
}
