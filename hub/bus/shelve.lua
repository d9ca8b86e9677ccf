-- KEYS: 1 the key   ARGV: 1 turn (8 hexadecimal digits) and value  2 seconds kept
local stands = redis.call('GETRANGE', KEYS[1], 0, 7)
if stands ~= '' and stands > string.sub(ARGV[1], 1, 8) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
