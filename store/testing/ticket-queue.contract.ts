/** The contract of the ticket queue: places that are kept, given once, and given on. */
import { Effect, type Layer } from "effect";
import { expect } from "vitest";
import type { JoinAnswer, RoomLimits } from "../core/ticket.ts";
import type { PortUnavailable } from "../ports/port-unavailable.ts";
import { TicketQueue, type TicketQueueService } from "../ports/ticket-queue.ts";
import { type ContractCase, contract } from "./contract.ts";

/** An adapter is tried with these; a room of two places. */
export const CONTRACT_ROOM: RoomLimits = {
  active: 2,
  perMinute: null,
  lanes: [
    { name: "vip", share: 0.6, opensAt: null },
    { name: "all", share: 0.3, opensAt: null },
    { name: "later", share: 0.1, opensAt: 1_000_000 },
  ],
  engages: { from: null, above: 0 },
  passMillis: 60_000,
  sessionMillis: 300_000,
  keptMillis: 120_000,
  adaptive: null,
  drawSeed: "a seed that was published",
};

/** `layer` makes an adapter with {@link CONTRACT_ROOM}. */
export function ticketQueueContract(name: string, layer: Layer.Layer<TicketQueue>): void {
  contract(`ticket queue: ${name}`, ticketQueueCases, layer);
}

function queueCase(
  sentence: string,
  body: (queue: TicketQueueService) => Effect.Effect<void, PortUnavailable>,
): ContractCase<TicketQueue> {
  return { sentence, program: Effect.flatMap(TicketQueue, body) };
}

const join = (queue: TicketQueueService, shopper: string, lane = "all", now = 0) =>
  queue.join({ shopper, lane, now });

function ticketOf(answer: JoinAnswer): number {
  expect(answer).toHaveProperty("ticket");
  return "ticket" in answer ? answer.ticket : -1;
}

/** Two are inside, and these wait in this order. */
const withWaiting = (queue: TicketQueueService, ...names: readonly string[]) =>
  Effect.gen(function* () {
    const inside = [ticketOf(yield* join(queue, "in-1")), ticketOf(yield* join(queue, "in-2"))];
    const tickets = new Map<string, number>();
    for (const name of names) tickets.set(name, ticketOf(yield* join(queue, name)));
    return {
      ticket: (name: string) => tickets.get(name) ?? -1,
      free: (one: 0 | 1) =>
        queue.leave({ ticket: inside[one] ?? -1, shopper: `in-${one + 1}`, now: 0 }),
    };
  });

