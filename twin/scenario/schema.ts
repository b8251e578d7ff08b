/**
 * The scenario file, key by key. Every key carries the line that an editor shows for it; what a
 * key is when the file does not give it stands in `defaults.ts`, with its source. The sections
 * decode to numbers in the twin's units; `resolve.ts` makes the twin's own shapes of them.
 */
import { Schema } from "effect";
import { TIERS } from "../../store/core/tier.ts";
import {
  Count,
  CountFromOne,
  DistributionForm,
  Duration,
  Factor,
  key,
  LocalDate,
  MomentOfSale,
  Money,
  optionalKey,
  PositiveDuration,
  PositiveFactor,
  Rate,
  RatePerDay,
  Share,
  SUGGESTION_MARK,
} from "./quantity.ts";
import { Bots, Limits, Whereabouts } from "./schema-bots.ts";
import { Faults } from "./schema-faults.ts";
import { Feedback } from "./schema-feedback.ts";
import { Name } from "./schema-name.ts";
import { Payments, Platform } from "./schema-platform.ts";
import { Promotions } from "./schema-promotions.ts";
import { Neighbours } from "./schema-side-by-side.ts";
import { WaitingRoom } from "./schema-waiting-room.ts";
import { isSeed, SEED_LENGTH_MAX, SEED_RULE } from "./seed.ts";

const Text = Schema.NonEmptyString.annotations({
  message: () => ({ message: `must be a text${SUGGESTION_MARK}put it in quotes`, override: true }),
});

const Seed = Text.pipe(
  Schema.filter(
    (text) =>
      isSeed(text) || `must be ${SEED_RULE}${SUGGESTION_MARK}write it like my-sale/1, in quotes`,
    { jsonSchema: { maxLength: SEED_LENGTH_MAX } },
  ),
);

const Item = Schema.Struct({
  sku: key(Name, "The SKU, one name in the whole scenario."),
  name: optionalKey(Text, "What it is. Default: the SKU."),
  price: optionalKey(Money, "Price outside the sale. Default: the sale price."),
  "sale-price": key(Money, "Price in the sale."),
  units: key(Count, "Units on stock when the sale opens."),
  weight: key(PositiveFactor, "Demand relative to the other items."),
});

const Catalog = Schema.Struct({
  products: key(CountFromOne, "How many products, one SKU each."),
  prefix: optionalKey(Name, "What SKUs begin with. Default: two letters of the seller's name."),
  "sale-price": key(
    Schema.Struct({
      mean: key(Money, "Mean price of what shoppers choose."),
      cv: key(Factor, "Standard deviation of prices over their mean (lognormal)."),
    }),
    "Prices in the sale.",
  ),
  discount: key(Share, "How far the sale price lies under the price outside the sale."),
  popularity: key(Factor, "Exponent of Zipf's law: 0 is even demand, 1 a few bestsellers."),
});

const Stock = Schema.Struct({
  units: key(Count, "Units of all products together."),
  "by-demand": key(Share, "Share of the units placed where demand is; the rest is spread evenly."),
});

const Seller = Schema.Struct({
  name: key(Name, "The seller's name."),
  catalog: optionalKey(Catalog, "Products described by a rule; give this or items."),
  stock: optionalKey(Stock, "Stock of a catalog; items say their own units."),
  items: optionalKey(Schema.Array(Item), "Products one by one; give these or a catalog."),
  "limit-per-shopper": key(CountFromOne, "The most units of one SKU one shopper may buy."),
  "hold-for": key(Duration, "How long a cart holds its units before they go back on sale."),
  floor: key(Share, "Share of the sale price under which no promotion sells a unit."),
});

const Sale = Schema.Struct({
  "early-access": optionalKey(MomentOfSale, "When invited shoppers may buy. Default: public."),
  "early-access-for": key(
    Schema.Array(Schema.Literal(...TIERS)),
    "Tiers whose invitations hold; invited are those who were mailed, and traffic.invited.",
  ),
  public: key(MomentOfSale, "When everybody may buy."),
  closes: optionalKey(MomentOfSale, "When the sale ends. Default: the end of the scenario."),
});

