/** Which column of a table of counts says when somebody came. */

/** What a count may be of, the most telling first. */
const COUNTED = [
  ...["orders", "bestellungen", "commandes", "pedidos", "sales", "checkouts"],
  ...["sessions", "visits", "besuche", "visites", "clicks", "requests"],
];

/** The first of them that is there, else the first of all; null where there is none. */
export function tellingMetric(names: readonly string[]): string | null {
  return metricLike(names, COUNTED) ?? names[0] ?? null;
}

export function metricLike(names: readonly string[], words: readonly string[]): string | null {
  for (const word of words) {
    const found = names.find((name) => name.toLowerCase().includes(word));
    if (found !== undefined) return found;
  }
  return null;
}
