-- Limits of one workspace, all changed at once or not at all.
--
-- KEYS[i]   the hash of a limit; beside it KEYS[i]:open (a sorted set: whose reservation runs out
--           when) and KEYS[i]:held (what each of them holds: "micros:is_open").
-- ARGV[1]   operations as a JSON list; the answer is a JSON list with an entry for each.
--
-- Fields of the hash: w, the minute that the rates are of; rc, rp requests of it and of the one
-- before; tc, tp the same for tokens; hm, hn money and answers held; d, ds the day and what the
-- ledger says was spent in it; m, ms the month.

local MINUTE, OPEN_FOR, UNRECORDED_FOR, KEPT_FOR = 60000, 60000, 900000, 172800

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local function whole(number)
  return string.format('%.0f', number + 0)  -- no minus before a zero
end

local function number_of(key, field)
  return tonumber(redis.call('HGET', key, field) or '0')
end

local function add(key, field, amount)
  redis.call('HINCRBY', key, field, whole(amount))
end

local function drop(key, id)
  local held = redis.call('HGET', key .. ':held', id)
  if not held then return end
  local micros, is_open = held:match('^(%d+):(%d)$')
  add(key, 'hm', -tonumber(micros))
  add(key, 'hn', -tonumber(is_open))
  redis.call('HDEL', key .. ':held', id)
  redis.call('ZREM', key .. ':open', id)
end

local function hold(key, id, micros, is_open, lasting)
  add(key, 'hm', micros)
  add(key, 'hn', is_open)
  redis.call('HSET', key .. ':held', id, whole(micros) .. ':' .. is_open)
  redis.call('ZADD', key .. ':open', whole(now + lasting), id)
end

-- The minute moves on, and what nobody speaks for any more is given back.
local function refresh(key)
  local minute, last = math.floor(now / MINUTE), number_of(key, 'w')
  if last == minute - 1 then
    redis.call('HSET', key, 'w', whole(minute), 'rp', whole(number_of(key, 'rc')), 'rc', '0',
      'tp', whole(number_of(key, 'tc')), 'tc', '0')
  elseif last ~= minute then
    redis.call('HSET', key, 'w', whole(minute), 'rp', '0', 'rc', '0', 'tp', '0', 'tc', '0')
  end
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key .. ':open', '-inf', whole(now))) do
    drop(key, id)
  end
  for _, suffix in ipairs({'', ':held', ':open'}) do
    redis.call('EXPIRE', key .. suffix, KEPT_FOR)
  end
end

-- Two fixed minutes, the older one weighted by how much of it the last sixty seconds still hold.
-- Answers with how long to wait until ``amount`` more fits, or nil if it does.
local function wait_for(current, previous, amount, limit)
  local elapsed = (now % MINUTE) / MINUTE
  if current + previous * (1 - elapsed) + amount <= limit then return nil end
  if current + amount <= limit then
    return (1 - (limit - current - amount) / previous - elapsed) * MINUTE
  end
  local later = math.max(0, 1 - (limit - amount) / math.max(current, 1))
  return (1 - elapsed + math.min(1, later)) * MINUTE
end

-- Which of a limit's numbers stands in the way: {its name, milliseconds to wait}.
local function obstacle(key, limit, ask)
  if limit.requests then
    local wait = wait_for(number_of(key, 'rc'), number_of(key, 'rp'), 1, limit.requests)
    if wait then return {'requests_per_minute', wait} end
  end
  if limit.tokens then
    -- A request that is larger than the limit passes when nothing else does.
    local current, previous = number_of(key, 'tc'), number_of(key, 'tp')
    local amount = math.min(ask.tokens, math.max(limit.tokens - 1, 0))
    local wait = wait_for(current, previous, amount, limit.tokens)
    if wait then return {'tokens_per_minute', wait} end
  end
  if limit.streams and number_of(key, 'hn') + 1 > limit.streams then
    return {'concurrent_streams', 1000}
  end
  if limit.day_micros or limit.month_micros then
    if redis.call('HGET', key, 'd') ~= limit.day or redis.call('HGET', key, 'm') ~= limit.month then
      return {'unknown', 0}
    end
    local pending = number_of(key, 'hm') + ask.micros
    if limit.day_micros and number_of(key, 'ds') + pending > limit.day_micros then
      return {'day_money', 0}
    end
    if limit.month_micros and number_of(key, 'ms') + pending > limit.month_micros then
      return {'month_money', 0}
    end
  end
  return nil
end

local handle = {}

function handle.reserve(ask)
  for index, limit in ipairs(ask.limits) do
    local key = KEYS[limit.key]
    refresh(key)
    local found = obstacle(key, limit, ask)
    if found then return {index - 1, found[1], math.ceil(found[2])} end
  end
  for _, limit in ipairs(ask.limits) do
    local key = KEYS[limit.key]
    add(key, 'rc', 1)
    add(key, 'tc', ask.tokens)
    hold(key, ask.id, ask.micros, 1, OPEN_FOR)
  end
  return {}
end

-- The answer is over: it holds what it seems to have cost until the ledger knows.
function handle.settle(ask)
  for _, limit in ipairs(ask.limits) do
    local key = KEYS[limit.key]
    refresh(key)
    if redis.call('HEXISTS', key .. ':held', ask.id) == 1 then
      drop(key, ask.id)
      if ask.micros > 0 then hold(key, ask.id, ask.micros, 0, UNRECORDED_FOR) end
      local tokens = math.max(0, number_of(key, 'tc') + ask.tokens)
      redis.call('HSET', key, 'tc', whole(tokens))
    end
  end
  return {}
end

-- Answers that are still coming.
function handle.keep(ask)
  for _, limit in ipairs(ask.limits) do
    local key = KEYS[limit.key]
    for _, id in ipairs(ask.ids) do
      redis.call('ZADD', key .. ':open', 'XX', whole(now + OPEN_FOR), id)
    end
  end
  return {}
end

-- What the ledger holds, these answers among it. It only ever grows within a day.
function handle.recorded(ask)
  for _, limit in ipairs(ask.limits) do
    local key = KEYS[limit.key]
    refresh(key)
    local spent = {{'d', 'ds', limit.day, limit.day_spent}, {'m', 'ms', limit.month, limit.month_spent}}
    for _, one in ipairs(spent) do
      local name, amount = one[3], one[4]
      local last = redis.call('HGET', key, one[1])
      if last == name then
        amount = math.max(amount, number_of(key, one[2]))
      end
      -- A late word of yesterday's does not bring it back.
      if not last or last <= name then
        redis.call('HSET', key, one[1], name, one[2], whole(amount))
      end
    end
    for _, id in ipairs(ask.ids) do drop(key, id) end
  end
  return {}
end

local answers = {}
for index, ask in ipairs(cjson.decode(ARGV[1])) do
  answers[index] = handle[ask.op](ask)
end
return cjson.encode(answers)
