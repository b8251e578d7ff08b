/** The sections of the scenario file about the size of the fleet over time; see `schema.ts`. */
import { Schema } from "effect";
import {
  Count,
  CountFromOne,
  DistributionForm,
  Duration,
  key,
  MomentOfSale,
  optionalKey,
  PositiveDuration,
  Share,
} from "./quantity.ts";

const Adjustment = {
  adjustment: key(
    Schema.Literal("change", "percent", "exact"),
    "What `by` means: instances more or fewer (change), percent of them, or their new number.",
  ),
  high: key(Share, "Mean CPU utilisation above which the fleet grows."),
  low: key(Share, "Mean CPU utilisation below which the fleet shrinks."),
  minimum: key(CountFromOne, "The fewest instances that a change in percent comes to."),
};

const Step = Schema.Struct({
  from: key(Share, "Distance of the metric from the threshold from which the step holds."),
  to: optionalKey(Share, "Distance from which it holds no more. Default: without end."),
  by: key(Count, "Instances, percent or the new number, as `adjustment` says."),
});

const StepScaling = Schema.Struct({
  ...Adjustment,
  out: key(Schema.Array(Step), "By how much the fleet grows, by the distance above `high`."),
  in: key(Schema.Array(Step), "By how much the fleet shrinks, by the distance below `low`."),
});

const SimpleScaling = Schema.Struct({
  ...Adjustment,
  out: key(Count, "By how much the fleet grows, as `adjustment` says."),
  in: key(Count, "By how much the fleet shrinks, as `adjustment` says."),
  cooldown: key(Duration, "No further change for this long after the last one is done."),
});

const ScheduledAction = Schema.Struct({
  at: key(MomentOfSale, "When the action is due."),
  desired: optionalKey(CountFromOne, "Instances wanted from then on. Default: as many as are."),
  min: optionalKey(CountFromOne, "The fewest instances from then on. Default: as before."),
  max: optionalKey(CountFromOne, "The most instances from then on. Default: as before."),
});

export const Autoscaler = Schema.Struct({
  kind: key(
    Schema.Literal("target-tracking", "step", "simple", "none"),
    "What follows the load: target-tracking, step or simple (EC2's algorithms), or none: the fleet stays as it starts or as `scheduled` says.",
  ),
  target: key(Share, "target-tracking: mean CPU utilisation to hold."),
  period: key(PositiveDuration, "Length of one datapoint of the metric."),
  "metric-delay": key(Duration, "From the end of a period until its datapoint can be acted on."),
  "datapoints-high": key(
    CountFromOne,
    "Datapoints in a row above the target (or high) before scaling out.",
  ),
  "datapoints-low": key(CountFromOne, "Datapoints in a row below the low mark before scaling in."),
  "low-share": key(Share, "target-tracking: the low mark, as a share of the target."),
  "instance-warm-up": key(Duration, "An instance counts in the metric this long after it serves."),
  step: key(StepScaling, "kind: step - the further from the threshold, the larger the change."),
  simple: key(SimpleScaling, "kind: simple - one change, then a cooldown."),
  scheduled: key(
    Schema.Array(ScheduledAction),
    "New sizes and bounds of the fleet at set times, beside whatever follows the load.",
  ),
  "scheduled-delay": key(DistributionForm, "How late a scheduled action is carried out."),
});
