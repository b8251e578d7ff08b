/** What cannot be about the size of the fleet over time; see `checks.ts`. */
import { HOUR, SECOND } from "../../engine/time.ts";
import { finding, where } from "./check-findings.ts";
import { PRICE_MAJOR_MAX } from "./checks-sellers.ts";
import { ticksSince } from "./date.ts";
import type { Finding } from "./problem.ts";
import type { World } from "./schema.ts";
import { isCurrency, writeDuration } from "./units.ts";

/** Instances of one fleet. */
export const INSTANCES_MAX = 10_000;
/** Scheduled actions of one plan. */
const ACTIONS_MAX = 1_000;

/** Windows of the metric that may be under way at once. */
const WINDOWS_LATE_MAX = 999;

const AT = "platform.autoscaler";

export function checkAutoscaler(world: World): Finding[] {
  const { autoscaler } = world.platform;
  const { kind, also, target, period, "low-share": lowShare } = autoscaler;
  const kinds = new Set<string>([kind, ...also]);
  const together = checkTogether(autoscaler);
  if ((kind === "none" && also.length === 0) || kind === "serverless") return together;
  const tracks = kinds.has("target-tracking");
  return [
    ...together,
    ...where(
      period < SECOND &&
        finding(`${AT}.period`, "is shorter than any metric's", "at least 1s, such as 60s"),
      tracks && target === 0 && finding(`${AT}.target`, "must be above 0%", "such as 50%"),
      tracks &&
        lowShare >= 1 &&
        finding(`${AT}.low-share`, "must be under 100%, or the fleet swings", "such as 90%"),
    ),
    ...(kinds.has("step") ? checkStep(autoscaler) : []),
    ...(kind === "hpa" ? checkPodAutoscaler(autoscaler) : []),
    ...(kinds.has("simple") ? checkThresholds("simple", autoscaler.simple) : []),
  ];
}

type AutoscalerForm = World["platform"]["autoscaler"];

/** Which policies can stand beside each other, and the forecast among them. */
function checkTogether({ kind, also, predictive }: AutoscalerForm): Finding[] {
  const alone = kind === "hpa" || kind === "serverless";
  const predicts = also.includes("predictive");
  return where(
    alone &&
      also.length > 0 &&
      finding(`${AT}.also`, `stands beside ${kind}, which works alone`, "leave also away"),
    ...also.map(
      (one, place) =>
        (one === kind || also.indexOf(one) < place) &&
        finding(`${AT}.also.${place}`, "is there already", "name each policy once", one),
    ),
    predicts &&
      predictive.target === 0 &&
      finding(`${AT}.predictive.target`, "must be above 0%", "such as 50%"),
    predicts &&
      predictive.buffer >= HOUR &&
      finding(`${AT}.predictive.buffer`, "is longer than the hour before", "such as 5min"),
  );
}

function checkThresholds(kind: "step" | "simple", form: AutoscalerForm["step" | "simple"]) {
  return where(
    form.low >= form.high &&
      finding(`${AT}.${kind}.low`, "is not under high, so the fleet would swing", "such as 30%"),
  );
}

function checkPodAutoscaler({ hpa }: AutoscalerForm): Finding[] {
  const { sync, window, delay, target } = hpa;
  return where(
    target === 0 && finding(`${AT}.hpa.target`, "must be above 0%", "such as 50%"),
    sync < SECOND && finding(`${AT}.hpa.sync`, "leaves no time between looks", "such as 15s"),
    window < SECOND &&
      finding(`${AT}.hpa.window`, "is shorter than any metric's", "at least 10s, such as 15s"),
    delay > WINDOWS_LATE_MAX * window &&
      finding(`${AT}.hpa.delay`, `is over ${WINDOWS_LATE_MAX} windows`, "such as 0s"),
  );
}

function checkStep({ step }: AutoscalerForm): Finding[] {
  return [
    ...checkThresholds("step", step),
    ...checkSteps("out", step.out),
    ...checkSteps("in", step.in),
  ];
}

