import { Effect } from "effect";
import { expect, it } from "vitest";
import { CONTRACT_ROOM, ticketQueueContract } from "../testing/ticket-queue.contract.ts";
import { MemoryTicketQueue } from "./ticket-queue.ts";

ticketQueueContract("memory", MemoryTicketQueue.layer({ limits: CONTRACT_ROOM }));

it("the memory ticket queue refuses a shopper too many and keeps the places of the others", () => {
  const queue = MemoryTicketQueue.make({ limits: CONTRACT_ROOM, waitingMax: 1 });
  const join = (shopper: string) => queue.join({ shopper, lane: "all", now: 0 });
  for (const shopper of ["a", "b", "c"]) Effect.runSync(join(shopper));
  expect(Effect.runSync(Effect.flip(join("d")))._tag).toBe("PortUnavailable");
  expect(Effect.runSync(join("c"))).toMatchObject({ _tag: "Waiting", ahead: 0 });
});
