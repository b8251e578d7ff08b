/**
 * A number for a name, evenly spread and the same on every node and in every run: what decides
 * where chance would do, but a second look has to find the same. FNV-1a (Fowler, Noll, Vo), then
 * the finish of MurmurHash3, without which names that differ in their last letter lie together.
 * No defence against somebody who chooses names to land where they want.
 */

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const VALUES = 2 ** 32;

/** From 0 to below 1. */
export function spreadOf(name: string): number {
  let hash = BASIS;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), PRIME);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / VALUES;
}
