/**
 * A number for a name, evenly spread and the same on every node and in every run: what decides
 * where chance would do, but a second look has to find the same. FNV-1a, then
 * the finish of MurmurHash3, without which names that differ in their last letter lie together.
 * No defence against somebody who chooses names to land where they want.
 */
import { finished, fnv1a } from "./fnv.ts";

const VALUES = 2 ** 32;

/** From 0 to below 1. */
export function spreadOf(name: string): number {
  return finished(fnv1a(name)) / VALUES;
}
