/**
 * Taking a hold: the step that a rush consists of, so it asks Redis for as little as it can. One
 * read for all the numbers, and one write each for the numbers, the record and the end.
 */
import { type Script, script } from "./script.ts";

/** What the gate reads at once, and what it answers where the hold is not to be had. */
const READ = `
-- KEYS: stock, holds, due
-- ARGV: generation, hold, now, expires, what was asked for, most live holds, number of lines,
-- then for each line the fields of its available units, its limit and the shopper's count,
-- then the units of each line
local lines = tonumber(ARGV[7])
local found = redis.call('HMGET', KEYS[1], 'ready', 'epoch', 'live', unpack(ARGV, 8, 7 + 3 * lines))
if found[1] ~= ARGV[1] then return 'NotReady' end
if tonumber(found[3]) >= tonumber(ARGV[6]) then return 'Full' end

-- A hold that is known is answered for as it is, whatever stands against a new one.
local function refused(answer)
  local known = redis.call('HGET', KEYS[2], ARGV[2])
  if known then return {'Known', known} end
  return answer
end
`;

/** How many holds the shopper and the network have, and whether the shopper let any lapse. */
const WATCHED = `
-- KEYS: also lapsed, watched, lapses. The last five of ARGV: shopper, network's mark or '',
-- shopper's mark or '', live holds per shopper, live holds per network
local now, last = tonumber(ARGV[3]), #ARGV
local function firstOf(mark, most)
  if mark == '' or most == '-' then return nil end
  local from, to = '[' .. mark, '[' .. mark .. '~'
  if redis.call('ZLEXCOUNT', KEYS[5], from, to) < tonumber(most) then return nil end
  local first = redis.call('ZRANGEBYLEX', KEYS[5], from, to, 'LIMIT', 0, 1)[1]
  return math.max(1, tonumber(string.sub(first, -16)) - now)
end
if ARGV[last - 4] ~= '' then
  local waits = redis.call('ZSCORE', KEYS[6], ARGV[last - 4])
  if waits and tonumber(waits) > now then
    return refused({'TooManyHolds', 'lapses', tonumber(waits) - now})
  end
end
local own = firstOf(ARGV[last - 2], ARGV[last - 1])
if own then return refused({'TooManyHolds', 'shopper', own}) end
local all = firstOf(ARGV[last - 3], ARGV[last])
if all then return refused({'TooManyHolds', 'network', all}) end
`;

const TAKE = `
local epoch = string.format('%.17g', found[2] + 1)
local written = {'epoch', epoch, 'live', found[3] + 1}
for line = 1, lines do
  local at, units = 3 * line, tonumber(ARGV[7 + 3 * lines + line])
  local available = found[at + 1]
  if not available then return refused({'UnknownSku', line}) end
  if available - units < 0 then return refused({'SoldOut', line, tonumber(available)}) end
  local count = #written
  written[count + 1], written[count + 2] = ARGV[5 + at], available - units
  if found[at + 2] then
    local limit, counted = tonumber(found[at + 2]), tonumber(found[at + 3] or 0)
    if counted + units > limit then return refused({'LimitReached', line, limit, counted}) end
    written[count + 3], written[count + 4] = ARGV[7 + at], counted + units
  end
end
local record = 'live ' .. epoch .. ' ' .. epoch .. ' ' .. ARGV[3] .. ' ' .. ARGV[4]
  .. ' -\\n\\n[]\\n' .. ARGV[5]
if redis.call('HSETNX', KEYS[2], ARGV[2], record) == 0 then return refused() end
redis.call('HSET', KEYS[1], unpack(written))
redis.call('ZADD', KEYS[3], ARGV[4], string.format('%016.0f', epoch) .. ARGV[2])
`;

const WATCH_TAKEN = `
local ends = string.format('%016.0f%016.0f', epoch, ARGV[4])
if ARGV[last - 2] ~= '' then redis.call('ZADD', KEYS[5], 0, ARGV[last - 2] .. ends) end
if ARGV[last - 3] ~= '' then redis.call('ZADD', KEYS[5], 0, ARGV[last - 3] .. ends) end
`;

const ANSWER = `
return tonumber(epoch)
`;

export const HOLD: Script = script("take a hold", READ, TAKE, ANSWER);
export const WATCHED_HOLD: Script = script(
  "take a hold where holds are limited",
  READ,
  WATCHED,
  TAKE,
  WATCH_TAKEN,
  ANSWER,
);
