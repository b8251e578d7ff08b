/**
 * The steps of the stock in Lua: each script is one atomic step of the port, by the rules of
 * `store/core/stock.ts`, which a differential test holds them to. Every script asks first whether
 * the gate is of the generation that its node knows, and answers `NotReady` where it is not.
 *
 * KEYS: stock, holds, due, lapsed, watched, lapses (see `redis-keys.ts`).
 * ARGV: the generation, the limits on holds, the number of ended holds to remember, then the
 * request's own.
 */
import { type Script, script } from "./script.ts";

/** The gate must be the one that the node knows. */
const OPENED = `
if redis.call('HGET', KEYS[1], 'ready') ~= ARGV[1] then return 'NotReady' end
local stock, holds, due, lapsed = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
`;

/** Numbers as text: Lua itself would write a large one with a mantissa and an exponent. */
const NUMBERS = `
local function text(number) return string.format('%.17g', number) end
-- Of one width, so that texts sort as the numbers do.
local function padded(number) return string.format('%016.0f', number) end
`;

/**
 * A record of a hold: state, epoch, first epoch, times; the sale; the person; what was asked for.
 * The same text is written by `hold-record.ts`.
 */
const ROWS = `
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
const UNITS = `
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
const WATCH = `
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
const LIVES = `
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

-- Ends a due life if it has not ended, and starts the next one; what stands against it, or nil.
local function takeAgain(row, now, expires)
  if row.state == 'live' then giveBack(row, 'expired', now) end
  local refusal = unitsRefusal(row) or personRefusal(row)
  if refusal then return refusal end
  take(row, now, expires)
  return nil
end
`;

const ALL = [OPENED, NUMBERS, ROWS, UNITS, WATCH, LIVES];

export const RELEASE: Script = script(
  "release a hold",
  ...ALL,
  `
-- ARGV: hold, epoch, now
local row = rowOf(ARGV[4])
if not row then return {'UnknownHold'} end
if row.epoch ~= tonumber(ARGV[5]) then return {'StaleEpoch', row.epoch} end
if row.state ~= 'live' then return {'AlreadyEnded', row.state} end
giveBack(row, 'released', ARGV[6])
return {'Released', recordOf(row)}
`,
);

export const REACQUIRE: Script = script(
  "take a lapsed hold again",
  ...ALL,
  `
-- ARGV: hold, epoch, shopper, now, expires
local row, now = rowOf(ARGV[4]), ARGV[7]
if not row or row.shopper ~= ARGV[6] then return {'UnknownHold'} end
if row.epoch ~= tonumber(ARGV[5]) then return {'StaleEpoch', row.epoch} end
if row.state == 'released' or row.state == 'sold' then return {'AlreadyEnded', row.state} end
if row.state == 'live' and tonumber(now) < tonumber(row.expires) then
  return {'Held', recordOf(row)}
end
return takeAgain(row, now, ARGV[8]) or {'Held', recordOf(row)}
`,
);

export const CLAIM: Script = script(
  "count a hold for a person",
  ...ALL,
  `
-- ARGV: hold, epoch, now, person
local row = rowOf(ARGV[4])
if not row then return {'UnknownHold'} end
if row.epoch ~= tonumber(ARGV[5]) then return {'StaleEpoch', row.epoch} end
if row.state ~= 'live' then return {'AlreadyEnded', row.state} end
if tonumber(ARGV[6]) >= tonumber(row.expires) then return {'HoldLapsed', 'expired', false} end
local before = row.person
countPerson(row, -1)
row.person = ARGV[7]
local refusal = personRefusal(row)
if refusal then row.person = before end
countPerson(row, 1)
if refusal then return refusal end
write(row)
return {'Claimed'}
`,
);

export const SELL: Script = script(
  "sell a hold to an order",
  ...ALL,
  `
-- ARGV: hold, epoch, now, order, whether a lapsed hold is honoured
local row, now, order = rowOf(ARGV[4]), ARGV[6], ARGV[7]
if not row then return {'UnknownHold'} end
if row.state == 'sold' then
  local buyer = cjson.decode(row.sale).order
  if buyer == order then return {'Sold', 1, recordOf(row)} end
  return {'SoldToOther', buyer}
end
if row.epoch ~= tonumber(ARGV[5]) then return {'StaleEpoch', row.epoch} end
local honoured = false
if row.state ~= 'live' or tonumber(now) >= tonumber(row.expires) then
  local how = row.state == 'released' and 'released' or 'expired'
  if ARGV[8] ~= '1' then return {'HoldLapsed', how, false} end
  local refusal = takeAgain(row, now, text(tonumber(now) + 1))
  if refusal then return {'HoldLapsed', how, refusal[2]} end
  honoured = true