/** EC2 wants steps that begin at the threshold and meet: no gap, no overlap, only the last open. */
function checkSteps(direction: "out" | "in", steps: AutoscalerForm["step"]["out"]): Finding[] {
  const at = `${AT}.step.${direction}`;
  if (steps.length === 0) return [finding(at, "has no step", "such as [{ from: 0%, by: 1 }]")];
  return steps.flatMap(({ from, to }, index) => {
    const before = index === 0 ? 0 : steps[index - 1].to;
    const last = index === steps.length - 1;
    return where(
      from !== before &&
        finding(
          `${at}.${index}.from`,
          index === 0 ? "is not where the threshold is" : "is not where the step before ends",
          before === undefined ? "only the last step may go without to" : `write ${before * 100}%`,
        ),
      last &&
        to !== undefined &&
        finding(`${at}.${index}.to`, "leaves a distance without a step", "leave to away"),
      to !== undefined &&
        to <= from &&
        finding(`${at}.${index}.to`, "is not more than from", "make it larger"),
    );
  });
}

export function checkSchedule(world: World): Finding[] {
  const { scheduled } = world.platform.autoscaler;
  const at = `${AT}.scheduled`;
  if (scheduled.length > ACTIONS_MAX) {
    return [finding(at, `more than ${ACTIONS_MAX} actions`, "check the list", scheduled.length)];
  }
  return scheduled.flatMap((_action, index) => checkAction(world, `${at}.${index}`, index));
}

export function checkWarmPool(world: World): Finding[] {
  const { "warm-pool": pool, fleet } = world.platform;
  const at = "platform.warm-pool";
  return where(
    pool.prepared > INSTANCES_MAX &&
      finding(`${at}.prepared`, `more than ${INSTANCES_MAX}`, "check it", pool.prepared),
    pool.min > INSTANCES_MAX &&
      finding(`${at}.min`, `more than ${INSTANCES_MAX}`, "check it", pool.min),
    pool.prepared > 0 &&
      pool.min === 0 &&
      pool.prepared <= fleet.initial &&
      finding(
        `${at}.prepared`,
        `counts the fleet in, whose initial ${fleet.initial} leave nothing for the pool`,
        `more than ${fleet.initial}, such as fleet.max, ${fleet.max}`,
        pool.prepared,
      ),
  );
}

export function checkPrice(world: World, currency: string | null): Finding[] {
  if (currency === null) return [];
  return Object.entries(world.platform.price).flatMap(([name, amount]) =>
    where(
      !isCurrency(amount, currency) &&
        finding(
          `platform.price.${name}`,
          `the scenario's currency is ${currency}, not ${amount.currency}`,
          "set currency at the top of the file, or write the amount in it",
        ),
      amount.major > PRICE_MAJOR_MAX &&
        finding(`platform.price.${name}`, "is beyond any price", "check the amount"),
    ),
  );
}

function checkAction(world: World, at: string, index: number): Finding[] {
  const { fleet, autoscaler } = world.platform;
  const action = autoscaler.scheduled[index];
  const highest = Math.max(fleet.max, ...autoscaler.scheduled.map((one) => one.max ?? 0));
  const { desired, min = 1, max = highest } = action;
  const due = ticksSince(world.starts, action.at);
  const saysNothing = [desired, action.min, action.max].every((size) => size === undefined);
  return where(
    due < 0 && finding(`${at}.at`, "lies before the scenario starts", "starts is the earliest"),
    due > world.lasts &&
      finding(
        `${at}.at`,
        "lies after the scenario's end",
        `the scenario lasts ${writeDuration(world.lasts)}`,
      ),
    saysNothing && finding(at, "changes nothing", "give it desired, min or max"),
    max > INSTANCES_MAX && finding(`${at}.max`, `more than ${INSTANCES_MAX}`, "check it", max),
    min > max && finding(`${at}.min`, `is more than max, ${max}`, "swap the two", min),
    desired !== undefined &&
      (desired > max || desired < min) &&
      finding(`${at}.desired`, "lies outside min and max", `between ${min} and ${max}`, desired),
  );
}
