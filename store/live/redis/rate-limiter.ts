/**
 * Buckets of requests in Redis, one key each, by the rules of `store/core/rate-limit.ts`. A bucket
 * goes by itself a while after it is full again, so the limits of a sale that is over take nothing.
 */
import { createHash } from "node:crypto";
import { assert } from "../../core/assert.ts";
import type { TakeAnswer, TakeRequest } from "../../core/rate-limit.ts";
import type { RateLimiterService } from "../../ports/rate-limiter.ts";
import type { Argument, RedisConnection, Reply } from "./redis-connection.ts";
import { type KeyOwner, partKeyOf } from "./redis-keys.ts";
import { type Script, script } from "./script.ts";
import { ScriptQueue } from "./script-queue.ts";

export interface RedisRateLimiterOptions {
  readonly connection: RedisConnection;
  readonly owner: KeyOwner;
}

const PORT = "store/RateLimiter";
/** How far the clocks of nodes may lie apart before a bucket goes too early, milliseconds. */
const CLOCKS_APART_MAX = 60_000;

/** What a bucket lacks to be full is `debt`, in token-milliseconds, as of a time. */
const TAKE: Script = script(
  "take tokens",
  `
-- KEYS: the buckets of the first request, then those of the next. ARGV: time that a bucket is kept
-- when full, then for each request its cost, now, the number of its buckets, and for each of them
-- its tokens, in how many milliseconds they come, and its burst
local function whole(number) return string.format('%.0f', number) end

local function take(first, at)
  local cost, now, buckets = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local debts, times, longest, short, found, dry = {}, {}, 0, nil, nil, nil
  for bucket = 1, buckets do
    local place = at + 3 * bucket
    local tokens, every, burst =
      tonumber(ARGV[place]), tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
    debts[bucket], times[bucket] = 0, now
    local stored = redis.call('GET', KEYS[first + bucket])
    if stored then
      local debt, since, last = string.match(stored, '^(%S+) (%S+) (%d)$')
      debt, since = tonumber(debt), tonumber(since)
      local elapsed = math.max(0, now - since)
      -- Past this the product may leave the whole numbers, and the bucket is full anyway.
      debts[bucket] = elapsed >= debt and 0 or math.max(0, debt - elapsed * tokens)
      -- A wall clock may be set back; a bucket does not fill twice for it.
      times[bucket] = math.max(since, now)
      local lacks = debts[bucket] + (cost - burst) * every
      local wait = lacks <= 0 and 0 or math.ceil(lacks / tokens)
      if wait > longest then longest, short, found, dry = wait, bucket, stored, last end
    end
  end
  if short then
    if dry == '0' then
      redis.call('SET', KEYS[first + short], string.sub(found, 1, -2) .. '1', 'KEEPTTL')
    end
    return {short, longest, dry == '0' and 1 or 0}
  end
  for bucket = 1, buckets do
    local tokens, every = tonumber(ARGV[at + 3 * bucket]), tonumber(ARGV[at + 3 * bucket + 1])
    local debt = debts[bucket] + cost * every
    redis.call('SET', KEYS[first + bucket], whole(debt) .. ' ' .. whole(times[bucket]) .. ' 0',
      'PX', whole(math.ceil(debt / tokens) + tonumber(ARGV[1])))
  end
  return 0
end

local answers, first, at = {}, 0, 2
while at < #ARGV do
  local buckets = tonumber(ARGV[at + 2])
  answers[#answers + 1] = take(first, at)
  first, at = first + buckets, at + 3 + 3 * buckets
end
return answers
`,
);

/** Requests of one script: below a millisecond of the server's time. */
const TAKEN_PER_SCRIPT = 64;
const ALLOWED: TakeAnswer = { _tag: "Allowed" };

type Queue = ScriptQueue<{ readonly keys: readonly string[]; readonly args: readonly Argument[] }>;

/** What is taken within one turn of the event loop is taken by one script. */
function queueOn(connection: RedisConnection): Queue {
  return new ScriptQueue({
    askedMax: TAKEN_PER_SCRIPT,
    send: async (asked) => {
      const keys = asked.flatMap((one) => one.keys);
      const args = asked.flatMap((one) => one.args);
      return (await connection.run(TAKE, keys, [CLOCKS_APART_MAX, ...args])) as readonly Reply[];
    },
  });
}

async function take(
  queue: Queue,
  under: string,
  { buckets, cost, now }: TakeRequest,
): Promise<TakeAnswer> {
  if (buckets.length === 0) return ALLOWED;
  const keys: string[] = [];
  const args: Argument[] = [cost, now, buckets.length];
  for (const { key, limit } of buckets) {
    assert(Number.isSafeInteger(cost) && cost > 0 && cost <= limit.burst, "a burst pays a step");
    keys.push(`${under}:${keyed(key)}`);
    args.push(limit.tokens, limit.everyMillis, limit.burst);
  }
  const reply = (await queue.ask({ keys, args })) as 0 | readonly [number, number, number];
  if (reply === 0) return ALLOWED;
  const [short, retryAfterMillis, first] = reply;
  const { key } = buckets[short - 1];
  return { _tag: "Limited", key, retryAfterMillis, first: first === 1 };
}

/** A key that says nothing of its shopper and has one length, whatever the name. */
function keyed(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 24);
}

function make({ connection, owner }: RedisRateLimiterOptions): RateLimiterService {
  const under = partKeyOf(owner, "limits");
  const queue = queueOn(connection);
  return {
    take: (request) => connection.asStep(PORT, () => take(queue, under, request)),
  };
}

export const RedisRateLimiter = { make } as const;
