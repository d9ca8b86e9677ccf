-- Refs come to a node or leave it. KEYS: refs here, count by ref, nodes, lease.
-- ARGV: 1 (come) or 0 (leave), node, milliseconds of a lease, refs…
-- Returns the server's time (one clock for all nodes), then the refs that came first or left last.
local time = redis.call('TIME')
local moved = {time[1], time[2]}
-- Who dies before his first beat is swept too.
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('SET', KEYS[4], '1', 'PX', ARGV[3], 'NX')
for at = 4, #ARGV do
  local ref = ARGV[at]
  if ARGV[1] == '1' then
    if redis.call('SADD', KEYS[1], ref) == 1 and redis.call('HINCRBY', KEYS[2], ref, 1) == 1 then
      moved[#moved + 1] = ref
    end
  elseif redis.call('SREM', KEYS[1], ref) == 1 and redis.call('HINCRBY', KEYS[2], ref, -1) <= 0 then
    redis.call('HDEL', KEYS[2], ref)
    moved[#moved + 1] = ref
  end
end
if #moved > 2 then
  redis.call('PUBLISH', KEYS[2] .. ':changes', ARGV[1] .. '\n' .. table.concat(moved, '\n', 3))
end
return moved
