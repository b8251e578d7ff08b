/** The JSON Schema of fits; `twin/fitting/fit-result.ts` is the contract it describes. */
import { JSONSchema, Schema } from "effect";
import { Measured, told } from "./estimate-form.ts";
import { canonicalJson } from "./json.ts";

const Parameters = told(
  Schema.Record({
    key: Schema.String,
    value: Schema.Struct({
      value: Schema.Number,
      error: told(Measured, "Standard error; null where the fit leaves the parameter open."),
    }),
  }),
  "By name, as a scenario has them, in the unit of what was measured: money in minor units, times in seconds.",
);

const AIC = told(Schema.Number, "Akaike's criterion: the least is the best.");

const ChiSquareForm = Schema.Struct({
  value: Schema.Number,
  degreesOfFreedom: Schema.Number,
  p: told(Schema.Number, "Chance of this value or more where the law is the right one."),
});

const ScatterFields = {
  ratio: told(
    Measured,
    "Variance over mean; 1 for independent orders. Null where nothing is left to tell.",
  ),
  low: told(Schema.Number, "Lower bound of its 95 % interval, for independent intervals."),
  high: told(Measured, "Upper bound of that interval; null where it has none."),
  degreesOfFreedom: Schema.Number,
  verdict: Schema.Literal("Poisson", "over-dispersed", "under-dispersed", "too little to tell"),
};

const Profile = Schema.Struct({
  orders: Schema.Number,
  every: told(Schema.Number, "Seconds of the intervals that were fitted."),
  candidates: told(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        parameters: Parameters,
        hours: told(
          Schema.NullOr(Schema.Array(Schema.Number)),
          "Share of a day in each of its hours; null for what has none.",
        ),
        deviance: told(Schema.Number, "Of Poisson counts from a perfect fit."),
        quasiAic: told(Schema.Number, "Deviance / dispersion + 2 k: the least is the best."),
      }),
    ),
    "Best first.",
  ),
  dispersion: told(
    Schema.Number,
    "Pearson's chi-square per degree of freedom of the nearest candidate, at least 1.",
  ),
  halfAt: told(Schema.Number, "When half of them had come, as a share of the sale's time."),
  distanceFromLine: told(
    Schema.Number,
    "Greatest distance of the cumulative curve to a straight line, as a share of the orders.",
  ),
  linear: told(
    Schema.Boolean,
    "A straight line without decay or hours: capacity shaped it, or demand is steady.",
  ),
});

const Arrivals = Schema.Struct({
  of: told(Schema.String, "What came: orders, sessions, or what was counted."),
  total: told(Schema.Number, "How many came."),
  intervals: told(Schema.Number, "How many they were counted in."),
  strayed: told(Schema.Number, "Left out, for they lie far from all the others in time."),
  filled: told(Schema.Number, "Intervals without a count, taken to be like those beside them."),
  dispersion: told(
    Schema.Array(
      Schema.Struct({
        seconds: told(Schema.Number, "Length of the intervals."),
        ...ScatterFields,
      }),
    ),
    "How counts scatter around the profile.",
  ),
  slots: told(
    Schema.NullOr(
      Schema.Struct({
        joined: told(Schema.Number, "Slots that were joined into one."),
        ...ScatterFields,
      }),
    ),
    "How orders of a slot scatter; null where the recording has no slots.",
  ),
  days: told(
    Schema.NullOr(
      Schema.Struct({
        days: told(Schema.Number, "Days with something."),
        mean: told(Schema.Number, "Of a day's level."),
        cv: told(Schema.Number, "Standard deviation of the levels over their mean."),
        week: told(
          Schema.NullOr(Schema.Array(Schema.Number)),
          "Level of each weekday over the mean, from Monday; null for less than two weeks.",
        ),
      }),
    ),
    "How the level changes from day to day; null without a daily profile.",
  ),
  why: told(Schema.NullOr(Schema.String), "Why no profile is concluded; null where one is."),
  profile: Schema.NullOr(Profile),
});

const Shape = Schema.Struct({
  size: told(Schema.Number, "Values looked at."),
  median: Schema.Number,
  mean: Schema.Number,
  cv: told(Schema.Number, "Standard deviation over mean."),
  bodySigma: told(Schema.Number, "Sigma of the lognormal with the same quartiles."),
  p99OverMedian: Schema.Number,
  tail: told(
    Schema.NullOr(
      Schema.Struct({
        threshold: told(Schema.Number, "From this value on, in the unit of the values."),
        survivalExponent: told(Schema.Number, "alpha of P(X > x) ~ x^-alpha."),
        densityExponent: told(Schema.Number, "alpha + 1, of the density."),
        error: told(Schema.Number, "Standard error of both."),
        size: told(Schema.Number, "Values in the tail."),
      }),
    ),
    "Null where there are too few values to tell.",
  ),
});