end
finish(row, 'sold', now)
local serials = {}
for at, line in ipairs(row.lines) do
  local sold = redis.call('HINCRBY', stock, 'sold:' .. line[1], line[2])
  serials[at] = {line[1], sold - line[2] + 1, line[2]}
end
row.sale = cjson.encode({order = order, honoured = honoured, serials = serials})
return {'Sold', 0, write(row)}
`,
);

export const EXPIRE: Script = script(
  "end the holds that are due",
  ...ALL,
  `
-- ARGV: now, limit
local expired, now = {}, ARGV[4]
for at = 1, tonumber(ARGV[5]) do
  local first = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, 1)[1]
  if not first then return {0, expired} end
  local row = rowOf(string.sub(first, 17))
  giveBack(row, 'expired', now)
  expired[at] = {row.hold, recordOf(row)}
end
local more = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, 1)[1]
return {more and 1 or 0, expired}
`,
);

export const NEXT_EXPIRY: Script = script(
  "when the next hold is due",
  OPENED,
  `
local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')
return {first[2] or ''}
`,
);

export const FIND: Script = script(
  "find a hold",
  OPENED,
  `
return {redis.call('HGET', holds, ARGV[2])}
`,
);

/** The fields of a SKU, in the order of \`levelOf\` in \`stock-ledger.ts\`. */
const LEVELS = `
local function levelOf(sku)
  return redis.call('HMGET', stock, 'initial:' .. sku, 'restocked:' .. sku, 'writtenOff:' .. sku,
    'available:' .. sku, 'sold:' .. sku, 'quarantined:' .. sku, 'limit:' .. sku,
    'personLimit:' .. sku)
end
`;

export const LEVEL: Script = script(
  "the level of a SKU",
  OPENED,
  LEVELS,
  `
return levelOf(ARGV[2])
`,
);

export const OPEN_ITEM: Script = script(
  "take a SKU into the stock",
  OPENED,
  LEVELS,
  `
-- ARGV: sku, units, limit per shopper (or ''), limit per person (or '')
local sku, units, limit, personLimit = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('HEXISTS', stock, 'available:' .. sku) == 1 then return {'SkuKnown', levelOf(sku)} end
local skus = redis.call('HGET', stock, 'skus')
local all = skus == '[]' and {} or cjson.decode(skus)
all[#all + 1] = sku
redis.call('HSET', stock, 'skus', cjson.encode(all), 'initial:' .. sku, units,
  'restocked:' .. sku, 0, 'writtenOff:' .. sku, 0, 'quarantined:' .. sku, 0, 'sold:' .. sku, 0,
  'available:' .. sku, units)
if limit ~= '' then redis.call('HSET', stock, 'limit:' .. sku, limit) end
if personLimit ~= '' then redis.call('HSET', stock, 'personLimit:' .. sku, personLimit) end
return {'StockOpened', levelOf(sku)}
`,
);

/** Units that come, go, or move between the shelf and quarantine. */
export const MOVE: Script = script(
  "move units of a SKU",
  OPENED,
  `
-- ARGV: sku, units, from where (or ''), to where (or '')
local sku, units, from, to = ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]
if redis.call('HEXISTS', stock, 'available:' .. sku) == 0 then return {'UnknownSku'} end
if from ~= '' then
  local there = tonumber(redis.call('HGET', stock, from .. ':' .. sku))
  if there < units then return {'TooFew', there} end
  redis.call('HINCRBY', stock, from .. ':' .. sku, -units)
end
redis.call('HINCRBY', stock, (to == '' and 'writtenOff' or to) .. ':' .. sku, units)
if from == '' then redis.call('HINCRBY', stock, 'restocked:' .. sku, units) end
local left = redis.call('HMGET', stock, 'available:' .. sku, 'quarantined:' .. sku)
return {'StockMoved', tonumber(left[1]), tonumber(left[2])}
`,
);

export const SNAPSHOT: Script = script(
  "everything that the stock knows",
  OPENED,
  LEVELS,
  `
local levels, skus = {}, cjson.decode(redis.call('HGET', stock, 'skus'))
for at, sku in ipairs(skus) do levels[at] = {sku, levelOf(sku)} end
local totals = redis.call('HMGET', stock,
  'live', 'ended:released', 'ended:expired', 'ended:sold', 'forgotten')
return {levels, totals, redis.call('HGETALL', holds)}
`,
);
