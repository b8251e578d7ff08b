/**
 * What taking a hold costs in Redis beside the least that a script can do there (one read, one
 * DECRBY): answers per second of one node, and the server's own time per script. Both run in
 * turns, so that what else the machine does meets both.
 */
import { Effect } from "effect";
import type { HoldLimits } from "../../core/hold-watch.ts";
import { MemoryOrderLedger } from "../../memory/order-ledger.ts";
import type { PortUnavailable } from "../../ports/port-unavailable.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { connectRedis, type RedisParts } from "./redis-parts.ts";
import { script } from "./script.ts";

export interface ScriptCost {
  readonly perSecond: number;
  /** Processor time of the server per script, microseconds, its reading and writing included. */
  readonly serverMicros: number;
  /** Processor time of the node per script, microseconds. */
  readonly nodeMicros: number;
}

export interface HoldCost {
  readonly bare: ScriptCost;
  readonly hold: ScriptCost;
  /** Holds per second as a share of bare scripts per second: the median over the rounds. */
  readonly ratio: number;
  /** The same of what both cost in processor time, which a busy machine changes less. */
  readonly ratioOfCost: number;
}

export interface HoldBenchOptions {
  readonly url: string;
  readonly autoPipelining?: boolean;
  readonly inFlight?: number;
  readonly perRound?: number;
  readonly rounds?: number;
  readonly holdLimits?: HoldLimits | null;
  readonly limitPerShopper?: number | null;
}

const BARE = script(
  "the least that a script can do",
  `
if tonumber(redis.call('GET', KEYS[1])) < 1 then return -1 end
return redis.call('DECRBY', KEYS[1], ARGV[1])
`,
);
const HOLD_FOR = 600_000;

export async function holdCost(options: HoldBenchOptions): Promise<HoldCost> {
  const { url, autoPipelining = false, inFlight = 64, perRound = 10_000, rounds = 5 } = options;
  const { holdLimits = null, limitPerShopper = null } = options;
  const units = 2 * perRound * (rounds + 1);
  const setup = {
    name: `bench ${process.hrtime.bigint()}`,
    stock: [{ sku: "BENCH-1", units, limitPerShopper }],
    holdLimits,
  };
  const ledger = MemoryOrderLedger.make();
  const parts = await connectRedis({ url, autoPipelining, setup, ledger, identity: "bench" });
  const counter = `${parts.gate.keys.stock}:bare`;
  await parts.connection.client.set(counter, units);
  const bare = () =>
    parts.connection.asStep("bench", () => parts.connection.run(BARE, [counter], [1]));
  const hold = holdsOn(parts);
  const measured = { bare: [] as ScriptCost[], hold: [] as ScriptCost[] };
  for (let round = 0; round <= rounds; round += 1) {
    const costs = {
      bare: await measure(parts, bare, inFlight, perRound),
      hold: await measure(parts, hold, inFlight, perRound),
    };
    // The first round warms up.
    if (round === 0) continue;
    measured.bare.push(costs.bare);
    measured.hold.push(costs.hold);
  }
  const ratios = measured.hold.map((cost, at) => cost.perSecond / measured.bare[at].perSecond);
  const costs = measured.hold.map((cost, at) => spentOn(measured.bare[at]) / spentOn(cost));
  await parts.connection.client.del(...Object.values(parts.gate.keys), counter);
  await parts.close();
  return {
    bare: middle(measured.bare),
    hold: middle(measured.hold),
    ratio: median(ratios),
    ratioOfCost: median(costs),
  };
}

type Step = () => Effect.Effect<unknown, PortUnavailable>;

function holdsOn({ stock }: RedisParts): Step {
  let number = 0;
  return () => {
    number += 1;
    const now = Date.now();
    const lines = [{ sku: "BENCH-1", units: 1 }];
    const names = { hold: `hold_${number}`, shopper: `shopper_${number}`, network: "10.1.2.0/24" };
    return stock.hold({ ...names, lines, now, expiresAt: now + HOLD_FOR });
  };
}

async function measure(
  { connection }: RedisParts,
  ask: Step,
  inFlight: number,
  count: number,
): Promise<ScriptCost> {
  const spent = await processorSeconds(connection);
  let left = count;
  // As a program asks: from within a fiber that goes on with the answer.
  const worker = Effect.gen(function* () {
    while (left > 0) {
      left -= 1;
      yield* ask();
    }
  });
  const used = process.cpuUsage();
  const began = process.hrtime.bigint();
  const workers = Array.from({ length: inFlight }, () => worker);
  await Effect.runPromise(Effect.all(workers, { concurrency: "unbounded", discard: true }));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(used);
  const serverMicros = (1e6 * ((await processorSeconds(connection)) - spent)) / count;
  return { perSecond: count / seconds, serverMicros, nodeMicros: (user + system) / count };
}

/** Processor time that the server has used so far. */
async function processorSeconds({ client }: RedisConnection): Promise<number> {
  const used = await client.info("cpu");
  const [user, system] = ["user", "sys"].map((kind) =>
    Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(used)?.[1]),
  );
  return user + system;
}

function middle(costs: readonly ScriptCost[]): ScriptCost {
  return {
    perSecond: median(costs.map((cost) => cost.perSecond)),
    serverMicros: median(costs.map((cost) => cost.serverMicros)),
    nodeMicros: median(costs.map((cost) => cost.nodeMicros)),
  };
}

function spentOn({ serverMicros, nodeMicros }: ScriptCost): number {
  return serverMicros + nodeMicros;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