const Segment = Schema.Struct({
  share: key(Share, "Share of all who may come, mailed or not."),
  visits: optionalKey(
    Share,
    "Share of their mails that lead to a visit. Default: that of the audience.",
  ),
  "mailed-before": key(Duration, "How long before the rest they are mailed, batch by batch."),
});

const Audience = Schema.Struct({
  recipients: key(CountFromOne, "Addresses on the mailing list."),
  visits: key(Share, "Share of delivered mails that lead to a visit."),
  "click-delay": key(DistributionForm, "From delivery to click."),
  "delivery-delay": key(DistributionForm, "From the sender's hand-over to the inbox."),
  "sender-rate": key(Rate, "The sender's throughput limit, mails per time."),
  segments: key(
    Schema.Struct({
      vip: key(Segment, "The shop's best customers."),
      loyal: key(Segment, "Those who have bought before."),
    }),
    "How the shop ranks its shoppers; who is in no segment is regular.",
  ),
});

const Traffic = Schema.Struct({
  rate: key(Rate, "Sessions per time where the daily profile is 1, on the first day."),
  "daily-profile": key(Schema.Array(Factor), "24 factors, one per local hour of the day."),
  decay: key(RatePerDay, "Exponential fading: the rate is multiplied by exp(-decay x days)."),
  ramp: key(Duration, "Linear rise from zero after the start."),
  steps: key(
    Schema.Array(
      Schema.Struct({
        at: key(MomentOfSale, "When the step begins."),
        rate: key(Rate, "Sessions per time until the next step, or the end."),
      }),
    ),
    "A load test: constant rates one after the other, in place of rate, profile, decay and ramp.",
  ),
  invited: key(Share, "Share of these visitors who hold an early-access link."),
});

const Journey = Schema.Struct({
  landing: key(
    Schema.Struct({ list: key(Share, "To a list page."), product: key(Share, "To a product.") }),
    "From the landing page.",
  ),
  list: key(
    Schema.Struct({ list: key(Share, "To another list."), product: key(Share, "To a product.") }),
    "From a list page.",
  ),
  product: key(
    Schema.Struct({
      list: key(Share, "Back to a list page."),
      product: key(Share, "To another product."),
      cart: key(Share, "Puts it into the cart."),
    }),
    "From a product page.",
  ),
  cart: key(
    Schema.Struct({ list: key(Share, "Shops on."), checkout: key(Share, "To the checkout.") }),
    "From the cart.",
  ),
  checkout: key(
    Schema.Struct({ payment: key(Share, "To the payment page.") }),
    "From the checkout.",
  ),
  payment: key(
    Schema.Struct({ submit: key(Share, "Submits the payment.") }),
    "On the payment page.",
  ),
});

const Shoppers = Schema.Struct({
  "idle-timeout": key(Duration, "A session counts as concurrent this long after its last request."),
  "think-time": key(DistributionForm, "Between one page and the next."),
  journey: key(Journey, "Where a shopper goes next; what is left to 100% leaves the shop."),
  patience: key(DistributionForm, "How long a shopper waits for a page before leaving."),
  bounce: key(
    Schema.Struct({
      rise: key(Factor, "How much the bounce rate can rise, relative."),
      steepness: key(Rate, "How fast it rises with the load time, per second of it."),
      middle: key(Duration, "Load time at which half of the rise is reached."),
      reference: key(
        Duration,
        "Load time, browser included, of a page that the servers answer at once; the journey's own bounce holds there, and latency comes on top.",
      ),
    }),
    "Slow landing pages bounce more.",
  ),
  retry: key(
    Schema.Struct({
      share: key(Share, "Share of shoppers who try again after an error page."),
      limit: key(Count, "The most tries again for one page."),
      delay: key(DistributionForm, "How soon they try again."),
      reload: key(
        Share,
        "Share of shoppers who load a page again at once when it takes longer than their patience, within the same limit; the others leave. The servers go on with what was given up.",
      ),
      obeys: key(
        Share,
        "Share of those who try again after a refusal with Retry-After who wait as long as it says; the others come back when they like.",
      ),
    }),
    "After an error page or a page that did not come.",
  ),
  "other-card": key(Share, "After a declined payment: share who try once more with another card."),
  "extra-units": key(Factor, "Mean units of a line beyond the first."),
  whereabouts: key(
    Whereabouts,
    "Where shoppers come from and live: whom a limit hits besides bots.",
  ),
});

