/** What other sellers, bulkheads and load shedding are where the file says nothing; see `defaults.ts`. */

/** Of each neighbour. */
export const NEIGHBOUR_DEFAULTS = {
  pages: { product: "80%", cart: "10%", checkout: "6%", payment: "4%" },
  share: "25%",
} as const;

export const BULKHEADS_DEFAULTS = { kind: "none", kept: "0%" } as const;

export const SHEDDING_DEFAULTS = {
  kind: "none",
  codel: { target: "50ms", interval: "1s" },
  gradient2: { min: 20, max: 200 },
  "retry-after": { from: "5s", to: "30s" },
} as const;

/** Where they come from, by path; see `default-sources.ts`. */
export const SIDE_BY_SIDE_SOURCES: readonly (readonly [string, string])[] = [
  ["neighbours", "a seller alone on the servers"],
  ["platform.bulkheads", "assumed"],
  ["platform.shedding", "assumed"],
  [
    "platform.shedding.codel",
    "assumed: ten times folly's 5 ms and 100 ms, which are meant for calls and not for pages",
  ],
  ["platform.shedding.gradient2", "read: Netflix concurrency-limits"],
  ["shoppers.retry.obeys", "assumed: a page that reloads itself when it is told to"],
];
