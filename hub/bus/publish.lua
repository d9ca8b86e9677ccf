-- One telling, in one step: once, numbered, kept, told.
-- KEYS: 1 era  2 number  3 the room's stream  4 how far this node has come
-- ARGV: 1 the room's channel  2 id (16 bytes)  3 payload  4 the node's count  5 frames kept  6 seconds kept  7 seconds a node is remembered
local epoch = redis.call('HGET', KEYS[1], 'epoch')
if not epoch then
  return redis.error_reply('NOERA the server has lost its memory')
end
local count = redis.call('GET', KEYS[4])
if count and tonumber(count) >= tonumber(ARGV[4]) then
  return epoch
end
local number = redis.call('INCR', KEYS[2])
local last = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)
local before = 0
if last[1] then
  before = tonumber(string.match(last[1][1], '^%d+'))
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[5], string.format('%.0f-0', number),
  'b', string.format('%.0f', before), 'i', ARGV[2], 'p', ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[6])
redis.call('SET', KEYS[4], ARGV[4], 'EX', ARGV[7])
redis.call('PUBLISH', ARGV[1], struct.pack('>I8I8', number, before) .. ARGV[2] .. ARGV[3])
return epoch
