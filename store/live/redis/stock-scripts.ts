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
import { LIVES, NUMBERS, OPENED, ROWS, UNITS, WATCH } from "./stock-rules.ts";

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
-- ARGV: hold, epoch, shopper, now, expires, person
local row, now = rowOf(ARGV[4]), ARGV[7]
if not row or row.shopper ~= ARGV[6] then return {'UnknownHold'} end
if row.epoch ~= tonumber(ARGV[5]) then return {'StaleEpoch', row.epoch} end
if row.state == 'released' or row.state == 'sold' then return {'AlreadyEnded', row.state} end
if row.state == 'live' and tonumber(now) < tonumber(row.expires) then
  return claimed(row, ARGV[9])
end
return takeAgain(row, now, ARGV[8]) or claimed(row, ARGV[9])
`,
);

export const CLAIM: Script = script(
  "claim a hold that lives already",
  ...ALL,
  `
-- ARGV: hold, epoch, person
local row = rowOf(ARGV[4])
if not row or row.epoch ~= tonumber(ARGV[5]) or row.state ~= 'live' then return {'Ended'} end
return claimed(row, ARGV[6])
`,
);

/** The sales that come to a node in one turn of its event loop, one after the other. */
export const SELL: Script = script(
  "sell holds to orders",
  ...ALL,
  `
-- ARGV for each: hold, epoch, now, order, whether a lapsed hold is honoured
local function sell(hold, epoch, now, order, honour)
  local row = rowOf(hold)
  if not row then return {'UnknownHold'} end
  if row.state == 'sold' then
    local buyer = cjson.decode(row.sale).order
    if buyer == order then return {'Sold', 1, recordOf(row)} end
    return {'SoldToOther', buyer}
  end
  if row.epoch ~= tonumber(epoch) then return {'StaleEpoch', row.epoch} end
  local honoured = false
  if row.state ~= 'live' or tonumber(now) >= tonumber(row.expires) then
    local how = row.state == 'released' and 'released' or 'expired'
    if honour ~= '1' then return {'HoldLapsed', how, false} end
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
end

local answers = {}
for at = 4, #ARGV, 5 do
  answers[#answers + 1] = sell(ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], ARGV[at + 4])
end
return answers
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
