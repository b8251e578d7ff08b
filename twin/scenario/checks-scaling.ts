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

/** Percent by which a fleet may change at once: a thousand times itself. */
const PERCENT_MAX = 100_000;
/** Looks at the metric in one rehearsal: half a year of Kubernetes' 15 seconds, some ten seconds' work. */
const LOOKS_MAX = 1_000_000;

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
    ...checkLooks(world, kind === "hpa" ? "hpa.sync" : "period"),
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
    ...(kinds.has("simple") ? checkSimple(autoscaler) : []),
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

/** An autoscaler looks as long as the sale lasts, whether anybody comes or not. */
function checkLooks({ platform, lasts }: World, key: "hpa.sync" | "period"): Finding[] {
  const { hpa, period } = platform.autoscaler;
  const every = key === "period" ? period : Math.min(hpa.sync, hpa.window);
  const looks = Math.floor(lasts / every);
  return where(
    every >= SECOND &&
      looks > LOOKS_MAX &&
      finding(
        key === "hpa.sync" && hpa.window < hpa.sync ? `${AT}.hpa.window` : `${AT}.${key}`,
        `is looked at ${looks} times in ${writeDuration(lasts)}, which is beyond any rehearsal`,
        `at most ${LOOKS_MAX} times: let lasts be shorter, or look less often`,
      ),
  );
}

/** A change by `by`, and the largest that means anything in its unit. */
function tooLarge(path: string, by: number, unit: "change" | "exact" | "pods" | "percent") {
  const most = unit === "percent" ? PERCENT_MAX : INSTANCES_MAX;
  return by > most && finding(path, `more than ${most}`, "check the number", by);
}

function checkSimple({ simple }: AutoscalerForm): Finding[] {
  return [
    ...checkThresholds("simple", simple),
    ...where(
      tooLarge(`${AT}.simple.out`, simple.out, simple.adjustment),
      tooLarge(`${AT}.simple.in`, simple.in, simple.adjustment),
    ),
  ];
}

function checkPodAutoscaler({ hpa }: AutoscalerForm): Finding[] {
  const { sync, window, delay, target } = hpa;
  const rates = (["up", "down"] as const).flatMap((way) =>
    hpa[way].policies.map(({ by, unit }, place) =>
      tooLarge(`${AT}.hpa.${way}.policies.${place}.by`, by, unit),
    ),
  );
  return where(
    ...rates,
    target === 0 && finding(`${AT}.hpa.target`, "must be above 0%", "such as 50%"),
    sync < SECOND && finding(`${AT}.hpa.sync`, "leaves no time between looks", "such as 15s"),
    window < SECOND &&
      finding(`${AT}.hpa.window`, "is shorter than any metric's", "at least 10s, such as 15s"),
    delay > WINDOWS_LATE_MAX * window &&
      finding(`${AT}.hpa.delay`, `is over ${WINDOWS_LATE_MAX} windows`, "such as 0s"),
  );
}

function checkStep({ step }: AutoscalerForm): Finding[] {
  return [...checkThresholds("step", step), ...checkSteps("out", step), ...checkSteps("in", step)];
}

/** EC2 wants steps that begin at the threshold and meet: no gap, no overlap, only the last open. */
function checkSteps(direction: "out" | "in", step: AutoscalerForm["step"]): Finding[] {
  const at = `${AT}.step.${direction}`;
  const steps = step[direction];
  if (steps.length === 0) return [finding(at, "has no step", "such as [{ from: 0%, by: 1 }]")];
  return steps.flatMap(({ from, to, by }, index) => {
    const before = index === 0 ? 0 : steps[index - 1].to;
    const last = index === steps.length - 1;
    return where(
      tooLarge(`${at}.${index}.by`, by, step.adjustment),
      from !== before &&
        finding(
          `${at}.${index}.from`,
          index === 0 ? "is not where the threshold is" : "is not where the step before ends",
          before === undefined
            ? "only the last step may go without to"
            : `write ${percent(before)}`,
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

/** A share as a file spells it, without the last bits of a product: 0.0001%, not 0.00009999999999999999%. */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`;
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

export function checkNodes({ platform }: World): Finding[] {
  const { pods, spare } = platform.nodes;
  return where(
    tooLarge("platform.nodes.pods", pods, "pods"),
    tooLarge("platform.nodes.spare", spare, "pods"),
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
