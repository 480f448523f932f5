/**
 * The scripts of the limits in Redis. Each runs as one step, by the clock of Redis. A window is
 * one packed list of slots `[startedAt, lastAt, amount]`, oldest first, with the meaning that
 * `LimitWindow` gives them. Slots are a hash of how many each process holds; those of a process
 * that has not renewed them for `DEAD_AFTER_MS` are dropped.
 */
import { SLOT_WAIT_MS } from './limit-store.js';
import { SLOT_MS, WINDOW_MS } from './limit-window.js';

export const DEAD_AFTER_MS = 6_000;
/** Keys that nobody writes any more go by themselves. */
const SLOT_KEY_TTL_MS = 60_000;

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

const READ_WINDOW = `
local function read(key)
  local slots, sum = {}, 0
  local packed = redis.call('GET', key)
  if packed then
    for _, slot in ipairs(cmsgpack.unpack(packed)) do
      if slot[2] + ${WINDOW_MS} > now then
        slots[#slots + 1] = slot
        sum = sum + slot[3]
      end
    end
  end
  return slots, sum
end
local function write(key, slots)
  local newest = slots[#slots]
  if newest then
    redis.call('SET', key, cmsgpack.pack(slots), 'PX', math.max(1, newest[2] + ${WINDOW_MS} - now))
  end
end
`;

/**
 * KEYS: the processes, then one key per limit. ARGV: this process, then for each limit its kind
 * (`w` window, `s` slots), how much it allows, and what the request takes of it. Answers with 1 or
 * 0, then for each limit: what remains, milliseconds to wait (-1 for ever), whether it is short,
 * and the slot that was taken.
 */
export const TAKE = `${NOW}${READ_WINDOW}
local me = ARGV[1]
local alive
local function held(key)
  if not alive then
    redis.call('HSET', KEYS[1], me, now)
    alive = {}
    local seen = redis.call('HGETALL', KEYS[1])
    for i = 1, #seen, 2 do
      if now - tonumber(seen[i + 1]) < ${DEAD_AFTER_MS} then alive[seen[i]] = true end
    end
  end
  local sum, counts = 0, redis.call('HGETALL', key)
  for i = 1, #counts, 2 do
    if alive[counts[i]] then sum = sum + tonumber(counts[i + 1])
    else redis.call('HDEL', key, counts[i]) end
  end
  return sum
end

local taken, windows, sums, answer = 1, {}, {}, {}
for i = 1, #KEYS - 1 do
  local key, kind = KEYS[i + 1], ARGV[3 * i - 1]
  local most, cost = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  if kind == 'w' then
    windows[i], sums[i] = read(key)
  else
    sums[i] = held(key)
  end
  if sums[i] + cost > most then taken = 0 end
end

answer[1] = taken
for i = 1, #KEYS - 1 do
  local key, kind = KEYS[i + 1], ARGV[3 * i - 1]
  local most, cost = tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local slots, sum = windows[i], sums[i]
  local short, wait, slot = 0, ${SLOT_WAIT_MS}, 0
  if sum + cost > most then
    short = 1
    if cost > most then
      wait = -1
    elseif kind == 'w' then
      local left = sum
      for _, each in ipairs(slots) do
        if left + cost <= most then break end
        left = left - each[3]
        wait = each[2] + ${WINDOW_MS} - now
      end
    end
  elseif kind == 'w' then
    if taken == 1 then
      local newest = slots[#slots]
      if newest and now - newest[1] < ${SLOT_MS} then
        newest[2] = math.max(newest[2], now)
        newest[3] = newest[3] + cost
      else
        newest = { now, now, cost }
        slots[#slots + 1] = newest
      end
      slot = newest[1]
      write(key, slots)
    end
    wait = slots[1] and slots[1][2] + ${WINDOW_MS} - now or ${WINDOW_MS}
  elseif taken == 1 then
    redis.call('HINCRBY', key, me, 1)
    redis.call('PEXPIRE', key, ${SLOT_KEY_TTL_MS})
  end
  local remaining = math.max(0, most - sum - (taken == 1 and cost or 0))
  answer[#answer + 1] = remaining
  answer[#answer + 1] = wait
  answer[#answer + 1] = short
  answer[#answer + 1] = slot
end
return answer
`;

/**
 * KEYS: windows and slots. ARGV: this process, then for each key its kind, the slot of a window
 * (0 for slots), and the difference.
 */
export const GIVE_BACK = `${NOW}${READ_WINDOW}
for i, key in ipairs(KEYS) do
  local kind, startedAt = ARGV[3 * i - 1], tonumber(ARGV[3 * i])
  local difference = tonumber(ARGV[3 * i + 1])
  if kind == 's' then
    if redis.call('HINCRBY', key, ARGV[1], difference) <= 0 then
      redis.call('HDEL', key, ARGV[1])
    end
  else
    local slots = read(key)
    for _, slot in ipairs(slots) do
      if slot[1] == startedAt then
        slot[3] = slot[3] + difference
        write(key, slots)
        break
      end
    end
  end
end
return 1
`;

/**
 * KEYS: the processes, then slots. ARGV: this process, then for each key how many it holds, or -1
 * where it does not know, because an answer is on its way. What this process says is what counts,
 * whatever was lost before. Forgets processes that are dead.
 */
export const RENEW = `${NOW}
redis.call('HSET', KEYS[1], ARGV[1], now)
redis.call('PEXPIRE', KEYS[1], ${SLOT_KEY_TTL_MS})
local seen = redis.call('HGETALL', KEYS[1])
for i = 1, #seen, 2 do
  if now - tonumber(seen[i + 1]) >= ${DEAD_AFTER_MS} then redis.call('HDEL', KEYS[1], seen[i]) end
end
for i = 2, #KEYS do
  local count = tonumber(ARGV[i])
  if count > 0 then redis.call('HSET', KEYS[i], ARGV[1], count) end
  if count == 0 then redis.call('HDEL', KEYS[i], ARGV[1]) end
  redis.call('PEXPIRE', KEYS[i], ${SLOT_KEY_TTL_MS})
end
return 1
`;
