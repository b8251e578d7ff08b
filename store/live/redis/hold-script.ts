/**
 * Taking holds: the step that a rush consists of. The holds that come to a node in one turn of its
 * event loop are taken by one script, one after the other and each whole or not at all, so that
 * they share what a script costs besides: the call, the reading and the writing of numbers.
 */
import { type Script, script } from "./script.ts";

/** Reads everything that the holds need at once. */
const READ = `
-- KEYS: stock, holds, due
-- ARGV: generation, most live holds, number of fields, number of holds, live holds per shopper and
-- per network; then the fields that are read, the names of the holds, and for each hold: now, its
-- end, what was asked for, the number of its lines, that of its person's marks and the person; then
-- for each line the places of its available units and its limit among the fields, the field of the
-- shopper's count, and its units; then, where there is a person, for each line the place of the
-- limit per person and the field of each mark's count
local fields, holds = tonumber(ARGV[3]), tonumber(ARGV[4])
local names = 6 + fields
local found = redis.call('HMGET', KEYS[1], 'ready', 'epoch', 'live', unpack(ARGV, 7, names))
if found[1] ~= ARGV[1] then return 'NotReady' end
local known = redis.call('HMGET', KEYS[2], unpack(ARGV, names + 1, names + holds))
local epoch, live, most = tonumber(found[2]), tonumber(found[3]), tonumber(ARGV[2])

-- Units by their places, and counts by their fields, as this script changes them.
local units, counts, limits, taken, records, ends = {}, {}, {}, {}, {}, {}

local function unitsAt(place)
  if not units[place] then units[place] = tonumber(found[3 + place]) end
  return units[place]
end

local function limitAt(place)
  if limits[place] == nil then limits[place] = tonumber(found[3 + place]) or false end
  return limits[place]
end

local function countOf(field)
  if not counts[field] then counts[field] = tonumber(redis.call('HGET', KEYS[1], field) or 0) end
  return counts[field]
end

-- Why the lines from a place of ARGV on cannot be had, or nil.
local function refusal(at, lines)
  for line = 1, lines do
    local wanted, there = tonumber(ARGV[at + 3]), unitsAt(tonumber(ARGV[at]))
    if not there then return {'UnknownSku', line} end
    if there < wanted then return {'SoldOut', line, there} end
    local limit = limitAt(tonumber(ARGV[at + 1]))
    if limit and countOf(ARGV[at + 2]) + wanted > limit then
      return {'LimitReached', line, limit, countOf(ARGV[at + 2])}
    end
    at = at + 4
  end
  return nil
end

local changed = {}
-- Counts the lines for the person, unless that would be too many; why it would, or nil.
local function unclaimed(from, first, lines, marksOf)
  local at = from
  for line = 1, lines do
    local limit, wanted = limitAt(tonumber(ARGV[at])), tonumber(ARGV[first + 4 * line - 1])
    for mark = 1, limit and marksOf or 0 do
      local counted = countOf(ARGV[at + mark])
      if counted + wanted > limit then return {line, limit, counted} end
    end
    at = at + 1 + marksOf
  end
  at = from
  for line = 1, lines do
    local wanted = tonumber(ARGV[first + 4 * line - 1])
    for mark = 1, limitAt(tonumber(ARGV[at])) and marksOf or 0 do
      counts[ARGV[at + mark]] = counts[ARGV[at + mark]] + wanted
    end
    at = at + 1 + marksOf
  end
  return nil
end

local function takeLines(at, lines)
  for line = 1, lines do
    local place, wanted = tonumber(ARGV[at]), tonumber(ARGV[at + 3])
    units[place] = units[place] - wanted
    changed[place] = true
    if limitAt(tonumber(ARGV[at + 1])) then
      counts[ARGV[at + 2]] = counts[ARGV[at + 2]] + wanted
    end
    at = at + 4
  end
end
`;

/** Without limits on holds nobody is refused for having too many. */
const UNWATCHED = `
local function tooMany(at, now) return nil end
local function watch(at, ends) end
local marks = 0
`;

