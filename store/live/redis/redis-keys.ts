/**
 * The names of what a store keeps in Redis. What has to change in one step stands under one hash
 * tag, which is what a Redis Cluster places keys by. No key holds a text that a shopper chose:
 * such texts are fields and members, behind their length and of a bounded length themselves.
 */
import { createHash } from "node:crypto";
import { StepRefused } from "./redis-connection.ts";

/** Names of shoppers, holds, carts, networks and persons are far shorter; a longer one is refused. */
export const NAME_LENGTH_MAX = 512;

/** Half of a character: no UTF-8 says it, so Redis could not give it back. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Where the stock of a sale is; in this order the scripts of the stock get them. */
export interface StockKeys {
  /** Every number of the stock, a field each, and the mark of the gate's generation. */
  readonly stock: string;
  /** Records of holds by their names. */
  readonly holds: string;
  /** Live holds by their ends, and by epoch where two end at once. */
  readonly due: string;
  /** Ends of released and expired holds, the oldest first. */
  readonly lapsed: string;
  /** Live holds per shopper and per network, by epoch. */
  readonly watched: string;
  /** Shoppers who let holds lapse, by the end of their wait. */
  readonly lapses: string;
  /** Which node rebuilds the gate. */
  readonly lock: string;
}

/** Whose keys they are: a ledger's, of a sale. Two ledgers of one sale share no key. */
export interface KeyOwner {
  /** The name of the sale. */
  readonly sale: string;
  /** What tells the ledger from every other; see `orders-with-units.ts`. */
  readonly ledger: string;
}

/** A text that names the owner in a key, whatever the sale is called. */
function tagOf({ sale, ledger }: KeyOwner): string {
  const words = sale
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 40);
  const digest = createHash("sha256")
    .update(JSON.stringify([sale, ledger]))
    .digest("hex");
  return `${words}-${digest.slice(0, 16)}`;
}

export function stockKeysOf(owner: KeyOwner): StockKeys {
  const under = `rehearse:{${tagOf(owner)}:stock}`;
  return {
    stock: under,
    holds: `${under}:holds`,
    due: `${under}:due`,
    lapsed: `${under}:lapsed`,
    watched: `${under}:watched`,
    lapses: `${under}:lapses`,
    lock: `${under}:rebuild`,
  };
}

/** A key, or the beginning of keys, of another part of the store; each part has its own tag. */
export function partKeyOf(owner: KeyOwner, part: string): string {
  return `rehearse:{${tagOf(owner)}:${part}}`;
}

/** The text as it may be stored: bounded, and whole characters only. */
export function checkedName(text: string): string {
  if (text.length <= NAME_LENGTH_MAX && !LONE_SURROGATE.test(text)) return text;
  throw new StepRefused(`a name is longer than ${NAME_LENGTH_MAX} characters, or no text`);
}

/** The text behind its length in bytes, as Lua counts, so that nothing that follows is part of it. */
export function sized(text: string): string {
  return `${Buffer.byteLength(text)}:${text}`;
}
