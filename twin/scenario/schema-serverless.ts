/** The section of the scenario file about functions in place of instances; see `schema.ts`. */
import { Schema } from "effect";
import { finding, where } from "./check-findings.ts";
import type { Form } from "./defaults.ts";
import type { Finding } from "./problem.ts";
import {
  CountFromOne,
  DistributionForm,
  key,
  PositiveDuration,
  Size,
  toDistribution,
} from "./quantity.ts";
import type { ServerlessSpec } from "./scenario.ts";
import type { World } from "./schema.ts";

export const Serverless = Schema.Struct({
  concurrency: key(CountFromOne, "Requests at once that the account allows; one more is refused."),
  ramp: key(
    Schema.Struct({
      burst: key(CountFromOne, "New environments at once, after a rest."),
      by: key(CountFromOne, "And so many more in each step, up to the burst again."),
      every: key(PositiveDuration, "Length of a step."),
    }),
    "How fast new execution environments may come.",
  ),
  "cold-start": key(DistributionForm, "What a new environment adds to its first request."),
  "keep-alive": key(PositiveDuration, "An environment that has rested for so long is gone."),
  memory: key(Size, "Memory of one environment, which is what its time is paid by."),
});

export const SERVERLESS_DEFAULTS: Form = {
  concurrency: 1000,
  ramp: { burst: 1000, by: 1000, every: "10s" },
  "cold-start": { lognormal: { median: "400ms", sigma: 0.6 } },
  "keep-alive": "10min",
  memory: "1769MiB",
};

export function toServerless(form: typeof Serverless.Type): ServerlessSpec {
  return {
    kind: "serverless",
    concurrency: form.concurrency,
    ramp: form.ramp,
    coldStart: toDistribution(form["cold-start"]),
    keepAlive: form["keep-alive"],
    memory: form.memory,
  };
}

/** Environments at once that anybody was ever granted, and far more. */
const ENVIRONMENTS_MAX = 1_000_000;

const AT = "platform.autoscaler";

export function checkServerless(world: World): Finding[] {
  const { autoscaler, nodes, "warm-pool": pool } = world.platform;
  if (autoscaler.kind !== "serverless") return [];
  const { concurrency, ramp, memory } = autoscaler.serverless;
  const counts = { concurrency, "ramp.burst": ramp.burst, "ramp.by": ramp.by };
  const without = "functions have none; remove it, or choose another kind";
  return where(
    ...Object.entries(counts).map(
      ([name, count]) =>
        count > ENVIRONMENTS_MAX &&
        finding(`${AT}.serverless.${name}`, `more than ${ENVIRONMENTS_MAX}`, "such as 1000", count),
    ),
    memory > 2 ** 40 &&
      finding(`${AT}.serverless.memory`, "is more than any function has", "such as 1769MiB"),
    autoscaler.scheduled.length > 0 &&
      finding(`${AT}.scheduled`, "resizes a fleet of instances", without),
    pool.prepared + pool.min > 0 &&
      finding("platform.warm-pool", "prepares instances for a fleet", without),
    nodes.pods > 0 && finding("platform.nodes.pods", "places the pods of a fleet", without),
    ...world.faults.map(
      ({ kind }, place) =>
        (kind === "instances-lost" || kind === "zone-lost") &&
        finding(`faults.${place}.kind`, "takes instances away", without),
    ),
  );
}
