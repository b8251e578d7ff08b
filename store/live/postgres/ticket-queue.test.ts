/** Looks at the waiting room on PostgreSQL: what they cost, how old they may be, what they keep. */
import { Effect } from "effect";
import { expect, it } from "vitest";
import type { JoinAnswer } from "../../core/ticket.ts";
import type { TicketQueueService } from "../../ports/ticket-queue.ts";
import { describeWithServer } from "../../testing/real-servers.ts";
import { CONTRACT_ROOM } from "../../testing/ticket-queue.contract.ts";
import { openPool, ownSchema } from "../testing/postgres-store.ts";
import { PostgresPool } from "./postgres-pool.ts";
import { postgresTicketQueue } from "./shared-books.ts";

const LOOKS = 20_000;
const { keptMillis: KEPT } = CONTRACT_ROOM;

/** A pool that counts what is asked over it. */
class CountingPool extends PostgresPool {
  asked = 0;

  override query(...asked: Parameters<PostgresPool["query"]>) {
    this.asked += 1;
    return super.query(...asked);
  }

  override transaction<Answer>(
    ...asked: Parameters<typeof PostgresPool.prototype.transaction<Answer>>
  ) {
    this.asked += 1;
    return super.transaction(...asked);
  }
}

const run = Effect.runPromise;
const join = (queue: TicketQueueService, shopper: string) =>
  run(queue.join({ shopper, lane: "all", now: 0 }));
const ticketOf = (joined: JoinAnswer) => ("ticket" in joined ? joined.ticket : 0);

await describeWithServer("postgres", "looks at the waiting room", ({ url }) => {
  /** Two nodes; the room is full, and ann waits. */
  async function withTwoNodes(
    use: (of: {
      readonly nodes: readonly [TicketQueueService, TicketQueueService];
      readonly pools: readonly [CountingPool, CountingPool];
      readonly ann: number;
      readonly journalLength: () => Promise<number>;
    }) => Promise<void>,
  ): Promise<void> {
    const schema = ownSchema();
    const first = await openPool(url, schema);
    const pools = [new CountingPool({ url, schema }), new CountingPool({ url, schema })] as const;
    const open = (pool: PostgresPool) => postgresTicketQueue(pool, { limits: CONTRACT_ROOM });
    try {
      const nodes = [await open(pools[0]), await open(pools[1])] as const;
      for (const shopper of ["in-1", "in-2"]) await join(nodes[0], shopper);
      const ann = ticketOf(await join(nodes[0], "ann"));
      const journalLength = async () => {
        const text = "SELECT length FROM books WHERE book = 'tickets'";
        return (await first.query({ name: "length", text }))[0]?.length as number;
      };
      await use({ nodes, pools, ann, journalLength });
    } finally {
      for (const pool of [first, ...pools]) await pool.close();
    }
  }

  it("answers thousands from its own copy, and writes none of them", () =>
    withTwoNodes(async ({ nodes: [, node], pools: [, pool], ann, journalLength }) => {
      const [before, length, began] = [pool.asked, await journalLength(), performance.now()];
      for (let look = 0; look < LOOKS; look += 1) {
        const answer = await run(node.look({ ticket: ann, shopper: "ann", now: 1 }));
        if (answer._tag !== "Waiting") throw new Error(`ann waits, and is told ${answer._tag}`);
      }
      const tenths = Math.ceil((performance.now() - began) / 100);
      expect(pool.asked - before).toBeLessThanOrEqual(tenths + 1);
      expect(await journalLength()).toBe(length);
    }));

  it("finds a place that another node gave a moment ago", () =>
    withTwoNodes(async ({ nodes: [one, other] }) => {
      for (let number = 0; number < 20; number += 1) {
        const shopper = `shopper ${number}`;
        const ticket = ticketOf(await join(one, shopper));
        const looked = await run(other.look({ ticket, shopper, now: 1 }));
        expect(looked).toMatchObject({ _tag: "Waiting", ahead: number + 1 });
      }
    }));

  it("keeps the place of who looked on a node that never sweeps", () =>
    withTwoNodes(async ({ nodes: [sweeps, looks], ann }) => {
      await join(sweeps, "ben");
      for (const now of [KEPT - 3_000, KEPT - 1_500]) {
        await run(looks.look({ ticket: ann, shopper: "ann", now }));
      }
      const { ended } = await run(sweeps.expire({ now: KEPT + 5_000, limit: 10 }));
      expect(ended.map(({ shopper }) => shopper)).toEqual(["ben"]);
    }));

  it("tells a request from inside that it is, and keeps the shopper inside", () =>
    withTwoNodes(async ({ nodes: [sweeps, other], ann }) => {
      const { sessionMillis } = CONTRACT_ROOM;
      const inside = ticketOf(await join(sweeps, "in-1"));
      const seen = async (now: number) =>
        (await run(other.renew({ ticket: inside, shopper: "in-1", now })))._tag;
      expect(await seen(sessionMillis - 4_000)).toBe("Inside");
      expect(await seen(sessionMillis - 2_000)).toBe("Inside");
      expect(await run(other.renew({ ticket: ann, shopper: "ann", now: 1 }))).toEqual({
        _tag: "NoPlace",
      });
      const { ended } = await run(sweeps.expire({ now: sessionMillis + 1_000, limit: 10 }));
      expect(ended.map(({ shopper }) => shopper).sort()).toEqual(["ann", "in-2"]);
      expect(await seen(sessionMillis + 2_000)).toBe("Inside");
    }));
});
