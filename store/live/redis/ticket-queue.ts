/**
 * The waiting room on several nodes, in the way of `promotion-ledger.ts`: every place survives any
 * node. Each look of a waiting shopper is a step as well, because it keeps the place; so the
 * stream, which is kept whole for nodes that join, sets how many looks a sale may have in all.
 */
import type { RoomLimits, SeenInside } from "../../core/ticket.ts";
import { MemoryTicketQueue } from "../../memory/ticket-queue.ts";
import type { TicketQueueService } from "../../ports/ticket-queue.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { partKeyOf } from "./redis-keys.ts";
import { SharedSteps, type Steps } from "./shared-steps.ts";

export interface RedisTicketQueueOptions {
  readonly connection: RedisConnection;
  /** The name of the sale. */
  readonly sale: string;
  readonly limits: RoomLimits;
}

/** Who was seen inside, as text can carry it. */
interface SeenTold {
  readonly tickets: readonly number[];
  readonly at: readonly number[];
}

function told({ count, tickets, at }: SeenInside): SeenTold {
  return { tickets: [...tickets.subarray(0, count)], at: [...at.subarray(0, count)] };
}

function seen({ tickets, at }: SeenTold): SeenInside {
  const columns = { tickets: Float64Array.from(tickets), at: Float64Array.from(at) };
  return { count: tickets.length, ...columns };
}

function make({ connection, sale, limits }: RedisTicketQueueOptions): TicketQueueService {
  const shared = new SharedSteps({
    connection,
    port: "store/TicketQueue",
    key: partKeyOf(sale, "tickets"),
    rules: JSON.stringify(limits),
    open: () => {
      const { room: _, snapshot, renewAll, ...steps } = MemoryTicketQueue.make({ limits });
      const renewTold = (request: SeenTold) => renewAll(seen(request));
      return { ...steps, renewAll: renewTold, snapshot: () => snapshot } satisfies Steps;
    },
  });
  return {
    lend: (request) => shared.step("lend", request),
    join: (request) => shared.step("join", request),
    look: (request) => shared.step("look", request),
    redeem: (request) => shared.step("redeem", request),
    renew: (request) => shared.step("renew", request),
    renewAll: (request) => shared.step("renewAll", told(request)),
    leave: (request) => shared.step("leave", request),
    report: (report) => shared.step("report", report),
    admit: (request) => shared.step("admit", request),
    expire: (request) => shared.step("expire", request),
    tell: (left) => shared.step("tell", left),
    snapshot: shared.ask("snapshot", null),
  };
}

export const RedisTicketQueue = { make } as const;
