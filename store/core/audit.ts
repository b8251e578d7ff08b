/**
 * What an audit finds. An audit is a plain function over snapshots that trusts no running total
 * where it can count again; a sound store yields no findings.
 */

/** An invariant that does not hold. */
export interface Finding {
  /** As in the list of invariants, for example "I01". */
  readonly id: string;
  readonly what: string;
}

/** More findings than this say nothing new about what is wrong. */
export const FINDINGS_MAX = 100;

/** Collects findings up to a limit. */
export class Findings {
  readonly list: Finding[] = [];

  /** Notes a finding unless the invariant holds. */
  expect(holds: boolean, id: string, what: () => string): void {
    if (!holds && this.list.length < FINDINGS_MAX) this.list.push({ id, what: what() });
  }
}

/** One key for two names; the length keeps ("ab", "c") apart from ("a", "bc"). */
export function pairOf(one: string, other: string): string {
  return `${one.length}:${one}${other}`;
}

/** Adds to the number that a map keeps under a key, 0 where it keeps none. */
export function increase<Key>(sums: Map<Key, number>, key: Key, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}
