-- Which epoch it is, and after which number it began. A server that knows less than the node has seen has lost a part of
-- its memory (restored from a backup): a new epoch.
-- KEYS: 1 era  2 number   ARGV: 1 a new epoch's name  2 the epoch the node knows  3 the last number it has seen
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local number = tonumber(redis.call('GET', KEYS[2]) or '0')
if not epoch or (epoch == ARGV[2] and number < tonumber(ARGV[3])) then
  epoch = ARGV[1]
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'start', string.format('%.0f', number))
end
return {epoch, redis.call('HGET', KEYS[1], 'start'), string.format('%.0f', number)}
