/** What the shop asks its shoppers, as a scenario file spells it. */
import { Schema } from "effect";
import { DistributionForm, Duration, Factor, key, PositiveDuration, Share } from "./quantity.ts";

const Exit = Schema.Struct({
  among: key(
    Schema.Literal("everyone", "carts"),
    "Who is asked: everyone who leaves without an order, or those with something in the cart.",
  ),
  asked: key(Share, "Share of them who are asked why they leave. 0% is off."),
  answered: key(Share, "Share of those asked who answer."),
  price: key(Share, "Of those who leave by their own choice: share who name the price."),
  noise: key(Share, "Share of answers that are a reason at random instead of the true one."),
});

const Survey = Schema.Struct({
  asked: key(Share, "Share of those who ordered who get the survey. 0% is off."),
  after: key(
    Schema.Struct({
      from: key(Duration, "Not before this."),
      to: key(Duration, "Not after this."),
    }),
    "How long after the order it goes out, spread evenly.",
  ),
  "open-for": key(PositiveDuration, "How long it can be answered."),
  answered: key(Share, "Share of those asked who answer."),
  delay: key(DistributionForm, "From the survey's mail to the answer."),
});

const Satisfaction = Schema.Struct({
  base: key(Factor, "Points, 1 to 5, of a buyer who met nothing bad."),
  spread: key(Factor, "Standard deviation between people, points."),
  "slow-after": key(Duration, "A page is slow from here on."),
  "slow-second": key(Factor, "Points lost for each second that a page took beyond that."),
  "failed-page": key(Factor, "Points lost for each page that was refused or lost."),
  "sold-out": key(Factor, "Points lost for each time that the units were gone."),
  declined: key(Factor, "Points lost for each payment that was declined or left in doubt."),
});

export const Feedback = Schema.Struct({
  exit: key(Exit, "A question to those who leave without an order."),
  survey: key(Survey, "A survey one or two days after the order; the rehearsal waits for it."),
  satisfaction: key(
    Satisfaction,
    "How content a buyer is: an assumption. Recommendation, 0 to 10, goes with it.",
  ),
});