const Launch = Schema.Struct({
  at: key(MomentOfSale, "When the first batch goes out."),
  batches: key(CountFromOne, "Equal parts the list is cut into."),
  every: key(Duration, "From the start of one batch to the start of the next."),
  "each-over": key(Duration, "How long the sender takes to hand over one batch."),
});

const Expectations = Schema.Record({ key: Schema.String, value: Text });

/** What one rehearsal needs: everything but the plans. Plans may override all of `WORLD_KEYS`. */
export const WorldForm = Schema.Struct({
  starts: key(LocalDate, "Local date and time of the scenario's start, with its offset from UTC."),
  lasts: key(PositiveDuration, "How long is simulated."),
  sellers: key(Schema.NonEmptyArray(Seller), "Who sells what."),
  sale: key(Sale, "When the sale admits whom."),
  audience: key(Audience, "Who is mailed, and who comes."),
  traffic: key(Traffic, "Visits that no mail explains."),
  neighbours: key(Neighbours, "Other sellers whose pages come from the same servers."),
  shoppers: key(Shoppers, "How shoppers behave."),
  platform: key(Platform, "Servers, autoscaler, content delivery network."),
  payments: key(Payments, "Payment networks and how the store treats them."),
  bots: key(Bots, "Raids of bots on the sale, each with its kind, its size and its time."),
  limits: key(Limits, "What the store sets against them; none is no limit."),
  "waiting-room": key(WaitingRoom, "Where shoppers wait who would be too many at once."),
  faults: key(Faults, "What fails when, for how long and how much."),
  promotions: key(Promotions, "Offers, their codes and budgets, and how shoppers meet them."),
  feedback: key(Feedback, "What shoppers are asked, and how they answer."),
});

export const HeaderForm = Schema.Struct({
  name: key(Name, "The scenario's name, in results and golden files."),
  description: optionalKey(Text, "What it is about, in a sentence or two."),
  seed: key(Seed, "Any text of one line; the same seed gives the same bytes."),
  seeds: key(CountFromOne, "How many seeds a verb runs where the command does not say."),
  currency: key(
    Schema.String.pipe(
      Schema.pattern(/^[A-Z]{3}$/u, {
        message: () => ({
          message: `must be the code of a currency${SUGGESTION_MARK}write it like USD or EUR`,
          override: true,
        }),
      }),
    ),
    "ISO 4217 code of every amount of money.",
  ),
  expect: optionalKey(
    Expectations,
    'What every plan must meet: metric[.stat][{tag}]: "<op> value [± x%] [for all but D] [with 95%] [at full size]".',
  ),
});

/** What a plan says of itself, besides what it overrides. */
export const PlanForm = Schema.Struct({
  description: optionalKey(Text, "What the plan is about."),
  launch: key(Launch, "How the mailing goes out."),
  expect: optionalKey(Expectations, "What this plan must meet, besides what all must."),
});

export const WORLD_KEYS: readonly string[] = Object.keys(WorldForm.fields);
export const HEADER_KEYS: readonly string[] = Object.keys(HeaderForm.fields);
export const PLAN_KEYS: readonly string[] = Object.keys(PlanForm.fields);

export type World = typeof WorldForm.Type;
export type Header = typeof HeaderForm.Type;
export type SellerForm = typeof Seller.Type;
export type LaunchForm = typeof Launch.Type;
