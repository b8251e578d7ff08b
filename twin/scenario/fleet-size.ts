/** The part of a scenario that says how large the fleet is over time, and what it costs. */
import type { Ticks } from "../../engine/time.ts";
import type { DistributionSpec } from "./scenario.ts";
import type { ServerlessSpec } from "./serverless.ts";

/** A metric of the fleet and the alarms on it (EC2; parameters.md section 3.3). */
interface AlarmedMetric {
  readonly period: Ticks;
  /** From the end of a period until its datapoint can be acted on. */
  readonly metricDelay: Ticks;
  readonly datapointsHigh: number;
  readonly datapointsLow: number;
  /** An instance counts in the metric only this long after it serves. */
  readonly instanceWarmUp: Ticks;
}

/** How step and simple scaling read an adjustment: instances, percent of them, or their number. */
export interface AdjustmentSpec {
  readonly adjustment: "change" | "percent" | "exact";
  /** Mean CPU utilisation above which the fleet grows, and below which it shrinks. */
  readonly high: number;
  readonly low: number;
  /** The fewest instances that a percentage comes to. */
  readonly minimum: number;
}

/** From a distance beyond the threshold (inclusive) to another (exclusive, null: no end). */
export interface ScalingStep {
  readonly from: number;
  readonly to: number | null;
  readonly by: number;
}

/** What changes the number of instances by the load; `none` leaves it to the scheduled actions. */
export type AutoscalerSpec =
  | { readonly kind: "none" }
  | (AlarmedMetric & {
      readonly kind: "target-tracking";
      /** Mean CPU utilisation to hold. */
      readonly target: number;
      /** AlarmLow threshold as a share of the target. */
      readonly lowShare: number;
    })
  | (AlarmedMetric &
      AdjustmentSpec & {
        readonly kind: "step";
        readonly out: readonly ScalingStep[];
        readonly in: readonly ScalingStep[];
      })
  | (AlarmedMetric &
      AdjustmentSpec & {
        readonly kind: "simple";
        readonly out: number;
        readonly in: number;
        /** No further change for this long after the last one is done. */
        readonly cooldown: Ticks;
      })
  | HorizontalPodAutoscaler
  | ServerlessSpec;

/** Policies on alarms, of which a fleet may have several. */
export type AlarmedSpec = Extract<AutoscalerSpec, { kind: "target-tracking" | "step" | "simple" }>;

/** Predictive scaling: every hour the fleet is brought to what a forecast says of it. */
export interface PredictiveSpec {
  /** Mean CPU utilisation that the forecast's fleet would have. */
  readonly target: number;
  /** How long before its hour a size is set. */
  readonly buffer: Ticks;
}

/** How fast the number of pods may change: by so many pods, or percent of them, in a time. */
export interface RatePolicy {
  readonly unit: "pods" | "percent";
  readonly by: number;
  readonly every: Ticks;
}

interface ScalingBehaviour {
  /** Stabilisation window. */
  readonly window: Ticks;
  /** The one that allows most holds. */
  readonly policies: readonly RatePolicy[];
}

/** Kubernetes' HPA v2 (parameters.md section 3.1); an instance is a pod. */
interface HorizontalPodAutoscaler {
  readonly kind: "hpa";
  /** Mean CPU utilisation to hold. */
  readonly target: number;
  /** Requests inside a pod to hold, mean; 0: the CPU is the only metric. */
  readonly inFlight: number;
  readonly tolerance: number;
  /** From one look to the next. */
  readonly sync: Ticks;
  /** Window of the metrics server. */
  readonly period: Ticks;
  /** From the end of a window until its metric can be read. */
  readonly metricDelay: Ticks;
  /** For so long after its start a pod's CPU counts only while it is ready. */
  readonly initialization: Ticks;
  /** A pod that became unready sooner than this after its start has never been ready. */
  readonly readinessDelay: Ticks;
  readonly up: ScalingBehaviour;
  readonly down: ScalingBehaviour;
}

/** Instances that have booted and warmed up before, and only have to start. */
export interface WarmPoolSpec {
  /** Instances of fleet and pool together; the pool holds what the fleet does not. */
  readonly prepared: number;
  /** The fewest in the pool. */
  readonly min: number;
  readonly state: "stopped" | "hibernated" | "running";
  /** From the call of one in that state to its serving. */
  readonly start: DistributionSpec;
}

/** Minor units of the scenario's currency, with fractions, for an hour of one instance. */
export interface PriceSpec {
  readonly instance: number;
  /** One that is stopped or hibernated in the warm pool. */
  readonly asleep: number;
  /** The database, where it has limits. */
  readonly database: number;
  /** A request to a function, and a gigabyte of its memory for a second. */
  readonly request: number;
  readonly gigabyteSecond: number;
}

/** Machines under the instances where these are pods: they come late when no place is left. */
export interface NodesSpec {
  /** Pods that a node holds; 0 where instances are machines themselves. */
  readonly pods: number;
  /** Places for pods on the nodes of the start, beyond the pods of the start. */
  readonly spare: number;
  /** From a pod without a place to a node that takes it. */
  readonly provisioning: DistributionSpec;
}

/** New bounds and a new size of the fleet at a time; null leaves what is. */
export interface ScheduledAction {
  readonly at: Ticks;
  readonly desired: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

export interface ScheduleSpec {
  readonly actions: readonly ScheduledAction[];
  /** How much later than its time an action is carried out. */
  readonly delay: DistributionSpec;
}
