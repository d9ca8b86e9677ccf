-- Some of the refs of a node that is dead. KEYS: refs there, count by ref, lease. ARGV: how many at most.
-- Returns the time, how many are left, then the refs that nobody holds any more.
local time = redis.call('TIME')
if redis.call('EXISTS', KEYS[3]) == 1 then
  return {time[1], time[2], 0}
end
local gone = {time[1], time[2], 0}
for _, ref in ipairs(redis.call('SPOP', KEYS[1], ARGV[1])) do
  if redis.call('HINCRBY', KEYS[2], ref, -1) <= 0 then
    redis.call('HDEL', KEYS[2], ref)
    gone[#gone + 1] = ref
  end
end
if #gone > 3 then
  redis.call('PUBLISH', KEYS[2] .. ':changes', '0\n' .. table.concat(gone, '\n', 4))
end
gone[3] = redis.call('SCARD', KEYS[1])
return gone
