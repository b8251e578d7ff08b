/**
 * What taking a hold costs in Redis beside two bare scripts: the least that one can do there (one
 * read, one DECRBY), and the least that reserves a unit (key, stock, limit, hold, expiry), with no
 * rule of the store in it. Answers per second of one node, and the processor time of both sides.
 * They run in turns, so that what else the machine does meets all of them.
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
  readonly least: ScriptCost;
  readonly reserve: ScriptCost;
  readonly hold: ScriptCost;
  /** Holds per second as a share of the bare scripts' per second: the median over the rounds. */
  readonly ofLeast: Share;
  readonly ofReserve: Share;
}

export interface Share {
  readonly rate: number;
  /** The same of what both cost in processor time, which a busy machine changes less. */
  readonly cost: number;
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

const LEAST = script(
  "the least that a script can do",
  `
if tonumber(redis.call('GET', KEYS[1])) < 1 then return -1 end
return redis.call('DECRBY', KEYS[1], ARGV[1])
`,
);
const RESERVE = script(
  "the least that reserves a unit",
  `
local before = redis.call('GET', KEYS[1])
if before then return before end
if tonumber(redis.call('GET', KEYS[2])) < tonumber(ARGV[1]) then return -1 end
local mine = tonumber(redis.call('HGET', KEYS[3], ARGV[2]) or '0')
if mine + ARGV[1] > tonumber(ARGV[3]) then return -2 end
redis.call('DECRBY', KEYS[2], ARGV[1])
redis.call('HINCRBY', KEYS[3], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[4], 'shopper', ARGV[2], 'units', ARGV[1], 'until', ARGV[4])
redis.call('ZADD', KEYS[5], ARGV[4], KEYS[4])
redis.call('SET', KEYS[1], KEYS[4], 'PX', ARGV[5])
return 1
`,
);
const HOLD_FOR = 600_000;

export async function holdCost(options: HoldBenchOptions): Promise<HoldCost> {
  const { url, autoPipelining = false, inFlight = 64, perRound = 10_000, rounds = 5 } = options;
  const { holdLimits = null, limitPerShopper = null } = options;
  const units = 3 * perRound * (rounds + 1);
  const setup = {
    name: `bench ${process.hrtime.bigint()}`,
    stock: [{ sku: "BENCH-1", units, limitPerShopper }],
    holdLimits,
  };
  const ledger = MemoryOrderLedger.make();
  const parts = await connectRedis({ url, autoPipelining, setup, ledger, identity: "bench" });
  const counter = `${parts.gate.keys.stock}:bare`;
  await parts.connection.client.set(counter, units);
  const steps = { least: leastOn(parts, counter), reserve: reservesOn(parts, counter) };
  const asked = { ...steps, hold: holdsOn(parts) };
  const measured = { least: [], reserve: [], hold: [] } as Record<keyof typeof asked, ScriptCost[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["least", "reserve", "hold"] as const) {
      const cost = await measure(parts, asked[name], inFlight, perRound);
      // The first round warms up.
      if (round > 0) measured[name].push(cost);
    }
  }
  await parts.connection.client.del(...Object.values(parts.gate.keys), counter);
  await parts.close();
  const { least, reserve, hold } = measured;
  return {
    least: middle(least),
    reserve: middle(reserve),
    hold: middle(hold),
    ofLeast: shareOf(hold, least),
    ofReserve: shareOf(hold, reserve),
  };
}

function shareOf(holds: readonly ScriptCost[], bare: readonly ScriptCost[]): Share {
  return {
    rate: median(holds.map((cost, at) => cost.perSecond / bare[at].perSecond)),
    cost: median(holds.map((cost, at) => spentOn(bare[at]) / spentOn(cost))),
  };
}

type Step = () => Effect.Effect<unknown, PortUnavailable>;

function leastOn({ connection }: RedisParts, counter: string): Step {
  return () => connection.asStep("bench", () => connection.run(LEAST, [counter], [1]));
}

function reservesOn({ connection, gate }: RedisParts, counter: string): Step {
  let number = 0;
  const of = (name: string) => `${gate.keys.stock}:bare:${name}`;
  const [limits, due] = [of("limits"), of("due")];
  return () => {
    number += 1;
    const keys = [of(`key-${number}`), counter, limits, of(`hold-${number}`), due];
    const args = [1, `shopper_${number}`, 5, Date.now() + HOLD_FOR, HOLD_FOR];
    return connection.asStep("bench", () => connection.run(RESERVE, keys, args));
  };
}

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
