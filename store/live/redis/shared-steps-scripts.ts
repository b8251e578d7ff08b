/** The scripts of `shared-steps.ts`. KEYS: the stream, its birth, those who stand to restore it. */
import { type Script, script } from "./script.ts";

export const APPEND: Script = script(
  "append steps and read what is new",
  `
-- ARGV: birth, last entry that the node knows, entries at once, most entries, by whom, steps or ''
if redis.call('HGET', KEYS[2], 'birth') ~= ARGV[1] then return {'Lost'} end
-- A server that came back from an older copy of its memory lacks what the node has done.
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local function parts(id)
  local millis, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(millis), tonumber(number)
end
local millis, number = parts(ARGV[2])
local there, count = parts(last and last[1] or '0-0')
if there < millis or (there == millis and count < number) then
  redis.call('DEL', KEYS[2])
  return {'Lost'}
end
if ARGV[6] ~= '' then
  if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[4]) then return {'Full'} end
  redis.call('XADD', KEYS[1], '*', 'by', ARGV[5], 'steps', ARGV[6])
end
return {'Read', redis.call('XRANGE', KEYS[1], '(' .. ARGV[2], '+', 'COUNT', ARGV[3])}
`,
);

export const STAND: Script = script(
  "stand to restore a stream",
  `
-- ARGV: node, entries that it knows, last of them, how long it stands
local birth = redis.call('HMGET', KEYS[2], 'birth', 'rules')
if birth[1] then return {'Born', birth[1], birth[2]} end
redis.call('ZADD', KEYS[3], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return {'Standing'}
`,
);

export const APPOINT: Script = script(
  "appoint the node that restores a stream",
  `
-- ARGV: node, token. The node that knows most is appointed, once.
if redis.call('HGET', KEYS[2], 'birth') then return 0 end
local first = redis.call('ZREVRANGE', KEYS[3], 0, 0)[1]
if first ~= ARGV[1] then
  -- One that does not come forward is left out at the next turn.
  if first and redis.call('HINCRBY', KEYS[2], 'passed', 1) > 10 then
    redis.call('ZREM', KEYS[3], first)
    redis.call('HDEL', KEYS[2], 'passed')
  end
  return 0
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('HSET', KEYS[2], 'token', ARGV[2])
return 1
`,
);

export const SEED: Script = script(
  "restore entries of a stream",
  `
-- ARGV: token, entries before these, steps of each
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then return 'Lost' end
if redis.call('XLEN', KEYS[1]) ~= tonumber(ARGV[2]) then return 'Lost' end
for at = 3, #ARGV do redis.call('XADD', KEYS[1], '*', 'by', '', 'steps', ARGV[at]) end
return 'Seeded'
`,
);

export const BEAR: Script = script(
  "open a stream that was restored",
  `
-- ARGV: token, rules
if redis.call('HGET', KEYS[2], 'token') ~= ARGV[1] then return 'Lost' end
redis.call('HSET', KEYS[2], 'birth', ARGV[1], 'rules', ARGV[2])
redis.call('DEL', KEYS[3])
return 'Born'
`,
);
