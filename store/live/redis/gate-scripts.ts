/**
 * How the gate of the stock is taken down and put up again. One node does it at a time: it holds a
 * lock with a token of its own, and every step asks whether the lock is still that node's, so that
 * a node that slept past the end of its lock does no harm.
 */
import { type Script, script } from "./script.ts";

export const CLOSE: Script = script(
  "close the gate of a generation",
  `
-- KEYS: stock. ARGV: generation
if redis.call('HGET', KEYS[1], 'ready') ~= ARGV[1] then return 0 end
return redis.call('HDEL', KEYS[1], 'ready')
`,
);

export const BEGIN_REBUILD: Script = script(
  "begin to rebuild the gate",
  `
-- KEYS: lock, stock, and everything else of the gate. ARGV: token, how long the lock is kept
local ready = redis.call('HGET', KEYS[2], 'ready')
if ready then return {'Ready', ready, redis.call('HGET', KEYS[2], 'run')} end
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'Busy'} end
for at = 2, #KEYS do redis.call('UNLINK', KEYS[at]) end
return {'Begun'}
`,
);

/** The lock is still this node's, and is kept for another while. */
const LOCKED = `
-- KEYS: lock first. ARGV: token, how long the lock is kept, then what is written
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 'LockLost' end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

export const LOAD_FIELDS: Script = script(
  "load fields into the gate",
  LOCKED,
  `
redis.call('HSET', KEYS[2], unpack(ARGV, 3))
return 'Loaded'
`,
);

export const LOAD_COUNTS: Script = script(
  "add to counts of the gate",
  LOCKED,
  `
for at = 3, #ARGV, 2 do redis.call('HINCRBY', KEYS[2], ARGV[at], ARGV[at + 1]) end
return 'Loaded'
`,
);

export const LOAD_MEMBERS: Script = script(
  "load members into the gate",
  LOCKED,
  `
redis.call('ZADD', KEYS[2], unpack(ARGV, 3))
return 'Loaded'
`,
);

export const OPEN: Script = script(
  "open the gate",
  LOCKED,
  `
-- ARGV: generation, run of the server
redis.call('HSET', KEYS[2], 'ready', ARGV[3], 'run', ARGV[4])
redis.call('DEL', KEYS[1])
return 'Opened'
`,
);

export const GIVE_UP: Script = script(
  "give up a rebuild that failed",
  `
-- KEYS: lock. ARGV: token
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 'GivenUp'
`,
);
