/** A Redis that a store cannot stand on; the message says why and what to do about it. */
export class RedisRefused extends Error {}
