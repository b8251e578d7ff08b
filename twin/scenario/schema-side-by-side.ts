/** The sections of the scenario file about other sellers, bulkheads and load shedding; see `schema.ts`. */
import { Schema } from "effect";
import { NEIGHBOUR_DEFAULTS } from "./defaults-side-by-side.ts";
import { CountFromOne, key, optionalKey, PositiveDuration, Rate, Share } from "./quantity.ts";
import { Name } from "./schema-name.ts";

const { pages, share } = NEIGHBOUR_DEFAULTS;
const PAGES_DEFAULT = Object.entries(pages)
  .map(([page, part]) => `${page} ${part}`)
  .join(", ");

const page = (name: string) => optionalKey(Share, `Share of ${name}. Default: 0%.`);

const Neighbour = Schema.Struct({
  name: key(Name, "The seller's name."),
  rate: key(
    Rate,
    "Requests per time that reach the servers, evenly over the day: pages that a content delivery network answers do not count.",
  ),
  pages: optionalKey(
    Schema.Struct({
      landing: page("landing pages"),
      list: page("list pages"),
      product: page("product pages"),
      cart: page("carts"),
      checkout: page("checkouts"),
      payment: page("payment pages"),
    }),
    `What they ask for; 100% together. Default: ${PAGES_DEFAULT} (assumed).`,
  ),
  share: optionalKey(
    Share,
    `The part of every server that is theirs with platform.bulkheads; the sale has what is left. Default: ${share} (assumed).`,
  ),
});

export const Neighbours = Schema.Array(Neighbour);

export const Bulkheads = Schema.Struct({
  kind: key(
    Schema.Literal("none", "guaranteed"),
    "none: all sellers share every server as they come. guaranteed: each has a part of its cores and of its backlog (neighbours.share), and borrows what is idle.",
  ),
  kept: key(Share, "guaranteed: the part of a seller's cores that is not lent while it is idle."),
});

export const Shedding = Schema.Struct({
  kind: key(
    Schema.Literal("none", "codel", "gradient2", "both"),
    "What servers refuse (503 with Retry-After) before they must, landing pages first and payments last. codel: what has waited too long. gradient2: what is beyond a limit learned from latency.",
  ),
  codel: key(
    Schema.Struct({
      target: key(
        PositiveDuration,
        "The wait that a healthy line stays under; landing pages are refused after four times as long, and each priority stands twice the one before.",
      ),
      interval: key(PositiveDuration, "How long everybody must have waited longer than that."),
    }),
    "kind: codel, both - refuse in line.",
  ),
  gradient2: key(
    Schema.Struct({
      min: key(CountFromOne, "The fewest requests inside one server that are allowed."),
      max: key(CountFromOne, "The most; the same as min makes the limit a fixed one."),
    }),
    "kind: gradient2, both - refuse at the door.",
  ),
  "retry-after": key(
    Schema.Struct({
      from: key(PositiveDuration, "The soonest, whole seconds."),
      to: key(PositiveDuration, "The latest; each of the refused is told some second in between."),
    }),
    "When the refused are asked to come back; shoppers.retry.obeys says how many do.",
  ),
});
