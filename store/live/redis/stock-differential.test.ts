/**
 * One seeded stream of steps on the stock in memory and on the stock in Redis, over two nodes in
 * turn: equal answers after every step, equal snapshots at the end.
 */
import { Effect } from "effect";
import { expect, it } from "vitest";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { auditStock } from "../../core/stock-audit.ts";
import { MemoryStockLedger } from "../../memory/stock-ledger.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { StockLedgerService } from "../../ports/stock-ledger.ts";
import { connectNode, saleName, withRedis } from "../testing/redis-store.ts";
import { answerTag, type Chance, seededChance, stockStep } from "../testing/stock-steps.ts";
import { RedisStockLedger } from "./stock-ledger.ts";

const ITEMS = [
  { sku: "lamp", units: 12, limitPerShopper: null },
  { sku: "rug", units: 9, limitPerShopper: 3 },
  { sku: "clock", units: 9, limitPerShopper: 4, limitPerPerson: 3 },
  { sku: "Vase, großes 花瓶", units: 6, limitPerShopper: null, limitPerPerson: 2 },
];

const LIMITS: HoldLimits = {
  perShopper: 2,
  perNetwork: 4,
  afterLapse: { firstMillis: 40, maxMillis: 300 },
  spares: (shopper) => shopper.startsWith("ann"),
};

const STEPS = 1_750;
/** Small, so that holds are forgotten and their names come back. */
const ENDED_HOLDS_MAX = 24;

async function compare(
  chance: Chance,
  memory: StockLedgerService,
  nodes: readonly StockLedgerService[],
): Promise<Map<string, number>> {
  const answers = new Map<string, number>();
  const run = <A>(effect: Effect.Effect<A, PortUnavailable>) => Effect.runPromise(effect);
  let now = 1_795_000_000_000;
  for (let step = 0; step < STEPS; step += 1) {
    now += chance.below(30);
    const { name, ask } = stockStep(chance, step, now);
    const expected = await run(ask(memory));
    const node = nodes[step % nodes.length] as StockLedgerService;
    expect(await run(ask(node)), `step ${step}: ${name}`).toEqual(expected);
    const key = `${name.split(" ")[0]} ${answerTag(expected)}`;
    answers.set(key, (answers.get(key) ?? 0) + 1);
  }
  const snapshot = await run(memory.snapshot);
  expect(auditStock(snapshot)).toEqual([]);
  for (const node of nodes) expect(await run(node.snapshot)).toEqual(snapshot);
  return answers;
}

withRedis("the stock in Redis answers as the stock in memory", (server) => {
  const all = new Map<string, number>();

  it.each([
    { seed: 16, holdLimits: null },
    { seed: 20, holdLimits: null },
    { seed: 2, holdLimits: LIMITS },
    { seed: 3, holdLimits: { ...LIMITS, perNetwork: null } },
    { seed: 4, holdLimits: { ...LIMITS, afterLapse: null, perShopper: null } },
  ])("over a stream of steps, seed $seed", async ({ seed, holdLimits }) => {
    const name = saleName();
    const options = { items: ITEMS, holdLimits, name };
    const first = await connectNode(server(), options);
    const second = await connectNode(server(), options);
    const ledgers = [first, second].map(({ connection, gate }) =>
      RedisStockLedger.make({ connection, gate, holdLimits, endedHoldsMax: ENDED_HOLDS_MAX }),
    );
    const rules = { items: ITEMS, holdLimits, endedHoldsMax: ENDED_HOLDS_MAX };
    const answers = await compare(seededChance(seed), MemoryStockLedger.make(rules), ledgers);
    for (const [met, count] of answers) all.set(met, (all.get(met) ?? 0) + count);
    await Promise.all([first.close(), second.close()]);
  });

  it("over streams that came to every answer", () => {
    const answers = {
      hold: "Held Unclaimed HoldExists SoldOut LimitReached TooManyHolds UnknownSku",
      release: "Released AlreadyEnded StaleEpoch UnknownHold",
      reacquire: "Held Unclaimed SoldOut LimitReached AlreadyEnded StaleEpoch UnknownHold",
      sell: "Sold HoldLapsed SoldToOther StaleEpoch UnknownHold",
      writeOff: "StockMoved TooFew UnknownSku",
    };
    const wanted = Object.entries(answers).flatMap(([step, tags]) =>
      tags.split(" ").map((tag) => `${step} ${tag}`),
    );
    expect(wanted.filter((answer) => !all.has(answer))).toEqual([]);
  });
});
