/** The section of the scenario file about the database behind the instances; see `schema.ts`. */
import { Schema } from "effect";
import { Count, CountFromOne, DistributionForm, Duration, key } from "./quantity.ts";

const Queries = Schema.Struct({
  reads: key(Count, "Reads, one after the other."),
  writes: key(Count, "Writes, after the reads."),
});

export const Database = Schema.Struct({
  pool: key(
    Count,
    "Connections in the pool of each instance; 0: the database has no limits, and a page waits for its profile's io. With a pool, a page with queries waits for them in place of its io.",
  ),
  "wait-limit": key(Duration, "How long a request waits for a connection before it is an error."),
  connections: key(
    CountFromOne,
    "Connections that the database serves at once, of all pools together.",
  ),
  read: key(DistributionForm, "Time of one read."),
  write: key(DistributionForm, "Time of one write."),
  queries: key(
    Schema.Struct({
      landing: key(Queries, "The landing page."),
      list: key(Queries, "A list page."),
      product: key(Queries, "A product page."),
      cart: key(Queries, "The cart."),
      checkout: key(Queries, "The checkout."),
      payment: key(Queries, "The payment page."),
    }),
    "What each page asks of the database.",
  ),
  row: key(
    Schema.Struct({
      lock: key(
        Duration,
        "How long a checkout or an order keeps the stock row of each of its articles for itself when nobody else wants it; 0: rows have no limit.",
      ),
      "per-contender": key(
        Duration,
        "How much longer for each connection that wants the row, its own included.",
      ),
    }),
    "Hot rows: orders of one article go one after the other.",
  ),
});
