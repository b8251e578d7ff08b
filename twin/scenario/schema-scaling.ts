/** The sections of the scenario file about the size of the fleet over time; see `schema.ts`. */
import { Schema } from "effect";
import {
  Count,
  CountFromOne,
  DistributionForm,
  Duration,
  Factor,
  key,
  MomentOfSale,
  Money,
  optionalKey,
  PositiveDuration,
  Share,
} from "./quantity.ts";
import { Serverless } from "./schema-serverless.ts";

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

const RateLimit = Schema.Struct({
  unit: key(Schema.Literal("pods", "percent"), "Pods, or percent of the pods there were."),
  by: key(CountFromOne, "How many."),
  every: key(PositiveDuration, "In how long."),
});

const Behaviour = Schema.Struct({
  window: key(Duration, "Stabilisation window: the most cautious wish within it holds."),
  policies: key(Schema.NonEmptyArray(RateLimit), "Rate limits; the one that allows most holds."),
});

const PodAutoscaler = Schema.Struct({
  target: key(Share, "Mean CPU utilisation to hold."),
  "in-flight": key(
    Factor,
    "Requests inside a pod to hold, mean, beside the CPU: the metric that asks for more holds. 0: the CPU alone.",
  ),
  tolerance: key(Share, "Relative distance from the target within which nothing is done."),
  sync: key(PositiveDuration, "From one look at the metric to the next."),
  window: key(PositiveDuration, "What the metrics server averages over, and how often."),
  delay: key(Duration, "From the end of a window until its metric can be read."),
  "cpu-initialization": key(Duration, "A pod this young counts only while it is ready."),
  "readiness-delay": key(Duration, "A pod unready since so soon after its start was never ready."),
  up: key(Behaviour, "Scaling up."),
  down: key(Behaviour, "Scaling down."),
});

export const Nodes = Schema.Struct({
  pods: key(Count, "Pods that one node holds; 0: instances are machines of their own."),
  spare: key(Count, "Free places for pods on the nodes that stand at the start."),
  provisioning: key(DistributionForm, "From a pod without a place to a new node that takes it."),
});

export const WarmPool = Schema.Struct({
  prepared: key(
    Count,
    "Instances prepared in all, fleet and pool together: the pool holds what the fleet does not. 0: no pool.",
  ),
  min: key(Count, "The fewest in the pool, however large the fleet is."),
  state: key(
    Schema.Literal("stopped", "hibernated", "running"),
    "What they do in the pool; one that runs starts soonest and costs as much as one that serves.",
  ),
  start: key(
    Schema.Struct({
      stopped: key(DistributionForm, "From the call to serving, where they are stopped."),
      hibernated: key(DistributionForm, "From the call to serving, where they are hibernated."),
      running: key(DistributionForm, "From the call to serving, where they run."),
    }),
    "How soon one of them serves.",
  ),
});

export const Price = Schema.Struct({
  instance: key(Money, "An hour of one instance, from its order until it is gone."),
  asleep: key(Money, "An hour of one that is stopped or hibernated in the warm pool."),
  "million-requests": key(Money, "A million requests to functions."),
  "million-gigabyte-seconds": key(Money, "A million gigabytes times seconds of functions."),
  database: key(Money, "An hour of the database, where it has limits."),
});

const ScheduledAction = Schema.Struct({
  at: key(MomentOfSale, "When the action is due."),
  desired: optionalKey(CountFromOne, "Instances wanted from then on. Default: as many as are."),
  min: optionalKey(CountFromOne, "The fewest instances from then on. Default: as before."),
  max: optionalKey(CountFromOne, "The most instances from then on. Default: as before."),
});

export const Autoscaler = Schema.Struct({
  kind: key(
    Schema.Literal("target-tracking", "step", "simple", "hpa", "serverless", "none"),
    "What follows the load: target-tracking, step or simple (EC2's algorithms), hpa (Kubernetes'), serverless (functions in place of instances, one request each), or none: the fleet stays as it starts or as `scheduled` says.",
  ),
  also: key(
    Schema.Array(Schema.Literal("target-tracking", "step", "simple", "predictive")),
    "Further policies on the same fleet: it grows if any asks, to the largest size, and shrinks only if all do.",
  ),
  predictive: key(
    Schema.Struct({
      target: key(Share, "Mean CPU utilisation that the forecast's fleet would have."),
      buffer: key(Duration, "How long before its hour a size is set."),
    }),
    "also: [predictive] - every hour at least the size that a fortnight of normal days says of it; normal is the traffic without mails, and from then on what is measured.",
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
  hpa: key(PodAutoscaler, "kind: hpa - Kubernetes' Horizontal Pod Autoscaler; instances are pods."),
  serverless: key(Serverless, "kind: serverless - how many functions, how soon, how large."),
  scheduled: key(
    Schema.Array(ScheduledAction),
    "New sizes and bounds of the fleet at set times, beside whatever follows the load.",
  ),
  "scheduled-delay": key(DistributionForm, "How late a scheduled action is carried out."),
});
