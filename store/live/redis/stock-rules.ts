/**
 * The rules of `store/core/stock.ts` in Lua, as the functions that the scripts of the stock are put
 * together from. A differential test holds them to the core.
 */

/** The gate must be the one that the node knows. */
export const OPENED = `
if redis.call('HGET', KEYS[1], 'ready') ~= ARGV[1] then return 'NotReady' end
local stock, holds, due, lapsed = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
`;

/** Numbers as text: Lua itself would write a large one with a mantissa and an exponent. */
export const NUMBERS = `
local function text(number) return string.format('%.17g', number) end
-- Of one width, so that texts sort as the numbers do.
local function padded(number) return string.format('%016.0f', number) end
`;

/**
 * A record of a hold: state, epoch, first epoch, times; the sale; the person; what was asked for.
 * The same text is written by `hold-record.ts`.
 */
export const ROWS = `
local function rowOf(hold)
  local record = redis.call('HGET', holds, hold)
  if not record then return nil end
  local state, epoch, first, taken, expires, ended, sale, person, kept =
    string.match(record, '^(%a+) (%S+) (%S+) (%S+) (%S+) (%S+)\\n([^\\n]*)\\n([^\\n]*)\\n(.*)$')
  local asked = cjson.decode(kept)
  return {
    hold = hold, state = state, epoch = tonumber(epoch), first = first, taken = taken,
    expires = expires, ended = ended, sale = sale, person = person, kept = kept,
    shopper = asked[1], network = asked[2], lines = asked[3],
  }
end

local function recordOf(row)
  return row.state .. ' ' .. text(row.epoch) .. ' ' .. row.first .. ' ' .. row.taken .. ' '
    .. row.expires .. ' ' .. row.ended .. '\\n' .. row.sale .. '\\n' .. row.person .. '\\n' .. row.kept
end

local function write(row)
  local record = recordOf(row)
  redis.call('HSET', holds, row.hold, record)
  return record
end
`;

/** Units of a SKU for a shopper, and for a person known by several names. */
export const UNITS = `
local function countedOf(sku, shopper) return 'counted:' .. #sku .. ':' .. sku .. shopper end
local function personOf(sku, name) return 'person:' .. #sku .. ':' .. sku .. name end

local function add(field, units)
  if redis.call('HINCRBY', stock, field, units) == 0 then redis.call('HDEL', stock, field) end
end

-- Takes the units of a hold off the shelf, or puts them back where the sign is -1.
local function takeUnits(row, sign)
  for _, line in ipairs(row.lines) do
    local sku, units = line[1], sign * line[2]
    redis.call('HINCRBY', stock, 'available:' .. sku, -units)
    if redis.call('HEXISTS', stock, 'limit:' .. sku) == 1 then
      add(countedOf(sku, row.shopper), units)
    end
  end
end

local function countPerson(row, sign)
  if row.person == '[]' then return end
  local names = cjson.decode(row.person)
  for _, line in ipairs(row.lines) do
    if redis.call('HEXISTS', stock, 'personLimit:' .. line[1]) == 1 then
      for _, name in ipairs(names) do add(personOf(line[1], name), sign * line[2]) end
    end
  end
end

-- Why the units cannot be had by the shopper, or nil.
local function unitsRefusal(row)
  for _, line in ipairs(row.lines) do
    local sku, units = line[1], line[2]
    local found = redis.call('HMGET', stock,
      'available:' .. sku, 'limit:' .. sku, countedOf(sku, row.shopper))
    local available, limit, counted = tonumber(found[1]), tonumber(found[2]), tonumber(found[3] or 0)
    if available < units then return {'SoldOut', sku, available} end
    if limit and counted + units > limit then return {'LimitReached', sku, limit, counted} end
  end
  return nil
end

-- Why the units cannot be the person's, or nil.
local function personRefusal(row)
  if row.person == '[]' then return nil end
  local names = cjson.decode(row.person)
  for _, line in ipairs(row.lines) do
    local sku, units = line[1], line[2]
    local limit = tonumber(redis.call('HGET', stock, 'personLimit:' .. sku) or nil)
    if limit then
      for _, name in ipairs(names) do
        local counted = tonumber(redis.call('HGET', stock, personOf(sku, name)) or 0)
        if counted + units > limit then return {'PersonLimitReached', sku, limit, counted} end
      end
    end
  end
  return nil
end
`;