/** How many holds the shopper and the network have, and whether the shopper let any lapse. */
const WATCHED = `
-- KEYS: also lapsed, watched, lapses. After a hold's lines: the shopper where lapses count, the
-- shopper's mark and the network's mark (or ''), and whether the shopper is spared
local marks = 4
local function fullFor(mark, most, now)
  if mark == '' or most == '-' then return nil end
  local from, to = '[' .. mark, '[' .. mark .. '~'
  if redis.call('ZLEXCOUNT', KEYS[5], from, to) < tonumber(most) then return nil end
  local first = redis.call('ZRANGEBYLEX', KEYS[5], from, to, 'LIMIT', 0, 1)[1]
  return math.max(1, tonumber(string.sub(first, -16)) - now)
end

local function tooMany(at, now)
  if ARGV[at + 3] == '1' then return nil end
  if ARGV[at] ~= '' then
    local waits = tonumber(redis.call('ZSCORE', KEYS[6], ARGV[at]) or nil)
    if waits and waits > now then return {'TooManyHolds', 'lapses', waits - now} end
  end
  local own = fullFor(ARGV[at + 1], ARGV[5], now)
  if own then return {'TooManyHolds', 'shopper', own} end
  local all = fullFor(ARGV[at + 2], ARGV[6], now)
  return all and {'TooManyHolds', 'network', all} or nil
end

local function watch(at, ends)
  if ARGV[at + 1] ~= '' then redis.call('ZADD', KEYS[5], 0, ARGV[at + 1] .. ends) end
  if ARGV[at + 2] ~= '' then redis.call('ZADD', KEYS[5], 0, ARGV[at + 2] .. ends) end
end
`;

const TAKE = `
-- A hold that is known is answered for as it is, whatever stands against a new one.
local function take(hold, at)
  if live >= most then return {'Full'} end
  local name, now, expires = ARGV[names + hold], ARGV[at], ARGV[at + 1]
  local lines, marksOf, first = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), at + 6
  local there = known[hold] or taken[name]
  if there then return {'Known', there} end
  local claims = first + 4 * lines
  local after = claims + (marksOf > 0 and lines * (1 + marksOf) or 0)
  local refused = tooMany(after, tonumber(now)) or refusal(first, lines)
  if refused then return refused end
  takeLines(first, lines)
  local over = marksOf > 0 and unclaimed(claims, first, lines, marksOf) or nil
  local person = marksOf > 0 and not over and ARGV[at + 5] or '[]'
  epoch, live = epoch + 1, live + 1
  local padded, life = string.format('%016.0f', epoch), string.format('%.0f', epoch)
  local record = 'live ' .. life .. ' ' .. life .. ' ' .. now .. ' ' .. expires
    .. ' -\\n\\n' .. person .. '\\n' .. ARGV[at + 2]
  taken[name] = record
  local last = #records
  records[last + 1], records[last + 2] = name, record
  ends[last + 1], ends[last + 2] = expires, padded .. name
  watch(after, padded .. string.format('%016.0f', expires))
  if over then return {'Unclaimed', epoch, over[1], over[2], over[3]} end
  return epoch
end

local answers, at = {}, names + holds + 1
for hold = 1, holds do
  answers[hold] = take(hold, at)
  local lines, marksOf = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  at = at + 6 + 4 * lines + (marksOf > 0 and lines * (1 + marksOf) or 0) + marks
end
if #records == 0 then return answers end

local written = {'epoch', string.format('%.0f', epoch), 'live', live}
for place in pairs(changed) do
  written[#written + 1], written[#written + 2] = ARGV[6 + place], units[place]
end
for field, count in pairs(counts) do
  if count > 0 then written[#written + 1], written[#written + 2] = field, count end
end
redis.call('HSET', KEYS[1], unpack(written))
redis.call('HSET', KEYS[2], unpack(records))
redis.call('ZADD', KEYS[3], unpack(ends))
return answers
`;

export const HOLDS: Script = script("take holds", READ, UNWATCHED, TAKE);
export const WATCHED_HOLDS: Script = script(
  "take holds where holds are limited",
  READ,
  WATCHED,
  TAKE,
);
