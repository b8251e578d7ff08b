/** What the database is where a file says nothing; `default-sources.ts` says where it comes from. */
import type { Form } from "./defaults.ts";

export const DATABASE_DEFAULTS: Form = {
  pool: 0,
  "wait-limit": "30s",
  connections: 100,
  read: { lognormal: { median: "2ms", sigma: 0.8 } },
  write: { lognormal: { median: "12ms", sigma: 0.8 } },
  queries: {
    landing: { reads: 1, writes: 0 },
    list: { reads: 3, writes: 0 },
    product: { reads: 4, writes: 0 },
    cart: { reads: 3, writes: 1 },
    checkout: { reads: 4, writes: 1 },
    payment: { reads: 3, writes: 2 },
  },
  row: { lock: "208us", "per-contender": "8us" },
};
