/**
 * Buckets of requests in Redis, one key each, by the rules of `store/core/rate-limit.ts`. A bucket
 * goes by itself a while after it is full again, so the limits of a sale that is over take nothing.
 */
import { createHash } from "node:crypto";
import { assert } from "../../core/assert.ts";
import type { TakeAnswer, TakeRequest } from "../../core/rate-limit.ts";
import type { RateLimiterService } from "../../ports/rate-limiter.ts";
import type { Argument, RedisConnection } from "./redis-connection.ts";
import { type KeyOwner, partKeyOf } from "./redis-keys.ts";
import { type Script, script } from "./script.ts";

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
-- KEYS: a bucket each. ARGV: cost, now, time that a bucket is kept when full, then for each bucket
-- its tokens, in how many milliseconds they come, and its burst
local cost, now = tonumber(ARGV[1]), tonumber(ARGV[2])
local function whole(number) return string.format('%.0f', number) end

local debts, times, dries, longest, short = {}, {}, {}, 0, nil
for at, key in ipairs(KEYS) do
  local tokens, every, burst =
    tonumber(ARGV[3 * at + 1]), tonumber(ARGV[3 * at + 2]), tonumber(ARGV[3 * at + 3])
  debts[at], times[at], dries[at] = 0, now, '0'
  local stored = redis.call('GET', key)
  if stored then
    local debt, since, dry = string.match(stored, '^(%S+) (%S+) (%d)$')
    debt, since = tonumber(debt), tonumber(since)
    local elapsed = math.max(0, now - since)
    -- Past this the product may leave the whole numbers, and the bucket is full anyway.
    debts[at] = elapsed >= debt and 0 or math.max(0, debt - elapsed * tokens)
    -- A wall clock may be set back; a bucket does not fill twice for it.
    times[at], dries[at] = math.max(since, now), dry
    local lacks = debts[at] + (cost - burst) * every
    local wait = lacks <= 0 and 0 or math.ceil(lacks / tokens)
    if wait > longest then longest, short = wait, at end
  end
end

if short then
  local first = dries[short] == '0'
  if first then
    local stored = redis.call('GET', KEYS[short])
    redis.call('SET', KEYS[short], string.sub(stored, 1, -2) .. '1', 'KEEPTTL')
  end
  return {short, longest, first and 1 or 0}
end

for at, key in ipairs(KEYS) do
  local tokens, every = tonumber(ARGV[3 * at + 1]), tonumber(ARGV[3 * at + 2])
  local debt = debts[at] + cost * every
  redis.call('SET', key, whole(debt) .. ' ' .. whole(times[at]) .. ' 0',
    'PX', whole(math.ceil(debt / tokens) + tonumber(ARGV[3])))
end
return {0, 0, 0}
`,
);

const ALLOWED: TakeAnswer = { _tag: "Allowed" };

async function take(
  connection: RedisConnection,
  under: string,
  { buckets, cost, now }: TakeRequest,
): Promise<TakeAnswer> {
  const keys: string[] = [];
  const args: Argument[] = [cost, now, CLOCKS_APART_MAX];
  for (const { key, limit } of buckets) {
    assert(Number.isSafeInteger(cost) && cost > 0 && cost <= limit.burst, "a burst pays a step");
    keys.push(`${under}:${keyed(key)}`);
    args.push(limit.tokens, limit.everyMillis, limit.burst);
  }
  if (keys.length === 0) return ALLOWED;
  const reply = await connection.run(TAKE, keys, args);
  const [short, retryAfterMillis, first] = reply as readonly number[];
  if (short === 0) return ALLOWED;
  const { key } = buckets[short - 1];
  return { _tag: "Limited", key, retryAfterMillis, first: first === 1 };
}

/** A key that says nothing of its shopper and has one length, whatever the name. */
function keyed(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, 24);
}

function make({ connection, owner }: RedisRateLimiterOptions): RateLimiterService {
  const under = partKeyOf(owner, "limits");
  return {
    take: (request) => connection.asStep(PORT, () => take(connection, under, request)),
  };
}

export const RedisRateLimiter = { make } as const;