/** The rules of `hold-watch.ts`: who holds how much at once, and who let holds lapse. */
export const WATCH = `
local watched, lapses = KEYS[5], KEYS[6]
local perShopper, perNetwork, firstWait, longestWait, lapsesMax =
  string.match(ARGV[2], '^(%S+) (%S+) (%S+) (%S+) (%S+)$')
perShopper, perNetwork = tonumber(perShopper), tonumber(perNetwork)
firstWait, longestWait = tonumber(firstWait), tonumber(longestWait)

local function markOf(kind, name, row)
  return kind .. #name .. ':' .. name .. '|' .. padded(row.epoch) .. padded(tonumber(row.expires))
end

local function watchTaken(row)
  if perShopper then redis.call('ZADD', watched, 0, markOf('s', row.shopper, row)) end
  if perNetwork and row.network ~= cjson.null then
    redis.call('ZADD', watched, 0, markOf('n', row.network, row))
  end
end

-- Whoever was quiet for the longest wait after the last one begins anew; nobody remembers them.
local function lapse(shopper, now)
  local long = redis.call('ZRANGEBYSCORE', lapses, '-inf', text(now - longestWait), 'LIMIT', 0, 4)
  for _, forgotten in ipairs(long) do
    redis.call('ZREM', lapses, forgotten)
    redis.call('HDEL', stock, 'wait:' .. forgotten)
  end
  local wait, before = firstWait, redis.call('ZSCORE', lapses, shopper)
  if before and now < tonumber(before) + longestWait then
    wait = math.min(longestWait, 2 * tonumber(redis.call('HGET', stock, 'wait:' .. shopper)))
  elseif not before and redis.call('ZCARD', lapses) >= tonumber(lapsesMax) then
    local oldest = redis.call('ZPOPMIN', lapses)
    redis.call('HDEL', stock, 'wait:' .. oldest[1])
  end
  redis.call('ZADD', lapses, text(now + wait), shopper)
  redis.call('HSET', stock, 'wait:' .. shopper, text(wait))
end

local function watchEnded(row, how)
  if perShopper then redis.call('ZREM', watched, markOf('s', row.shopper, row)) end
  if perNetwork and row.network ~= cjson.null then
    redis.call('ZREM', watched, markOf('n', row.network, row))
  end
  if not firstWait then return end
  if how == 'sold' then
    if redis.call('ZREM', lapses, row.shopper) == 1 then
      redis.call('HDEL', stock, 'wait:' .. row.shopper)
    end
  elseif how == 'expired' then
    lapse(row.shopper, tonumber(row.ended))
  end
end
`;

/** A hold's lives: the only ways into one and out of it. */
export const LIVES = `
local function finish(row, how, now)
  redis.call('ZREM', due, padded(row.epoch) .. row.hold)
  redis.call('HINCRBY', stock, 'live', -1)
  redis.call('HINCRBY', stock, 'ended:' .. how, 1)
  row.state = how
  -- A wall clock may be set back; a hold still does not end before it began.
  row.ended = tonumber(now) < tonumber(row.taken) and row.taken or now
  watchEnded(row, how)
end

local function forgetOldest()
  local epoch, hold = string.match(redis.call('LPOP', lapsed), '^(%S+) (.*)$')
  local row = rowOf(hold)
  -- A hold that was taken again has a later life, which stands further on in the list.
  if row and row.epoch == tonumber(epoch) then redis.call('HDEL', holds, hold) end
  redis.call('HINCRBY', stock, 'forgotten', 1)
end

local function giveBack(row, how, now)
  finish(row, how, now)
  takeUnits(row, -1)
  countPerson(row, -1)
  write(row)
  local kept = redis.call('RPUSH', lapsed, text(row.epoch) .. ' ' .. row.hold)
  if kept > tonumber(ARGV[3]) then forgetOldest() end
end

local function take(row, now, expires)
  takeUnits(row, 1)
  countPerson(row, 1)
  row.epoch = redis.call('HINCRBY', stock, 'epoch', 1)
  redis.call('HINCRBY', stock, 'live', 1)
  row.state, row.taken, row.expires, row.ended = 'live', now, expires, '-'
  redis.call('ZADD', due, expires, padded(row.epoch) .. row.hold)
  watchTaken(row)
  return write(row)
end

-- A live hold, which is claimed for the person if that person may have its units.
local function claimed(row, person)
  if person == '[]' then return {'Held', recordOf(row)} end
  local before = row.person
  countPerson(row, -1)
  row.person = person
  local refusal = personRefusal(row)
  if refusal then row.person = before end
  countPerson(row, 1)
  local record = write(row)
  if refusal then return {'Unclaimed', record, refusal[2], refusal[3], refusal[4]} end
  return {'Held', record}
end

-- Ends a due life if it has not ended, and starts the next one; what stands against it, or nil.
local function takeAgain(row, now, expires)
  if row.state == 'live' then giveBack(row, 'expired', now) end
  local refusal = unitsRefusal(row) or personRefusal(row)
  if refusal then return refusal end
  take(row, now, expires)
  return nil
end
`;