const Quantity = Schema.Struct({
  name: Schema.String,
  unit: told(Schema.Literal("money", "count", "seconds"), "Money is in minor units."),
  size: told(Schema.Number, "How many were measured."),
  mean: told(Measured, "Null where nothing was measured."),
  meanError: told(Measured, "Standard error of the mean; null for less than two."),
  why: told(Schema.NullOr(Schema.String), "Why no law is concluded; null where one is looked for."),
  candidates: told(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        parameters: Parameters,
        aic: AIC,
        kolmogorovSmirnov: told(Schema.Number, "Greatest distance of the cumulative curves."),
        andersonDarling: told(
          Measured,
          "Null for whole numbers, which it is not made for, and where it has no bound.",
        ),
        chiSquare: told(
          Schema.NullOr(ChiSquareForm),
          "Pearson's; null where too few measurements differ.",
        ),
        fits: Schema.Boolean,
      }),
    ),
    "Best first.",
  ),
  chosen: told(
    Schema.NullOr(Schema.String),
    "The name of the one that stands for it; null where the measured curve does.",
  ),
  curve: told(
    Schema.NullOr(Schema.Array(Schema.Struct({ value: Schema.Number, share: Schema.Number }))),
    "The measured cumulative curve; null where a candidate fits.",
  ),
  measured: told(
    Schema.NullOr(Schema.Array(Schema.Struct({ value: Schema.Number, share: Schema.Number }))),
    "Share of each whole number; null of what is not whole and small.",
  ),
  picture: told(
    Schema.Array(
      Schema.Struct({ share: Schema.Number, measured: Schema.Number, fitted: Schema.Number }),
    ),
    "Quantiles of the same share.",
  ),
  shape: Schema.NullOr(Shape),
});

const Delays = Schema.Struct({
  source: told(Schema.NullOr(Schema.String), "Null: all together."),
  points: told(Schema.Number, "Published shares that it stands on."),
  candidates: told(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        parameters: Parameters,
        aic: AIC,
        error: told(Schema.Number, "Root of the mean squared error of a share."),
        distance: told(Schema.Number, "Greatest error of a share."),
      }),
    ),
    "Best first; empty for too few points.",
  ),
});

const Milestones = Schema.Struct({
  sale: Schema.String,
  metric: Schema.String,
  milestones: Schema.Array(
    Schema.Struct({
      seconds: told(Schema.Number, "After the launch."),
      share: told(Schema.Number, "Of the whole sale."),
    }),
  ),
  predicted: told(
    Schema.NullOr(
      Schema.Struct({
        from: told(Schema.String, "The other sale."),
        wmape: told(Schema.Number, "Sum of the absolute errors over the sum of the shares."),
      }),
    ),
    "How near another sale's fit comes to it; null where there is no other.",
  ),
  candidates: told(
    Schema.Array(
      Schema.Struct({
        name: Schema.String,
        parameters: Parameters,
        aic: AIC,
        wmape: told(Schema.Number, "Sum of the absolute errors over the sum of the shares."),
        errors: told(Schema.Array(Schema.Number), "Relative, of each milestone inside the sale."),
      }),
    ),
    "Best first; empty where there are too few milestones for any shape.",
  ),
});

/** A fit as it is read back from a file. */
export const FitForm = Schema.Struct({
  $schema: Schema.String,
  schemaVersion: Schema.Literal(1),
  verb: Schema.Literal("fit"),
  kind: told(Schema.Literal("fit"), "The same as the verb."),
  recording: told(Schema.String, "The file as it was named."),
  version: Schema.String,
  format: told(Schema.String, "As `--as` names it."),
  zone: told(Schema.String, "Name of the zone in which local times were read."),
  currency: told(Schema.NullOr(Schema.String), "ISO 4217; null where none was recorded."),
  run: told(Schema.NullOr(Schema.String), "Of which rehearsal it is; null where there is one."),
  eventsOfOtherRuns: told(Schema.Number, "Left out."),
  linesLeftOut: told(Schema.Number, "Lines that are no events."),
  backward: told(
    Schema.Struct({ events: Schema.Number, millis: Schema.Number }),
    "Events that stand below a later one, and by how many milliseconds at most.",
  ),
  longestGap: told(
    Schema.NullOr(
      Schema.Struct({ millis: Schema.Number, from: told(Schema.String, "ISO 8601, UTC.") }),
    ),
    "The longest time without an event; null where events stand in another order.",
  ),
  from: told(Schema.NullOr(Schema.String), "ISO 8601, UTC; null where no event has a time."),
  to: told(Schema.NullOr(Schema.String), "ISO 8601, UTC; null where no event has a time."),
  orders: told(Schema.Number, "Of the recording, those without a time too."),
  arrivals: told(Schema.NullOr(Arrivals), "When they came; null where nothing has a time."),
  quantities: told(
    Schema.Array(Quantity),
    "Values, units and lines of orders, orders of a shopper, lengths and pages of visits.",
  ),
  shoppers: told(
    Schema.NullOr(
      Schema.Struct({
        sampled: told(Schema.Number, "Shoppers looked at."),
        share: told(Schema.Number, "The part of all that they are."),
        single: told(Schema.Number, "Of them, the share with one order."),
        error: told(Schema.Number, "Standard error of that share."),
        ordersPerShopper: Schema.Number,
      }),
    ),
    "Who came twice; null where shoppers are not known.",
  ),
  sessions: told(
    Schema.NullOr(
      Schema.Struct({
        sessions: Schema.Number,
        share: told(Schema.Number, "The part of the shoppers that was looked at."),
        machines: told(Schema.Number, "Shoppers with more requests than a person makes, left out."),
      }),
    ),
    "Null where no requests were recorded.",
  ),
  conversion: told(
    Schema.NullOr(
      Schema.Struct({
        orders: Schema.Number,
        sessions: Schema.Number,
        share: told(Schema.Number, "Orders over sessions."),
        low: told(Schema.Number, "Lower bound of its 90 % interval."),
        high: told(Schema.Number, "Upper bound of that interval."),
      }),
    ),
    "Null where not both are known.",
  ),
  delays: told(Schema.Array(Delays), "How soon mails are opened, in seconds."),
  milestones: told(Schema.Array(Milestones), "Of sales that only shares are published of."),
});

export function fitJsonSchema(): string {
  return canonicalJson(JSONSchema.make(FitForm));
}
