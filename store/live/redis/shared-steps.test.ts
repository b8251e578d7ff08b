/** Books that several nodes keep: one order of steps, whatever becomes of the stream or a node. */
import { Effect, Layer } from "effect";
import { expect, it } from "vitest";
import { MemoryPromotionLedger } from "../../memory/promotion-ledger.ts";
import { FeedbackLedger } from "../../ports/feedback-ledger.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import { PromotionLedger, type PromotionLedgerService } from "../../ports/promotion-ledger.ts";
import { TicketQueue } from "../../ports/ticket-queue.ts";
import { feedbackLedgerContract } from "../../testing/feedback-ledger.contract.ts";
import { codeNumbered, offerOf } from "../../testing/offers.ts";
import {
  CONTRACT_OFFERS,
  CONTRACT_TRIES,
  promotionLedgerContract,
} from "../../testing/promotion-ledger.contract.ts";
import { CONTRACT_ROOM, ticketQueueContract } from "../../testing/ticket-queue.contract.ts";
import { saleName, withRedis } from "../testing/redis-store.ts";
import { type Chance, seededChance } from "../testing/stock-steps.ts";
import { RedisFeedbackLedger } from "./feedback-ledger.ts";
import { RedisPromotionLedger } from "./promotion-ledger.ts";
import { RedisConnection } from "./redis-connection.ts";
import { RedisTicketQueue } from "./ticket-queue.ts";

const run = <A>(effect: Effect.Effect<A, PortUnavailable>): Promise<A> => Effect.runPromise(effect);
const OFFERS = [offerOf("stay"), offerOf("welcome")];
const STEPS = 1_500;

function codeStep(chance: Chance, now: number) {
  const shopper = chance.of(["ann", "ben", "zoë 😀"]);
  const code = codeNumbered(chance.below(12));
  const order = `order ${chance.below(40)}`;
  const amount = 100 + chance.below(200);
  const draw = chance.below(6);
  return (ledger: PromotionLedgerService): Effect.Effect<unknown, PortUnavailable> => {
    const { offer } = chance.of(OFFERS);
    if (draw === 0) return ledger.issue({ offer, shopper, code, now });
    if (draw === 1) return ledger.lookUp({ shopper, code, now });
    if (draw === 2) return ledger.claim({ order, shopper, codes: [{ code, offer, amount }], now });
    if (draw === 3) return ledger.redeem(order);
    if (draw === 4) return ledger.release(order);
    return ledger.claimsBefore({ claimedBefore: now, limit: 3 });
  };
}

withRedis("books that nodes share", (server) => {
  const connect = async (): Promise<RedisConnection> => {
    const connection = new RedisConnection({ url: server().url });
    await connection.connect();
    return connection;
  };
  const scoped = Effect.acquireRelease(Effect.promise(connect), (connection) =>
    Effect.promise(() => connection.close()),
  );
  const of = <Service>(make: (at: { connection: RedisConnection; sale: string }) => Service) =>
    Effect.map(scoped, (connection) => make({ connection, sale: saleName() }));

  promotionLedgerContract(
    "redis",
    Layer.scoped(
      PromotionLedger,
      of((at) =>
        RedisPromotionLedger.make({ ...at, offers: CONTRACT_OFFERS, tries: CONTRACT_TRIES }),
      ),
    ),
  );
  feedbackLedgerContract("redis", Layer.scoped(FeedbackLedger, of(RedisFeedbackLedger.make)));
  ticketQueueContract(
    "redis",
    Layer.scoped(
      TicketQueue,
      of((at) => RedisTicketQueue.make({ ...at, limits: CONTRACT_ROOM })),
    ),
  );

  it("answer as the book in memory, over two nodes in turn and one that joins late", async () => {
    const chance = seededChance(11);
    const sale = saleName();
    const connections = [await connect(), await connect(), await connect()];
    const [first, second, third] = connections.map((connection) =>
      RedisPromotionLedger.make({ connection, sale, offers: OFFERS }),
    ) as [PromotionLedgerService, PromotionLedgerService, PromotionLedgerService];
    const memory = MemoryPromotionLedger.make({ offers: OFFERS });
    for (let step = 0; step < STEPS; step += 1) {
      const seed = chance.below(1 << 30);
      const ask = (ledger: PromotionLedgerService) =>
        run(codeStep(seededChance(seed), step * 60_000)(ledger));
      expect(await ask(step % 2 === 0 ? first : second), `step ${step}`).toEqual(await ask(memory));
    }
    const snapshot = await run(memory.snapshot);
    expect(snapshot.codes.length).toBeGreaterThan(3);
    for (const node of [first, second, third]) expect(await run(node.snapshot)).toEqual(snapshot);
    await Promise.all(connections.map((connection) => connection.close()));
  });

  it("outlive the stream: the node that knows most restores it, and no code is lost", async () => {
    const sale = saleName();
    const connections = [await connect(), await connect()];
    const [first, second] = connections.map((connection) =>
      RedisPromotionLedger.make({ connection, sale, offers: OFFERS }),
    ) as [PromotionLedgerService, PromotionLedgerService];
    const issue = (ledger: PromotionLedgerService, number: number) =>
      run(
        ledger.issue({
          offer: "stay",
          shopper: `shopper ${number}`,
          code: codeNumbered(number),
          now: 0,
        }),
      );
    await issue(second, 1);
    await issue(first, 2);
    await issue(first, 3);
    await (connections[0] as RedisConnection).client.flushall();
    const issued = await Promise.all([issue(second, 4), issue(first, 5), issue(second, 2)]);
    expect(issued.map(({ _tag }) => _tag)).toEqual(["Issued", "Issued", "AlreadyIssued"]);
    const snapshot = await run(first.snapshot);
    expect(snapshot.codes.map(({ code }) => code).sort()).toEqual(
      [1, 2, 3, 4, 5].map(codeNumbered).sort(),
    );
    expect(await run(second.snapshot)).toEqual(snapshot);
    await Promise.all(connections.map((connection) => connection.close()));
  });

  it("refuse a node that goes by other rules", async () => {
    const sale = saleName();
    const connections = [await connect(), await connect()];
    const [first, second] = connections as [RedisConnection, RedisConnection];
    await run(RedisPromotionLedger.make({ connection: first, sale, offers: OFFERS }).snapshot);
    const other = RedisPromotionLedger.make({ connection: second, sale, offers: [] });
    const failure = await run(Effect.flip(other.snapshot) as Effect.Effect<PortUnavailable>);
    expect(failure.reason).toMatch(/other rules/);
    await Promise.all(connections.map((connection) => connection.close()));
  });
});