const ticketQueueCases: readonly ContractCase<TicketQueue>[] = [
  queueCase("lets in while there are places; the next ones wait in the order they came", (queue) =>
    Effect.gen(function* () {
      expect(yield* join(queue, "a")).toMatchObject({ _tag: "Inside", entered: true });
      expect(yield* join(queue, "b")).toMatchObject({ _tag: "Inside", entered: true });
      expect(yield* join(queue, "c")).toMatchObject({ _tag: "Waiting", ahead: 0, taken: true });
      expect(yield* join(queue, "d")).toMatchObject({ _tag: "Waiting", ahead: 1, taken: true });
      expect((yield* queue.admit({ now: 0, limit: 10 })).admitted).toEqual([]);
      expect(yield* join(queue, "e", "nowhere")).toEqual({ _tag: "UnknownLane", lane: "nowhere" });
    }),
  ),
  queueCase("one shopper who joins from ten tabs at once has one place", (queue) =>
    Effect.gen(function* () {
      yield* withWaiting(queue);
      const tabs = Array.from({ length: 10 }, () =>
        Effect.zipRight(Effect.yieldNow(), join(queue, "ann")),
      );
      const answers = yield* Effect.all(tabs, { concurrency: "unbounded" });
      expect(new Set(answers.map(ticketOf)).size).toBe(1);
      expect(answers.filter((answer) => answer._tag === "Waiting" && answer.taken)).toHaveLength(1);
      expect(yield* queue.snapshot).toMatchObject({ taken: 3, waiting: 1, inside: 2 });
    }),
  ),
  queueCase("a free place goes to one shopper, and the pass lets in that shopper alone", (queue) =>
    Effect.gen(function* () {
      const { ticket, free } = yield* withWaiting(queue, "ann", "bob");
      expect(yield* free(0)).toMatchObject({ why: "left", wasInside: true });
      expect(yield* free(0)).toBeNull();
      const { admitted } = yield* queue.admit({ now: 5, limit: 10 });
      expect(admitted).toMatchObject([{ shopper: "ann", until: 60_005, waitedMillis: 5 }]);
      expect((yield* queue.admit({ now: 5, limit: 10 })).admitted).toEqual([]);
      const pass = { ticket: ticket("ann"), shopper: "ann", now: 10 };
      expect(yield* queue.look(pass)).toMatchObject({ _tag: "Admitted", until: 60_005 });
      expect(yield* queue.redeem({ ...pass, shopper: "bob" })).toEqual({ _tag: "NoPlace" });
      expect(yield* queue.redeem({ ...pass, ticket: ticket("bob"), shopper: "bob" })).toEqual({
        _tag: "NoPlace",
      });
      expect(yield* queue.redeem(pass)).toMatchObject({ _tag: "Inside", entered: true });
      expect(yield* queue.redeem(pass)).toMatchObject({ _tag: "Inside", entered: false });
    }),
  ),
  queueCase("an open door has the places it was lent, until somebody waits", (queue) =>
    Effect.gen(function* () {
      const now = 1_000_000;
      const lend = (used: number, inside: number) => queue.lend({ now, used, inside });
      // Nobody comes in unasked while a lane of the room is shut.
      expect(yield* queue.lend({ now: 0, used: 0, inside: 0 })).toBe(0);
      yield* queue.admit({ now, limit: 10 });
      expect(yield* lend(0, 0)).toBe(1);
      expect(yield* join(queue, "ann", "all", now)).toMatchObject({ _tag: "Inside" });
      expect(yield* join(queue, "bob", "all", now)).toMatchObject({ _tag: "Waiting", ahead: 0 });
      expect(yield* lend(1, 1)).toBe(0);
      expect((yield* queue.admit({ now, limit: 10 })).admitted).toEqual([]);
      // The session of who came in by the door is over.
      expect(yield* lend(0, 0)).toBe(0);
      const { admitted } = yield* queue.admit({ now, limit: 10 });
      expect(admitted).toMatchObject([{ shopper: "bob" }]);
    }),
  ),
  queueCase("signs of life that are told together count from when they were seen", (queue) =>
    Effect.gen(function* () {
      const [ann, bob] = [ticketOf(yield* join(queue, "ann")), ticketOf(yield* join(queue, "bob"))];
      const [tickets, at] = [Float64Array.of(ann, bob), Float64Array.of(200_000, 300_000)];
      yield* queue.renewAll({ count: 2, tickets, at });
      const seen = (ticket: number, shopper: string) =>
        queue.renew({ ticket, shopper, now: 301_000 });
      expect((yield* seen(ann, "ann"))._tag).toBe("Inside");
      expect((yield* seen(bob, "bob"))._tag).toBe("NoPlace");
    }),
  ),
  queueCase("a pass that nobody redeems frees its place", (queue) =>
    Effect.gen(function* () {
      const { ticket, free } = yield* withWaiting(queue, "ann", "bob");
      yield* free(0);
      yield* queue.admit({ now: 0, limit: 10 });
      const late = { ticket: ticket("ann"), shopper: "ann", now: 60_000 };
      expect(yield* queue.redeem(late)).toEqual({ _tag: "PassLate" });
      const { ended } = yield* queue.expire({ now: 61_000, limit: 10 });
      expect(ended).toMatchObject([{ shopper: "ann", why: "noShow", wasInside: false }]);
      expect((yield* queue.admit({ now: 61_000, limit: 10 })).admitted).toMatchObject([
        { shopper: "bob" },
      ]);
    }),
  ),
  queueCase("a place is kept while its shopper looks, and is not when they do not", (queue) =>
    Effect.gen(function* () {
      const { ticket, free } = yield* withWaiting(queue, "gone", "stays");
      const stays = { ticket: ticket("stays"), shopper: "stays" };
      expect(yield* queue.look({ ...stays, now: 100_000 })).toMatchObject({ ahead: 1 });
      const { ended, more } = yield* queue.expire({ now: 130_000, limit: 10 });
      expect(ended).toMatchObject([{ shopper: "gone", why: "abandoned" }]);
      expect(more).toBe(false);
      expect(yield* queue.look({ ...stays, now: 130_000 })).toMatchObject({ ahead: 0 });
      yield* free(1);
      expect((yield* queue.admit({ now: 130_000, limit: 10 })).admitted).toMatchObject([
        { shopper: "stays" },
      ]);
    }),
  ),
  queueCase("a shopper counts as inside for a session after their last request", (queue) =>
    Effect.gen(function* () {
      const ticket = ticketOf(yield* join(queue, "ann"));
      const ann = { ticket, shopper: "ann" };
      expect(yield* queue.renew({ ...ann, now: 299_000 })).toMatchObject({ _tag: "Inside" });
      expect(yield* queue.renew({ ...ann, shopper: "bob", now: 299_000 })).toEqual({
        _tag: "NoPlace",
      });
      expect((yield* queue.expire({ now: 400_000, limit: 10 })).ended).toEqual([]);
      expect((yield* queue.expire({ now: 600_000, limit: 10 })).ended).toMatchObject([
        { shopper: "ann", why: "idle", wasInside: true },
      ]);
      expect(yield* queue.renew({ ...ann, now: 600_000 })).toEqual({ _tag: "NoPlace" });
    }),
  ),
  queueCase("the lanes get their shares, each in its order", (queue) =>
    Effect.gen(function* () {
      yield* withWaiting(queue, "a-1", "a-2", "a-3");
      for (const name of ["v-1", "v-2", "v-3", "v-4"]) yield* join(queue, name, "vip");
      const order: string[] = [];
      for (let turn = 1; turn <= 6; turn += 1) {
        const now = turn * 61_000;
        for (const name of ["a-1", "a-2", "a-3"]) yield* join(queue, name, "all", now);
        for (const name of ["v-1", "v-2", "v-3", "v-4"]) yield* join(queue, name, "vip", now);
        yield* queue.expire({ now, limit: 100 });
        const { admitted } = yield* queue.admit({ now, limit: 1 });
        order.push(...admitted.map(({ shopper }) => shopper));
      }
      expect(order.filter((name) => name.startsWith("v"))).toEqual(
        ["v-1", "v-2", "v-3", "v-4"].slice(0, order.filter((name) => name[0] === "v").length),
      );
    }),
  ),
  queueCase(
    "who came before a lane opens has a place by lot, and latecomers stand behind",
    (queue) =>
      Effect.gen(function* () {
        const early = Array.from({ length: 20 }, (_, index) => `early-${index}`);
        for (const name of early) {
          const answer = yield* join(queue, name, "later", 990_000);
          expect(answer).toMatchObject({ _tag: "Waiting", ahead: null, opensAt: 1_000_000 });
        }
        const { lots, admitted } = yield* queue.admit({ now: 1_000_000, limit: 10 });
        expect(lots).toEqual([{ lane: "later", tickets: 20, first: 1 }]);
        expect(admitted).toHaveLength(2);
        expect(early).toContain(admitted[0]?.shopper);
        expect(yield* join(queue, "late", "later", 1_000_000)).toMatchObject({ ahead: 18 });
      }),
  ),
  queueCase("nobody is admitted to what is sold out, and nobody waits for it", (queue) =>
    Effect.gen(function* () {
      const { ticket, free } = yield* withWaiting(queue, "ann", "bob");
      yield* free(0);
      yield* queue.tell("held");
      expect((yield* queue.admit({ now: 0, limit: 10 })).admitted).toEqual([]);
      const ann = { ticket: ticket("ann"), shopper: "ann", now: 0 };
      expect(yield* queue.look(ann)).toMatchObject({ _tag: "Waiting", soldOut: true });
      yield* queue.tell("none");
      expect(yield* queue.look(ann)).toEqual({ _tag: "RoomClosed", why: "soldOut" });
      expect(yield* join(queue, "new")).toEqual({ _tag: "RoomClosed", why: "soldOut" });
      const { ended } = yield* queue.expire({ now: 0, limit: 1 });
      expect(ended).toMatchObject([{ why: "soldOut" }]);
      yield* queue.expire({ now: 0, limit: 10 });
      expect(yield* queue.snapshot).toMatchObject({ waiting: 0, inside: 1, ended: 3 });
    }),
  ),
  queueCase("of many nodes that admit at once none admits beyond the places", (queue) =>
    Effect.gen(function* () {
      const { free } = yield* withWaiting(
        queue,
        ...Array.from({ length: 9 }, (_, at) => `s-${at}`),
      );
      yield* free(0);
      yield* free(1);
      const nodes = Array.from({ length: 8 }, () =>
        Effect.zipRight(Effect.yieldNow(), queue.admit({ now: 0, limit: 10 })),
      );
      const rounds = yield* Effect.all(nodes, { concurrency: "unbounded" });
      const admitted = rounds.flatMap((round) => round.admitted.map(({ shopper }) => shopper));
      expect(admitted.sort()).toEqual(["s-0", "s-1"]);
    }),
  ),
];
