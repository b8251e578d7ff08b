/** From the decoded sections about the size of the fleet to the twin's own shapes. */
import { ticksSince } from "./date.ts";
import { toDistribution } from "./quantity.ts";
import type {
  AlarmedSpec,
  AutoscalerSpec,
  NodesSpec,
  PredictiveSpec,
  PriceSpec,
  ScalingStep,
  ScheduleSpec,
  WarmPoolSpec,
} from "./scenario.ts";
import type { World } from "./schema.ts";
import { toServerless } from "./schema-serverless.ts";
import { minorUnits } from "./units.ts";

type AutoscalerForm = World["platform"]["autoscaler"];

export function toAutoscaler(form: AutoscalerForm): AutoscalerSpec {
  if (form.kind === "none") return { kind: "none" };
  if (form.kind === "hpa") return toPodAutoscaler(form.hpa);
  if (form.kind === "serverless") return toServerless(form.serverless);
  return toPolicy(form.kind, form);
}

/** The policies beside the first; predictive scaling stands apart, for it looks at no alarm. */
export function toFurtherPolicies(form: AutoscalerForm): readonly AlarmedSpec[] {
  return form.also.flatMap((kind) => (kind === "predictive" ? [] : [toPolicy(kind, form)]));
}

export function toPredictive(form: AutoscalerForm): PredictiveSpec | null {
  return form.also.includes("predictive") ? form.predictive : null;
}

function toPolicy(kind: AlarmedSpec["kind"], form: AutoscalerForm): AlarmedSpec {
  const metric = {
    period: form.period,
    metricDelay: form["metric-delay"],
    datapointsHigh: form["datapoints-high"],
    datapointsLow: form["datapoints-low"],
    instanceWarmUp: form["instance-warm-up"],
  };
  if (kind === "step") {
    const { out, in: shrink, ...adjustment } = form.step;
    return { kind: "step", ...metric, ...adjustment, out: toSteps(out), in: toSteps(shrink) };
  }
  if (kind === "simple") return { kind: "simple", ...metric, ...form.simple };
  return {
    kind: "target-tracking",
    ...metric,
    target: form.target,
    lowShare: form["low-share"],
  };
}

function toPodAutoscaler(form: AutoscalerForm["hpa"]): AutoscalerSpec {
  return {
    kind: "hpa",
    target: form.target,
    inFlight: form["in-flight"],
    tolerance: form.tolerance,
    sync: form.sync,
    period: form.window,
    metricDelay: form.delay,
    initialization: form["cpu-initialization"],
    readinessDelay: form["readiness-delay"],
    up: form.up,
    down: form.down,
  };
}

export function toWarmPool(form: World["platform"]["warm-pool"]): WarmPoolSpec {
  const { prepared, min, state, start } = form;
  return { prepared, min, state, start: toDistribution(start[state]) };
}

export function toPrice(form: World["platform"]["price"], currency: string): PriceSpec {
  return {
    instance: minorUnits(form.instance, currency),
    asleep: minorUnits(form.asleep, currency),
    database: minorUnits(form.database, currency),
    request: minorUnits(form["million-requests"], currency) / 1e6,
    gigabyteSecond: minorUnits(form["million-gigabyte-seconds"], currency) / 1e6,
  };
}

export function toNodes(form: World["platform"]["nodes"]): NodesSpec {
  return { ...form, provisioning: toDistribution(form.provisioning) };
}

function toSteps(steps: AutoscalerForm["step"]["out"]): readonly ScalingStep[] {
  return steps.map(({ from, to, by }) => ({ from, to: to ?? null, by }));
}

/** The scheduled actions in the order of their times. */
export function toSchedule(form: World): ScheduleSpec {
  const { scheduled, "scheduled-delay": delay } = form.platform.autoscaler;
  const actions = scheduled.map(({ at, desired, min, max }) => ({
    at: ticksSince(form.starts, at),
    desired: desired ?? null,
    min: min ?? null,
    max: max ?? null,
  }));
  return {
    actions: actions.sort((one, other) => one.at - other.at),
    delay: toDistribution(delay),
  };
}
